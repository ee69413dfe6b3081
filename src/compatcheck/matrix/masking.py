"""No secret in what programs print: values of the environment that name credentials, and what looks like one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from compatcheck.configs.masking import MASK, masked, names_credential
from compatcheck.configs.secrets.detector import Detector
from compatcheck.configs.secrets.masking import Mask
from compatcheck.report.junit_results import Case
from compatcheck.rulebook.secrets import load_secrets

_SHORTEST = 4


class Masking:
    """Masks the output of programs that were started with this environment."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        secret = {value for name, value in environ.items() if names_credential(name) and len(value) >= _SHORTEST}
        words = sorted(secret, key=len, reverse=True)
        self._values = re.compile("|".join(map(re.escape, words)) or r"(?!)")
        self._detector = Detector(load_secrets())

    def text(self, text: str) -> str:
        """Any text, without secrets."""
        text = self._values.sub(MASK, text)
        mask = Mask(self._detector, text.encode("utf-8", "replace"))
        return "\n".join(masked(mask.line(number, line)) for number, line in enumerate(text.split("\n"), 1))

    def case(self, case: Case) -> Case:
        """A test, without secrets in what it says of its failure."""
        if not case.told and not case.message:
            return case
        return replace(case, message=self.text(case.message), told=self.text(case.told))
