"""No secret leaves a run: analyses are masked before anyone keeps or shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from compatcheck.configs.secrets.detector import Detector
from compatcheck.configs.secrets.masking import Mask, masked_line
from compatcheck.model.problems import Analysed, Analysis
from compatcheck.model.source import Source
from compatcheck.rulebook.secrets import load_secrets


class Masker:
    """Masks what was found in files; reads the patterns when there is something to mask."""

    def __init__(self) -> None:
        self._last: tuple[bytes, Mask] | None = None

    @cached_property
    def _detector(self) -> Detector:
        return Detector(load_secrets())

    def __call__(self, source: Source, analysis: Analysis) -> Analysis:
        """One file's analysis without the file's secrets."""
        if not analysis.problems and not analysis.comments:
            return analysis
        masks = {cell: self.of(text) for cell, text in _texts(source).items()}
        if not any(masks.values()):
            return analysis
        nothing = Mask(self._detector, b"")
        return replace(
            analysis,
            problems=tuple(
                masks.get(each.span.cell if each.span else None, nothing).problem(each) for each in analysis.problems
            ),
            comments=tuple(masks.get(each.span.cell, nothing).comment(each) for each in analysis.comments),
        )

    def of(self, text: bytes) -> Mask:
        """What a text has to hide; several ask about the same one after the other."""
        if self._last is None or self._last[0] != text:
            self._last = text, Mask(self._detector, text)
        return self._last[1]

    def words(self, source: Source, text: str) -> str:
        """A message about a file that may quote it."""
        for code in _texts(source).values():
            text = Mask(self._detector, code).words(text)
        return Mask(self._detector, text.encode("utf-8", "replace")).words(text)

    def lines(self, analysed: Analysed) -> Analysed:
        """What another check says of a file, as far as its lines show what is a secret."""
        if not analysed.analysis.problems:
            return analysed
        problems = tuple(masked_line(self._detector, each) for each in analysed.analysis.problems)
        return replace(analysed, analysis=replace(analysed.analysis, problems=problems))


def _texts(source: Source) -> Mapping[int | None, bytes]:
    """The code by cell, as its problems' places count it."""
    from compatcheck.analyze.decode import Undecodable, decode
    from compatcheck.analyze.notebook import cells

    if source.kind == "notebook":
        found = cells(source.data)
        return {} if isinstance(found, str) else {cell.number: cell.code for cell in found}
    text = decode(source.data)
    return {None: text.text.code if isinstance(text, Undecodable) else text.code}
