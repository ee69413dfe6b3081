"""Which ignore files hold in a folder, in order of precedence."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from compatcheck.project.files import folders_up
from compatcheck.project.gitfiles import git_top, ignore_file, repository_excludes
from compatcheck.project.patterns import Patterns

IGNORE_FILES = frozenset({".gitignore", ".ignore", ".git"})


@dataclass(frozen=True)
class Ignores:
    """The patterns in force in a folder: `.ignore` files before `.gitignore` files, deeper ones before higher ones."""

    own: tuple[Patterns, ...] = ()
    git: tuple[Patterns, ...] = ()
    outer: tuple[Patterns, ...] = ()  # info/exclude and the user's own list

    @property
    def chain(self) -> tuple[Patterns, ...]:
        return (*self.own, *self.git, *self.outer)

    def inside(
        self, folder: str, names: Collection[str], environ: Mapping[str, str], *, start: bool = False
    ) -> Ignores:
        """Those of a folder that holds ignore files of these names. A repository in another stands for itself."""
        own, git, outer = self.own, self.git, self.outer
        if ".git" in names and not start:
            git, outer = (), repository_excludes(folder, folder, environ)
        if ".gitignore" in names and (found := ignore_file(os.path.join(folder, ".gitignore"), folder)):
            git = (found, *git)
        if ".ignore" in names and (found := ignore_file(os.path.join(folder, ".ignore"), folder)):
            own = (found, *own)
        return Ignores(own, git, outer)


def ignored(chain: tuple[Patterns, ...], name: str, location: str, folder: bool) -> bool:
    """Whether the first list that knows the entry ignores it."""
    for patterns in chain:
        found = patterns.match(name, location, folder)
        if found is not None:
            return found
    return False


def ignores_above(start: str, root: str, environ: Mapping[str, str]) -> Ignores:
    """What holds for the entries of a folder where walking starts, from the files above it.

    A folder that is ignored itself but asked for by name is walked: then nothing from above holds.
    """
    top = git_top(start)
    base = top or root
    found = Ignores(outer=repository_excludes(top, base, environ))
    if start == base:
        return found
    above = list(folders_up(os.path.dirname(start), base))
    for folder in reversed(above):
        found = found.inside(folder, (".gitignore", ".ignore"), environ, start=True)
    places = [start, *above[:-1]]
    if any(ignored(found.chain, os.path.basename(place), place, True) for place in places):
        return Ignores()
    return found
