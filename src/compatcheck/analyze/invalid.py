"""What the parser refuses and no rule explains: `invalid-syntax`.

A rule explains an error when the text without the rule's construct has the error no more. So the construct is made
neutral in a copy of the text, and the parser is asked again, until it is content or stops where no rule has a say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from compatcheck.analyze.depth import nests_too_many_brackets
from compatcheck.analyze.neutral import Changed, Edit, apply, fillings
from compatcheck.analyze.parser import Blocker, TooNested, blockers
from compatcheck.analyze.problems import ProblemMaker
from compatcheck.analyze.screen import Screen, screen_for
from compatcheck.analyze.syntax.place import Hit, Place
from compatcheck.analyze.syntax.runner import check_named
from compatcheck.analyze.tree import Tree
from compatcheck.analyze.wording import worded
from compatcheck.model.problems import Problem
from compatcheck.model.rules import Rulebook, SyntaxRule
from compatcheck.model.runtimes import NO_RUNTIMES

_ROUNDS = 40
_BYTES = 40_000_000  # parsed again at most, in all rounds together
_CANDIDATES = 8


@dataclass(frozen=True, slots=True)
class Found:
    """A hit and its rule."""

    rule: SyntaxRule
    hit: Hit

    @property
    def kind(self) -> tuple[str, str]:
        return self.rule.id, self.hit.variant

    @property
    def refused(self) -> bool:
        """Whether no runtime takes the construct: what its text hides, then, is of no importance."""
        return self.rule.variants[self.hit.variant].clean == NO_RUNTIMES


class Explainer:
    """Explains parser errors by rules; made once for a rulebook. It takes all rules, whatever the targets are:
    that a construct works on a target explains the error, too.
    """

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._screen: Screen | None = None

    def errors(self, tree: Tree) -> tuple[Blocker, ...]:
        """The parser's errors; raises TooComplex."""
        try:
            return blockers(tree.code)
        except TooNested:
            if nests_too_many_brackets(tree.root) or tree.root.has_error:
                raise
            return ()

    def problems(self, tree: Tree, errors: Sequence[Blocker], make: ProblemMaker) -> list[Problem]:
        """All problems of a text that the parser refuses."""
        found = self._found(tree)
        search = _Search(tree.code, tuple(errors), found, make)
        error = search.first_unexplained()
        if error is None and search.code != tree.code:
            found = _merged(found, self._found(Tree(search.code)), search.edits)
        problems = [problem for one in found if (problem := make.from_hit(one.rule, one.hit))]
        return problems + ([make.invalid_syntax(worded(tree.code, error, make.places))] if error else [])

    def _found(self, tree: Tree) -> list[Found]:
        if self._screen is None:
            self._screen = screen_for(self._rulebook, self._rulebook.runtimes.everything)
        seen: dict[tuple[str, str, int, int], Found] = {}
        for offset, rule in self._screen.places(tree.code):
            for hit in check_named(rule.check)(Place(offset, tree)):
                seen.setdefault((rule.id, hit.variant, hit.start, hit.end), Found(rule, hit))
        return list(seen.values())


class _Search:
    """The rounds: `code` is the text with what is explained made neutral by `edits`."""

    def __init__(self, code: bytes, errors: tuple[Blocker, ...], found: Sequence[Found], make: ProblemMaker) -> None:
        self.code = code
        self.edits: list[Edit] = []
        self._errors = errors
        self._found = [one for one in found if one.rule.variants[one.hit.variant].severity == "error"]
        self._places = make.places
        self._budget = _BYTES

    def first_unexplained(self) -> Blocker | None:
        for _ in range(_ROUNDS):
            if not self._errors or self._budget < 0:
                return None
            if not self._explain(self._errors[0]):
                return None if self._beside_refusal(self._errors[0]) else self._errors[0]
        return None

    def _explain(self, error: Blocker) -> bool:
        """Whether making one of the constructs nearby neutral moves the first error on; all of its kind go with it."""
        for one in self._candidates(self._places.offset(error.line, error.column)):
            for number, edits in enumerate(self._ways(one)):
                single = self._tried(edits, error)
                if single is None:
                    continue
                alike = [edit for other in self._found if other.kind == one.kind for edit in self._way(other, number)]
                both = self._tried(alike, error)
                better = both is not None and (not both or (single and _key(single[0]) <= _key(both[0])))
                self._take(*((alike, both) if better and both is not None else (edits, single)))
                return True
        return False

    def _candidates(self, offset: int) -> list[Found]:
        def distance(one: Found) -> tuple[int, int]:
            hit = one.hit
            return max(hit.start - offset, offset - hit.end, 0), hit.end - hit.start

        return sorted(self._found, key=distance)[:_CANDIDATES]

    def _ways(self, one: Found) -> Iterator[tuple[Edit, ...]]:
        """The rule's own neutral text; without one, fillings of the construct where they can hide nothing."""
        if one.hit.neutral:
            yield one.hit.neutral
        elif one.refused:
            yield from fillings(self.code, one.hit.start, one.hit.end)

    def _way(self, one: Found, number: int) -> tuple[Edit, ...]:
        return next((edits for at, edits in enumerate(self._ways(one)) if at == number), ())

    def _tried(self, edits: Sequence[Edit], error: Blocker) -> tuple[Blocker, ...] | None:
        """The errors that are left with these edits, None when the error did not move on."""
        code = apply(self.code, edits)
        if code == self.code or self._budget < 0:
            return None
        self._budget -= len(code)
        errors = blockers(code)
        return None if errors and _key(errors[0]) <= _key(error) else errors

    def _take(self, edits: Sequence[Edit], errors: tuple[Blocker, ...]) -> None:
        self.code = apply(self.code, edits)
        self.edits += edits
        self._errors = errors

    def _beside_refusal(self, error: Blocker) -> bool:
        """Whether a construct that no runtime takes, and that could not be made neutral, stands on the same lines."""
        changed = Changed(self.edits)
        left = [one.hit for one in self._found if one.refused and not changed.touches(one.hit.start, one.hit.end)]
        spans = [self._places.span(hit.start, hit.end) for hit in left]
        return any(span.line <= error.line <= span.end_line for span in spans)


def _key(error: Blocker) -> tuple[int, int]:
    return error.line, error.column


def _merged(before: Sequence[Found], after: Sequence[Found], edits: Sequence[Edit]) -> list[Found]:
    """What stands in the text, seen without the recovery from errors; of the constructs that were made neutral,
    and of what is inside them, what was seen before.
    """
    changed = Changed(edits)
    hidden = [one for one in before if changed.touches(one.hit.start, one.hit.end)]
    seen = {(one.kind, one.hit.start) for one in hidden}
    merged = hidden + [one for one in after if (one.kind, one.hit.start) not in seen]
    return sorted(merged, key=lambda one: (one.hit.start, one.rule.id))
