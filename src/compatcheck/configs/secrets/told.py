"""What the checks of secrets and variables find, as problems."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from compatcheck.model.problems import Problem, Span
from compatcheck.model.rules import Confidence, RuleText, Severity
from compatcheck.model.runtimes import NO_RUNTIMES, RuntimeSet


@dataclass(frozen=True, slots=True)
class Teller:
    """Makes problems of the rule texts. No runtime decides these: they concern all `targets` of the run.

    Without a `key`, secrets that look the same once they are masked are told apart by their place alone.
    """

    texts: Mapping[str, RuleText]
    targets: RuntimeSet
    key: bytes = b""

    def __call__(
        self,
        rule: str,
        span: Span | None,
        excerpt: str | None,
        words: Mapping[str, object],
        *,
        severity: Severity | None = None,
        confidence: Confidence = "certain",
        symbol: str | None = None,
        evidence: tuple[str, ...] = (),
        secret: bytes = b"",
    ) -> Problem:
        """One problem; `words` fill the rule's message, and `excerpt` holds no secret any more, and `secret` does not stay."""
        text = self.texts[rule]
        return Problem(
            rule=rule,
            kind="secret",
            severity=severity or text.severity,
            confidence=confidence,
            message=text.message.format_map(words),
            span=span,
            excerpt=excerpt,
            works=NO_RUNTIMES,
            reach=self.targets,
            symbol=symbol,
            instead=text.instead,
            evidence=evidence,
            identity=hashlib.blake2b(secret, key=self.key, digest_size=16).hexdigest() if self.key and secret else "",
        )
