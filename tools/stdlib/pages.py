"""Finds the version notes of Python's HTML documentation and the objects that they speak of."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass(frozen=True, slots=True)
class Note:
    symbols: tuple[str, ...]
    kind: str  # added, changed, deprecated, removed
    label: str  # "Deprecated since version 3.12, will be removed in version 3.14: "
    text: str  # with *names* in stars


@dataclass(slots=True)
class Frame:
    tag: str
    symbols: list[str] = field(default_factory=list)
    described: bool = False  # objects have been described in it: later notes of a section are not about the module


class Reader(HTMLParser):
    """Notes right below an object's description or a module's heading; not those inside lists and tables."""

    def __init__(self) -> None:
        super().__init__()
        self.notes: list[Note] = []
        self.frames: list[Frame] = []
        self.kind = ""
        self.depth = 0  # of divs inside a note
        self.in_label = False
        self.label: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        classes, identifier = given.get("class", "").split(), given.get("id", "")
        if tag in ("dl", "li", "table", "section"):
            self.frames.append(Frame(tag))
        if tag == "section" and identifier.startswith("module-"):
            self.frames[-1].symbols.append(identifier.removeprefix("module-"))
        elif tag == "dt" and "sig-object" in classes and identifier and self.frames:
            self.frames[-1].symbols.append(identifier)
            for frame in self.frames[:-1]:
                frame.described |= frame.tag == "section"
        elif tag == "div" and self.kind:
            self.depth += 1
        elif tag == "span" and "versionmodified" in classes:
            self.kind, self.in_label, self.label, self.text, self.depth = classes[-1], True, [], [], 0
        if tag == "em" and self.kind:
            self.text.append("*")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("dl", "li", "table", "section") and self.frames:
            self.frames.pop()
        elif tag == "span":
            self.in_label = False
        elif tag == "em" and self.kind:
            self.text.append("*")
        elif tag == "div" and self.kind:
            self.depth -= 1
            if self.depth < 0:
                self.finish()

    def handle_data(self, data: str) -> None:
        if self.kind:
            (self.label if self.in_label else self.text).append(data)

    def finish(self) -> None:
        frame = self.frames[-1] if self.frames else Frame("")
        if symbols := () if frame.described else tuple(frame.symbols):
            text = " ".join("".join(self.text).split())
            self.notes.append(Note(symbols, self.kind, "".join(self.label), text))
        self.kind = ""


def notes(page: str) -> list[Note]:
    reader = Reader()
    reader.feed(page)
    return reader.notes
