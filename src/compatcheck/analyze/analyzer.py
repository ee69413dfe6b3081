"""The way of one file: decode, screen, tree, rules, and what no rule explains."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from compatcheck.analyze.cells import in_cells
from compatcheck.analyze.comments import comments_of
from compatcheck.analyze.decode import Undecodable, decode
from compatcheck.analyze.facts import facts_of, script_of
from compatcheck.analyze.invalid import Explainer
from compatcheck.analyze.library import Library
from compatcheck.analyze.names.candidates import Candidates, candidates_in
from compatcheck.analyze.names.suspects import Suspects
from compatcheck.analyze.notebook import cells
from compatcheck.analyze.parser import TooComplex
from compatcheck.analyze.problems import ProblemMaker, united
from compatcheck.analyze.reach.declared import declared_in
from compatcheck.analyze.reach.systems import on_system
from compatcheck.analyze.screen import screen_for
from compatcheck.analyze.syntax.runner import run_rules
from compatcheck.analyze.tree import Tree
from compatcheck.analyze.words import words_of
from compatcheck.model.linking import Export, Exports
from compatcheck.model.problems import Analysis, Problem
from compatcheck.model.rules import Rulebook
from compatcheck.model.runtimes import RuntimeSet
from compatcheck.model.source import Source

_NOTHING_KNOWN: Exports = {}
_NO_DECORATORS: Mapping[str, RuntimeSet] = {}


class Analyzer:
    """Analyses files for the runtimes of a scope; make it once, call it for every file. `decorators` are guards that
    the settings declare, with the runtimes that they let through. `aggressive` guesses at receivers that have no type;
    `systems` are the values of sys.platform that count, all where there are none.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        scope: RuntimeSet,
        decorators: Mapping[str, RuntimeSet] = _NO_DECORATORS,
        *,
        facts: bool = False,
        aggressive: bool = False,
        systems: Sequence[str] = (),
    ) -> None:
        self._facts = facts
        self._systems = tuple(systems)
        self._decorators = decorators
        self._rulebook = rulebook
        self._scope = scope
        self._screen = screen_for(rulebook, scope)
        self._explainer = Explainer(rulebook)
        self._suspects = Suspects(rulebook.stdlib, scope, rulebook.literals, systems, guesses=aggressive)

    def __call__(self, source: Source, exports: Exports = _NOTHING_KNOWN, first: Analysis | None = None) -> Analysis:
        """Problems and comments of one file's bytes, given what is known of names of the project's other modules; `first`
        is the analysis without that.
        """
        try:
            return self._analysis(source, exports, first)
        except TooComplex as trouble:
            return Analysis(unreadable=trouble.reason)

    def exporter(self, source: Source) -> Callable[[str], Export] | None:
        """A function from names of a module to what they mean to others; None for what is no module."""
        text = decode(source.data)
        if isinstance(text, Undecodable) or source.kind == "notebook":
            return None
        tree = Tree(text.code)
        return self._library_of(tree, _NOTHING_KNOWN).export

    def reached(self, source: Source) -> Callable[[int], RuntimeSet]:
        """A function from bytes of a module to the runtimes that get there."""
        text = decode(source.data)
        if isinstance(text, Undecodable) or text.code != source.data:
            return lambda at: self._scope
        tree = Tree(text.code)
        library = self._library_of(tree, _NOTHING_KNOWN)
        return lambda at: library.reached(tree.node_at(at))

    def reasons(self, source: Source, claims: Sequence[tuple[int, str]]) -> list[str]:
        """Why features at lines of a file, as others name them, are no findings of ours."""
        text = decode(source.data)
        if isinstance(text, Undecodable) or source.kind == "notebook":
            return ["not looked at"] * len(claims)
        tree = Tree(text.code)
        library = self._library_of(tree, _NOTHING_KNOWN)
        return [library.reason(line, feature) for line, feature in claims]

    def _analysis(self, source: Source, exports: Exports, first: Analysis | None) -> Analysis:
        if source.kind == "notebook":
            found = cells(source.data)
            if isinstance(found, str):
                return Analysis(unreadable=found)
            return in_cells(found, self._syntax, lambda tree: self._library(tree, exports)[0], self._runs)
        text = decode(source.data)
        if isinstance(text, Undecodable):
            return Analysis((ProblemMaker(self._rulebook, self._scope, text.text.code).undecodable(text),))
        tree = Tree(text.code)
        problems = self._syntax(tree) if first is None else [p for p in first.problems if p.kind == "syntax"]
        # What runs nowhere asks nothing of any library: a Python 2 file's other errors are not these.
        wants: frozenset[str] = frozenset()
        facts = script_of(text.code, self._scope)
        if self._runs(problems):
            asked, wants = self._library(tree, exports)
            problems += asked
            facts += facts_of(tree, self._library_of(tree, exports)) if self._facts else ()
        return Analysis(tuple(problems), comments_of(text.code, tree), wants=tuple(sorted(wants)), facts=facts)

    def _syntax(self, tree: Tree) -> list[Problem]:
        make = ProblemMaker(self._rulebook, self._scope, tree.code)
        if errors := self._explainer.errors(tree):
            return self._explainer.problems(tree, errors, make)
        return run_rules(self._screen.places(tree.code), tree, make)

    def _library(self, tree: Tree, exports: Exports) -> tuple[list[Problem], frozenset[str]]:
        """Problems, and the names of other modules that may change them."""
        words = words_of(tree.code)
        candidates = candidates_in(tree.code, words, self._suspects)
        if not candidates:
            return [], frozenset()
        make = ProblemMaker(self._rulebook, self._scope, tree.code)
        problems: list[Problem] = []
        wants: frozenset[str] = frozenset()
        for system in self._systems or (None,):
            library = self._library_of(tree, exports, system, candidates)
            uses = library.uses()
            problems += [make.from_use(use, reach, library.evidence(use)) for use, reach in uses]
            problems += [make.from_slip(slip) for slip in library.slips(uses)]
            wants |= library.wants(uses)
        return united(problems) if len(self._systems) > 1 else problems, wants

    def _library_of(
        self, tree: Tree, exports: Exports, system: str | None = None, candidates: Candidates | None = None
    ) -> Library:
        rulebook = self._rulebook
        declared = declared_in(tree, comments_of(tree.code, tree), rulebook.runtimes, self._decorators)
        return Library(
            tree, rulebook.stdlib, on_system(rulebook.runtimes, system), self._scope, self._suspects, exports, declared,
            system, candidates,
        )  # fmt: skip

    def _runs(self, problems: list[Problem]) -> bool:
        """Whether syntax lets the text run on any Python 3 or platform at all: then the rest is worth saying, too."""
        somewhere = self._rulebook.runtimes.cpython3 | self._scope
        return all(problem.severity != "error" or problem.works & somewhere for problem in problems)
