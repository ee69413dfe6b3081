"""Which command is meant: the first word that is neither an option nor an option's value."""

from __future__ import annotations

from collections.abc import Collection, Sequence


def command_of(argv: Sequence[str], names: Collection[str], valued: Collection[str]) -> tuple[str | None, list[str]]:
    """The command's name, or None, and the other arguments. `valued` are the options that take a value.

    Options may stand before the command. A folder with a command's name is written `./check`, or after `check` or `--`.
    """
    at = 0
    while at < len(argv) and argv[at] != "--":
        word = argv[at]
        if not word.startswith("-") or word == "-":
            return (word, [*argv[:at], *argv[at + 1 :]]) if word in names else (None, list(argv))
        at += 2 if word in valued else 1
    return None, list(argv)
