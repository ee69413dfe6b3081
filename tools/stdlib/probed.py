"""Turns the interpreters' answers into claims about modules, names, members and parameters."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from tools.stdlib.answers import Answers, Record, build, newest
from tools.stdlib.facts import WEAK, Facts, builtin
from tools.stdlib.versions import bit

SIGNED = "KO"  # parameters that can be given by name
CODE = {"class", "exception", "function"}
LOOP_VARIABLE = re.compile("[a-z]")
BEHIND = {"posix", "nt", "posixpath", "ntpath", "pyexpat"}  # their classes are better known by another name


def add(facts: Facts, answers: Answers, declared: set[str]) -> None:
    """`declared`: names that another source calls public."""
    modules = sorted({name for answer in answers.by_label.values() for name in answer["modules"]})
    for name in modules:
        add_module(facts, answers, name)
    spots = {spot for name in modules for spot in public_names(answers, name, declared)}
    for module, name in sorted(spots):
        add_name(facts, answers, module, name)
    for symbol, ids in canonical(answers, spots, facts).items():
        add_class(facts, answers, symbol, ids)


def add_module(facts: Facts, answers: Answers, name: str) -> None:
    def there(label: str) -> bool:
        return bool(answers.module(label, name).get("error") != "absent")

    parent = name.rpartition(".")[0]
    claim = facts.claim(name, "module", parent, "probe")
    for label, minor in answers.judging:
        if there(label):
            claim.says(bit(minor), True)
        elif could_be_seen(answers, label, name) and answers.counts_as_absent(label, there):
            claim.says(bit(minor), False)


def could_be_seen(answers: Answers, label: str, name: str) -> bool:
    """Neither left out of this build nor part of a package that was: sys.stdlib_module_names tells."""
    parent = name.rpartition(".")[0]
    return name not in answers.by_label[label]["listed"] and (
        not parent or "error" not in answers.module(label, parent)
    )


def public_names(answers: Answers, module: str, declared: set[str]) -> Iterator[tuple[str, str]]:
    """Names that are exported, defined there, or declared by another source; not what is only imported there."""
    chosen: set[str] = set()
    for label in answers.by_label:
        found = answers.module(label, module)
        exported = found.get("all")
        for name, record in found.get("names", {}).items():
            if (
                (exported and name in exported)
                or builtin(f"{module}.{name}") in declared
                or own(module, name, record, exported)
            ):
                chosen.add(name)
    return ((module, name) for name in chosen if not name.startswith("_"))


def own(module: str, name: str, record: Record, exported: list[str] | None) -> bool:
    where = record["id"].rpartition(".")[0]
    if record["k"] == "module":
        return False
    if record["k"] == "constant":
        return exported is None and record["id"] != "__future__/" and not LOOP_VARIABLE.fullmatch(name)
    return bool(where == module or (exported is None and where.lstrip("_").split(".")[0] == module))


def add_name(facts: Facts, answers: Answers, module: str, name: str) -> None:
    symbol = builtin(f"{module}.{name}")
    records = {label: answers.module(label, module).get("names", {}).get(name) for label in answers.by_label}
    kinds = [record["k"] for record in records.values() if record]
    kind = kinds[-1] if kinds and kinds[-1] != "module" else "constant"
    claim = facts.claim(symbol, kind, module, "probe")
    for label, minor in answers.judging:
        if records[label]:
            claim.says(bit(minor), True)
        elif looked_at(answers.module(label, module)) and answers.counts_as_absent(label, records.get):
            claim.says(bit(minor), False)
    add_signatures(facts, symbol, {m: records[label].get("sig") for label, m in answers.judging if records[label]})


def looked_at(found: Record) -> bool:
    return "error" not in found and not found.get("untouched")


def add_signatures(facts: Facts, symbol: str, signatures: dict[int, Any]) -> None:
    """Claims about every named parameter, and how many can be given by position."""
    known = {minor: sig for minor, sig in signatures.items() if sig is not None}
    for name in {p[0] for sig in known.values() for p in sig if p[1] in SIGNED and not p[0].startswith("_")}:
        claim = facts.claim(f"{symbol}({name})", "parameter", symbol, "probe")
        for minor, sig in known.items():
            if any(p[0] == name and p[1] in SIGNED for p in sig):
                claim.says(bit(minor), True)
            elif not any(p[1] == "W" for p in sig):
                claim.says(bit(minor), False)
    counts = {minor: positional(sig) for minor, sig in known.items()}
    if len(set(counts.values())) > 1:
        facts[symbol].extra["counts"] = counts


def positional(sig: list[list[Any]]) -> int | None:
    """None: any number."""
    return None if any(p[1] == "V" for p in sig) else sum(p[1] in "PK" for p in sig)


def canonical(answers: Answers, spots: Iterable[tuple[str, str]], facts: Facts) -> dict[str, dict[str, str]]:
    """symbol -> {label: class id} for one name of each class; its other names get it as their base."""
    ids: dict[str, dict[str, str]] = defaultdict(dict)
    for module, name in spots:
        for label in answers.by_label:
            record = answers.module(label, module).get("names", {}).get(name)
            if record and record["k"] in ("class", "exception") and record["id"] in answers.classes[label]:
                ids[builtin(f"{module}.{name}")][label] = record["id"]
    owners: dict[tuple[str, str], str] = {}
    chosen: dict[str, dict[str, str]] = {}

    def rank(symbol: str) -> tuple[bool, int, int, bool, int, str]:
        strange = symbol not in map(builtin, ids[symbol].values())
        return symbol.split(".")[0] in BEHIND, -len(ids[symbol]), symbol.count("."), strange, len(symbol), symbol

    for symbol in sorted(ids, key=rank):
        spelled = {owners.get(pair, "") for pair in ids[symbol].items()}
        if len(spelled) == 1 and "" not in spelled:
            facts[symbol].bases, facts[symbol].alias = [spelled.pop()], True
            continue
        chosen[symbol] = ids[symbol]
        for pair in ids[symbol].items():
            owners.setdefault(pair, symbol)
    for symbol, found in chosen.items():
        label = newest(found)
        if label:
            facts[symbol].bases = public_bases(answers, owners, symbol, label, found[label])
    return chosen


def public_bases(
    answers: Answers, owners: dict[tuple[str, str], str], symbol: str, label: str, identity: str
) -> list[str]:
    found: list[str] = []
    covered: set[str] = set()
    for base in answers.classes[label][identity]["mro"]:
        public = owners.get((label, base), "")
        if public and public != symbol and base not in covered:
            found.append(public)
            covered.update(answers.classes[label].get(base, {}).get("mro", ()))
    return found


def add_class(facts: Facts, answers: Answers, symbol: str, ids: dict[str, str]) -> None:
    records = {label: answers.classes[label][identity] for label, identity in ids.items()}
    judged = [(label, minor) for label, minor in answers.judging if label in records]
    add_signatures(facts, symbol, {minor: records[label]["sig"] for label, minor in judged})
    if facts[symbol].kind == "module":  # unittest.main is a module and a class
        return
    members = {label: inherited(answers.classes[label], record) for label, record in records.items()}
    dynamic = {label: set(record.get("inst") or ()) for label, record in records.items()}
    for name in sorted({name for found in members.values() for name in found}):
        add_member(facts, answers, symbol, name, members, judged)
    for name in sorted(set().union(*dynamic.values()) - set().union(*(set(found) for found in members.values()))):
        add_attribute(
            facts, answers, f"{symbol}.{name}", {label: name in dynamic[label] for label, _ in judged}, records
        )


def inherited(classes: dict[str, Record], record: Record) -> dict[str, Record]:
    """Members with those of the bases, the nearest first."""
    found = dict(record["members"])
    for base in record["mro"]:
        for name, member in classes.get(base, {"members": {}})["members"].items():
            found.setdefault(name, member)
    return found


def add_member(
    facts: Facts,
    answers: Answers,
    symbol: str,
    name: str,
    members: dict[str, dict[str, Record]],
    judged: list[tuple[str, int]],
) -> None:
    full, kind = member_symbol(symbol, name, members)
    claim, absent = facts.claim(full, kind, symbol, "probe"), 0
    for label, minor in judged:
        if name in members[label]:
            claim.says(bit(minor), True)
        elif answers.counts_as_absent(label, lambda other: name in members.get(other, ())):
            absent |= bit(minor)
    lacking = facts.claim(full, kind, symbol, WEAK) if kind == "attribute" else claim
    lacking.says(absent, False)
    if not name.startswith("__"):
        add_signatures(facts, full, {m: members[la][name].get("sig") for la, m in judged if name in members[la]})


def member_symbol(symbol: str, name: str, members: dict[str, dict[str, Record]]) -> tuple[str, str]:
    if name == "__class_getitem__":
        return f"{symbol}[]", "subscript"
    if name.startswith("__"):
        return f"{symbol}.{name}", "operator"
    kinds = [found[name]["k"] for found in members.values() if name in found]
    return f"{symbol}.{name}", kinds[-1]


def add_attribute(
    facts: Facts, answers: Answers, full: str, there: dict[str, bool], records: dict[str, Record]
) -> None:
    """An attribute that only instances have: absence counts where an instance could be made."""
    claim = facts.claim(full, "attribute", full.rpartition(".")[0], "probe")
    weak = facts.claim(full, "attribute", full.rpartition(".")[0], WEAK)
    facts[full].instance_only = True
    for label, minor in answers.judging:
        if label in there and records[label].get("inst") is not None:
            if there[label]:
                claim.says(bit(minor), True)
            elif answers.counts_as_absent(label, there.get):
                weak.says(bit(minor), False)


def drop_fiction(facts: Facts, answers: Answers) -> None:
    """Classes and functions that stubs tell of, but that no interpreter has where the stubs say that it should."""
    natives = [(label, minor) for label, minor in answers.judging if not build(label)]
    for symbol, fact in list(facts.items()):
        stub = fact.claims.get("typeshed")
        elsewhere = fact.extra.get("platform") and not {"linux", "unix"} & set(fact.extra["platform"])
        if stub is None or "probe" in fact.claims or fact.kind not in CODE or elsewhere or fact.parent not in facts:
            continue
        if any(stub.present & bit(m) and looked_at(answers.module(label, fact.parent)) for label, m in natives):
            del facts[symbol]
