"""What a project's files state about Python versions and about the packages that it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from compatcheck.model.problems import Span
from compatcheck.model.rules import Confidence, Severity
from compatcheck.model.runtimes import RuntimeSet

# What a statement is for: the versions that the project supports, lists, lets its tools assume, tests on, uses in passing
# (one job of CI), runs on, builds for; or the project's name, whose place stands for all that is not said.
Role = Literal["supports", "lists", "assumes", "tests", "uses", "runs", "builds", "names"]


@dataclass(frozen=True, slots=True)
class Place:
    """A piece of a file: characters `start`..`end` of its text, and the same as people count; no span in what is no
    text.
    """

    path: str
    start: int
    end: int
    span: Span | None
    excerpt: str


@dataclass(frozen=True, slots=True)
class Declaration:
    """One statement of Python versions. `source` names the kind of place (`requires-python`, `tox`); `states` are the
    versions it holds, partly or whole; `item` is what to cut out to take it from its list, None where it stands alone.
    """

    source: str
    role: Role
    text: str
    place: Place
    states: RuntimeSet
    item: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong: the rule that says so, and what its message names; `severity` where it is not the rule's own.
    `fails` are the runtimes that it keeps from working, all of them for None; `fix` is what to write at the place.
    """

    rule: str
    place: Place
    names: tuple[tuple[str, str], ...] = ()
    evidence: tuple[str, ...] = ()
    severity: Severity | None = None
    confidence: Confidence = "certain"
    fails: RuntimeSet | None = None
    fix: str | None = None


@dataclass(frozen=True, slots=True)
class Blank:
    """A place that states versions in a way nobody can read without running it: a matrix from an expression."""

    source: str
    role: Role


Stated = Declaration | Trouble | Blank


@dataclass(frozen=True, slots=True)
class Required:
    """A package that a file asks for. `name` is normalised; `group` is empty for what everybody gets, else the extra
    or group.
    """

    name: str
    specifier: str
    marker: str | None
    extras: tuple[str, ...]
    text: str
    source: str
    place: Place
    group: str = ""

    @property
    def pinned(self) -> str | None:
        """The only version that it admits, if it says so."""
        if "," in self.specifier or not self.specifier.startswith("==") or self.specifier.endswith("*"):
            return None
        return self.specifier.lstrip("=").strip()


@dataclass(frozen=True, slots=True)
class Locked:
    """A package version that a lock file has chosen. `files` are names of wheels and sdists; `requires_python` and
    `marker` are None where the lock file does not say; `needs` are what it asks for itself: names with markers.
    """

    name: str
    version: str
    source: str
    place: Place
    requires_python: str | None = None
    marker: str | None = None
    files: tuple[str, ...] = ()
    needs: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Included:
    """Another file that belongs to this one (`-r other.txt`), as written; constraints choose versions, and ask for
    nothing.
    """

    path: str
    place: Place
    constraint: bool = False


@dataclass(frozen=True, slots=True)
class Hidden:
    """A list of requirements that nobody can read without running it."""

    source: str
    group: str = ""


Needed = Required | Locked | Included | Hidden | Trouble
