"""What the interpreters answered, and whether their silence means anything."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from tools.stdlib import cache
from tools.stdlib.versions import parse

NOT_OURS = {"pyodide", "pyodide_js", "js", "micropip", "xxlimited", "xxlimited_35", "xxlimited_3_13", "xxsubtype"}
NOT_OURS |= {"sitecustomize", "usercustomize"}
LAST_COMMON = 13  # the last version that is there in every kind of build, to compare them
Record = dict[str, Any]


class Answers:
    """All interpreters' answers, addressed by label ("3.8", "3.14-pyodide")."""

    def __init__(self) -> None:
        self.by_label: dict[str, Any] = {name[6:]: cache.load(name) for name in cache.names("probe-")}
        for answer in self.by_label.values():
            answer["modules"] = {n: found for n, found in answer["modules"].items() if n.split(".")[0] not in NOT_OURS}
        self.classes: dict[str, dict[str, Record]] = {}
        for label, answer in self.by_label.items():
            merged: dict[str, Record] = {}
            for module, found in answer["modules"].items():
                for identity, record in found.get("classes", {}).items():
                    if identity.startswith(f"{module}.") or identity not in merged:
                        merged[identity] = record
            self.classes[label] = merged

    @cached_property
    def judging(self) -> list[tuple[str, int]]:
        """The labels that decide, with their minor version: builds from elsewhere only where nothing else runs."""
        deciding: dict[int, str] = {}
        for label in sorted(self.by_label, key=lambda label: ("-" in label, label)):
            deciding.setdefault(minor_of(label), label)
        return [(label, minor) for minor, label in sorted(deciding.items())]

    def counts_as_absent(self, label: str, there: Callable[[str], Any]) -> bool:
        """Is something that `label` lacks really absent in that version, or only left out of such builds?

        It must be seen once in the same kind of build, or be new in a later version of another kind of build.
        """
        kind = build(label)
        others = [other for other in self.by_label if build(other) != kind]
        if any(there(other) for other in self.by_label if build(other) == kind):
            return True
        same = [build(other) for other in others if minor_of(other) <= LAST_COMMON and there(other)]
        return not kind and any(there(other) for other in others if build(other) not in same)

    def module(self, label: str, name: str) -> Any:
        return self.by_label[label]["modules"].get(name) or {"error": "absent"}


def build(label: str) -> str:
    """ "3.14-debian" is Debian's; an empty string stands for CPython's own default build."""
    return label.partition("-")[2]


def minor_of(label: str) -> int:
    return parse(label.partition("-")[0])


def newest(labels: Iterable[str]) -> str:
    return max(labels, key=lambda label: (minor_of(label), not build(label)), default="")
