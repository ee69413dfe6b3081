"""Lists of .gitignore patterns, made for walking: an entry is judged on its own, since its folder was let through.

Most patterns are plain names and suffixes and are looked up; pathspec translates the others, and is imported only then.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_SPECIAL = re.compile(r"[\\*?\[\]\s!#]")
_SUFFIX = re.compile(r"\*(\.[^.\\*?\[\]\s/]+)(/?)\Z")
_CLASSES = {
    "[:alnum:]": "0-9A-Za-z",
    "[:alpha:]": "A-Za-z",
    "[:blank:]": " \t",
    "[:digit:]": "0-9",
    "[:lower:]": "a-z",
    "[:space:]": " \t\n\r\f\v",
    "[:upper:]": "A-Z",
    "[:xdigit:]": "0-9A-Fa-f",
}


@dataclass(frozen=True, slots=True)
class _Regex:
    index: int
    pattern: re.Pattern[str]
    on_path: bool  # against the path below the base, not only the name
    below: bool  # `a/**`: what lies in the folder, not the folder
    folders: bool  # `a/**/`: only folders of it


@dataclass
class Patterns:
    """One list of patterns; the last that matches an entry decides. `base` is the folder that anchors them."""

    base: str
    _keep: list[bool] = field(default_factory=list)  # by index: whether the pattern ignores, or (`!`) lets through
    _names: dict[str, int] = field(default_factory=dict)
    _folder_names: dict[str, int] = field(default_factory=dict)
    _suffixes: dict[str, int] = field(default_factory=dict)
    _folder_suffixes: dict[str, int] = field(default_factory=dict)
    _paths: dict[str, int] = field(default_factory=dict)
    _regexes: list[_Regex] = field(default_factory=list)
    _skip: int = 0

    def __post_init__(self) -> None:
        self._skip = len(_bytewise(self.base.rstrip(os.sep))) + 1

    def __bool__(self) -> bool:
        return bool(self._keep)

    @property
    def for_files(self) -> bool:
        """Whether any pattern can match what is no folder."""
        return bool(self._names or self._suffixes or self._paths or self._regexes)

    def match(self, name: str, location: str, folder: bool) -> bool | None:
        """Whether the entry is ignored (True) or let through (False) by its last pattern; None: no pattern matches.

        `location` is its absolute path, which ends in `name`.
        """
        if not location.isascii():
            name, location = _bytewise(name), _bytewise(location)
        best = self._names.get(name, -1)
        if folder:
            best = max(best, self._folder_names.get(name, -1))
        if self._suffixes or self._folder_suffixes:
            suffix = name[name.rfind(".") :]
            best = max(best, self._suffixes.get(suffix, -1))
            if folder:
                best = max(best, self._folder_suffixes.get(suffix, -1))
        if self._paths:
            key = _slashed(location[self._skip :])
            best = max(best, self._paths.get(key, -1), self._paths.get(key + "/", -1) if folder else -1)
        if self._regexes:
            best = self._by_regex(name, location, folder, best)
        return None if best < 0 else self._keep[best]

    def _by_regex(self, name: str, location: str, folder: bool, best: int) -> int:
        tail = "/" if folder else ""
        for regex in self._regexes:
            if regex.index < best:
                break
            if regex.folders and not folder:
                continue
            text = _slashed(location[self._skip :]) if regex.on_path else name
            text += "" if regex.below else tail
            if (match := regex.pattern.search(text)) and not _of_parent(match, len(text)):
                return regex.index
        return best

    def add(self, line: str) -> None:
        """Another line of an ignore file. Empty lines, comments and patterns that can match nothing add nothing."""
        line = _bytewise(line.rstrip("\r\n"))
        if not line.endswith("\\ "):
            line = line.rstrip(" ")
        if not line or line.startswith("#"):
            return
        ignores = not line.startswith("!")
        body = line if ignores else line[1:]
        if self._quick(body) or self._translated(line):
            self._keep.append(ignores)

    def _quick(self, body: str) -> bool:
        index = len(self._keep)
        if match := _SUFFIX.match(body):
            (self._folder_suffixes if match[2] else self._suffixes)[match[1]] = index
            return True
        inner = body.strip("/")
        if _SPECIAL.search(body) or not inner or "//" in body:
            return False
        if "/" not in body.rstrip("/"):
            (self._folder_names if body.endswith("/") else self._names)[inner] = index
        else:
            self._paths[body.removeprefix("/")] = index
        return True

    def _translated(self, line: str) -> bool:
        from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

        for name, members in _CLASSES.items():
            line = line.replace(name, members)
        folders = line.endswith("/**/")
        line = line[:-1] if folders else line
        try:
            regex, _ = GitIgnoreSpecPattern.pattern_to_regex(line)
            if regex is None:
                return False
            compiled = re.compile(regex, re.DOTALL)
        except (ValueError, re.error):
            return False
        below = line.endswith("/**")
        # What is not anchored (`**/`) means any name.
        on_path = below or ("/" in line.removeprefix("!").rstrip("/") and regex.startswith("^"))
        self._regexes.insert(0, _Regex(len(self._keep), compiled, on_path, below, folders))
        return True


def _of_parent(match: re.Match[str], length: int) -> bool:
    """Whether the pattern matched a folder above the entry, which has been judged already."""
    return "ps_d" in match.re.groupindex and -1 < match.end("ps_d") < length


def _bytewise(text: str) -> str:
    """One character a byte: git's `?` matches a byte."""
    return text if text.isascii() else os.fsencode(text).decode("latin-1")


def _slashed(path: str) -> str:
    return path if os.sep == "/" else path.replace(os.sep, "/")


def patterns_of(lines: Iterable[str], base: str) -> Patterns:
    """The lines of one ignore file that lies in the folder `base`."""
    patterns = Patterns(base)
    for line in lines:
        patterns.add(line)
    return patterns


def rebased(pattern: str, folder: str, root: str) -> str:
    """A pattern that was written in `folder`, for use at the root. One that any folder may match stays as it is."""
    negated, body = ("!", pattern[1:]) if pattern.startswith("!") else ("", pattern)
    body = body.removeprefix("./") if body != "./" else body
    if body.startswith("**/") or "/" not in body.rstrip("/"):
        return negated + body
    root, folder = _slashed(root).rstrip("/"), _slashed(folder).rstrip("/")
    if not (root and body.startswith(root + "/")):
        body = f"{folder}/{body.lstrip('/')}"
    tail = "/" if body.endswith("/") else ""
    whole = os.path.normpath(body) if os.sep == "/" else _slashed(os.path.normpath(body))
    if whole.startswith(root + "/"):
        below, inner = folder[len(root) :] if folder.startswith(root + "/") else "", whole[len(root) :]
        if below and inner.startswith(below + "/"):
            inner = _escaped(below) + inner[len(below) :]
        return negated + inner + tail
    return negated + body


def _escaped(path: str) -> str:
    return re.sub(r"([\\*?\[\]])", r"\\\1", path)
