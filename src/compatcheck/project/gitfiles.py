"""What git is told to ignore besides .gitignore, read from git's files; git itself is not started."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping

from compatcheck.project.files import folders_up, read_if_there
from compatcheck.project.patterns import Patterns, patterns_of

_SECTION = re.compile(r'\s*\[\s*([\w.-]+)\s*("[^"]*")?\s*\]')
_EXCLUDES = re.compile(r'\s*excludesfile\s*=\s*"?([^"#;\n]*)', re.IGNORECASE)


def ignore_file(location: str, base: str) -> Patterns | None:
    """The patterns of one ignore file, anchored at `base`; None when there are none."""
    data = read_if_there(location, 8 << 20)
    if not data:
        return None
    patterns = patterns_of(os.fsdecode(data.removeprefix(b"\xef\xbb\xbf")).split("\n"), base)
    return patterns or None


def git_top(folder: str) -> str | None:
    """The work tree that the folder lies in."""
    for place in folders_up(folder, os.path.abspath(os.sep)):
        if os.path.lexists(os.path.join(place, ".git")):
            return place
    return None


def repository_excludes(top: str | None, base: str, environ: Mapping[str, str]) -> tuple[Patterns, ...]:
    """info/exclude of a work tree and the user's own list: what counts least, in order of precedence."""
    git = _common_folder(top) if top else None
    found = []
    if git:
        found.append(ignore_file(os.path.join(git, "info", "exclude"), base))
    if own := _excludes_file(git, environ):
        found.append(ignore_file(own, base))
    return tuple(patterns for patterns in found if patterns)


def _common_folder(top: str) -> str:
    """The .git folder; of a linked work tree or submodule the one that `.git` names."""
    git = os.path.join(top, ".git")
    link = read_if_there(git, 1 << 16)
    if link and link.startswith(b"gitdir:"):
        git = os.path.join(top, os.fsdecode(link[7:].strip()))
        if common := read_if_there(os.path.join(git, "commondir"), 1 << 16):
            git = os.path.join(git, os.fsdecode(common.strip()))
    return git


def _excludes_file(git: str | None, environ: Mapping[str, str]) -> str | None:
    """core.excludesFile, or where git looks when nobody sets it."""
    home = environ.get("HOME") or os.path.expanduser("~")
    own = environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    value = None
    for config in _configs(git, home, own, environ):
        data = read_if_there(config)
        if data and b"excludesfile" in data.lower():
            value = _core_excludes(os.fsdecode(data).split("\n")) or value
    if value is None:
        return os.path.join(own, "git", "ignore")
    if value.startswith("~/"):
        return os.path.join(home, value[2:])
    return value if os.path.isabs(value) else None


def _configs(git: str | None, home: str, own: str, environ: Mapping[str, str]) -> Iterator[str]:
    """git's settings files, those that win last."""
    if not environ.get("GIT_CONFIG_NOSYSTEM"):
        yield "/etc/gitconfig"
    if "GIT_CONFIG_GLOBAL" in environ:
        yield environ["GIT_CONFIG_GLOBAL"]
    else:
        yield os.path.join(own, "git", "config")
        yield os.path.join(home, ".gitconfig")
    if git:
        yield os.path.join(git, "config")


def _core_excludes(lines: Iterable[str]) -> str | None:
    core, value = False, None
    for line in lines:
        if section := _SECTION.match(line):
            core = section[1].lower() == "core" and not section[2]
            line = line[section.end() :]
        if core and (match := _EXCLUDES.match(line)):
            value = match[1].strip() or None
    return value
