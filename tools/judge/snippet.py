"""`snippet` and `snippets`: what each interpreter says of a few lines, for whoever writes a rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tools.judge import versions
from tools.judge.judges import compile_all, judges
from tools.judge.verdict import Verdict


def table(source: bytes) -> str:
    """One line an interpreter: verdict, place, message, warnings."""
    (verdicts,) = compile_all([source])
    lines = []
    for judge in judges():
        verdict = verdicts[judge.version]
        place = f"{verdict.line}:{verdict.column}" if verdict.line else ""
        reason = f"{verdict.type}: {verdict.message}" if verdict.type else verdict.message or ""
        lines.append(f"{judge.version:5} {verdict.verdict:9}{place:8}{reason}".rstrip())
        lines += [f"{'':15}{w.kind} in line {w.line}: {w.message}" for w in verdict.warnings]
    return "\n".join(lines)


def rows(cases: Iterable[str]) -> Iterable[str]:
    """One row a case: the versions that compile it, those that stop at a limit or warn, and the case."""
    cases = [case for case in cases if case.strip()]
    sources = [unescaped(case) for case in cases]
    judged = [judge.version for judge in judges()]
    for case, verdicts in zip(cases, compile_all(sources), strict=True):
        yield f"{_summary(verdicts, judged):34} {case}"


def unescaped(case: str) -> bytes:
    r"""`\n` is a line's end and `\t` a tab; `\\n` stays a backslash and an n."""
    text = case.replace("\\\\", "\0").replace("\\n", "\n").replace("\\t", "\t").replace("\0", "\\")
    return text.encode("utf-8", "surrogateescape") + b"\n"


def _summary(verdicts: Mapping[str, Verdict], judged: Sequence[str]) -> str:
    text = versions.shown([v for v in judged if verdicts[v].compiles], judged)
    if undecided := [v for v in judged if not verdicts[v].decided]:
        text += f" ?{versions.shown(undecided, judged)}"
    if warned := [v for v in judged if verdicts[v].compiles and verdicts[v].warnings]:
        text += f" w{versions.shown(warned, judged)}"
    return text
