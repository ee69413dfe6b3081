"""Statements and operators of Python 2: which of its forms stands there, and what text would be neutral."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from compatcheck.analyze.scans.lines import simple_statement
from compatcheck.analyze.scans.tokens import is_word, tokens
from compatcheck.analyze.syntax.place import Hit, Place, hit, is_code
from compatcheck.analyze.syntax.surroundings import surroundings
from compatcheck.analyze.tree import ancestors

# A word after `print` with which Python 3 goes on, too: `print if x else y`.
_GOES_ON = frozenset(b"and or in is if else for as import from".split())
_BACKTICK = 0x60
_FLUFL = re.compile(rb"from\s+__future__\s+import\b[^\n;]*\bbarry_as_FLUFL\b")
_NO_WORD = re.compile(rb"[^\w]")


def print_statement(place: Place) -> Iterator[Hit]:
    """`print x`, and `print >>f, x`, which Python 3 reads as a shift."""
    if not is_code(place) or not _begins_statement(place):
        return
    line = simple_statement(place.code, place.offset)
    after = line.words[1:2]
    if after == [b">>"]:
        yield Hit("chevron", place.offset, line.end)
    elif after and (_is_operand(line.words[1:3]) or (after == [b"["] and _is_list(place.code, line.outside[1][1]))):
        yield Hit("statement", place.offset, line.end, {}, ((place.offset, b"prin,"),))


def exec_statement(place: Place) -> Iterator[Hit]:
    """`exec code in names`, and `exec (code) in names`, which Python 3 reads as a comparison."""
    if not is_code(place) or not _begins_statement(place):
        return
    line = simple_statement(place.code, place.offset)
    if _is_operand(line.words[1:3]):
        yield Hit("statement", place.offset, line.end, {}, ((place.offset, b"exe,"),))
    elif line.words[1:4] == [b"(", b")", b"in"]:
        yield Hit("namespace", place.offset, line.end)


def backticks(place: Place) -> Iterator[Hit]:
    """The tree reads backticks as the quotes of a string; of more in one it makes errors."""
    if place.code[place.offset] != _BACKTICK:
        return
    string = next((node for node in (place.node, *ancestors(place.node)) if node.type == "string"), None)
    if string is not None and string.start_byte == place.offset:
        yield Hit("repr", string.start_byte, string.end_byte, {}, _brackets(place.code, string))
    elif string is None and is_code(place):
        yield hit("repr", place.node)


def diamond(place: Place) -> Iterator[Hit]:
    """`<>`; the joke import `barry_as_FLUFL` allows it since 3.14."""
    if is_code(place) and place.code.startswith(b"<>", place.offset):
        joke = _FLUFL.search(place.code, 0, place.offset)
        variant, neutral = ("joke-import", b"==") if joke else ("operator", b"!=")
        yield Hit(variant, place.offset, place.offset + 2, {}, ((place.offset, neutral),))


def not_equal_after_joke(place: Place) -> Iterator[Hit]:
    """`!=` behind the joke import, which forbids it since 3.14."""
    statement = next((node for node in ancestors(place.node) if node.type == "future_import_statement"), None)
    if statement is None:
        return
    for match in re.finditer(rb"!=", place.code[statement.end_byte :]):
        at = statement.end_byte + match.start()
        if place.tree.node_at(at).type == "!=":
            yield Hit("not-equal", at, at + 2)


def raised_values(place: Place) -> Iterator[Hit]:
    """`raise E, value, traceback`"""
    if not is_code(place) or not _begins_statement(place):
        return
    line = simple_statement(place.code, place.offset)
    commas = [at for at, word in enumerate(line.words) if word == b","]
    if 1 <= len(commas) <= 2 and b"from" not in line.words and commas[-1] + 1 < len(line.words):
        yield Hit("value", place.offset, line.end, {}, ((place.offset, b"rais,"),))


def tuple_parameters(place: Place) -> Iterator[Hit]:
    """`def f((a, b)):` and `lambda (a, b): …`"""
    function = place.node.parent
    if place.node.type not in ("def", "lambda") or function is None:
        return
    parameters = function.child_by_field_name("parameters")
    for parameter in parameters.named_children if parameters is not None else ():
        inner = parameter.child_by_field_name("name") if parameter.type == "default_parameter" else parameter
        if inner is not None and inner.type == "tuple_pattern":
            yield Hit("tuple", inner.start_byte, inner.end_byte, {}, (_as_name(place.code, inner),))


def bare_tuple_source(place: Place) -> Iterator[Hit]:
    """`[x for x in 1, 2]`"""
    clause = place.node.parent
    if place.node.type != "for" or clause is None or clause.type != "for_in_clause" or clause.parent is None:
        return
    children = clause.children
    start = next((at for at, child in enumerate(children) if child.type == "in"), len(children))
    source = children[start + 1 :]
    commas = [child.start_byte for child in source if child.type == ","]
    if clause.parent.type == "list_comprehension" and commas and source[-1].type != ",":
        neutral = tuple((at, b"+") for at in commas)
        yield Hit("tuple", source[0].start_byte, source[-1].end_byte, {}, neutral)


def _begins_statement(place: Place) -> bool:
    return not any(level.tokens for level in surroundings(place))


def _is_operand(words: list[bytes]) -> bool:
    """Whether an expression starts here that nothing can precede but an operator."""
    first = words[0] if words else b""
    if first == b"not":
        return words[1:] != [b"in"]
    return first in (b'"', b"0", b"{", b"~", b"`") or (is_word(first) and first not in _GOES_ON)


def _is_list(code: bytes, bracket: int) -> bool:
    """Whether the bracket can be no index: it is empty, or a comprehension."""
    depth = 0
    for at, (token, _) in enumerate(tokens(code, bracket)):
        depth += (token in (b"(", b"[", b"{")) - (token in (b")", b"]", b"}"))
        if depth == 1 and token == b"for":
            return True
        if not depth:
            return at == 1
    return False


def _brackets(code: bytes, string: Node) -> tuple[tuple[int, bytes], ...]:
    end = string.end_byte - 1
    return ((string.start_byte, b"("), (end, b")")) if code[end : end + 1] == b"`" else ()


def _as_name(code: bytes, node: Node) -> tuple[int, bytes]:
    """A parameter name as long as the first line of the node, and blanks."""
    first, *more = code[node.start_byte : node.end_byte].split(b"\n")
    lines = [_NO_WORD.sub(b"_", first), *(b" " * len(line) for line in more)]
    return node.start_byte, b"\n".join(lines)
