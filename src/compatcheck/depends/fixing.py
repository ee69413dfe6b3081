"""Edits that make statements of Python versions agree: pieces of text replaced where they stand, all else untouched."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from compatcheck.depends.coherence import Folder, troubles
from compatcheck.depends.stating import readers
from compatcheck.depends.text import Text
from compatcheck.model.declared import Declaration, Stated

_ROUNDS = 8
_VERSION = re.compile(r"(?P<major>[23])(?P<dot>\.?)(?P<minor>\d{1,2})(?:\.\d+)?")
_LOWER = re.compile(r"(?P<operator>>=|>|~=|\^|~)\s*(?P<version>\d+(?:\.\d+)*)")

Files = Mapping[str, tuple[str, str]]  # path to (the reader's pattern, text)
Judge = Callable[[Sequence[Stated]], Folder]


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters `start`..`end` of a file's text become `text`."""

    path: str
    start: int
    end: int
    text: str


def fixed(files: Files, judge: Judge, minimum: str | None = None) -> dict[str, str]:
    """The texts that change, whole. Without `minimum` the declarations follow the code and the supported versions;
    with it, that is the oldest supported version from now on. Each step is read again before the next.
    """
    texts = {path: text for path, (_, text) in files.items()}
    for _ in range(_ROUNDS):
        read = {path: Text(path, text.encode("utf-8", "surrogatepass")) for path, text in texts.items()}
        folder = judge(_stated(files, read, judge))
        edits = list(_supports(folder, read, minimum)) or list(_others(folder, read))
        if not edits:
            break
        for path in {edit.path for edit in edits}:
            texts[path] = _applied(texts[path], [edit for edit in edits if edit.path == path])
    return {path: text for path, text in texts.items() if text != files[path][1]}


def _stated(files: Files, read: Mapping[str, Text], judge: Judge) -> list[Stated]:
    versions = judge(()).versions
    return [each for path, (pattern, _) in files.items() for each in readers()[pattern](read[path], versions)]


def _applied(text: str, edits: Sequence[Edit]) -> str:
    """Later places first; of two that overlap the one that begins first is made, the other comes in the next round."""
    chosen: list[Edit] = []
    for edit in sorted(set(edits), key=lambda edit: (edit.start, edit.end)):
        if not chosen or edit.start >= chosen[-1].end:
            chosen.append(edit)
    for edit in reversed(chosen):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _supports(folder: Folder, read: Mapping[str, Text], minimum: str | None) -> Iterator[Edit]:
    """The declarations of what is supported: raised to what the code needs, or set to the minimum."""
    floor = minimum or _needed(folder)
    if floor is None:
        return
    if minimum and folder.supports is None and not folder.blank("supports"):
        yield from _added(folder, read, minimum)
    for each in folder.of("supports"):
        if folder.versions.floor(each.states) != floor:
            new = with_floor(each.text, floor)
            if new is not None and new != each.text:
                yield Edit(each.place.path, each.place.start, each.place.end, new)


def _needed(folder: Folder) -> str | None:
    """The oldest version on which the code runs, where an older one is declared and that is certain."""
    for trouble in troubles(folder):
        if trouble.rule == "requires-python-too-low" and trouble.severity is None:
            runs = folder.supported & folder.scope - folder.fails
            return folder.versions.floor(runs)
    return None


def _added(folder: Folder, read: Mapping[str, Text], minimum: str) -> Iterator[Edit]:
    """A requires-python where [project] has none: below the name."""
    for each in folder.of("names"):
        text = read[each.place.path]
        if text.name == "pyproject.toml" and re.search(r"(?m)^\[project\]", text.text[: each.place.start]):
            end = text.text.find("\n", each.place.end)
            at = len(text.text) if end < 0 else end + 1
            newline = "\r\n" if "\r\n" in text.text else "\n"
            yield Edit(each.place.path, at, at, f'requires-python = ">={minimum}"{newline}')
            return


def with_floor(text: str, floor: str) -> str | None:
    """A specifier with another lower bound; None for one that has a form of its own (`==3.8.*`, unions)."""
    if "||" in text or "|" in text:
        return None
    found = list(_LOWER.finditer(text))
    if not found:
        return f">={floor},{text}" if text.lstrip()[:1] in ("<", "!") else None
    operator = ">=" if found[0]["operator"] == ">" else found[0]["operator"]
    new = text[: found[0].start()] + operator + text[found[0].end("operator") : found[0].start("version")] + floor
    rest = text[found[0].end() :]
    return new + re.sub(r",\s*!=\s*(\d+\.\d+)[\d.*]*", lambda match: "" if _below(match[1], floor) else match[0], rest)


def _below(version: str, floor: str) -> bool:
    return tuple(map(int, version.split("."))) < tuple(map(int, floor.split(".")))


def _others(folder: Folder, read: Mapping[str, Text]) -> Iterator[Edit]:
    """What stands beside: follows what is supported."""
    for trouble in troubles(folder):
        if trouble.fix is not None:
            yield Edit(trouble.place.path, trouble.place.start, trouble.place.end, trouble.fix)
    if folder.supports is None:
        return
    yield from _classifiers(folder, read)
    yield from _tools(folder)
    yield from _tests(folder, read)
    for each in folder.of("runs"):
        below = each.states <= folder.before(folder.supported)
        if below and each.source != "pre-commit" and (floor := folder.versions.floor(folder.supported)):
            yield _spelled(each, floor)


def _classifiers(folder: Folder, read: Mapping[str, Text]) -> Iterator[Edit]:
    listed = folder.of("lists")
    kept = [each for each in listed if each.states & folder.supported]
    floor = folder.versions.floor(folder.supported)
    if listed and not kept and floor:
        yield _spelled(listed[-1], floor)
    for each in listed:
        if each not in kept and each.item is not None and kept:
            yield Edit(each.place.path, *each.item, "")
    missing = next((one for one in troubles(folder) if one.rule == "classifier-missing"), None)
    if missing is None or any(each not in kept for each in listed):
        return
    for name in _names_in(folder, dict(missing.names)["versions"]):
        yield from _inserted(folder, kept, name, read)


def _names_in(folder: Folder, phrase: str) -> list[str]:
    """The versions of a phrase, one by one."""
    runtimes = folder.versions.runtimes
    return [name for name in runtimes.by_name if name in _spread(phrase, [one.name for one in runtimes.all])]


def _spread(phrase: str, names: Sequence[str]) -> set[str]:
    found = set[str]()
    for part in re.split(r",\s*|\s+and\s+", phrase):
        low, _, high = part.partition("–")
        if low in names:
            found |= set(names[names.index(low) : names.index(high or low) + 1])
    return found


def _inserted(folder: Folder, kept: Sequence[Declaration], name: str, read: Mapping[str, Text]) -> Iterator[Edit]:
    """A classifier beside the nearest one, written as that one is."""
    order = list(folder.versions.runtimes.by_name)
    below = [each for each in kept if order.index(_name(folder, each)) < order.index(name)]
    near = below[-1] if below else kept[0]
    if near.item is None:
        return
    text = read[near.place.path].text
    line = text[slice(*near.item)]
    if line.endswith("\n") and line.count(near.text) == 1:
        line = re.sub(r"[ \t]+#[^\n]*", "", line)
        at = near.item[1] if below else near.item[0]
        yield Edit(near.place.path, at, at, line.replace(near.text, name))


def _name(folder: Folder, each: Declaration) -> str:
    return folder.names(each.states)[0]


def _tools(folder: Folder) -> Iterator[Edit]:
    floor = folder.versions.floor(folder.supported)
    wrong = [one for one in troubles(folder) if one.rule in ("tool-version-too-new", "tool-version-stale")]
    for source in dict.fromkeys(each.source for each in folder.of("assumes")):
        told = [each for each in folder.of("assumes") if each.source == source]
        old = [each for each in told if each.states <= folder.before(folder.supported)]
        if len(told) == 1 and floor and any(one.place == told[0].place and one.severity != "info" for one in wrong):
            yield _spelled(told[0], floor)
        elif len(told) > 1 and old:
            for each in old if len(old) < len(told) else old[:-1]:
                if each.item is not None:
                    yield Edit(each.place.path, *each.item, "")


def _tests(folder: Folder, read: Mapping[str, Text]) -> Iterator[Edit]:
    """Versions out of matrices, as long as some are left."""
    for path in dict.fromkeys(each.place.path for each in folder.of("tests")):
        here = [each for each in folder.of("tests") if each.place.path == path]
        gone = [each for each in here if each.states <= folder.before(folder.supported)]
        if len(gone) == len(here):
            continue
        for each in gone:
            cut = each.item or _factor(read[path].text, each.place.start, each.place.end)
            if cut is not None:
                yield Edit(path, *cut, "")


def _factor(text: str, start: int, end: int) -> tuple[int, int] | None:
    """One of tox's factors in braces, or an environment that is nothing else."""
    before, after = text[:start].rstrip(" \t")[-1:], text[end:].lstrip(" \t")[:1]
    if after == "," and before in ("{", ",", "=", "\n"):
        stop = text.index(",", end) + 1
        while text[stop : stop + 1] in (" ", "\t"):
            stop += 1
        return start, stop
    if before == "," and after in ("}", "\n", "\r", ""):
        return text.rindex(",", 0, start), end
    if before == "\n" and after in ("\n", "\r"):
        return text.rindex("\n", 0, start) + 1, text.index("\n", end) + 1
    return None


def _spelled(each: Declaration, version: str) -> Edit:
    """The same with another version: `py38`, `3.8`, `38`; a micro version goes."""
    major, minor = version.split(".")
    new = _VERSION.sub(lambda match: f"{major}{match['dot']}{minor}", each.text, count=1)
    return Edit(each.place.path, each.place.start, each.place.end, new)
