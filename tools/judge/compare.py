"""compatcheck against the interpreters: for each file and version, "does not compile" must equal "has an error"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Literal

from tools.judge.corpus import Entry
from tools.judge.judges import compile_all
from tools.judge.opinion import Opinion, from_answer, opinion_worker
from tools.judge.verdict import Verdict

AT_ONCE = 400
PROCESSES = 2
NO_VERSION = "any"
# Up to 3.13 `compile` passes over bytes in comments that a file may not have; DESIGN says that these do not compile.
UNDECODABLE = Verdict("refused", "SyntaxError", "the source is not text in its encoding")

_COOKIE = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n?|\n))??[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)"
)


Direction = Literal["missed", "false alarm", "failed"]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """`missed`: only the interpreter refuses; `false alarm`: only compatcheck does; `failed`: it gave no answer."""

    label: str
    version: str
    direction: Direction
    cause: str  # the interpreter's message, or the rule id
    line: int | None
    detail: str


@dataclass(slots=True)
class Outcome:
    """`sources` are those that disagree; `undecided` is label, version and the limit that an interpreter hit."""

    files: int = 0
    pairs: int = 0
    disagreements: list[Disagreement] = field(default_factory=list)
    undecided: list[tuple[str, str, str]] = field(default_factory=list)
    sources: dict[str, bytes] = field(default_factory=dict)


class Comparison:
    """compatcheck's processes, and what comparing found so far. Without versions no interpreter is asked."""

    def __init__(self, versions: Sequence[str], processes: int = PROCESSES, remember: bool = True) -> None:
        self.outcome = Outcome()
        self._versions = versions
        self._remember = remember
        self._workers = [opinion_worker() for _ in range(processes)]

    def over(self, entries: Iterable[Entry]) -> Iterator[Outcome]:
        """The outcome so far, after each batch of files."""
        for batch in batches(entries, AT_ONCE):
            self.add(batch)
            yield self.outcome

    def add(self, batch: Sequence[Entry]) -> None:
        sources = [entry.data for entry in batch]
        opinions = self._opinions(sources)
        verdicts = compile_all(sources, self._versions, self._remember)
        for entry, said, judged in zip(batch, opinions, verdicts, strict=True):
            compare(self.outcome, entry, said, judged)

    def close(self) -> None:
        for worker in self._workers:
            worker.close()

    def _opinions(self, sources: Sequence[bytes]) -> list[Opinion]:
        parts = [sources[first :: len(self._workers)] for first in range(len(self._workers))]
        with ThreadPoolExecutor(len(parts)) as pool:
            answers = list(pool.map(lambda worker, part: worker.ask(part), self._workers, parts))
        return [from_answer(answers[at % len(parts)][at // len(parts)]) for at in range(len(sources))]


def compare(outcome: Outcome, entry: Entry, said: Opinion, verdicts: Mapping[str, Verdict]) -> None:
    """Add one source to the outcome."""
    outcome.files += 1
    outcome.pairs += len(verdicts)
    found: list[Disagreement] = []
    if said.failure:
        detail = said.failure.strip()
        found = [Disagreement(entry.label, NO_VERSION, "failed", detail.splitlines()[-1], None, detail)]
        verdicts = {}
    refused_by_definition = not decodable(entry.data)
    for version, verdict in verdicts.items():
        if verdict.compiles and refused_by_definition:
            verdict = UNDECODABLE
        if not verdict.decided:
            outcome.undecided.append((entry.label, version, f"{verdict.type}: {verdict.message}"))
        elif said.unreadable:
            found.append(Disagreement(entry.label, version, "failed", f"unreadable: {said.unreadable}", None, ""))
        else:
            found += _disagreement(entry.label, version, said, verdict)
    outcome.disagreements += found
    if found:
        outcome.sources[entry.label] = entry.data


def decodable(data: bytes) -> bool:
    """Whether the bytes are text in the encoding that they declare (PEP 263)."""
    declared = _COOKIE.match(data)  # tokenize.detect_encoding wants the line to be UTF-8, the interpreters do not
    try:
        data.decode(_codec(declared[1].decode("ascii")) if declared else "utf-8")
    except (ValueError, LookupError):
        return False
    return True


def _codec(declared: str) -> str:
    """What the interpreters make of a declaration: editors add how lines end, as in `utf-8-unix`."""
    name = f"{declared.lower().replace('_', '-')}-"
    if name.startswith("utf-8-"):
        return "utf-8"
    return "latin-1" if name.startswith(("latin-1-", "iso-8859-1-", "iso-latin-1-")) else declared


def _disagreement(label: str, version: str, said: Opinion, verdict: Verdict) -> Iterator[Disagreement]:
    claim = said.claims.get(version)
    if verdict.compiles and claim:
        yield Disagreement(label, version, "false alarm", claim.rule, claim.line, claim.message)
    if not verdict.compiles and claim is None:
        message = verdict.message or ""
        yield Disagreement(label, version, "missed", f"{verdict.type}: {message}", verdict.line, message)


def batches(entries: Iterable[Entry], size: int) -> Iterator[list[Entry]]:
    iterator = iter(entries)
    while batch := list(itertools.islice(iterator, size)):
        yield batch
