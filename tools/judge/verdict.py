"""What an interpreter says of a source, and which of its exceptions are refusals: DESIGN's meaning of "compiles"."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["ok", "refused", "resource", "crash"]

REFUSALS = {"SyntaxError", "ValueError"}
# Limits of size, not of language: they differ between builds and say nothing of what the code needs.
SIZE_LIMITS = re.compile(
    r"too many nested parentheses"
    r"|too many nested (?:[ft]-strings|f-strings or t-strings)"
    r"|Exceeds the limit .*digits"
    r"|expression is too complex|source too complex|parser stack overflow"
)
# Python 2 refuses a NUL byte with a TypeError.
NUL_BYTE = re.compile(r"without null bytes")


@dataclass(frozen=True, slots=True)
class CompileWarning:
    kind: str
    message: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`refused` is a SyntaxError or ValueError; `resource` a limit or another exception; `crash` no answer."""

    verdict: Kind
    type: str | None = None
    message: str | None = None
    line: int | None = None
    column: int | None = None
    warnings: tuple[CompileWarning, ...] = ()

    @property
    def compiles(self) -> bool:
        return self.verdict == "ok"

    @property
    def decided(self) -> bool:
        """Whether the language itself was the reason."""
        return self.verdict in ("ok", "refused")


CRASH = Verdict("crash", message="the interpreter died or did not answer in time")


def from_answer(text: str) -> Verdict:
    """A worker's answer, judged."""
    answer: dict[str, Any] = json.loads(text)
    heard = [CompileWarning(w["kind"], w["message"], w["line"]) for w in answer.get("warnings", ())]
    warnings = tuple(dict.fromkeys(heard))  # some parsers read twice, and warn twice
    kinds: list[str] = answer.get("kinds", [])
    if not kinds:
        return Verdict("ok", warnings=warnings)
    kind = _failure_kind(kinds, answer["message"] or "")
    return Verdict(kind, kinds[0], answer["message"], answer["line"], answer["column"], warnings)


def _failure_kind(kinds: list[str], message: str) -> Kind:
    if NUL_BYTE.search(message):
        return "refused"
    if REFUSALS.isdisjoint(kinds) or SIZE_LIMITS.search(message):
        return "resource"
    return "refused"
