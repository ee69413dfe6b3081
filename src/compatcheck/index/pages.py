"""An index's page about one package, as JSON (PEP 691) or HTML (PEP 503): its files, and what each says of itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True)
class IndexFile:
    """One file of a project. `requires_python` is None where the index does not say."""

    name: str
    requires_python: str | None
    yanked: bool


class BadPage(ValueError):
    """What came is no page of an index; the message says why."""


def read_page(data: bytes, content_type: str) -> list[IndexFile]:
    """The files on a page. What the answer says that it is decides, not what was asked for. Raises BadPage."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind.endswith("+json") or kind == "application/json":
        return list(_json(data))
    if kind in ("text/html", "application/xhtml+xml") or kind.endswith("+html"):
        return _html(data)
    raise BadPage(f"it answered with {kind or 'no content type'}")


def _json(data: bytes) -> Iterator[IndexFile]:
    try:
        page: Any = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadPage("it answered with broken JSON") from error
    files = page.get("files") if isinstance(page, dict) else None
    if not isinstance(files, list):
        raise BadPage("it answered with JSON that lists no files")
    for one in files:
        if isinstance(one, dict) and isinstance(one.get("filename"), str):
            asked = one.get("requires-python")
            yield IndexFile(one["filename"], asked if isinstance(asked, str) else None, bool(one.get("yanked")))


def _html(data: bytes) -> list[IndexFile]:
    parser = _Anchors()
    parser.feed(data.decode("utf-8", "replace"))
    parser.close()
    return parser.files


class _Anchors(HTMLParser):
    """The page's links; their attributes are unescaped by the parser."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.files: list[IndexFile] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        href = found.get("href")
        if tag == "a" and href:
            name = unquote(urlsplit(href).path).rpartition("/")[2]
            self.files.append(IndexFile(name, found.get("data-requires-python"), "data-yanked" in found))
