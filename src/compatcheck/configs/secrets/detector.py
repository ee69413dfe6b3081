"""Secrets in a text: keywords give the places, patterns the values, and a judge says which of them count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from compatcheck.configs.secrets.judging import Judge, entropy, made_of_words, password_in
from compatcheck.model.secrets import SecretPattern, Secrets

# What other tools' users write on a line that may hold a secret, and on the line above it.
_ALLOWED = re.compile(
    rb"pragma: ?(?:allowlist|whitelist)(?P<next> ?next ?line)? secret|gitleaks:allow|nosec\b.*\bB10[567]"
)
# How far behind its keyword a value ends that begins ahead of it.
_WINDOW = 400
_NAME_BEFORE = re.compile(rb"[\w-]{0,60}\Z")
_RUN_SIGNS = b"_.:/+=@~-"
_UNBROKEN = bytes(c if (chr(c).isascii() and chr(c).isalnum()) or c in _RUN_SIGNS else 0x20 for c in range(256))
_LONG = 20
_ORDER = {"certain": 0, "likely": 1, "possible": 2}


@dataclass(frozen=True, slots=True)
class Found:
    """A place of a text, as byte offsets of the value. `sure` values are secrets; the others only may be some: they are
    not worth a word, and are masked all the same.
    """

    pattern: SecretPattern
    start: int
    end: int
    sure: bool


class _Runs:
    """The unbroken runs of a text, each once: what stands in none of them stands nowhere, and they are few."""

    def __init__(self, lower: bytes) -> None:
        runs = set(lower.translate(_UNBROKEN).split())
        self._all = b" ".join(runs)
        self._long = b" ".join(run for run in runs if len(run) >= _LONG)

    def have(self, keyword: bytes, run: int) -> bool:
        return keyword in (self._long if run >= _LONG else self._all)


class Detector:
    """Finds secrets in texts; made once a run."""

    def __init__(self, secrets: Secrets) -> None:
        self._judge = Judge(secrets.lore)
        self._other_names = re.compile(secrets.lore.not_secret_names, re.IGNORECASE)
        self._patterns = [(pattern, re.compile(pattern.pattern.encode())) for pattern in secrets.patterns]

    def all(self, text: bytes) -> list[Found]:
        """Everything in the text that may be a secret, by place; places may overlap."""
        lower = text.lower()
        runs = _Runs(lower)
        found = {}
        for pattern, compiled in self._patterns:
            if not any(runs.have(keyword, pattern.run) for keyword in pattern.keywords):
                continue
            for match in _matches(pattern, compiled, text, lower):
                start, end = match.span("secret")
                sure = self._counts(pattern, match["secret"]) and (pattern.words or self._named(match))
                found[pattern.id, start] = Found(pattern, start, end, sure)
        return sorted(found.values(), key=lambda one: (one.start, one.end))

    def secrets(self, text: bytes, name: str) -> list[Found]:
        """The secrets worth a word in a file of that name, each once, by the pattern that knows it best."""
        here = [one for one in self.all(text) if one.sure and _meant(one.pattern, name)]
        allowed = _allowed_lines(text) if here else frozenset()
        kept: list[Found] = []
        for one in sorted(here, key=lambda one: (_ORDER[one.pattern.confidence], one.start - one.end)):
            overlaps = any(one.start < other.end and other.start < one.end for other in kept)
            if not overlaps and text.count(b"\n", 0, one.start) not in allowed:
                kept.append(one)
        return sorted(kept, key=lambda one: one.start)

    def _counts(self, pattern: SecretPattern, value: bytes) -> bool:
        meant = password_in(value) if pattern.base64 else value
        text = meant.decode("utf-8", "replace")
        if entropy(value) < pattern.entropy or self._judge.says_nothing(text):
            return False
        return pattern.words or not made_of_words(text)

    def _named(self, match: re.Match[bytes]) -> bool:
        """Whether the whole name before the value is that of a secret, as far as names tell."""
        text, at = match.string, match.start()
        before = _NAME_BEFORE.search(text, max(0, at - 60), at)
        name = (before[0] if before else b"") + text[at : match.start("secret")]
        return self._other_names.match(name.decode("utf-8", "replace")) is None


def _matches(
    pattern: SecretPattern, compiled: re.Pattern[bytes], text: bytes, lower: bytes
) -> Iterator[re.Match[bytes]]:
    for keyword in pattern.keywords:
        at = lower.find(keyword)
        while at >= 0:
            following = at + len(keyword)
            if match := _match(compiled, text, at, pattern.before):
                yield match
                following = max(following, match.end("secret"))
            at = lower.find(keyword, following)


def _match(compiled: re.Pattern[bytes], text: bytes, at: int, before: int) -> re.Match[bytes] | None:
    """The match around a keyword: from it on, or from a place at most `before` bytes ahead of it."""
    if not before:
        return compiled.match(text, at)
    match = compiled.search(text, max(0, at - before), at + _WINDOW)
    return match if match is not None and match.start() <= at else None


def _meant(pattern: SecretPattern, name: str) -> bool:
    return not pattern.files or name.lower().rpartition(".")[2] in pattern.files


def _allowed_lines(text: bytes) -> frozenset[int]:
    """Numbers (from 0) of the lines on which people say that there is no secret."""
    lines = set()
    for match in _ALLOWED.finditer(text):
        lines.add(text.count(b"\n", 0, match.start()) + bool(match["next"]))
    return frozenset(lines)


def hidden_values(found: Iterable[Found], text: bytes) -> Sequence[str]:
    """The values of secrets, the longest first."""
    return sorted({text[one.start : one.end].decode("utf-8", "replace") for one in found}, key=len, reverse=True)
