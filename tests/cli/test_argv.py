"""Which command a line of arguments means, and what is left for it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from compatcheck.cli.argv import command_of
from compatcheck.cli.commands import COMMANDS
from compatcheck.cli.given import targets
from compatcheck.cli.options import VALUED
from compatcheck.cli.parser import help_text
from tests.cli.conftest import WALRUS, Call


@pytest.mark.parametrize(
    ("line", "command", "rest"),
    [
        ("", None, ""),
        ("a.py", None, "a.py"),
        ("check a.py", "check", "a.py"),
        ("--target 3.7 .", None, "--target 3.7 ."),
        ("--target=3.7 check", "check", "--target=3.7"),
        ("--target 3.7 check a", "check", "--target 3.7 a"),
        ("--target check a", None, "--target check a"),
        ("--config x rules", "rules", "--config x"),
        ("-vv", None, "-vv"),
        ("-v rules", "rules", "-v"),
        ("-q --no-cache explain x", "explain", "-q --no-cache x"),
        ("./check", None, "./check"),
        ("check check", "check", "check"),
        ("-- check", None, "-- check"),
        ("check -- rules", "check", "-- rules"),
        ("-", None, "-"),
        ("--unknown rules", "rules", "--unknown"),
        ("src rules", None, "src rules"),
        ("deploy-check", "deploy-check", ""),
    ],
)
def test_the_command_is_the_first_word_that_is_no_option_and_no_value(
    line: str, command: str | None, rest: str
) -> None:
    assert command_of(line.split(), COMMANDS, VALUED) == (command, rest.split())


def test_every_name_of_the_plan_is_reserved() -> None:
    names = (
        "check minimum explain rules platforms config validate secrets db deps metadata dist report baseline matrix "
        "verify fix init deploy-check notify lsp serve fleet release doctor clean completion"
    )
    assert list(COMMANDS) == names.split()


def test_a_folder_with_a_commands_name_is_reached(call: Call, folder: Path) -> None:
    (folder / "rules").mkdir()
    (folder / "rules" / "a.py").write_text(WALRUS)
    for argv in (["./rules"], ["check", "rules"], ["--", "rules"]):
        outcome = call("--target", "3.7", *argv)
        assert (outcome.code, outcome.err) == (1, "")
        assert "rules/a.py" in outcome.out


@pytest.mark.parametrize("name", [name for name, command in COMMANDS.items() if not command.available])
def test_reserved_commands_say_so(name: str, call: Call) -> None:
    outcome = call(name, "whatever", "--it", "takes")
    assert outcome.code == 2
    assert f"{name!r} is not available in this version" in outcome.err


@pytest.mark.parametrize("name", [name for name, command in COMMANDS.items() if command.available])
def test_available_commands_have_help(name: str, call: Call) -> None:
    assert re.search(rf"^    {name}\s", help_text(), re.MULTILINE)
    for argv in ((name, "--help"), ("-h", name)):
        outcome = call(*argv)
        assert (outcome.code, outcome.err) == (0, "")
        assert f"usage: compatcheck {name} " in outcome.out


def test_help_and_version_come_before_any_command(call: Call) -> None:
    import compatcheck

    assert call("--help").out == help_text()
    assert call("--version").out == f"compatcheck {compatcheck.__version__}\n"
    assert call("-q", "--version").code == 0


def test_options_are_not_abbreviated(call: Call) -> None:
    outcome = call("--targ", "3.7")
    assert outcome.code == 2
    assert "did you mean '--target'?" in outcome.err


@pytest.mark.parametrize(
    ("given", "specs"),
    [
        (["3.7"], ["3.7"]),
        (["3.7", "3.8"], ["3.7", "3.8"]),
        (["3.8,3.11"], ["3.8", "3.11"]),
        ([">=3.8,<3.14"], [">=3.8,<3.14"]),
        ([">=3.8, <3.14, !=3.9.*"], [">=3.8,<3.14,!=3.9.*"]),
        (["3.7,>=3.9,<3.11,3.13"], ["3.7", ">=3.9,<3.11", "3.13"]),
        ([">=3.8", "<3.14"], [">=3.8", "<3.14"]),
    ],
)
def test_commas_part_targets_but_not_specifiers(given: list[str], specs: list[str]) -> None:
    assert targets(given) == specs
