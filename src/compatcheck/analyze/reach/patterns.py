"""Whether a `case` pattern matches what is known of the interpreter."""

from __future__ import annotations

from typing import Any

from tree_sitter import Node

from compatcheck.analyze.reach.evaluate import Evaluator, real
from compatcheck.analyze.reach.values import UNKNOWN, Interpreter

_SEQUENCES = frozenset({"tuple_pattern", "list_pattern"})
_LITERALS = frozenset({"integer", "float", "string", "true", "false", "none"})


def matches(case: Node, evaluator: Evaluator, on: Interpreter) -> Any:
    """True, False or UNKNOWN for the patterns of a case clause, its guard left aside."""
    statement = case.parent.parent if case.parent is not None else None
    subject = statement.child_by_field_name("subject") if statement is not None else None
    patterns = [child for child in case.named_children if child.type == "case_pattern"]
    if subject is None or not patterns:
        return UNKNOWN
    value = evaluator.value(subject, on)
    if len(patterns) > 1:
        return UNKNOWN if value is UNKNOWN else _sequence(patterns, value, evaluator, on)
    return _matches(patterns[0], value, evaluator, on)


def _matches(pattern: Node, value: Any, evaluator: Evaluator, on: Interpreter) -> Any:
    parts = real(pattern)
    if pattern.type == "case_pattern":
        if not parts:
            return True if evaluator.tree.text(pattern) == b"_" else UNKNOWN
        return _matches(parts[0], value, evaluator, on)
    if pattern.type == "dotted_name" and len(parts) == 1:
        return True  # a capture
    if value is UNKNOWN:
        return UNKNOWN
    if pattern.type in _LITERALS:
        return evaluator.value(pattern, on) == value
    if pattern.type == "union_pattern":
        return _any([_matches(part, value, evaluator, on) for part in parts])
    return _sequence(parts, value, evaluator, on) if pattern.type in _SEQUENCES else UNKNOWN


def _sequence(parts: list[Node], value: Any, evaluator: Evaluator, on: Interpreter) -> Any:
    if not isinstance(value, tuple):
        return False
    inner = [real(part)[0] if part.type == "case_pattern" and real(part) else part for part in parts]
    starred = bool(inner) and inner[-1].type == "splat_pattern"
    if any(part.type == "splat_pattern" for part in inner[:-1]):
        return UNKNOWN
    fixed = parts[:-1] if starred else parts
    if len(value) < len(fixed) or (len(value) > len(fixed) and not starred):
        return False
    results = [_matches(part, item, evaluator, on) for part, item in zip(fixed, value, strict=False)]
    if any(result is not UNKNOWN and not result for result in results):
        return False
    return UNKNOWN if any(result is UNKNOWN for result in results) else True


def _any(results: list[Any]) -> Any:
    if any(result is not UNKNOWN and result for result in results):
        return True
    return UNKNOWN if any(result is UNKNOWN for result in results) else False
