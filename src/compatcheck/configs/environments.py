"""A deployment file, environment by environment: what each overrides is merged, and the whole of it is checked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any

from compatcheck.configs.document import Document, Entry, Node
from compatcheck.configs.found import Found
from compatcheck.configs.text import listed

Check = Callable[[str, Document], Iterable[Found]]  # an environment's name and document
SECTION = "environments"


def merged(document: Document, sections: Collection[str]) -> dict[str, Document]:
    """The document of each environment, with what it overrides of these sections. Empty where there are no environments,
    or none that can be merged.
    """
    section = document.value.get(SECTION) if isinstance(document.value, dict) else None
    if not isinstance(section, dict):
        return {}
    entry = _items(document.root)[SECTION]
    found = {}
    for name, override in section.items():
        value, node = document.value, document.root
        if isinstance(override, dict):
            known = {key: inner for key, inner in override.items() if key in sections}
            value, node = _merged(value, node, known, _items(entry.node)[name].node)
        found[name] = Document(document.text, value, node)
    return found


def check_environments(document: Document, check: Check, sections: Collection[str]) -> Iterator[Found]:
    """What the check finds in the environments; what it does not find in all of them says in which."""
    documents = merged(document, sections)
    if not documents:
        yield from check("", document)
        return
    where: dict[object, list[str]] = {}
    first: dict[object, Found] = {}
    for name, each in documents.items():
        for found in check(name, each):
            key: object = (found.rule, found.span, found.symbol, *sorted(found.words.items()))
            first.setdefault(key, found)
            where.setdefault(key, []).append(name)
    for same, once in first.items():
        yield once if len(where[same]) == len(documents) else _in(where[same], once)


def _in(names: list[str], found: Found) -> Found:
    told = f"in the environment{'s' * (len(names) > 1)} {listed(names, 'and')}"
    return replace(found, evidence=(*found.evidence, told), words={**found.words, "environment": f" {told}"})


def _merged(value: dict[str, Any], node: Node, over: dict[str, Any], over_node: Node) -> tuple[dict[str, Any], Node]:
    """Mappings are merged, everything else replaces what was there."""
    result, items = dict(value), dict(_items(node))
    for key, new in over.items():
        entry = _items(over_node)[key]
        old, before = result.get(key), items.get(key)
        if isinstance(new, dict) and isinstance(old, dict) and before is not None:
            result[key], inner = _merged(old, before.node, new, entry.node)
            items[key] = Entry(before.start, before.end, inner)
        elif new is not None or old is None:
            result[key], items[key] = new, entry
    return result, Node(node.start, node.end, items)


def _items(node: Node) -> dict[str, Entry]:
    return node.items if isinstance(node.items, dict) else {}
