"""What to do, in order of effect: versions gained first, then the most findings gone, then the least work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from compatcheck.model.report import Finding, Report
from compatcheck.report.steps import Step, steps
from compatcheck.report.terminal import harmless
from compatcheck.report.versions import in_order, phrase

_MOST_FILES = 3


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do. `text` has code in backticks; `removes` findings, `gains` targets; `work` counts findings to fix."""

    text: str
    removes: int
    gains: tuple[str, ...] = ()
    work: int = 0


_Told = tuple[frozenset[str], Advice]


def advice_on(report: Report, most: int = 8) -> list[Advice]:
    """The best advice first; none for a report without errors."""
    blocked = steps(report)
    found: dict[frozenset[str], Advice] = {}  # the same findings gone are the same advice
    for gone, one in (*_by_fixing(blocked), *_by_replacing(report, blocked)):
        found.setdefault(gone, one)
    advice = [*found.values(), *_by_dropping(report, blocked)]
    return sorted(advice, key=lambda one: (-len(one.gains), -one.removes, one.work, one.text))[:most]


def _by_fixing(blocked: Sequence[Step]) -> Iterator[_Told]:
    """Few files that alone keep a version away, and with it those behind it."""
    told: set[frozenset[str]] = set()
    for step in blocked:
        paths = frozenset(one.path for one in step.findings)
        if len(paths) > _MOST_FILES or paths in told:
            continue
        told.add(paths)
        gone = frozenset(one.fingerprint for other in blocked for one in other.findings if one.path in paths)
        gains = _gained(blocked, gone)
        files = phrase_of([_code(path) for path in sorted(paths)])
        yield gone, Advice(f"fixing {files} gives {phrase(gains)}", len(gone), gains, len(gone))


def _by_replacing(report: Report, blocked: Sequence[Step]) -> Iterator[_Told]:
    """One name or construct that is behind many findings."""
    groups: dict[tuple[str, str | None], list[Finding]] = {}
    for one in report.findings:
        if one.severity == "error":
            groups.setdefault((one.rule, one.symbol), []).append(one)
    for (rule, symbol), some in groups.items():
        gone = frozenset(one.fingerprint for one in some)
        gains = _gained(blocked, gone)
        if len(some) > 1 or gains:
            what = f"replacing {_code(symbol)}" if symbol else f"fixing every {_code(rule)}"
            gives = f" and gives {phrase(gains)}" if gains else ""
            text = f"{what} removes {_count(len(some))}{gives}"
            yield gone, Advice(text, len(some), gains, len(some))


def _gained(blocked: Sequence[Step], gone: frozenset[str]) -> tuple[str, ...]:
    return tuple(in_order(step.version for step in blocked if all(one.fingerprint in gone for one in step.findings)))


def _by_dropping(report: Report, blocked: Sequence[Step]) -> Iterator[Advice]:
    """The last target at an end of the range, and all that fail there; what fails elsewhere too would stay."""
    for side in ("lower", "higher"):
        failing = [step.version for step in blocked if step.side == side]
        for dropped in (failing[-1:], failing)[: len(failing)]:
            gone = frozenset(
                one.fingerprint
                for one in report.findings
                if one.severity == "error" and one.fails_on and set(one.fails_on) <= set(dropped)
            )
            if gone:
                yield Advice(f"dropping {phrase(in_order(dropped))} removes {_count(len(gone))}", len(gone))


def phrase_of(words: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _code(text: str) -> str:
    return f"`{harmless(text).replace('`', chr(39))}`"


def _count(number: int) -> str:
    return f"{number:,} {'finding' if number == 1 else 'findings'}"
