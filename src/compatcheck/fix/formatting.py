"""f-strings as calls of `str.format`: the last way to say what older Pythons cannot read between braces."""

from __future__ import annotations

import libcst as cst

from compatcheck.fix.quiet import quiet
from compatcheck.fix.quoting import Unquotable, requoted
from compatcheck.fix.refusal import Refused

Strings = cst.FormattedString | cst.ConcatenatedString


def formatted(node: Strings) -> cst.BaseExpression:
    """The same text by `"…".format(…)`; joined from pieces where the order of evaluation could be seen."""
    args: list[cst.BaseExpression] = []
    plain = _plain(node, args)
    if _fields(node) < 2 or all(quiet(arg) for arg in args):
        receiver = plain.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        if isinstance(plain, cst.SimpleString):
            receiver = plain.with_changes(lpar=(), rpar=())
        call = cst.Call(cst.Attribute(receiver, cst.Name("format")), [cst.Arg(_older(arg)) for arg in args])
        return call.with_changes(lpar=node.lpar, rpar=node.rpar)
    return _pieces(node)


def _fields(node: cst.BaseExpression) -> int:
    """How many values are formatted one after the other; format specifications belong to theirs."""
    parts = [part for leaf in _leaves(node) if isinstance(leaf, cst.FormattedString) for part in leaf.parts]
    return sum(isinstance(part, cst.FormattedStringExpression) for part in parts)


def _older(node: cst.BaseExpression) -> cst.BaseExpression:
    """Strings inside, too, as older Pythons read them."""
    new = node.visit(_Inner())
    assert isinstance(new, cst.BaseExpression)
    return new


class _Inner(cst.CSTTransformer):
    def visit_FormattedString(self, node: cst.FormattedString) -> bool:
        return False

    def leave_FormattedString(
        self, original_node: cst.FormattedString, updated_node: cst.FormattedString
    ) -> cst.BaseExpression:
        return older_string(original_node)

    def visit_ConcatenatedString(self, node: cst.ConcatenatedString) -> bool:
        return False

    def leave_ConcatenatedString(
        self, original_node: cst.ConcatenatedString, updated_node: cst.ConcatenatedString
    ) -> cst.BaseExpression:
        return older_string(original_node)


def older_string(node: Strings) -> cst.BaseExpression:
    """In other quotes, or by `str.format`."""
    try:
        return requoted(node)
    except Unquotable:
        return formatted(node)


def _plain(node: cst.BaseExpression, args: list[cst.BaseExpression]) -> cst.SimpleString | cst.ConcatenatedString:
    """The string with `{}` for its fields, whose expressions are added to the arguments."""
    if isinstance(node, cst.ConcatenatedString):
        left = _plain(node.left, args)
        right = _plain(node.right, args)
        assert isinstance(left, cst.SimpleString)
        return node.with_changes(left=left, right=right)
    if isinstance(node, cst.SimpleString):
        if "b" in node.prefix:
            raise Refused("bytes stand beside the f-string")
        body = node.value[len(node.prefix) :]
        return node.with_changes(value=node.prefix + _doubled(body, "r" in node.prefix))
    assert isinstance(node, cst.FormattedString)
    prefix = node.start[: -len(node.end)].lower().replace("f", "")
    text = "".join(_piece(part, args) for part in node.parts)
    return cst.SimpleString(prefix + node.end + text + node.end)


def _doubled(text: str, raw: bool) -> str:
    if not raw and "\\N{" in text:
        raise Refused("a named character stands beside the f-string")
    return text.replace("{", "{{").replace("}", "}}")


def _piece(part: cst.BaseFormattedStringContent, args: list[cst.BaseExpression]) -> str:
    if isinstance(part, cst.FormattedStringText):
        return part.value
    assert isinstance(part, cst.FormattedStringExpression)
    args.append(_argument(part.expression))
    conversion = f"!{part.conversion}" if part.conversion else ""
    if part.format_spec is None:
        return f"{{{conversion}}}"
    return f"{{{conversion}:{_spec(part.format_spec, args)}}}"


def _spec(parts: object, args: list[cst.BaseExpression]) -> str:
    assert isinstance(parts, (list, tuple))
    if any(isinstance(each, cst.FormattedStringExpression) and each.format_spec is not None for each in parts):
        args.append(cst.FormattedString(parts))
        return "{}"
    return "".join(_piece(each, args) for each in parts)


def _argument(node: cst.BaseExpression) -> cst.BaseExpression:
    if isinstance(node, cst.GeneratorExp):
        return node
    if isinstance(node, (cst.Tuple, cst.Yield, cst.NamedExpr)) and not node.lpar:
        return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return node


def _pieces(node: Strings) -> cst.BaseExpression:
    """`"".join([…])`: each piece is formatted before the next is evaluated."""
    pieces = [piece for leaf in _leaves(node) for piece in _of_leaf(leaf)]
    elements = [cst.Element(piece) for piece in pieces]
    join = cst.Attribute(cst.SimpleString('""'), cst.Name("join"))
    return cst.Call(join, [cst.Arg(cst.List(elements))], lpar=node.lpar, rpar=node.rpar)


def _leaves(node: cst.BaseExpression) -> list[cst.BaseExpression]:
    if isinstance(node, cst.ConcatenatedString):
        return [*_leaves(node.left), *_leaves(node.right)]
    return [node]


def _of_leaf(leaf: cst.BaseExpression) -> list[cst.BaseExpression]:
    if not isinstance(leaf, cst.FormattedString):
        return [leaf.with_changes(lpar=(), rpar=())]
    found: list[cst.BaseExpression] = []
    for part in leaf.parts:
        alone = leaf.with_changes(parts=[part], lpar=(), rpar=())
        if isinstance(part, cst.FormattedStringText):
            args: list[cst.BaseExpression] = []
            found.append(_undoubled(_plain(alone, args)))
        else:
            found.append(older_string(alone))
    return found


def _undoubled(string: cst.SimpleString | cst.ConcatenatedString) -> cst.BaseExpression:
    assert isinstance(string, cst.SimpleString)
    return string.with_changes(value=string.value.replace("{{", "{").replace("}}", "}"))
