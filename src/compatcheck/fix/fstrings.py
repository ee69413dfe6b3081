"""f-strings as older Pythons read them: no `=`, and nothing between the braces that their tokenizer trips over."""

from __future__ import annotations

import libcst as cst

from compatcheck.fix.formatting import formatted
from compatcheck.fix.quoting import Unquotable, requoted
from compatcheck.fix.refusal import Refused
from compatcheck.fix.spot import Spot

Strings = cst.FormattedString | cst.ConcatenatedString


def spell_out(spot: Spot) -> None:
    """`f"{x=}"` as `f"x={x!r}"`."""
    string = _outermost(spot)
    spot.replace(string, spelled_out(string))


def for_older(spot: Spot) -> None:
    """Other quotes inside the braces, on one line; where that does not do, `str.format`."""
    string = _outermost(spot)
    if spot.context.oldest < (3, 8):
        string_now = spelled_out(string)
    else:
        string_now = string
    try:
        spot.replace(string, requoted(string_now))
    except Unquotable:
        spot.replace(string, formatted(spelled_out(string_now)))


def _outermost(spot: Spot) -> Strings:
    found: Strings = spot.node(cst.FormattedString)
    for above in spot.document.ancestors(found):
        if isinstance(above, (cst.FormattedString, cst.ConcatenatedString)):
            found = above
        elif isinstance(above, cst.TemplatedString):
            raise Refused("it is inside a t-string")
        elif isinstance(above, (cst.BaseStatement, cst.BaseSmallStatement)):
            break
    return found


def spelled_out(node: Strings) -> Strings:
    """A string without `=` after its fields, nested ones included."""
    new = node.visit(_Speller())
    assert isinstance(new, (cst.FormattedString, cst.ConcatenatedString))
    return new


class _Speller(cst.CSTTransformer):
    """Puts the text of a field that ends in `=` before the field."""

    def leave_FormattedString(
        self, original_node: cst.FormattedString, updated_node: cst.FormattedString
    ) -> cst.FormattedString:
        parts: list[cst.BaseFormattedStringContent] = []
        for old, new in zip(original_node.parts, updated_node.parts, strict=True):
            if isinstance(new, cst.FormattedStringExpression) and isinstance(new.equal, cst.AssignEqual):
                assert isinstance(old, cst.FormattedStringExpression)
                parts += [cst.FormattedStringText(_said(old, original_node)), _plain(new)]
            else:
                parts.append(new)
        return updated_node.with_changes(parts=_joined(parts))

    def leave_FormattedStringExpression(
        self, original_node: cst.FormattedStringExpression, updated_node: cst.FormattedStringExpression
    ) -> cst.FormattedStringExpression:
        if not updated_node.format_spec or not original_node.format_spec:
            return updated_node
        parts: list[cst.BaseFormattedStringContent] = []
        for old, new in zip(original_node.format_spec, updated_node.format_spec, strict=True):
            if isinstance(new, cst.FormattedStringExpression) and isinstance(new.equal, cst.AssignEqual):
                assert isinstance(old, cst.FormattedStringExpression)
                parts += [cst.FormattedStringText(_said(old, None)), _plain(new)]
            else:
                parts.append(new)
        return updated_node.with_changes(format_spec=parts)


def _said(field: cst.FormattedStringExpression, string: cst.FormattedString | None) -> str:
    """The text that `=` shows, as it must be written in the string."""
    equal = field.equal
    assert isinstance(equal, cst.AssignEqual)
    code = cst.Module(()).code_for_node
    text = (
        code(field.whitespace_before_expression)
        + code(field.expression)
        + code(field.whitespace_after_expression)
        + code(equal)
    )
    if "#" in text and "\n" in text:
        raise Refused("the text before the `=` holds a comment")
    quote = string.end if string is not None else "'"
    raw = string is not None and "r" in string.start.lower()
    hard = "\\" in text or quote in text or ("\n" in text and len(quote) == 1)
    if hard and raw:
        raise Refused("the text before the `=` cannot be written in a raw string")
    if hard:
        text = text.replace("\\", "\\\\").replace(quote, "\\" + quote)
        text = text.replace("\n", "\\n") if len(quote) == 1 else text
    return text.replace("{", "{{").replace("}", "}}")


def _plain(field: cst.FormattedStringExpression) -> cst.FormattedStringExpression:
    conversion = field.conversion or (None if field.format_spec is not None else "r")
    code = cst.Module(()).code_for_node(field.expression)
    gap = cst.SimpleWhitespace(" " if code.startswith("{") else "")
    return field.with_changes(
        equal=None,
        conversion=conversion,
        whitespace_before_expression=gap,
        whitespace_after_expression=cst.SimpleWhitespace(""),
    )


def _joined(parts: list[cst.BaseFormattedStringContent]) -> list[cst.BaseFormattedStringContent]:
    """Neighbouring texts as one."""
    found: list[cst.BaseFormattedStringContent] = []
    for part in parts:
        last = found[-1] if found else None
        if isinstance(part, cst.FormattedStringText) and isinstance(last, cst.FormattedStringText):
            found[-1] = cst.FormattedStringText(last.value + part.value)
        else:
            found.append(part)
    return found
