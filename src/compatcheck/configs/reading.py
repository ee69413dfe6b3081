"""Bytes of a configuration to a document, and what is wrong with the text itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from compatcheck.configs import limits
from compatcheck.configs.builder import Builder, Flaw
from compatcheck.configs.document import Document, Text
from compatcheck.configs.found import Found
from compatcheck.configs.masking import masked
from compatcheck.configs.text import decoded, whole_characters

# By a file name's ending, the module and function that read it; each imports its parser.
_READERS: Mapping[str, str] = {
    ".yaml": "compatcheck.configs.yaml_text:read_yaml",
    ".yml": "compatcheck.configs.yaml_text:read_yaml",
    ".json": "compatcheck.configs.json_text:read_json",
    ".toml": "compatcheck.configs.toml_text:read_toml",
}
ENDINGS = tuple(_READERS)
_IN_WORDS = {".json": "JSON", ".toml": "TOML"}


@dataclass(frozen=True)
class Parsed:
    """`document` is None where the text ends the matter."""

    document: Document | None
    found: tuple[Found, ...]


def read_document(name: str, data: bytes) -> Parsed:
    """A file by the ending of its name (`.example` and `.sample` left out); what has none of them is YAML."""
    text = decoded(data)
    if isinstance(text, UnicodeDecodeError):
        line = data.count(b"\n", 0, text.start) + 1
        problem = f"byte 0x{data[text.start]:02x} is not UTF-8"
        span = Text("\n" * line).span(line - 1, line)
        return Parsed(None, (Found("unparsable-config", span, {"format": "text", "problem": problem}),))
    if "\0" in text:
        binary = _told(
            Flaw("unparsable-config", text.index("\0"), text.index("\0") + 1, {"problem": "it holds binary data"}),
            Text(text),
            name,
        )
        return Parsed(None, (binary,))
    if ending_of(name) not in _IN_WORDS:
        text = whole_characters(text)
    builder = _reader(name)(text)
    lines = Text(text)
    found = tuple(_told(flaw, lines, name) for flaw in builder.flaws[: limits.PROBLEMS])
    if builder.root is None:
        return Parsed(None, found or (_empty(lines, name),))
    return Parsed(Document(lines, builder.value, builder.root), found)


def too_large(limit: int = limits.BYTES) -> Parsed:
    """What is said of a file that is not read at all."""
    return Parsed(None, (Found("oversized-config", None, {"what": f"more than {limit >> 20} MB"}),))


def _reader(name: str) -> Callable[[str], Builder]:
    module, _, function = _READERS[ending_of(name) or ".yaml"].partition(":")
    reader: Callable[[str], Builder] = getattr(import_module(module), function)
    return reader


def ending_of(name: str) -> str | None:
    """`.yaml` of `anvil.yaml.example`; None when no reader knows it."""
    lowered = name.lower().removesuffix(".example").removesuffix(".sample")
    return next((ending for ending in ENDINGS if lowered.endswith(ending)), None)


def _told(flaw: Flaw, text: Text, name: str) -> Found:
    span = text.span(flaw.start, flaw.end)
    words = {"format": _IN_WORDS.get(ending_of(name) or "", "YAML"), **flaw.words}
    if flaw.first is not None:
        line = str(text.span(flaw.first, flaw.first).line)
        words = {"line": line, **{key: value.replace("{line}", line) for key, value in words.items()}}
    return Found(flaw.rule, span, words, masked(text.line(span.line)), flaw.words.get("key"))


def _empty(text: Text, name: str) -> Found:
    words = {"format": _IN_WORDS.get(ending_of(name) or "", "YAML"), "problem": "it is empty"}
    return Found("unparsable-config", text.span(0, 0), words)
