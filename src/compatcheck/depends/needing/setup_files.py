"""setup.cfg and setup.py (read, never run): install_requires and extras_require."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from compatcheck.depends.ini_lines import entries
from compatcheck.depends.needing.asking import required
from compatcheck.depends.stating.python_code import called, constants, parsed, place_of, resolved, strings
from compatcheck.depends.text import Text
from compatcheck.model.declared import Hidden, Needed

NAMES = ("setup.cfg", "setup.py")


def read(text: Text) -> Iterator[Needed]:
    return _cfg(text) if text.name == "setup.cfg" else _py(text)


def _cfg(text: Text) -> Iterator[Needed]:
    for entry in entries(text):
        wanted = (entry.section, entry.key) == ("options", "install_requires")
        if not wanted and entry.section != "options.extras_require":
            continue
        group = "" if wanted else f"extra {entry.key}"
        if entry.value.startswith("file:"):
            yield Hidden("setup.cfg", group)
            continue
        for at, line in entry.lines:
            code = line.split(" #", 1)[0].strip()
            if code:
                yield required(code, "setup.cfg", text.place(at, at + len(code)), group)


def _py(text: Text) -> Iterator[Needed]:
    tree = parsed(text)
    names = constants(tree) if tree is not None else {}
    for call in ast.walk(tree) if tree is not None else ():
        if isinstance(call, ast.Call) and called(call) == "setup":
            for word in call.keywords:
                if word.arg == "install_requires":
                    yield from _strings(text, word.value, names, "")
                elif word.arg == "extras_require":
                    yield from _extras(text, resolved(word.value, names), names)
                elif word.arg is None:
                    yield Hidden("setup.py")


def _extras(text: Text, value: ast.expr, names: dict[str, ast.expr]) -> Iterator[Needed]:
    if not isinstance(value, ast.Dict):
        yield Hidden("setup.py", "extra")
        return
    for key, listed in zip(value.keys, value.values, strict=True):
        name = key.value if isinstance(key, ast.Constant) else ""
        label, _, marker = str(name).partition(":")
        for one in _strings(text, listed, names, f"extra {label}"):
            yield one if not marker else Hidden("setup.py", "extra")


def _strings(text: Text, value: ast.expr, names: dict[str, ast.expr], group: str) -> Iterator[Needed]:
    found = list(strings(value, names))
    whole = resolved(value, names)
    if not isinstance(whole, (ast.List, ast.Tuple, ast.Constant)) or (
        isinstance(whole, (ast.List, ast.Tuple)) and len(found) < len(whole.elts)
    ):
        yield Hidden("setup.py", group)
    for literal in found:
        for line in str(literal.value).splitlines():
            if line.strip() and not line.strip().startswith("#"):
                yield required(line.strip(), "setup.py", place_of(text, literal), group)
