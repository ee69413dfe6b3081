"""Quotes inside the braces of f-strings, chosen so that a tokenizer that knows no nesting finds the right end."""

from __future__ import annotations

import ast
from collections.abc import Callable

import libcst as cst

QUOTES = ("'", '"', "'''", '"""')


class Unquotable(Exception):
    """No choice of quotes will do."""


def requoted(node: cst.BaseExpression) -> cst.BaseExpression:
    """A string expression that Pythons before 3.12 read, or raises Unquotable."""
    if isinstance(node, cst.ConcatenatedString):
        return node.with_changes(left=requoted(node.left), right=requoted(node.right))
    if isinstance(node, cst.FormattedString):
        return _outer(node)
    return node


def _outer(node: cst.FormattedString) -> cst.FormattedString:
    """With its own quotes if possible, else with others."""
    for quote in (node.end, *(each for each in QUOTES if each != node.end)):
        try:
            return _string(node, quote, ())
        except Unquotable:
            continue
    raise Unquotable


def _string(node: cst.FormattedString, quote: str, outside: tuple[str, ...]) -> cst.FormattedString:
    """The f-string with this quote, inside of strings with the quotes `outside`."""
    prefix = node.start[: -len(node.end)]
    parts = [_part(part, node.end, quote, prefix, outside) for part in node.parts]
    return node.with_changes(start=prefix + quote, end=quote, parts=parts)


def _part(
    part: cst.BaseFormattedStringContent, old: str, quote: str, prefix: str, outside: tuple[str, ...]
) -> cst.BaseFormattedStringContent:
    if isinstance(part, cst.FormattedStringText):
        return part.with_changes(value=_text(part.value, old, quote, prefix, outside))
    assert isinstance(part, cst.FormattedStringExpression)
    return _field(part, (*outside, quote), lambda each: _part(each, old, quote, prefix, outside))


def _text(text: str, old: str, quote: str, prefix: str, outside: tuple[str, ...]) -> str:
    """Literal text between other quotes."""
    if outside and ("\\" in text or any(each in text for each in outside) or "#" in text):
        raise Unquotable
    if quote == old:
        return text
    if "r" in prefix.lower() or ("\n" in text and len(quote) == 1):
        if quote in text or "\n" in text or text.endswith(quote[0]):
            raise Unquotable
        return text
    if outside and quote in text:
        raise Unquotable
    return text.replace("\\" + old[0], old[0]).replace(quote[0], "\\" + quote[0])


def _field(
    field: cst.FormattedStringExpression,
    outside: tuple[str, ...],
    nested: Callable[[cst.BaseFormattedStringContent], cst.BaseFormattedStringContent],
) -> cst.FormattedStringExpression:
    code = cst.Module(()).code_for_node
    expression = field.expression.visit(_Requoter(outside))
    assert isinstance(expression, cst.BaseExpression)
    if any(len(quote) == 1 for quote in outside) or "#" in code(expression):
        expression = one_line(expression)
    text = code(expression)
    if "\\" in text or "#" in text or any(quote in text for quote in outside):
        raise Unquotable
    if "\n" in text and any(len(quote) == 1 for quote in outside):
        raise Unquotable
    spec = None if field.format_spec is None else [_spec(part, nested) for part in field.format_spec]
    return field.with_changes(
        expression=expression,
        whitespace_before_expression=cst.SimpleWhitespace(" " if text.startswith("{") else ""),
        whitespace_after_expression=cst.SimpleWhitespace(" " if field.equal and _has_blank(field) else ""),
        format_spec=spec,
    )


def _has_blank(field: cst.FormattedStringExpression) -> bool:
    return bool(cst.Module(()).code_for_node(field.whitespace_after_expression))


def _spec(
    part: cst.BaseFormattedStringContent,
    nested: Callable[[cst.BaseFormattedStringContent], cst.BaseFormattedStringContent],
) -> cst.BaseFormattedStringContent:
    if isinstance(part, cst.FormattedStringExpression) and part.format_spec is not None:
        raise Unquotable  # only one level of nesting was allowed
    return nested(part)


class _Requoter(cst.CSTTransformer):
    """Strings inside an expression, in quotes that differ from those outside."""

    def __init__(self, outside: tuple[str, ...]) -> None:
        super().__init__()
        self._outside = outside

    def visit_FormattedString(self, node: cst.FormattedString) -> bool:
        return False

    def leave_FormattedString(
        self, original_node: cst.FormattedString, updated_node: cst.FormattedString
    ) -> cst.FormattedString:
        for quote in (original_node.end, *QUOTES):
            if self._may(quote):
                try:
                    return _string(original_node, quote, self._outside)
                except Unquotable:
                    continue
        raise Unquotable

    def leave_SimpleString(self, original_node: cst.SimpleString, updated_node: cst.SimpleString) -> cst.SimpleString:
        if self._fits(updated_node.value):
            return updated_node
        value = ast.literal_eval(updated_node.value)
        prefix = "b" if isinstance(value, bytes) else ""
        text = value.decode("latin-1") if isinstance(value, bytes) else value
        for quote in QUOTES:
            if self._may(quote) and _plain(text, quote) and (not prefix or text.isascii()):
                return updated_node.with_changes(value=f"{prefix}{quote}{text}{quote}")
        raise Unquotable

    def _may(self, quote: str) -> bool:
        return not any(each[0] == quote[0] and len(each) <= len(quote) for each in self._outside)

    def _fits(self, token: str) -> bool:
        bad = "\\" in token or "#" in token or any(quote in token for quote in self._outside)
        return not bad and not ("\n" in token and any(len(quote) == 1 for quote in self._outside))


def _plain(text: str, quote: str) -> bool:
    return text.isprintable() and "\\" not in text and quote[0] not in text and "#" not in text


def one_line(node: cst.BaseExpression) -> cst.BaseExpression:
    """An expression without line breaks and comments between its tokens."""
    new = node.visit(_OneLine())
    assert isinstance(new, cst.BaseExpression)
    return new


class _OneLine(cst.CSTTransformer):
    def on_leave(  # type: ignore[override]
        self, original_node: cst.CSTNode, updated_node: cst.CSTNode
    ) -> cst.CSTNode:
        if isinstance(updated_node, cst.ParenthesizedWhitespace):
            return cst.SimpleWhitespace(" ")
        if isinstance(updated_node, cst.SimpleWhitespace) and "\n" in updated_node.value:
            return cst.SimpleWhitespace(" ")
        if isinstance(updated_node, (cst.LeftParen, cst.LeftSquareBracket, cst.LeftCurlyBrace)):
            return updated_node.with_changes(whitespace_after=cst.SimpleWhitespace(""))
        if isinstance(updated_node, (cst.RightParen, cst.RightSquareBracket, cst.RightCurlyBrace)):
            return updated_node.with_changes(whitespace_before=cst.SimpleWhitespace(""))
        if isinstance(updated_node, cst.Call) and "\n" in cst.Module(()).code_for_node(original_node):
            return updated_node.with_changes(whitespace_before_args=cst.SimpleWhitespace(""))
        return updated_node
