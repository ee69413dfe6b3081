"""Writes entries as the flat YAML of rules/stdlib, one line a symbol."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

PLAIN = re.compile(r"[A-Za-z_][\w.()\[\]]*")
WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}  # YAML 1.1 reads these as something else


def files(entries: Mapping[str, Mapping[str, Any]], modules: set[str]) -> dict[str, str]:
    """File name -> text."""
    grouped: dict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for symbol in sorted(entries):
        top = re.split(r"[.(\[]", symbol)[0]
        grouped[top if top in modules else "builtins"][symbol] = entries[symbol]
    return {f"{module}.yaml": document(module, names) for module, names in sorted(grouped.items())}


def document(module: str, names: Mapping[str, Mapping[str, Any]]) -> str:
    lines = [f"module: {module}", "names:"]
    lines += [f"  {scalar(symbol, key=True)}: {flow(entry)}" for symbol, entry in names.items()]
    return "\n".join(lines) + "\n"


def flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return scalar(value)


def scalar(value: Any, key: bool = False) -> str:
    if not isinstance(value, str):
        return json.dumps(value)
    plain = PLAIN.fullmatch(value) and value.lower() not in WORDS and (key or "[" not in value)
    return value if plain else json.dumps(value, ensure_ascii=False)
