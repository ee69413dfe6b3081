"""requirements.txt as pip reads it: continued lines, comments, `-r`, `-c`, hashes; options are passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compatcheck.depends.needing.asking import required
from compatcheck.depends.text import Text
from compatcheck.model.declared import Included, Needed

NAMES = (
    "requirements.txt",
    "requirements-*.txt",
    "requirements_*.txt",
    "*-requirements.txt",
    "requirements/*.txt",
    "server_code/requirements.txt",
)
_COMMENT = re.compile(r"(^|\s+)#.*$")
_INCLUDE = re.compile(r"(?:-r|--requirement|(?P<constraint>-c|--constraint))(?:[ \t]+|=|(?=[^\s-]))(?P<path>.+)")
_OPTIONS = re.compile(r"\s+--(?:hash|global-option|config-settings?|config-setting)[ =].*", re.DOTALL)
# What pip takes for a path or an address, not for a requirement.
_PLACE = re.compile(r"(?:[a-z+]+://|file:|git\+|\.{1,2}/|/|[\w./-]+\.(?:whl|tar\.gz|zip)\b|\.$|\.\[)", re.IGNORECASE)
_NAMED = re.compile(r"[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\])?\s*@")


def read(text: Text) -> Iterator[Needed]:
    group = _group(text.path)
    for start, end, line in _logical(text):
        if match := _INCLUDE.match(line):
            yield Included(match["path"].strip(), text.place(start, end), match["constraint"] is not None)
        elif not line.startswith("-") and (_NAMED.match(line) or not _PLACE.match(line)):
            code = _OPTIONS.sub("", line).strip()
            yield required(code, text.name, text.place(start, start + max(1, min(len(code), end - start))), group)


def _group(path: str) -> str:
    """requirements.txt asks for what the project needs; requirements-dev.txt for something beside it."""
    name = path.rpartition("/")[2].removesuffix(".txt")
    plain = name in ("requirements", "base", "main", "prod", "production", "install", "common", "requirements-base")
    return "" if plain else f"file {name}"


def _logical(text: Text) -> Iterator[tuple[int, int, str]]:
    """Start and end of each line of code, and it with its continuations joined."""
    pieces: list[str] = []
    start = end = 0
    for at, follows in zip(text.starts, [*text.starts[1:], len(text.text) + 1], strict=True):
        raw = text.text[at : follows - 1].rstrip("\r")
        joined = raw.endswith("\\") and not raw.lstrip().startswith("#")
        code = _COMMENT.sub("", raw[:-1] if joined else raw)
        if not pieces:
            start = at + len(raw) - len(raw.lstrip())
            end = at + len(code.rstrip())
        pieces.append(code)
        if not joined:
            line = "".join(pieces).strip()
            pieces = []
            if line:
                yield start, max(start + 1, end), line
