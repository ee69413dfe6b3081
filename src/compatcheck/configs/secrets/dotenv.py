"""`.env` files as python-dotenv reads them, with places; their values are never shown."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from compatcheck.model.problems import Span

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_COMMENTED = re.compile(r"\s*#+\s*(?:export\s+)?([A-Z_][A-Z0-9_]*)=")
_SPACED = re.compile(r"\s*(?:export\s+)?[^=#\s]+(?:\s+=|=[ \t]+\S)")
_CUT = re.compile(r"\s#(?=\S)")
_CURLY = ("“", "”", "‘", "’", "„", "«")
_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?P<default>:-[^}]*)?\}")
# Names of more characters than these, of all kinds, are no names.
_DRAWN = 16
_KINDS = (str.islower, str.isupper, str.isdigit)
_SHOWN = re.compile(r"[\w.-]{1,60}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One assignment. `value` is None where there is no `=`; `raw` is its text as it stands, line ends included."""

    name: str
    value: str | None
    line: int
    raw: str

    @property
    def span(self) -> Span:
        """The first line's text."""
        first = self.shown
        start = len(first) - len(first.lstrip()) + 1
        return Span(self.line, start, self.line, max(start + 1, len(first) + 1))

    @property
    def shown(self) -> str:
        """The first line with the value hidden."""
        head, _, rest = self.raw.lstrip("\r\n").partition("=")
        if self.label is None:
            return hidden(self.raw.lstrip("\r\n"))
        return f"{head}={hidden(rest)}"

    @property
    def label(self) -> str | None:
        """The name, to be shown; None where it may be a value that got there by mistake."""
        drawn = len(self.name) >= _DRAWN and all(any(map(kind, self.name)) for kind in _KINDS)
        return self.name if self.value is not None and _SHOWN.fullmatch(self.name) and not drawn else None

    @property
    def references(self) -> list[str]:
        """Names of other variables that the value cannot do without."""
        text = self.raw.partition("=")[2].strip()
        if text.startswith("'"):
            return []
        return [match[1] for match in _REFERENCE.finditer(text) if not match["default"]]


@dataclass(frozen=True)
class EnvFile:
    """A parsed file: assignments in order, lines that nobody can read, and names in comments (`# NAME=`)."""

    entries: tuple[Entry, ...]
    unreadable: tuple[Entry, ...]
    commented: frozenset[str]

    @property
    def values(self) -> dict[str, Entry]:
        """The entries that count: of several with one name the last."""
        return {entry.name: entry for entry in self.entries}


def hidden(text: str) -> str:
    """The first line of a value, as stars."""
    line = text.splitlines()[0].rstrip() if text.strip() else ""
    return "*" * len(line)


def read_env(data: bytes) -> EnvFile | str:
    """The file, or why it cannot be read."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"not UTF-8: byte {error.start}"
    from dotenv.parser import parse_stream

    entries, unreadable = [], []
    for binding in parse_stream(io.StringIO(text)):
        raw = binding.original.string
        entry = Entry(binding.key or "", binding.value, binding.original.line + _blank_lines(raw), raw)
        if binding.error:
            unreadable.append(entry)
        elif binding.key is not None:
            entries.append(entry)
    commented = frozenset(match[1] for line in text.splitlines() if (match := _COMMENTED.match(line)))
    return EnvFile(tuple(entries), tuple(unreadable), commented)


def _blank_lines(raw: str) -> int:
    return raw[: len(raw) - len(raw.lstrip())].count("\n")


def is_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def quoting_mistakes(entry: Entry) -> Iterator[str]:
    """What readers of the file will take otherwise than it looks."""
    if entry.value is None:
        return
    line = entry.raw.strip("\r\n")
    if _SPACED.match(line):
        yield "blanks around `=`: a shell takes the name for a command"
    text = line.partition("=")[2].strip()
    if text.startswith(_CURLY):
        yield "typographic quotes are part of the value"
    elif text[:1] not in ("'", '"'):
        yield from _unquoted(text)


def _unquoted(text: str) -> Iterator[str]:
    cut = _CUT.search(text)
    value = re.split(r"\s+#", text)[0]
    if cut:
        yield "` #` begins a comment here and cuts the value: put it in quotes"
    if " " in value.strip():
        yield "blanks in a value without quotes: a shell takes the rest for a command"
    if value[-1:] in ("'", '"') and value.count(value[-1]) % 2:
        yield "a quote at the end that nothing opens is part of the value"
