"""Rule files (YAML, for people) to plain data (JSON, for the machine). Runs at build time and when rules/ changed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from compatcheck.model.runtimes import Runtimes
from compatcheck.rulebook.index import TEXTS
from compatcheck.rulebook.works import cpythons, last_word, works_of

Data = dict[str, Any]


class BadRule(ValueError):
    """A rule file says something that no rule can; the message names the file."""


def _syntax(folder: Path) -> Data:
    runtimes = read_yaml(folder / "runtimes.yaml")["cpython"]
    return {
        "runtimes": runtimes,
        "syntax": [_syntax_rule(path) for path in sorted((folder / "syntax").glob("*.yaml"))],
        "literals": [_literal(path) for path in sorted((folder / "literals").glob("*.yaml"))],
        "texts": {path.stem: _text(path) for name in TEXTS for path in sorted((folder / name).glob("*.yaml"))},
    }


def _stdlib_part(folder: Path) -> Data:
    runtimes = cpythons(read_yaml(folder / "runtimes.yaml")["cpython"])
    return _stdlib(sorted((folder / "stdlib").glob("*.yaml")), runtimes)


def _stdlib(paths: Iterable[Path], runtimes: Runtimes) -> Data:
    """Facts by symbol, each as JSON text that is decoded when it is asked for; and by their last word the symbols,
    with the bits of the runtimes on which any of them fails or is deprecated.
    """
    facts: dict[str, str] = {}
    words: dict[str, list[Any]] = {}
    makers: list[list[Any]] = []
    for path in paths:
        for symbol, fact in read_yaml(path)["names"].items():
            told = {key: value for key, value in fact.items() if key != "source"}
            facts[symbol] = json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=str)
            makers += [[base, symbol, True] for base in told.get("bases", ())]
            if "returns" in told:
                makers.append([told["returns"], symbol, False])
            fails = runtimes.cpython3 - works_of(told, runtimes)
            if "deprecated" in told:
                fails |= runtimes.between(str(told["deprecated"]), None)
            if fails:
                entry = words.setdefault(last_word(symbol), [0, []])
                entry[0] |= fails.bits
                entry[1].append(symbol)
    return {"facts": facts, "words": words, "makers": makers}


def _platforms(folder: Path) -> Data:
    """The profiles by id, and for each system the symbols of the standard library that it lacks."""
    paths = sorted((folder / "platforms").glob("*.yaml"))
    systems: dict[str, list[list[str]]] = {system: [] for system in SYSTEMS}
    for path in sorted((folder / "stdlib").glob("*.yaml")):
        for symbol, fact in read_yaml(path)["names"].items():
            for system, also in SYSTEMS.items() if "platform" in fact else ():
                if not {system, *also}.intersection(fact["platform"]):
                    systems[system].append([symbol, fact["kind"]])
    return {"profiles": {path.stem: read_yaml(path) for path in paths}, "systems": systems}


# Values of sys.platform, with the families that facts name.
SYSTEMS = {"linux": ("unix",), "darwin": ("unix",), "win32": ()}


def read_yaml(path: Path) -> Data:
    """A YAML mapping, read with the C loader where there is one."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = yaml.load(path.read_bytes(), Loader=loader)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        raise BadRule(f"{path}: {error}") from error
    if not isinstance(data, dict):
        raise BadRule(f"{path}: not a mapping")
    return data


def _syntax_rule(path: Path) -> Data:
    rule = read_yaml(path)
    if rule.get("id") != path.stem:
        raise BadRule(f"{path}: id is {rule.get('id')!r}, not the file's name")
    variants = rule["variants"]
    return {
        "id": rule["id"],
        "title": rule["title"],
        "check": rule.get("check", ""),
        "reference": rule.get("reference"),
        "instead": rule.get("instead"),
        "anchors": [_anchor(path, entry, variants) for entry in rule.get("anchor", ())],
        "variants": variants,
    }


def _literal(path: Path) -> Data:
    """A kind of text that carries versions, without what is for people and tests only."""
    rule = read_yaml(path)
    if rule.get("id") != path.stem:
        raise BadRule(f"{path}: id is {rule.get('id')!r}, not the file's name")
    for name, form in rule["forms"].items():
        try:
            re.compile(form["pattern"])
        except re.error as error:
            raise BadRule(f"{path}: {name}: {error}") from error
    return {key: rule.get(key) for key in ("failure", "anchor", "reads", "prepare", "instead")} | {
        "forms": list(rule["forms"].values())
    }


def _text(path: Path) -> Data:
    """A rule without a check of its own: what it says."""
    rule = read_yaml(path)
    said = {key: rule.get(key) for key in ("message", "instead", "title", "reason", "reference")}
    return said | {"severity": rule.get("severity", "error")}


def _anchor(path: Path, entry: str | Data, variants: Mapping[str, Data]) -> list[Any]:
    if isinstance(entry, str):
        return [entry, list(variants)]
    if unknown := set(entry["variants"]) - set(variants):
        raise BadRule(f"{path}: anchor {entry['pattern']!r} names unknown variants {sorted(unknown)}")
    return [entry["pattern"], entry["variants"]]


def _secrets(folder: Path) -> Data:
    paths = sorted((folder / "secrets").glob("*.yaml"))
    return {"patterns": [_pattern(path) for path in paths], "environment": read_yaml(folder / "environment.yaml")}


def _pattern(path: Path) -> Data:
    """A kind of secret, without what is for people and tests only."""
    rule = read_yaml(path)
    if rule.get("id") != path.stem:
        raise BadRule(f"{path}: id is {rule.get('id')!r}, not the file's name")
    return {key: value for key, value in rule.items() if key not in ("reference", "examples")}


# What each part of the index holds, as JSON-ready data.
COMPILERS: dict[str, Callable[[Path], Data]] = {
    "syntax": _syntax,
    "stdlib": _stdlib_part,
    "platforms": _platforms,
    "secrets": _secrets,
}
