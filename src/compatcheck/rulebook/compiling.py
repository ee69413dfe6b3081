"""Rule files (YAML, for people) to plain data (JSON, for the machine). Runs at build time and when rules/ changed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from compatcheck.rulebook.index import TEXTS
from compatcheck.rulebook.lines import sorted_lines
from compatcheck.rulebook.outlook import outlook
from compatcheck.rulebook.works import cpythons

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


def _outlook(folder: Path) -> Data:
    return outlook(_facts(folder), cpythons(read_yaml(folder / "runtimes.yaml")["cpython"]))


def _fact_lines(folder: Path) -> bytes:
    """Facts as JSON, each decoded when it is asked for."""
    return sorted_lines({symbol: _json(fact).decode() for symbol, fact in _facts(folder).items()})


def _facts(folder: Path) -> Mapping[str, Data]:
    """What rules/stdlib says of each symbol, without its sources."""
    facts = {}
    for path in sorted((folder / "stdlib").glob("*.yaml")):
        for symbol, fact in read_yaml(path)["names"].items():
            facts[symbol] = {key: value for key, value in fact.items() if key != "source"}
    return {**facts, **_inherited_subscripts(facts)}


def _inherited_subscripts(facts: Mapping[str, Data]) -> dict[str, Data]:
    """`X[…]` of classes that have it from a base class; the classes of typing have it on their own."""
    found = {}
    for symbol, fact in facts.items():
        waiting, seen = list(fact.get("bases", ())), {symbol}
        while waiting and f"{symbol}[]" not in facts and not symbol.startswith("typing."):
            base = waiting.pop(0)
            if base.startswith("enum."):  # its classes are subscripted by the names of their members
                break
            if f"{base}[]" in facts:
                found[f"{symbol}[]"] = facts[f"{base}[]"]
                break
            if base not in seen:
                seen.add(base)
                waiting += facts.get(base, {}).get("bases", ())
    return found


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
    return said | {"severity": rule.get("severity", "error"), "kind": rule.get("kind", path.parent.name)}


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


def _fixes(folder: Path) -> Data:
    """How rules are fixed, without their examples; the equivalents of symbols; pieces of code that fixes write."""
    rules: Data = {}
    helpers: Data = {}
    for path in sorted([*(folder / "syntax").glob("*.yaml"), *(folder / "library").glob("*.yaml")]):
        if fix := read_yaml(path).get("fix"):
            rules[path.stem] = {key: fix[key] for key in ("apply", "safety", "refuse") if key in fix}
            helpers |= fix.get("helpers", {})
    files = [read_yaml(path)["names"] for path in sorted((folder / "equivalents").glob("*.yaml"))]
    equivalents = {
        symbol: {key: value for key, value in entry.items() if key != "examples"}
        for names in files
        for symbol, entry in names.items()
    }
    return {"rules": rules, "equivalents": equivalents, "helpers": helpers}


def _json(data: Data) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def _packages(folder: Path) -> Data:
    """What imports and packages have to do with each other, and what platforms bring: names as pip compares them."""
    data = read_yaml(folder / "packages" / "imports.yaml")
    profiles = [read_yaml(path) for path in sorted((folder / "platforms").glob("*.yaml"))]
    return {
        "stdlib": data["stdlib"].split(),
        "distributions": data["distributions"],
        "backports": data["backports"],
        "brought": {profile["id"]: list(profile.get("packages", {})) for profile in profiles},
    }


# What each part of the index holds.
COMPILERS: dict[str, Callable[[Path], bytes]] = {
    "syntax": lambda folder: _json(_syntax(folder)),
    "outlook": lambda folder: _json(_outlook(folder)),
    "facts": _fact_lines,
    "platforms": lambda folder: _json(_platforms(folder)),
    "secrets": lambda folder: _json(_secrets(folder)),
    "fixes": lambda folder: _json(_fixes(folder)),
    "packages": lambda folder: _json(_packages(folder)),
}
