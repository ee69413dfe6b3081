"""Form templates, in YAML and in HTML, as one shape: components, the events and bindings that they name, their places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from compatcheck.configs.document import Document, Path, Text
from compatcheck.configs.found import Found
from compatcheck.configs.reading import read_document
from compatcheck.model.problems import Span


@dataclass(frozen=True)
class Reference:
    """A name that stands in a template: of a component, a type, a method, a binding's code. `about` says of what: the
    event, the property.
    """

    text: str
    span: Span
    about: str = ""
    writes: bool = False


@dataclass
class Template:
    """`slots` are those that it offers to others; `filled` those of its layout that it fills."""

    text: Text
    names: list[Reference] = field(default_factory=list)
    types: list[Reference] = field(default_factory=list)
    methods: list[Reference] = field(default_factory=list)
    bindings: list[Reference] = field(default_factory=list)
    layout: Reference | None = None
    slots: frozenset[str] | None = None
    filled: list[Reference] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    document: Document | None = None


def read_template(path: str, text: str) -> Template:
    """A template by the ending of its path; what is wrong with its text is in `found`."""
    return _html(text) if path.endswith(".html") else _yaml(path, text)


def _yaml(path: str, text: str) -> Template:
    parsed = read_document(path, text.encode("utf-8", "surrogatepass"))
    template = Template(Text(text), found=list(parsed.found), document=parsed.document)
    if parsed.document is None or not isinstance(parsed.document.value, dict):
        return template
    template.text = parsed.document.text
    data = parsed.document.value
    slots = data.get("slots")
    template.slots = frozenset(map(str, slots)) if isinstance(slots, (dict, list)) else None
    for key in ("container", "layout"):
        if isinstance(data.get(key), dict):
            _component(template, parsed.document, (key,), data[key])
    layout = data.get("layout")
    if isinstance(layout, dict) and isinstance(layout.get("type"), str):
        template.layout = Reference(layout["type"], parsed.document.span(("layout", "type")))
        _events(template, parsed.document, ("layout", "form_event_bindings"), layout.get("form_event_bindings"))
    for key in ("event_bindings", "data_bindings"):
        _own(template, parsed.document, (), data, key)
    for path_in, component in _components(data, ()):
        _component(template, parsed.document, path_in, component)
    if isinstance(data.get("components_by_slot"), dict):
        for slot in data["components_by_slot"]:
            template.filled.append(Reference(slot, parsed.document.span(("components_by_slot", slot), key=True)))
    return template


def _components(node: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """All components below a mapping, without recursion."""
    pending: list[tuple[Path, Any]] = [(path, node)]
    while pending:
        where, each = pending.pop()
        if where != path:
            yield where, each
        lists = [((*where, "components"), each.get("components"))]
        by_slot = each.get("components_by_slot")
        if isinstance(by_slot, dict):
            lists += [((*where, "components_by_slot", slot), inner) for slot, inner in by_slot.items()]
        for place, inner in reversed(lists):
            if isinstance(inner, list):
                pending += [((*place, at), one) for at, one in reversed([*enumerate(inner)]) if isinstance(one, dict)]


def _component(template: Template, document: Document, path: Path, data: Mapping[str, Any]) -> None:
    if len(path) > 1 and isinstance(data.get("name"), str):
        template.names.append(Reference(data["name"], document.span((*path, "name"))))
    kind = data.get("type")
    if isinstance(kind, str) and path != ("layout",):
        template.types.append(Reference(kind, document.span((*path, "type")), "type"))
    properties = data.get("properties")
    item = properties.get("item_template") if isinstance(properties, dict) else None
    if isinstance(item, str) and item:
        template.types.append(Reference(item, document.span((*path, "properties", "item_template")), "item_template"))
    for key in ("event_bindings", "data_bindings"):
        _own(template, document, path, data, key)


def _own(template: Template, document: Document, path: Path, data: Mapping[str, Any], key: str) -> None:
    if key == "event_bindings":
        _events(template, document, (*path, key), data.get(key))
        return
    bindings = data.get(key)
    for index, binding in enumerate(bindings if isinstance(bindings, list) else []):
        if isinstance(binding, dict) and isinstance(binding.get("code"), str):
            span = document.span((*path, key, index, "code"))
            writes = binding.get("writeback") is True
            template.bindings.append(Reference(binding["code"], span, str(binding.get("property")), writes))


def _events(template: Template, document: Document, path: Path, bindings: Any) -> None:
    for event, method in bindings.items() if isinstance(bindings, dict) else ():
        if isinstance(method, str) and method:
            template.methods.append(Reference(method, document.span((*path, event)), event))


class _Reader(HTMLParser):
    """The attributes of a template's own elements; everything else is the page's."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.template = Template(Text(text))
        self.forms = 0

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "anvil-form":
            self.forms += 1
            if layout := given.get("layout"):
                self.template.layout = self._reference(layout)
        if tag == "anvil-component":
            if name := given.get("name"):
                self.template.names.append(self._reference(name))
            if kind := given.get("type"):
                self.template.types.append(self._reference(kind, "type"))
        if tag.startswith("anvil-") or any(name.startswith("anvil:") for name in given):
            self._bindings(given)

    def _bindings(self, given: Mapping[str, str]) -> None:
        if node := given.get("anvil:name"):
            self.template.names.append(self._reference(node))
        for name, value in given.items():
            kind, _, about = name.partition(":")
            if kind == "on" or name.startswith("anvil:on-dom:"):
                self.template.methods += [self._reference(value, about.rpartition(":")[2])] if value else []
            elif kind in ("bind", "writeback"):
                self.template.bindings.append(self._reference(value, about, kind == "writeback"))
            elif name == "prop:item_template" and value:
                self.template.types.append(self._reference(value, "item_template"))

    def _reference(self, text: str, about: str = "", writes: bool = False) -> Reference:
        """The place of the text in the tag, or of the tag."""
        line, column = self.getpos()
        start = self.template.text.offset(line, column + 1)
        tag = self.get_starttag_text() or "<"
        at = tag.find(text)
        begin, end = (start + at, start + at + len(text)) if at > 0 else (start, start + len(tag))
        return Reference(text, self.template.text.span(begin, end), about, writes)


def _html(text: str) -> Template:
    """Front matter (YAML between `---` lines) is blanked, so that places stay."""
    reader = _Reader(text)
    body = text
    if text.startswith("---"):
        end = text.find("\n---", 3)
        front = text[: end + 4] if end > 0 else ""
        body = "".join(char if char == "\n" else " " for char in front) + text[len(front) :]
    reader.feed(body)
    reader.close()
    return reader.template
