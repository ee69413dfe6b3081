"""References to stored secrets against the stores that the command line named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from compatcheck.configs.secrets.references import Found
from compatcheck.configs.secrets.told import Teller
from compatcheck.model.problems import Problem
from compatcheck.model.source import Unreadable
from compatcheck.run.stores.store import Answer, Reference, Store, Unreachable

_MISSING = {Answer.ABSENT: "", Answer.KEYLESS: ": the secret is there, the key is not"}


class Stored:
    """Asks each store once about each reference."""

    def __init__(self, stores: Mapping[str, Store], tell: Teller) -> None:
        self._stores = stores
        self._tell = tell
        self._known: dict[Reference, Answer | Unreachable] = {}

    def check(self, path: str, found: Iterable[Found]) -> tuple[list[Problem], list[Unreadable]]:
        """What is wrong with the references of one file, and what could not be asked."""
        problems, unreadable = [], {}
        for one in found:
            if one.scheme not in self._stores:
                continue
            if one.wrong is not None:
                words = {"name": one.text, "what": one.wrong}
                problems.append(self._tell("malformed-secret-reference", one.span, one.line, words, symbol=one.text))
            else:
                answer = self._answer(Reference(one.scheme, one.path, one.key))
                if isinstance(answer, Unreachable):
                    reason = f"{self._stores[one.scheme].name} cannot say whether its secrets are there: {answer}"
                    unreadable[reason] = Unreadable(path, reason)
                elif answer is Answer.UNKNOWN:
                    words = {"reference": one.text}
                    problems.append(self._tell("unverified-stored-secret", one.span, one.line, words, symbol=one.text))
                elif answer is not Answer.THERE:
                    words = {"reference": one.text, "what": _MISSING[answer]}
                    problems.append(self._tell("missing-stored-secret", one.span, one.line, words, symbol=one.text))
        return problems, list(unreadable.values())

    def _answer(self, reference: Reference) -> Answer | Unreachable:
        if reference not in self._known:
            try:
                self._known[reference] = self._stores[reference.scheme].look(reference)
            except Unreachable as error:
                self._known[reference] = error
        return self._known[reference]
