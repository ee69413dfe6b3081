"""Version facts of Python's documentation: since when, deprecated, to be removed. Facts only, no text."""

import re
from collections.abc import Iterator
from typing import Any

from tools.stdlib import cache, debian
from tools.stdlib.facts import Facts
from tools.stdlib.pages import Note, notes
from tools.stdlib.versions import PROBED_FROM, name, parse, since, until

VERSION = re.compile(r"version (3\.\d+(?:\.\d+)?)(?![\d.]*[-+])")  # not Debian's own "3.11.2-6+deb12u5"
REMOVAL = re.compile(r"removed in version (3\.\d+)")
# Texts of "Added in version" that still speak of the object itself.
OF_THE_OBJECT = re.compile(r"(?:See |Replaces|Formerly|Before |This error used|Added under the name|Previously)|$")
ADJECTIVES = r"(?:optional |new |keyword-only |keyword )*"
PARAMETERS = re.compile(rf"(?=.*\*)([^.;:]*?\*) ?{ADJECTIVES}(?:parameters?|arguments?)\b([^.;]*)")
NAMES = re.compile(r"\*([a-z_]\w*)\*")
# Deprecations of a way to use the object, or that nobody will carry out (typing's aliases).
NOT_THE_OBJECT = re.compile(
    r"parameter|argument|Accepting|Passing|Calling|warning is|Old classes|grammar|now supports subscripting|calls using"
)
USE = re.compile(r"Use ([\w.]+)(?:\(\))? instead")
RENAMED = {"asyncio.loop": "asyncio.AbstractEventLoop"}


def collect() -> None:
    """{symbol: {since, micro, deprecated, removal, instead}}, the newest documentation last."""
    found: dict[str, dict[str, Any]] = {}
    for folder in debian.documentation():
        for page in sorted([*folder.glob("library/*.html"), *folder.glob("builtins/*.html")]):
            for note in notes(page.read_text(encoding="utf-8")):
                for symbol, fact in told(note):
                    merge(found.setdefault(symbol, {}), fact)
    cache.save("docs", found)


def merge(known: dict[str, Any], fact: dict[str, str]) -> None:
    """Micro releases of several minor versions stand side by side: each documentation tells of its own."""
    since_when = fact.pop("since", "")
    if since_when.count(".") == 2 and not since_when.endswith(".0"):
        known.setdefault("micro", {})[name(parse(since_when))] = since_when
    elif since_when:
        known["since"] = name(parse(since_when))
    known |= fact


def told(note: Note) -> Iterator[tuple[str, dict[str, str]]]:
    match = VERSION.search(note.label)
    if not match:
        return
    for symbol in map(renamed, note.symbols):
        if note.kind in ("deprecated", "removed"):
            if not NOT_THE_OBJECT.search(note.text):
                yield symbol, deprecation(match[1], note)
        elif note.kind == "added" and OF_THE_OBJECT.match(note.text):
            yield symbol, {"since": match[1]}
        else:
            yield from ((f"{symbol}({each})", {"since": match[1]}) for each in added_parameters(note.text))


def renamed(symbol: str) -> str:
    for old, new in RENAMED.items():
        if symbol.startswith(f"{old}."):
            return new + symbol[len(old) :]
    return symbol


def deprecation(version: str, note: Note) -> dict[str, str]:
    fact = {"deprecated": name(parse(version))}
    if gone := REMOVAL.search(note.label):
        fact["removal"] = gone[1]
    if use := USE.match(note.text):
        fact["instead"] = use[1]
    return fact


def added_parameters(text: str) -> list[str]:
    match = PARAMETERS.match(text)
    if not match or not (re.match(r"Add(?:ed)?\b|New\b|Optional\b", text) or re.search(r"\badded\b", match[2])):
        return []
    return NAMES.findall(match[1])


def add(facts: Facts) -> None:
    for symbol, fact in (cache.load("docs") or {}).items():
        owner = symbol.partition("(")[0] if symbol.endswith(")") else symbol.rpartition(".")[0]
        has_attributes = owner in facts and facts[owner].kind in ("class", "exception")
        if symbol in facts or has_attributes or (owner in facts and symbol.endswith(")")):
            add_one(facts, symbol, owner if owner in facts else "", fact)


def add_one(facts: Facts, symbol: str, owner: str, fact: dict[str, Any]) -> None:
    kind = "parameter" if symbol.endswith(")") else "attribute"
    claim = facts.claim(symbol, kind, owner, "docs")
    extra = facts[symbol].extra
    extra |= {key: fact[key] for key in ("deprecated", "removal", "instead") if key in fact}
    minor = first_minor(fact)
    if minor is None:
        return
    extra |= {"micro": fact["micro"]} if "micro" in fact else {}
    claim.says(since(minor), True)
    if minor:
        claim.says(until(minor - 1), False)
    if facts[symbol].claims["probe"].known:
        heard = until(max(minor, PROBED_FROM - 1))
        claim.known &= heard
        claim.present &= heard


def first_minor(fact: dict[str, Any]) -> int | None:
    """The first minor version that has it, if only in its later micro releases."""
    stated = [fact["since"]] if "since" in fact else []
    return min(map(parse, [*stated, *fact.get("micro", ())]), default=None)
