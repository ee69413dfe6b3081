"""Jupyter notebooks: the bytes of an `.ipynb` file to Python cells, what only IPython understands passed over.

Lines and columns of what stays are those of the cell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# Cell magics whose body is Python that runs in this interpreter.
_PYTHON_MAGICS = frozenset({"capture", "debug", "ipytest", "memit", "mprun", "prun", "time", "timeit"})
_PYTHON_KERNELS = ("python", "ipython", "pyodide", "xpython", "xeus-python")
# Strings, comments, brackets, line ends, and the characters that only IPython gives a meaning.
_TOKEN = re.compile(
    r"""(?P<string>[A-Za-z]{0,2}(?:'{3}(?:\\.|[^\\])*?(?:'{3}|\Z)|"{3}(?:\\.|[^\\])*?(?:"{3}|\Z)"""
    r"""|'(?:\\.|[^\\'\n])*'?|"(?:\\.|[^\\"\n])*"?))"""
    r"""|(?P<comment>\#[^\n]*)|(?P<word>\w+)|(?P<join>\\\n)|(?P<newline>\n)|(?P<open>[(\[{])|(?P<close>[)\]}])"""
    r"""|(?P<assigned>=[ \t]*[!%](?!=))|(?P<help>\?\??[ \t;]*(?=\n|\Z))""",
    re.DOTALL,
)
_INDENT = re.compile(r"[ \t\f]*")
# At the beginning of a statement these are magics, commands, help and automatic calls.
_ESCAPES = tuple("%!?,;/")
# The end of a line that no backslash continues.
_LINE = re.compile(r"(?:[^\n\\]|\\.|\\\Z)*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of Python. `number` counts all cells of the notebook from 1; `code` is UTF-8 with `\\n` line ends."""

    number: int
    code: bytes


def cells(data: bytes) -> list[Cell] | str:
    """The Python cells of a notebook, none when its kernel runs another language; or why it cannot be read."""
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError) as error:
        return f"not a notebook: {error}"
    if not isinstance(notebook, dict):
        return "not a notebook: no JSON object"
    version = notebook.get("nbformat")
    if isinstance(version, int) and version < 4:
        return f"a notebook of format {version}: convert it with `jupyter nbconvert --to notebook`"
    if not isinstance(notebook.get("cells"), list):
        return "not a notebook: it has no list of cells"
    return list(_cells(notebook["cells"])) if _runs_python(notebook.get("metadata")) else []


def _runs_python(metadata: object) -> bool:
    """Whether the kernel is a Python one; a notebook that does not say is taken for one."""
    language = _text(metadata, "language_info", "name") or _text(metadata, "kernelspec", "language")
    kernel = language or _text(metadata, "kernelspec", "name")
    return kernel is None or kernel.lower().startswith(_PYTHON_KERNELS)


def _text(value: object, *path: str) -> str | None:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None


def _cells(raw: list[Any]) -> Iterator[Cell]:
    for number, cell in enumerate(raw, 1):
        if isinstance(cell, Mapping) and cell.get("cell_type") == "code":
            language = _text(cell, "metadata", "vscode", "languageId")
            source = cell.get("source")
            text = "".join(map(str, source)) if isinstance(source, list) else str(source or "")
            if language in (None, "python") and (code := python_of(text)).strip():
                yield Cell(number, code.encode("utf-8", "surrogatepass"))


def python_of(text: str) -> str:
    """The Python in a cell: magics, commands and help become `pass`, what they give a name becomes a call."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    start = len(text) - len(text.lstrip())
    if text.startswith("%%", start):
        magic = re.match(r"\w*", text[start + 2 :])
        if magic is None or magic[0] not in _PYTHON_MAGICS:
            return "\n" * text.count("\n")
        end = _line_end(text, start)
        text = text[:start] + "\n" * text.count("\n", start, end) + text[end:]
    return "".join(_statements(text))


def _statements(text: str) -> Iterator[str]:
    """The text piece by piece, one piece a logical line."""
    at = 0
    while at < len(text):
        indent = _INDENT.match(text, at)
        assert indent is not None
        if text.startswith(_ESCAPES, indent.end()):
            end = _line_end(text, indent.end())
            yield indent[0] + "pass" + "\n" * text.count("\n", indent.end(), end)
        else:
            end, piece = _logical_line(text, at, indent.end())
            yield piece
        if end < len(text) and text[end] == "\n":
            yield "\n"
            end += 1
        at = end


def _logical_line(text: str, start: int, code: int) -> tuple[int, str]:
    """The end of the logical line that begins at `start`, and what it becomes."""
    depth = 0
    for token in _TOKEN.finditer(text, code):
        kind = token.lastgroup
        if kind == "newline" and not depth:
            return token.start(), text[start : token.start()]
        if kind == "help" and not depth:
            end = _line_end(text, token.start())
            return end, text[start:code] + "pass" + "\n" * text.count("\n", code, end)
        if kind == "assigned" and not depth:
            end = _line_end(text, token.start())
            return end, text[start : token.start()] + "= get_ipython()" + "\n" * text.count("\n", token.start(), end)
        depth = max(0, depth + (kind == "open") - (kind == "close"))
    return len(text), text[start:]


def _line_end(text: str, start: int) -> int:
    """Where the line ends, lines that a backslash joins to it included."""
    match = _LINE.match(text, start)
    assert match is not None
    return match.end()
