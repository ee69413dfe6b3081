"""What one file's analysis gives: problems in runtime sets and places, before targets and paths come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from compatcheck.model.rules import Confidence, Severity
from compatcheck.model.runtimes import RuntimeSet
from compatcheck.model.source import Unreadable


@dataclass(frozen=True, slots=True)
class Span:
    """Lines and columns from 1, columns in code points, the end exclusive; `cell` of a notebook, from 1."""

    line: int
    column: int
    end_line: int
    end_column: int
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding of one file: it fails on `reach - works`. `excerpt` is the first source line; `micro` holds versions
    whose later micro releases have what is missing, with the first one that does: ("3.8", 17); `identity` tells secrets
    apart that look the same once they are masked: a keyed digest. `line_hash` is the finding's, empty where its line has
    none, None where nobody worked it out.
    """

    rule: str
    kind: str
    severity: Severity
    confidence: Confidence
    message: str
    span: Span | None
    excerpt: str | None
    works: RuntimeSet
    reach: RuntimeSet
    symbol: str | None = None
    instead: str | None = None
    evidence: tuple[str, ...] = ()
    micro: tuple[tuple[str, int], ...] = ()
    identity: str = ""
    line_hash: str | None = None

    @property
    def fails(self) -> RuntimeSet:
        return self.reach - self.works


@dataclass(frozen=True, slots=True)
class Comment:
    """A `# compatcheck: …` or `# novm` comment. `action`: ignore, ignore-file, reachable, novm, or unknown for what
    has none of their forms; `names` its brackets; `lines` the first and last line (of the span's cell) it speaks for.
    """

    action: str
    names: tuple[str, ...]
    span: Span
    text: str
    lines: tuple[int, int]


@dataclass(frozen=True, slots=True)
class CodeFact:
    """What the code says to other checks. `kind`: import (`name` dotted), relative (one with its dots), environment (a
    variable that it reads), secret (a name that it asks the platform's store for), script (a block of requirements of its
    own, PEP 723). `guarded`: its absence is handled,
    by a handler or a default.
    """

    kind: str
    name: str
    span: Span
    reach: RuntimeSet
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that one file gave. `excerpt` lines of problems are unmasked; the report masks them.

    `wants` are names of the project's other modules, as the file writes them, that may change its problems; `facts`
    are there when a check asked for them.
    """

    problems: tuple[Problem, ...] = ()
    comments: tuple[Comment, ...] = ()
    unreadable: str | None = None
    wants: tuple[str, ...] = ()
    facts: tuple[CodeFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysed:
    """One file's analysis; `path` as reports name it, `size` in bytes."""

    path: str
    size: int
    analysis: Analysis


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check of the project gives beside the code's own analysis, ready for the report. A path may be one of the
    code's files, too: comments there speak for these problems as well. `also` are runtimes that files run on beside
    those of their settings.
    """

    analysed: tuple[Analysed, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    dependencies: tuple[Mapping[str, object], ...] = ()
    declarations: tuple[Mapping[str, object], ...] = ()
    also: Mapping[str, RuntimeSet] = field(default_factory=dict)
