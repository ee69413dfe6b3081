"""Every command name, from the start: a name that comes later would take a folder's name away from someone.

No dataclass: importing them takes as long as the rest of `compatcheck --version`.
"""

from __future__ import annotations

from typing import NamedTuple

DEFAULT = "check"


class Command(NamedTuple):
    """`summary` is its line in the help; a command without one is reserved, and not available yet.

    A command that is available lies in the module of its name (`deploy-check`: deploy_check) beside this one, with
    `add_parser(commands)` and `run(args) -> int`.
    """

    name: str
    summary: str | None = None

    @property
    def available(self) -> bool:
        return self.summary is not None

    @property
    def module(self) -> str:
        return f"compatcheck.cli.{self.name.replace('-', '_')}"


COMMANDS: dict[str, Command] = {
    command.name: command
    for command in (
        Command("check", "check files and folders (what happens without a command)"),
        Command("minimum", "say the lowest and highest Python that code runs on, and what blocks more"),
        Command("explain", "say what a rule means, on which versions, and what to write instead"),
        Command("rules", "list the rules"),
        Command("platforms", "list the platforms that targets can name, show one, measure this machine"),
        Command("config", "check anvil.yaml, its app, and deployment files"),
        Command("validate", "hold JSON, YAML and TOML files against a JSON Schema"),
        Command("secrets", "check for secrets in files, .env files, and stores of secrets"),
        Command("db", "write, compare and apply the database that a configuration describes"),
        Command("deps", "check the packages that a project asks for, locks and imports"),
        Command("metadata", "hold all statements of Python versions against each other and the code"),
        Command("dist", "check built wheels and source distributions"),
        Command("report", "convert, merge and compare JSON reports, or show their trend"),
        Command("baseline", "write down the known findings, which are then not reported again"),
        Command("matrix", "install, import and test on real interpreters, and hold the report against them"),
        Command("verify", "compile and import on real interpreters, and hold the report against them"),
        Command("fix", "rewrite code so that it runs on the targets"),
        Command("init", "propose settings, a pre-commit hook and a CI job, and write them"),
        Command("deploy-check"),
        Command("notify"),
        Command("lsp"),
        Command("serve"),
        Command("fleet"),
        Command("release"),
        Command("doctor"),
        Command("clean", "remove the caches below a folder"),
        Command("completion", "print a completion script for a shell"),
    )
}
