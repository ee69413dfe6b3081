"""What names of the standard library look like in code: by the module that a text must import for them, and by their
last word, with the runtimes on which they fail. Worked out when rules/ is compiled, so that no run has to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from compatcheck.model.runtimes import Runtimes
from compatcheck.rulebook.works import last_word, works_of

Data = dict[str, Any]
_MEMBER_KINDS = frozenset({"method", "attribute", "operator"})
_BUILTIN_CLASSES = frozenset(
    [
        "str",
        "bytes",
        "bytearray",
        "int",
        "float",
        "complex",
        "bool",
        "list",
        "tuple",
        "dict",
        "set",
        "frozenset",
        "memoryview",
        "range",
        "slice",
        "type",
        "object",
        "property",
        "function",
        "BaseException",
        "Exception",
    ]
)
# Their methods of Python 2 are only looked for at literals.
_TEXTS = frozenset({"str", "bytes"})
_LITERALS = frozenset(["str", "bytes", "int", "float", "complex", "bool", "list", "tuple", "dict", "set"])


def outlook(facts: Mapping[str, Data], runtimes: Runtimes) -> Data:
    """`heads`: by first word (empty for builtins), by last word: [bits, kind, owner, callee, class, symbol] of what
    fails or is deprecated somewhere; `names`: the first words of all symbols; `makers`: by class, the words of what
    gives instances of it; `counted`: by last word of what takes not always the same number of arguments, the first word
    of all such symbols where there is one, and how many are always taken;
    `abroad`: by last word of what gives instances of classes of other modules, by its own first word, theirs.
    """
    heads: dict[str, dict[str, list[list[Any]]]] = {}
    classes: set[str] = set()
    for symbol, fact in facts.items():
        bits = _failing(fact, runtimes)
        if not bits:
            continue
        head, kind, owner, callee, cls = shape_of(symbol, fact["kind"])
        if owner in _TEXTS and not works_of(fact, runtimes) & runtimes.cpython3:
            kind = "literal"
        if cls:
            classes.add(cls)
        heads.setdefault(head, {}).setdefault(last_word(symbol), []).append([bits, kind, owner, callee, cls, symbol])
    counted: dict[str, list[Any]] = {}
    for symbol, fact in facts.items():
        if "positional" in fact:
            least = min(count for count in fact["positional"].values() if count is not None)
            entry = counted.setdefault(last_word(symbol), [symbol.partition(".")[0] if "." in symbol else "", least])
            same = entry[0] == symbol.partition(".")[0] and not _is_builtin(symbol)
            entry[:] = [entry[0] if same else "", min(entry[1], least)]
    makers = _closed(_makers(facts))
    return {
        "heads": heads,
        "counted": counted,
        "abroad": _abroad(facts, classes),
        "names": sorted({symbol.partition(".")[0] for symbol in facts}),
        "makers": {cls: sorted(makers.get(cls, set()) | {cls.rpartition(".")[2]}) for cls in sorted(classes)},
    }


def _is_builtin(symbol: str) -> bool:
    return symbol.partition(".")[0] in _BUILTIN_CLASSES


def _failing(fact: Data, runtimes: Runtimes) -> int:
    fails = runtimes.cpython3 - works_of(fact, runtimes)
    if "deprecated" in fact:
        fails |= runtimes.between(str(fact["deprecated"]), None)
    return fails.bits


def shape_of(symbol: str, kind: str) -> tuple[str, str, str, str, str]:
    """Head, kind of place (name, member, parameter, module, subscript), the last word of what it belongs to, who is called,
    and the class whose instances have it.
    """
    path, _, parameter = symbol.partition("(")
    parts = path.split(".")
    builtin = parts[0] in _BUILTIN_CLASSES
    if parameter:
        callee = parts[-2] if parts[-1] == "__init__" and len(parts) > 1 else parts[-1]
        return (parts[0] if len(parts) > 1 and not builtin else ""), "parameter", "", callee, ""
    owner = parts[-2] if len(parts) > 1 else ""
    if kind == "module":
        return parts[0], "module", owner, "", ""
    if kind == "subscript":
        return (parts[0] if len(parts) > 1 else ""), "subscript", owner, "", ""
    member = kind in _MEMBER_KINDS or (kind == "constant" and owner[:1].isupper())
    if not member:
        return (parts[0] if len(parts) > 1 else ""), "name", owner, "", ""
    if builtin:
        # No import and no name is needed for these: literals make them.
        return "", "member", owner, "", "" if parts[0] in _LITERALS else parts[0]
    return (parts[0] if len(parts) > 1 else ""), "member", owner, "", path.rpartition(".")[0]


def _makers(facts: Mapping[str, Data]) -> Iterable[tuple[str, str, bool]]:
    """(class, symbol, whether the symbol is a subclass): what gives instances of a class."""
    for symbol, fact in facts.items():
        yield from ((base, symbol, True) for base in fact.get("bases", ()))
        if "returns" in fact:
            yield fact["returns"], symbol, False


def _abroad(facts: Mapping[str, Data], classes: Iterable[str]) -> dict[str, dict[str, list[str]]]:
    direct: dict[str, list[tuple[str, bool]]] = {}
    for cls, symbol, subclass in _makers(facts):
        direct.setdefault(cls, []).append((symbol, subclass))
    found: dict[str, dict[str, set[str]]] = {}
    for cls in classes:
        home, waiting, seen = _head(cls), [cls], {cls}
        while waiting:
            for symbol, subclass in direct.get(waiting.pop(), ()):
                if (head := _head(symbol)) != home:
                    found.setdefault(last_word(symbol), {}).setdefault(head, set()).add(home)
                if subclass and symbol not in seen:
                    seen.add(symbol)
                    waiting.append(symbol)
    return {word: {head: sorted(homes) for head, homes in of.items()} for word, of in sorted(found.items())}


def _head(symbol: str) -> str:
    """The module that a text must import for a symbol; empty for builtins."""
    return shape_of(symbol, "function")[0]


def _closed(makers: Iterable[tuple[str, str, bool]]) -> dict[str, set[str]]:
    """The words of each class's makers, those of its subclasses included."""
    below: dict[str, set[str]] = {}
    words: dict[str, set[str]] = {}
    for cls, symbol, subclass in makers:
        words.setdefault(cls, set()).add(last_word(symbol))
        if subclass:
            below.setdefault(cls, set()).add(symbol)
    direct = {cls: set(found) for cls, found in words.items()}
    for cls in words:
        waiting = list(below.get(cls, ()))
        seen = set(waiting)
        while waiting:
            sub = waiting.pop()
            words[cls] |= direct.get(sub, set())
            fresh = below.get(sub, set()) - seen
            seen |= fresh
            waiting += fresh
    return words
