"""One file: its findings to new bytes, if they are better; and why not, where they are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from compatcheck.fix.book import FixBook
from compatcheck.fix.changes import Distribution
from compatcheck.fix.context import Context
from compatcheck.fix.passes import Passes, Refusal, Result
from compatcheck.fix.refusal import Refused
from compatcheck.fix.texts import FileText
from compatcheck.model.report import Finding

Recheck = Callable[[bytes], Sequence[Finding]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file. `after` is None when it stays as it is; `kept` says why a better text was not taken.

    `fixed` counts fixes by rule id, `left` are the findings after them, `errors` is how many there were.
    """

    path: str
    before: bytes
    after: bytes | None = None
    fixed: Mapping[str, int] = field(default_factory=dict)
    refused: tuple[Refusal, ...] = ()
    left: tuple[Finding, ...] = ()
    needs: frozenset[Distribution] = frozenset()
    errors: int = 0
    kept: str | None = None


def fix_file(
    path: str,
    data: bytes,
    findings: Sequence[Finding],
    recheck: Recheck,
    book: FixBook,
    context: Context,
    wants: Callable[[Finding], bool],
) -> Outcome:
    """The outcome for one file's bytes; `recheck` gives the findings of other bytes in its place."""
    errors = sum(one.severity == "error" for one in findings)
    try:
        file = FileText.of(data)
    except Refused as refused:
        reasons = tuple(Refusal(finding, str(refused)) for finding in findings if wants(finding))
        return Outcome(path, data, refused=reasons, left=tuple(findings), errors=errors)
    passes = Passes(book, context, lambda text: recheck(file.bytes(text)), wants)
    result, kept = _acceptable(passes, file.text, findings)
    if kept is not None or result.text == file.text:
        return Outcome(path, data, refused=tuple(result.at_first), left=tuple(findings), errors=errors, kept=kept)
    return Outcome(
        path,
        data,
        file.bytes(result.text),
        Counter(result.fixed),
        tuple(result.refused),
        tuple(result.findings),
        frozenset(result.needs),
        errors,
    )


def _acceptable(passes: Passes, text: str, findings: Sequence[Finding]) -> tuple[Result, str | None]:
    """The passes' result, without the fixes of one rule where those spoil it; or why there is none."""
    first = passes.run(text, findings)
    if first.text == text or (why := _worse(findings, first.findings)) is None:
        return first, None
    for rule in sorted(set(first.fixed)):
        again = passes.run(text, findings, frozenset({rule}))
        if again.text != text and _worse(findings, again.findings) is None:
            spoiled = f"the fixes of this file make it worse: {why}"
            again.refused += [Refusal(one, spoiled) for one in again.findings if one.rule == rule]
            return again, None
    return first, why


def _worse(before: Sequence[Finding], after: Sequence[Finding]) -> str | None:
    """Why a text may not be written: it must parse on every target, and have fewer errors."""
    broken = [one for one in after if one.kind == "syntax" and one.severity == "error"]
    if broken:
        return f"line {broken[0].line} would still not parse on {', '.join(broken[0].fails_on)}"
    if _score(after) >= _score(before):
        return "it would have as many findings as before"
    return None


def _score(findings: Sequence[Finding]) -> tuple[int, int]:
    errors = sum(one.severity == "error" for one in findings)
    return errors, len(findings) - errors
