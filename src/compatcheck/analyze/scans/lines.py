"""Simple statements as tokens, for forms that the tree's grammar does not know."""

from __future__ import annotations

from dataclasses import dataclass

from compatcheck.analyze.scans.tokens import CLOSERS, OPENERS, Token, skip_string, tokens

_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Line:
    """A simple statement from its first word: tokens outside brackets, and where the last one ends."""

    outside: tuple[Token, ...]
    end: int

    @property
    def words(self) -> list[bytes]:
        return [token for token, _ in self.outside]


def simple_statement(code: bytes, start: int) -> Line:
    """The statement that begins at `start`, up to its line's end or semicolon. Closed brackets are `(` and `)` alone,
    and so are the parameters of a lambda.
    """
    outside: list[Token] = []
    depth = pending = 0
    last, last_at = b"", start
    for count, (token, at) in enumerate(tokens(code, start)):
        if count > _LONGEST or (not depth and token in (b"\n", b";")):
            break
        depth -= token in CLOSERS and depth > 0
        if not depth and not pending and token != b"\n":
            outside.append((token, at))
        depth += token in OPENERS
        if not depth:
            pending += (token == b"lambda") - (token == b":" and pending > 0)
        last, last_at = token, at
    return Line(tuple(outside), token_end(code, last, last_at))


def token_end(code: bytes, token: bytes, at: int) -> int:
    """Where a token of `tokens` ends that begins at `at`."""
    if token == b'"':
        quote = next(place for place in range(at, len(code)) if not code[place : place + 1].isalpha())
        return skip_string(code, quote)
    if token == b"0":
        end = at
        while end < len(code) and (code[end : end + 1].isalnum() or code[end : end + 1] in (b".", b"_")):
            end += 1
        return end
    return at + len(token)
