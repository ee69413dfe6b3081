"""environment.yml: its pip part. conda's own packages are another world."""

from __future__ import annotations

from collections.abc import Iterator

from compatcheck.depends.needing.asking import required
from compatcheck.depends.text import Text
from compatcheck.depends.yaml_tree import compose
from compatcheck.model.declared import Hidden, Needed

NAMES = ("environment.yml", "environment.yaml")


def read(text: Text) -> Iterator[Needed]:
    document = compose(text)
    listed = document["dependencies"] if document is not None else None
    for node in listed.elements() if listed is not None else ():
        pip = node["pip"]
        for one in pip.elements() if pip is not None else ():
            value = (one.value or "").strip()
            if value and not value.startswith("-") and "://" not in value:
                yield required(value, text.name, one.place)
    yield Hidden(text.name)  # what conda brings is not to be seen from here
