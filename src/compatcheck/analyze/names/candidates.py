"""What of a text may concern the standard library at all, found in its bytes: where it is nothing, no tree is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compatcheck.analyze.literals.anchors import may_read
from compatcheck.analyze.names.contexts import Contexts
from compatcheck.analyze.names.counting import may_count
from compatcheck.analyze.names.operators import may_ask
from compatcheck.analyze.names.suspects import Suspects
from compatcheck.analyze.quiet import quiet
from compatcheck.model.rules import LiteralRule
from compatcheck.model.stdlib import Shape

# Words of tests that ask for the version; `version` and `python_version` only as those of sys and platform.
VERSION_WORDS = (b"version_info", b"hexversion", b"version", b"python_version", b"PY2", b"PY3")
_OWNERS = {b"version": b"sys", b"python_version": b"platform"}


@dataclass(frozen=True, slots=True)
class Candidates:
    """`places` of suspicious words, with what they may be; `subscripts`, the words of classes that may be subscripted; `unions`, whether
    classes may be joined by `|`; `literals`, the kinds of text that may carry one; `tests`, the words that ask for one;
    `operators`, the methods that operators and statements may ask for; `counted`, the words of calls with many arguments.
    """

    places: tuple[tuple[bytes, int, Sequence[Shape]], ...] = ()
    subscripts: tuple[bytes, ...] = ()
    unions: bool = False
    literals: tuple[LiteralRule, ...] = ()
    tests: tuple[bytes, ...] = ()
    operators: frozenset[str] = frozenset()
    counted: tuple[bytes, ...] = ()

    def __bool__(self) -> bool:
        found = self.places or self.subscripts or self.unions or self.literals or self.tests
        return bool(found or self.operators or self.counted)


def candidates_in(code: bytes, words: frozenset[bytes], suspects: Suspects) -> Candidates:
    """The candidates of one text with these words."""
    suspicious = suspects.of(code, words)
    contexts = Contexts(code, words, suspects.names)
    return Candidates(
        tuple((word, at, shapes) for word, shapes in suspicious.items() for at in contexts.places(word, shapes)),
        tuple(
            word
            for word, shapes in suspicious.items()
            if any(shape.kind == "subscript" for shape in shapes) and word + b"[" in code
        ),
        suspects.unions and b"|" in code,
        tuple(rule for rule in suspects.literals if may_read(rule, code, words)),
        tuple(word for word in VERSION_WORDS if word in words and _asks(code, word, contexts)),
        frozenset(name for name in suspects.operators(words) if may_ask(code, words, name)),
        tuple(word for word, (head, least) in suspects.counted.items() if word in words and (not head or head in words)
              and may_count(code, word, least)),
    )  # fmt: skip


def _asks(code: bytes, word: bytes, contexts: Contexts) -> bool:
    """Whether the word may be that of a test: not only in comments and strings, or of something else."""
    owner = _OWNERS.get(word)
    if owner is None:
        return True
    at = code.find(word)
    while at >= 0:
        if not quiet(code).covers(at) and contexts.stands_for(at, owner):
            return True
        at = code.find(word, at + len(word))
    return False
