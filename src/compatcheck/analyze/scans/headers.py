"""Headers of compound statements that some Python refuses: `with (…)`, `except A, B`, `case`, clauses out of order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from compatcheck.analyze.scans.indentation import blanks
from compatcheck.analyze.scans.tokens import CLOSERS, OPENERS, tokens

_BLANK = rb"(?:[ \t\f]|\\\n)*"
_WITH_BRACKET = re.compile(rb"with(?![\w\x80-\xff])" + _BLANK + rb"\(")
# One plain item; `with` in prose, and where several lines are needed to tell, is left to the tokens.
_WITH = re.compile(
    rb"with(?<![\w\x80-\xff.]with)(?![\w\x80-\xff])(?![ \t]+[\w.]+(?:\([^()\n#]*\))?(?:[ \t]+as[ \t]+\w+)?[ \t]*:)"
)
_ONE_EXCEPTION = re.compile(
    rb"[ \t]*(?:\*?[ \t]*(?!lambda)[\w.]+|\([^()#\n]*\))?(?:[ \t]+as[ \t]+\w+)?[ \t]*:|[\w\x80-\xff]"
)
_CASE = re.compile(rb"case(?<=[ \t\f]case)(?![\w\x80-\xff.,=)\]:])(?![ \t]*[=,)\].:][^=])")
_COLON = re.compile(_BLANK + rb":")
_STAR = re.compile(_BLANK + rb"\*")
_LENGTH = len(b"except")
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Header:
    """A compound statement up to its colon: tokens with the depth of brackets around them, and where the colon is."""

    tokens: tuple[tuple[bytes, int, int], ...]
    end: int

    def words(self, depth: int = 0) -> list[bytes]:
        """The tokens inside exactly so many brackets."""
        return [token for token, _, level in self.tokens if level == depth]

    @property
    def has_as(self) -> bool:
        """Whether the first bracket holds an `as` of its own."""
        inside = False
        for token, _, depth in self.tokens:
            if inside and not depth:
                return False
            inside = inside or depth > 0
            if token == b"as" and depth == 1:
                return True
        return False

    @property
    def is_one_bracket(self) -> bool:
        """Whether behind the first word there is one bracket, with several items."""
        return self.words()[1:] == [b"(", b")"] and b"," in self.words(1)


def header(code: bytes, start: int) -> Header:
    """The header of the statement that begins at `start`. A lambda's parameters count as if they were in brackets."""
    found: list[tuple[bytes, int, int]] = []
    lambdas = [0]  # whose colon is to come, for each open bracket
    for token, at in tokens(code, start):
        depth = len(lambdas) - 1 + sum(lambdas)
        if len(found) > _LONGEST or (not depth and token in (b"\n", b":")):
            return Header(tuple(found), at)
        if token in CLOSERS and len(lambdas) > 1:
            lambdas.pop()
            depth = len(lambdas) - 1 + sum(lambdas)
        found.append((token, at, depth))
        if token in OPENERS:
            lambdas.append(0)
        lambdas[-1] += (token == b"lambda") - (token == b":" and lambdas[-1] > 0)
    return Header(tuple(found), len(code))


def parenthesised_with(code: bytes) -> Iterator[int]:
    """`with` before a bracket that holds `as`, or several items and nothing behind it."""
    for match in _WITH_BRACKET.finditer(code):
        if _begins_statement(code, match.start()):
            found = header(code, match.start())
            if found.has_as or found.is_one_bracket:
                yield match.start()


def several_items(code: bytes) -> Iterator[int]:
    """`with` whose header has a comma outside brackets."""
    for match in _WITH.finditer(code):
        at = match.start()
        if _begins_statement(code, at) and b"," in header(code, at).words():
            yield at


def several_exceptions(code: bytes) -> Iterator[int]:
    """`except` whose header has a comma outside brackets."""
    for at in _excepts(code):
        if not _ONE_EXCEPTION.match(code, at + _LENGTH) and b"," in header(code, at).words():
            yield at


def exception_groups(code: bytes) -> Iterator[int]:
    """`except*`"""
    return (at for at in _excepts(code) if _STAR.match(code, at + _LENGTH))


def cases(code: bytes) -> Iterator[int]:
    """`case` at the start of a line of a text that says `match`, too."""
    if b"match" not in code:
        return iter(())
    return (match.start() for match in _CASE.finditer(code) if _begins_statement(code, match.start()))


def bare_except_before_another(code: bytes) -> Iterator[int]:
    """`except:` with another `except` of the same indentation behind it, before a `try` of the same."""
    for at in _excepts(code):
        if _COLON.match(code, at + _LENGTH):
            line = _line_start(code, at)
            another = code.find(line + b"except", at)
            if another >= 0 and code.find(line + b"try", at, another) < 0:
                yield at


def else_without_except(code: bytes) -> Iterator[int]:
    """`finally` with an `else` of the same indentation before it, and no `except` in between or before."""
    for at in _words(code, b"finally"):
        if _COLON.match(code, at + len(b"finally")):
            line = _line_start(code, at)
            start = max(0, code.rfind(line + b"try", 0, at))
            if code.find(line + b"else", start, at) >= 0 and code.find(line + b"except", start, at) < 0:
                yield at


@lru_cache(maxsize=1)
def _excepts(code: bytes) -> tuple[int, ...]:
    """Where lines begin with `except`; three rules ask about the same text one after the other."""
    return tuple(_words(code, b"except"))


def _words(code: bytes, word: bytes) -> Iterator[int]:
    """Where lines begin with the word, or with a longer one."""
    at = code.find(word)
    while at >= 0:
        if _begins_statement(code, at):
            yield at
        at = code.find(word, at + 1)


def _line_start(code: bytes, at: int) -> bytes:
    """The line's end before the word, and the blanks between."""
    return b"\n" + blanks(code, code.rfind(b"\n", 0, at) + 1)


def _begins_statement(code: bytes, at: int) -> bool:
    """Whether nothing but blanks, or `async`, stands before the word in its line."""
    before = code[code.rfind(b"\n", 0, at) + 1 : at]
    return not before or before.isspace() or before.strip() == b"async"
