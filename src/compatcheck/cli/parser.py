"""The argument parser: of one command for a run, of all of them for completion."""

from __future__ import annotations

import argparse
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, NoReturn

from compatcheck.cli.commands import COMMANDS, Command
from compatcheck.cli.exits import USAGE
from compatcheck.cli.nearest import hint

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction["Parser"]

_ABOUT = "Will this Python code run where it is about to be deployed, and if not, what has to change?"
_MORE = """\
Without a command, `check` is meant: compatcheck --target 3.7 src
`compatcheck COMMAND --help` says more. A folder with a command's name is written ./NAME.
"""


class Parser(argparse.ArgumentParser):
    """Tells mistakes in one line each, as all of compatcheck does."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"compatcheck: error: {message}\ncompatcheck: `{self.prog} --help` says more\n")


def module_of(command: Command) -> ModuleType:
    """The command's module: imported when the command is chosen."""
    return import_module(command.module)


def root_parser() -> tuple[Parser, Commands]:
    """The parser without commands, and where to add them."""
    parser = Parser(
        prog="compatcheck",
        description=_ABOUT,
        epilog=_MORE,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", parser_class=Parser)
    return parser, commands


def parse(command: Command, argv: list[str]) -> argparse.Namespace:
    """The arguments of one command. Exits where they are no arguments of its."""
    parser, commands = root_parser()
    module_of(command).add_parser(commands)
    args, unknown = parser.parse_known_args([command.name, *argv])
    if unknown:
        own = commands.choices[command.name]
        own.error("; ".join(f"unknown option {word}{_nearest(word, own)}" for word in unknown))
    return args


def _nearest(word: str, parser: Parser) -> str:
    return hint(word.partition("=")[0], parser._option_string_actions)


def help_text() -> str:
    """What `compatcheck --help` prints, without importing a command."""
    parser, commands = root_parser()
    for command in COMMANDS.values():
        if command.available:
            commands.add_parser(command.name, help=command.summary)
    return parser.format_help()


def full_parser() -> Parser:
    """Everything there is, for completion scripts and documentation."""
    parser, commands = root_parser()
    for command in COMMANDS.values():
        if command.available:
            module_of(command).add_parser(commands)
    return parser


def add_command(commands: Commands, name: str, description: str) -> Parser:
    """A command's own parser, with the line of the table as its help."""
    return commands.add_parser(
        name,
        help=COMMANDS[name].summary,
        description=description,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
