"""The options of `check`, as data: the parser, the look for the command and completion read the same list."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Mapping
from typing import Any

Option = tuple[tuple[str, ...], Mapping[str, Any]]

_FLAG = {"action": "store_true"}
_MORE = {"action": "append"}

GROUPS: Mapping[str, tuple[Option, ...]] = {
    "what to check": (
        (
            ("--target",),
            _MORE | {"metavar": "SPEC", "help": "where it must run: 3.7, 3.8-3.13, 3.8+, '>=3.8,<3.14'; repeatable"},
        ),
        (
            ("--checks",),
            _MORE | {"metavar": "CHECKS", "help": "code, config, metadata, deps, secrets; comma-separated"},
        ),
        (("--no-deps",), _FLAG | {"help": "leave out the packages that the project asks for"}),
        (("--no-metadata",), _FLAG | {"help": "leave out the Python versions that the project states"}),
        (("--select",), _MORE | {"metavar": "RULES", "help": "only these rule ids and kinds; comma-separated"}),
        (("--ignore",), _MORE | {"metavar": "RULES", "help": "not these rule ids and kinds; comma-separated"}),
        (
            ("--platform",),
            _MORE | {"metavar": "SYSTEMS", "help": "systems that count: linux, darwin, win32; default: all"},
        ),
        (("--aggressive",), _FLAG | {"help": "also guess at methods of receivers without a type, as info"}),
        (("--second-opinion",), _FLAG | {"help": "also what vermin claims and compatcheck does not, and why, as info"}),
        (("--future",), _FLAG | {"help": "what a coming release removes is an error"}),
        (("--all-versions",), _FLAG | {"help": "work out every known version, not the targets only"}),
    ),
    "which files": (
        (
            ("--extend-include",),
            _MORE | {"metavar": "PATTERN", "help": "check these files too, by .gitignore pattern; repeatable"},
        ),
        (
            ("--exclude",),
            _MORE | {"metavar": "PATTERN", "help": "leave out these, and not those of the default list; repeatable"},
        ),
        (("--extend-exclude",), _MORE | {"metavar": "PATTERN", "help": "leave out these too; repeatable"}),
        (("--force-exclude",), _FLAG | {"help": "leave out excluded files even when they are named"}),
        (("--stubs",), _FLAG | {"help": "check .pyi files too"}),
        (("--notebooks",), _FLAG | {"help": "check .ipynb files too"}),
        (("--stdin-filename",), {"metavar": "PATH", "help": "what the text read for the path - is called"}),
        (("--show-files",), _FLAG | {"help": "print the files that would be checked, and stop"}),
    ),
    "settings": (
        (("--config",), {"metavar": "FILE", "help": "read these settings instead of the nearest ones"}),
        (("--isolated",), _FLAG | {"help": "read no settings files"}),
        (("--show-settings",), _FLAG | {"help": "print the settings in force and where they come from, and stop"}),
    ),
    "report": (
        (
            ("--format",),
            _MORE
            | {
                "metavar": "FORMAT[:FILE]",
                "help": "text, concise, json, jsonl, sarif, github, gitlab, junit, checkstyle, rdjson, markdown or html;"
                " repeatable: each but one goes to a file, as in sarif:out.sarif",
            },
        ),
        (("--output",), {"metavar": "FILE", "help": "write the report there instead of printing it"}),
        (("-q", "--quiet"), _FLAG | {"help": "findings only"}),
        (("-v", "--verbose"), _FLAG | {"help": "also why: evidence, where it works, from where it is reached"}),
        (("--statistics",), _FLAG | {"help": "counts per rule in place of the findings"}),
        (("--color",), {"metavar": "WHEN", "choices": ("auto", "always", "never"), "help": "auto, always or never"}),
    ),
    "known findings": (
        (("--baseline",), {"metavar": "FILE", "help": "do not report what this file of `compatcheck baseline` lists"}),
        (
            ("--diff-base",),
            {
                "metavar": "REV",
                "help": "only lines changed since this git revision, and what their change newly breaks",
            },
        ),
    ),
    "exit code": (
        (
            ("--fail-on",),
            {"metavar": "SEVERITY", "help": "exit with 1 from this severity on: error, warning, info or never"},
        ),
        (("--exit-zero",), _FLAG | {"help": "exit with 0 whatever is found"}),
    ),
    "how": (
        (("--jobs",), {"metavar": "N", "help": "processes to use at most"}),
        (("--watch",), _FLAG | {"help": "check again when a file changes, until interrupted"}),
        (("--no-cache",), _FLAG | {"help": "neither read nor write .compatcheck_cache"}),
    ),
}

VALUED = frozenset(
    flag for options in GROUPS.values() for flags, how in options if how.get("action") != "store_true" for flag in flags
)


# What makes sense for code only.
CODE_ONLY = frozenset(
    {
        "--checks",
        "--all-versions",
        "--stubs",
        "--notebooks",
        "--extend-include",
        "--stdin-filename",
        "--platform",
        "--aggressive",
        "--second-opinion",
        "--future",
        "--show-files",
        "--watch",
    }
)


def add_options(parser: argparse.ArgumentParser, without: Collection[str] = ()) -> None:
    """All options but those `without`; the result holds only those that were given."""
    for title, options in GROUPS.items():
        group = parser.add_argument_group(title)
        for flags, how in options:
            if flags[-1] not in without:
                group.add_argument(*flags, **how, default=argparse.SUPPRESS)
