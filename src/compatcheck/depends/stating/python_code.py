"""setup.py and noxfile.py, read and never run: what their literals state about Python versions."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping

from compatcheck.depends.stating.reading import Reading
from compatcheck.depends.text import Text
from compatcheck.depends.toml_tree import cut
from compatcheck.depends.versions import Versions
from compatcheck.model.declared import Blank, Declaration, Place, Stated
from compatcheck.model.runtimes import NO_RUNTIMES

NAMES = ("setup.py", "noxfile.py")
Names = Mapping[str, ast.expr]


def read(text: Text, versions: Versions) -> Iterator[Stated]:
    tree = parsed(text)
    if tree is None:
        return
    reading, names = Reading(text, versions), constants(tree)
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        for word in call.keywords:
            if text.name == "setup.py" and called(call) == "setup":
                yield from _setup(reading, word, names)
            elif text.name == "noxfile.py" and word.arg == "python" and called(call) in ("session", "parametrize"):
                yield from _sessions(reading, word.value, names)


def parsed(text: Text) -> ast.Module | None:
    """The module's tree; None for what this Python cannot parse: the code's own check says what is wrong with it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def constants(tree: ast.Module) -> dict[str, ast.expr]:
    """What module-level names are assigned, those left out that are assigned twice."""
    found: dict[str, ast.expr] = {}
    twice = set[str]()
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in targets:
            if isinstance(target, ast.Name) and isinstance(node, ast.Assign):
                twice |= {target.id} & found.keys()
                found[target.id] = node.value
    return {name: value for name, value in found.items() if name not in twice}


def called(call: ast.Call) -> str:
    """The last name of what is called."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def resolved(node: ast.expr, names: Names, depth: int = 0) -> ast.expr:
    """The expression that a constant's name stands for."""
    if isinstance(node, ast.Name) and node.id in names and depth < 10:
        return resolved(names[node.id], names, depth + 1)
    return node


def strings(node: ast.expr, names: Names) -> Iterator[ast.Constant]:
    """The strings of a literal list, or of one string; `+` of such lists too."""
    node = resolved(node, names)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        for element in node.elts:
            inner = element.value if isinstance(element, ast.Starred) else element
            yield from strings(inner, names)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from strings(node.left, names)
        yield from strings(node.right, names)


def place_of(text: Text, node: ast.expr) -> Place:
    """Where a string literal's text stands; a literal with prefixes or joined parts as a whole."""
    start, end = _range(text, node)
    quote = text.text[start : start + 1]
    if quote in ("'", '"') and text.text[end - 1 : end] == quote and text.text[start + 1 : end - 1].count(quote) == 0:
        return text.place(start + 1, end - 1)
    return text.place(start, end)


def _range(text: Text, node: ast.expr) -> tuple[int, int]:
    return _offset(text, node.lineno, node.col_offset), _offset(text, node.end_lineno or 0, node.end_col_offset or 0)


def _offset(text: Text, line: int, column: int) -> int:
    start = text.starts[line - 1]
    piece = text.text[start : start + column]
    return start + (column if piece.isascii() else len(piece.encode()[:column].decode("utf-8", "ignore")))


def _setup(reading: Reading, word: ast.keyword, names: Names) -> Iterator[Stated]:
    if word.arg == "name":
        name = resolved(word.value, names)
        if isinstance(name, ast.Constant):
            yield Declaration("project", "names", str(name.value), place_of(reading.text, name), NO_RUNTIMES)
    elif word.arg == "python_requires":
        value = resolved(word.value, names)
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            place = place_of(reading.text, value)
            yield from reading.specifier("python_requires", "supports", value.value, place)
        else:
            yield Blank("python_requires", "supports")
    elif word.arg == "classifiers":
        for literal in strings(word.value, names):
            item = cut(reading.text.text, *_range(reading.text, literal))
            yield from reading.classifier(str(literal.value), place_of(reading.text, literal), item)


def _sessions(reading: Reading, node: ast.expr, names: Names) -> Iterator[Stated]:
    found = list(strings(node, names))
    if not found and not isinstance(resolved(node, names), ast.Constant):
        yield Blank("nox", "tests")
    for literal in found:
        item = cut(reading.text.text, *_range(reading.text, literal)) if len(found) > 1 else None
        yield from reading.version("nox", "tests", str(literal.value), place_of(reading.text, literal), item)
