"""What a Skulpt takes and has, against a CPython: the rules' examples, modules, and the names in them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from compatcheck.rulebook import load_rulebook, rules_folder
from compatcheck.rulebook.compiling import read_yaml
from tools.judge.interpreters import find
from tools.skulpt.worker import Skulpt

_STUB = re.compile("not yet implemented|NotImplemented")
_ASYNC = re.compile(r"\basync\b|\bawait\b")
# Python's own list of what there is, and of what is in it, public names only; two levels deep.
_NAMES = """
import builtins, importlib, inspect, json, sys
def public(names): return sorted(n for n in names if not n.startswith("_"))
def methods(cls): return [n for n in public(vars(cls)) if callable(getattr(cls, n))]
def contents(module, names):
    own = {n: getattr(module, n) for n in names if not inspect.ismodule(getattr(module, n))}
    return {n: methods(thing) if inspect.isclass(thing) else [] for n, thing in own.items()}
def made_here(module, name):
    return getattr(getattr(module, name), "__module__", module.__name__) == module.__name__
found = {"": contents(builtins, public(vars(builtins)))}
for name in json.load(sys.stdin):
    try: module = importlib.import_module(name)
    except BaseException: continue
    names = getattr(module, "__all__", None) or [n for n in public(vars(module)) if made_here(module, n)]
    found[name] = contents(module, names)
print(json.dumps(found))
"""
_MODULES = """
import json, os, pkgutil, sys
lib = os.path.dirname(os.__file__)
tops = {n for _, n, _ in pkgutil.iter_modules([lib, os.path.join(lib, "lib-dynload")])} | set(sys.builtin_module_names)
subs = {t + "." + n for t in tops if os.path.isdir(os.path.join(lib, t)) for _, n, _ in pkgutil.iter_modules([os.path.join(lib, t)])}
print(json.dumps(sorted(m for m in tops | subs if not any(p.startswith("_") and p != "__future__" for p in m.split(".")))))
"""
_LEFT_OUT = frozenset(
    {"site-packages", "test", "idlelib", "lib2to3", "distutils", "ensurepip", "pydoc_data", "antigravity", "this"}
)


@dataclass
class Measured:
    """By section and list of a profile the entries, each with what distinguishes groups (the error's kind)."""

    lists: dict[tuple[str, str], dict[str, str | None]] = field(default_factory=dict)

    def add(self, section: str, key: str, entry: str, how: str | None = None) -> None:
        self.lists.setdefault((section, key), {})[entry] = how


def measure(folder: Path, language: int, python: str) -> Measured:
    """One Skulpt against a CPython."""
    found = Measured()
    with Skulpt(folder, language) as skulpt:
        _syntax(skulpt, python, found)
        known = _ask_python(python, _MODULES, None)
        modules = [name for name in known if name.partition(".")[0] not in _LEFT_OUT]
        there = _modules(skulpt, [*modules, *_older_and_newer(modules)], found)
        _names(skulpt, _ask_python(python, _NAMES, there), there, python, found)
    return found


def _syntax(skulpt: Skulpt, python: str, found: Measured) -> None:
    rulebook = load_rulebook()
    bit = rulebook.runtimes.parse(python).runtimes
    for rule in rulebook.syntax:
        data = read_yaml(rules_folder() / "syntax" / f"{rule.id}.yaml")
        for name, variant in rule.variants.items():
            if variant.severity != "error":
                continue
            takes = _most(skulpt, data["examples"].get(name, ()), rule.id.startswith("async"))
            if takes is not None and takes != bool(variant.works & bit):
                found.add("syntax", "works" if takes else "fails", f"{rule.id}/{name}")


def _most(skulpt: Skulpt, examples: Iterable[str], is_async: bool) -> bool | None:
    """Whether most examples compile; those that need what another rule is about say nothing."""
    codes = [code for code in examples if is_async or not _ASYNC.search(code)]
    said = [answer.error is None for answer in skulpt.compile(_text(code) for code in codes)]
    return sum(said) * 2 >= len(said) if said else None


def _text(code: str) -> str:
    return code.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def _older_and_newer(known: Sequence[str]) -> Iterator[str]:
    """Modules of other Pythons: all that rules/stdlib knows by a module's fact, and what this one has."""
    yield from sorted(
        set(sys.stdlib_module_names) - {*known, *_LEFT_OUT} - {n for n in sys.stdlib_module_names if n[0] == "_"}
    )


def _modules(skulpt: Skulpt, names: Sequence[str], found: Measured) -> list[str]:
    """The modules that can be imported; others are added, the outermost that fails."""
    there: list[str] = []
    missing: set[str] = set()
    for name in names:
        parents = {name[:at] for at, sign in enumerate(name) if sign == "."}
        if parents & missing:
            continue
        [answer] = skulpt.run([f"import {name}"])
        if answer.error is None:
            there.append(name)
        else:
            missing.add(name)
            found.add("lacks", "modules", name, "stub" if _STUB.search(answer.error) else None)
    return there


def _names(skulpt: Skulpt, known: Mapping[str, Any], there: Sequence[str], python: str, found: Measured) -> None:
    for module, names in known.items():
        prefix = f"{module}." if module else ""
        missing = set(_missing(skulpt, module, list(names)))
        for name in names:
            members = [f"{name}.{member}" for member in names[name]] if name not in missing else []
            for one in [*([name] if name in missing else []), *_missing(skulpt, module, members)]:
                found.add("lacks", "names", prefix + one)
    rulebook = load_rulebook()
    bit = rulebook.runtimes.parse(python).runtimes
    for symbol in rulebook.stdlib.raw:
        fact = rulebook.stdlib.fact(symbol)
        module = next((name for name in (*_heads(symbol), "") if name in ("", *there)), "")
        if fact is None or fact.kind in ("module", "parameter", "subscript") or fact.works & bit:
            continue
        if module == "" and "." in symbol and symbol.partition(".")[0] not in known[""]:
            continue
        name = symbol.removeprefix(f"{module}.") if module else symbol
        if not _missing(skulpt, module, [name]):
            found.add("has", "names", symbol)


def _heads(symbol: str) -> Iterator[str]:
    parts = symbol.split(".")
    yield from (".".join(parts[:at]) for at in range(len(parts) - 1, 0, -1))


def _missing(skulpt: Skulpt, module: str, names: Sequence[str]) -> list[str]:
    """Of dotted names those that are not there."""
    if not names:
        return []
    start = f"import {module} as m\n" if module else "m = None\n"
    lines = [start]
    for name in names:
        path = f"m.{name}" if module else name
        lines.append(
            f"try:\n    {path}\nexcept (AttributeError, NameError, NotImplementedError):\n    print({name!r})\n"
        )
    [answer] = skulpt.run(["".join(lines)])
    if answer.error is None:
        return answer.output.split()
    if len(names) == 1:
        return list(names)  # asking for it breaks the interpreter
    return [missing for name in names for missing in _missing(skulpt, module, [name])]


def _ask_python(version: str, code: str, given: object) -> Any:
    [python] = [each for each in find() if each.version == version]
    done = subprocess.run(
        [str(python.path), "-W", "ignore", "-c", code],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def groups(measured: Mapping[str, Measured], section: str, key: str) -> list[dict[str, Any]]:
    """The entries of one list, those together that hold for the same releases for the same reason."""
    order = list(measured)
    found: dict[tuple[str | None, tuple[str, ...]], list[str]] = {}
    entries = {entry: None for each in measured.values() for entry in each.lists.get((section, key), {})}
    for entry in sorted(entries):
        hows = {
            release: each.lists[section, key][entry]
            for release, each in measured.items()
            if entry in each.lists.get((section, key), {})
        }
        for how in dict.fromkeys(hows.values()):
            found.setdefault((how, tuple(release for release in hows if hows[release] == how)), []).append(entry)
    return [_group(key, names, how, releases, order) for (how, releases), names in found.items()]


def _group(key: str, names: list[str], how: str | None, releases: tuple[str, ...], order: list[str]) -> dict[str, Any]:
    made: dict[str, Any] = {key: names}
    first, last = order.index(releases[0]), order.index(releases[-1])
    if last - first + 1 != len(releases):
        made["releases"] = list(releases)
    else:
        made |= {"since": releases[0]} if first else {}
        made |= {"until": releases[-1]} if last + 1 < len(order) else {}
    return made | ({"how": how} if how else {})
