"""Definitions whose parameters, or type parameters, may be refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from compatcheck.analyze.scans.heads import before, words
from compatcheck.analyze.scans.tokens import CLOSERS, OPENERS, tokens

_DEF = re.compile(rb"def[ \t\f\\]")
_NAME = re.compile(rb"(?:[ \t\f]|\\\n)*[\w\x80-\xff]+(?:[ \t\f]|\\\n)*([\[(]?)")
_PARAMETERS = re.compile(rb"\(([^()#\"'\[\]{}\\]*)\)")
_PARAMETER = re.compile(rb"[(,][ \t\f\n]*\*{0,2}[ \t\f\n]*([\w\x80-\xff]+)")
_LONGEST = 20_000


@lru_cache(maxsize=1)
def _functions(code: bytes) -> tuple[tuple[int, int, bytes], ...]:
    """(place of `def`, place behind the name's bracket, the bracket) of what looks like the head of a function."""
    return tuple(
        (match.start(), name.end(), name[1])
        for match in _DEF.finditer(code)
        if (name := _NAME.match(code, match.end() - 1))
    )


def repeated_parameters(code: bytes) -> Iterator[int]:
    """`def` and `lambda` with a name that seems to be there twice among the parameters."""
    known: set[bytes] = set()
    for at, bracket, sign in _functions(code):
        if sign == b"(":
            match = _PARAMETERS.match(code, bracket - 1)
            if match is not None and (match[0] in known or b"," not in match[1]):
                continue
            if match is not None and match[0].isascii():
                known.add(match[0])
                if not _repeats(_PARAMETER.findall(match[0])):
                    continue
            elif not _repeats_somewhere(code, bracket):
                continue
            yield at
        elif sign == b"[":
            yield at
    for at in words(code, b"lambda"):
        if _lambda_repeats(code, at + 6):
            yield at


def _repeats(names: list[bytes]) -> bool:
    return len(names) != len(set(names))


def _repeats_somewhere(code: bytes, start: int) -> bool:
    """Whether a name begins two of the parameters that begin here, right behind their bracket."""
    names: set[bytes] = set()
    depth, begins = 0, True
    for token, _ in tokens(code, start, start + _LONGEST):
        if token in CLOSERS:
            depth -= 1
            if depth < 0:
                return False
        elif depth == 0 and token == b",":
            begins = True
        elif depth == 0 and begins and token not in (b"*", b"**", b"\n"):
            begins = False
            if token in names or not token.isascii():
                return True
            names.add(token)
        depth += token in OPENERS
    return True


def _lambda_repeats(code: bytes, start: int) -> bool:
    end = code.find(b":", start)
    parameters = code[start:end] if end >= 0 else b""
    if b"," not in parameters:
        return (
            b"lambda" in parameters
            or b"{" in parameters
            or b"[" in parameters
            or b'"' in parameters
            or b"'" in parameters
        )
    names = [part.partition(b"=")[0].strip(b" \t\f\n\\*()") for part in parameters.split(b",")]
    return _repeats(names) or not parameters.isascii() or not _PLAIN_NAMES.issuperset(parameters)


_PLAIN_NAMES = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ ,=*.\t\n\\/+-")


def type_parameters(code: bytes) -> Iterator[int]:
    """The brackets of lists of type parameters in which something may be wrong."""
    for at in _brackets(code):
        if _is_odd_list(code, at):
            yield at


def _brackets(code: bytes) -> Iterator[int]:
    for _, end, sign in _functions(code):
        if sign == b"[":
            yield end - 1
    for word in (b"class", b"type"):
        for at in words(code, word):
            name = _NAME.match(code, at + len(word))
            if name and name[1] == b"[" and not before(code, at).rstrip().endswith((b")", b"]")):
                yield name.end() - 1


def _is_odd_list(code: bytes, start: int) -> bool:
    """Whether a name is there twice, one has a default, or one is reserved."""
    names: set[bytes] = set()
    depth, begins = 0, True
    for token, _ in tokens(code, start + 1, start + _LONGEST):
        if token in CLOSERS:
            depth -= 1
            if depth < 0:
                return False
        elif depth == 0 and token == b",":
            begins = True
        elif depth == 0 and token == b"=":
            return True
        elif depth == 0 and begins and token not in (b"*", b"**", b"\n"):
            begins = False
            if token in names or token == b"__classdict__" or not token.isascii():
                return True
            names.add(token)
        depth += token in OPENERS
    return True


def nested_in_type_scopes(code: bytes) -> Iterator[int]:
    """`lambda` and `for` in the heads of generic functions and classes, and in type aliases, that are indented."""
    for at in _brackets(code):
        if before(code, at)[:1] in (b" ", b"\t", b"c", b"d", b"a", b"t"):
            yield from _loops_and_lambdas(code, at)
    for at in words(code, b"type"):
        if not before(code, at).strip() and _ALIAS.match(code, at):
            yield from _loops_and_lambdas(code, at)


_ALIAS = re.compile(rb"type(?:[ \t\f]|\\\n)+[\w\x80-\xff]+(?:[ \t\f]|\\\n)*=")


def _loops_and_lambdas(code: bytes, start: int) -> Iterator[int]:
    depth = 0
    for token, at in tokens(code, start, start + _LONGEST):
        depth += (token in OPENERS) - (token in CLOSERS)
        if token == b"\n" and depth <= 0:
            return
        if token in (b"for", b"lambda"):
            yield at
