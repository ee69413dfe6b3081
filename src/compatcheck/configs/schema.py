"""A value against a JSON Schema: every mistake at once, each with its place, what was expected, the nearest word."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any

from compatcheck.configs import limits
from compatcheck.configs.document import Document, Path, shown
from compatcheck.configs.expected import expected, kind_of
from compatcheck.configs.found import Found
from compatcheck.configs.masking import masked, names_credential
from compatcheck.configs.text import listed, nearest, shown_short
from compatcheck.configs.traps import trap_hint
from compatcheck.model.rules import Severity

# jsonschema's errors, whose attributes its stubs know no types of.
Error = Any
Retrieve = Callable[[str], Any]
_SEVERITIES = ("error", "warning", "info")


class BadSchema(ValueError):
    """A schema that is none, or that refers to what cannot be had; the message says what and where."""


def no_others(address: str) -> Any:
    """For schemas that refer to nothing outside of themselves."""
    raise BadSchema(f"it refers to {shown_short(address, 200)!r}, which is not part of it")


def check_schema(schema: Any) -> None:
    """Raises BadSchema when it is no JSON Schema."""
    from jsonschema import SchemaError
    from jsonschema.validators import Draft202012Validator, validator_for

    if isinstance(schema, bool):
        return
    if not isinstance(schema, dict):
        raise BadSchema(f"a schema is a mapping, this is {kind_of(schema)}")
    try:
        validator_for(schema, default=Draft202012Validator).check_schema(schema)
    except SchemaError as error:
        where = shown(error.absolute_path) or "the schema"
        raise BadSchema(f"{where}: {shown_short(error.message, 200)}") from error
    except RecursionError as error:
        raise BadSchema("it is nested too deep") from error


def check_value(document: Document, schema: Any, retrieve: Retrieve = no_others) -> Iterator[Found]:
    """The mistakes in a document, at most `limits.PROBLEMS`. Raises BadSchema for references that lead nowhere."""
    import referencing.exceptions
    from jsonschema.validators import Draft202012Validator, validator_for

    base = validator_for(schema, default=Draft202012Validator)
    validator = _extended(base)(schema, registry=_registry(retrieve), format_checker=base.FORMAT_CHECKER)
    try:
        found = [
            each
            for error in islice(validator.iter_errors(document.value), limits.PROBLEMS)
            for each in _found(error, document)
        ]
    except referencing.exceptions.Unresolvable as error:
        raise _reason(error) from error
    except RecursionError:
        words = {"what": f"values nested more than {limits.DEPTH} deep"}
        found = [Found("oversized-config", document.span(()), words)]
    yield from found[: limits.PROBLEMS]
    if len(found) >= limits.PROBLEMS:
        words = {"what": f"{limits.PROBLEMS} mistakes and more: these are the first"}
        yield Found("oversized-config", document.span(()), words, severity="info")


def _registry(retrieve: Retrieve) -> Any:
    """The schemas of JSON Schema itself, and what the function brings."""
    import jsonschema_specifications
    import referencing
    from referencing.jsonschema import DRAFT202012

    def resource(address: str) -> Any:
        return referencing.Resource.from_contents(retrieve(address), default_specification=DRAFT202012)

    make: Any = referencing.Registry
    return jsonschema_specifications.REGISTRY.combine(make(retrieve=resource))


def _reason(error: BaseException) -> BadSchema:
    """What the function that should have brought the reference said, if that is why it leads nowhere."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, BadSchema):
            return cause
        cause = cause.__cause__ or cause.__context__
    return BadSchema(f"a reference leads nowhere: {shown_short(str(error), 200)}")


@cache
def _extended(base: Any) -> Any:
    """With `x-unknown: info`: a mapping that stays open, and whose unknown keys are told all the same."""
    from jsonschema.validators import extend

    extended: Any = extend
    return extended(base, {"x-unknown": _unknown_keys})


def _unknown_keys(_validator: Any, severity: str, value: Any, schema: Any) -> Iterator[Error]:
    from jsonschema import ValidationError

    if isinstance(value, dict) and _extras(value, schema):
        yield ValidationError(f"unknown keys ({severity})")


def _found(error: Error, document: Document) -> Iterator[Found]:
    keyword, path = str(error.validator), tuple(error.absolute_path)
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    if keyword in ("anyOf", "oneOf"):
        yield from _alternatives(error, document, path)
    elif keyword == "required":
        yield from _missing(error, schema, document, path)
    elif keyword in ("additionalProperties", "unevaluatedProperties", "x-unknown"):
        yield from _unknown(error, schema, document, path)
    elif "propertyNames" in error.absolute_schema_path:
        yield _wrong(error, keyword, schema, document, (*path, str(error.instance)), is_key=True)
    else:
        yield _wrong(error, keyword, schema, document, path)


def _alternatives(error: Error, document: Document, path: Path) -> Iterator[Found]:
    """The mistakes of the one alternative that was meant, if it shows; else what all of them expect."""
    branches: dict[Any, list[Error]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.relative_schema_path[0], []).append(inner)
    meant = [inner for inner in branches.values() if not any(_rules_out(one) for one in inner)]
    if len(meant) == 1:
        for inner_error in meant[0]:
            yield from _found(inner_error, document)
        return
    own = error.schema.get("x-expected") if isinstance(error.schema, Mapping) else None
    told = [str(own)] if own else [*dict.fromkeys(_told(inner) for inner in branches.values())]
    words = {"path": _where(path), "expected": " or ".join(told) or "one alternative of the schema only", "found": ""}
    yield _at(document, path, "wrong-value", words, severity=_severity(error.schema))


def _rules_out(error: Error) -> bool:
    """Whether the mistake is that the value is something else altogether."""
    return not error.relative_path and error.validator in ("type", "const", "enum")


def _told(errors: list[Error]) -> str:
    first = errors[0]
    if first.validator == "required":
        return f"a mapping with {listed(first.validator_value, 'and')}"
    return expected(str(first.validator), first.schema if isinstance(first.schema, Mapping) else {})


def _missing(error: Error, schema: Mapping[str, Any], document: Document, path: Path) -> Iterator[Found]:
    """jsonschema tells one missing key a time, and its name in the message only."""
    name = next((name for name in error.validator_value if error.message.startswith(repr(name))), None)
    if name is None:
        return
    near = nearest(name, [key for key in error.instance if key not in schema.get("properties", {})])
    instead = f"Is `{shown_short(near)}` meant for it?" if near else None
    words = {"where": _where(path), "key": name}
    inner = schema.get("properties", {}).get(name, {})
    severity = _severity(inner) or _severity(schema) if isinstance(inner, dict) else None
    yield _at(document, path, "missing-key", words, symbol=shown((*path, name)), instead=instead, severity=severity)


def _unknown(error: Error, schema: Mapping[str, Any], document: Document, path: Path) -> Iterator[Found]:
    open_ended = error.validator == "x-unknown"
    known = [*schema.get("properties", {})]
    for name in _extras(error.instance, schema):
        near = nearest(name, [key for key in known if open_ended or key not in error.instance])
        instead = f"Did you mean `{near}`?" if near else None
        if not near and known and len(known) <= 12:
            instead = f"Known keys are {listed(known, 'and')}."
        severity: Severity | None = _severity(schema)
        if open_ended:
            severity = "warning" if near else _severity({"x-severity": error.validator_value})
        words = {"key": shown_short(name), "where": f" in `{shown(path)}`" if path else ""}
        yield _at(document, (*path, name), "unknown-key", words, key=True, instead=instead, severity=severity)


def _extras(value: Mapping[str, Any], schema: Any) -> list[str]:
    import re

    patterns = [*schema.get("patternProperties", {})]
    return [
        name
        for name in value
        if name not in schema.get("properties", {}) and not any(re.search(p, name) for p in patterns)
    ]


def _wrong(
    error: Error,
    keyword: str,
    schema: Mapping[str, Any],
    document: Document,
    path: Path,
    *,
    is_key: bool = False,
) -> Found:
    """A value (or a key) that is not what the schema says."""
    wanted = expected(keyword, schema)
    words = {"path": _where(path), "expected": wanted, "found": _shown_value(error.instance, path, is_key)}
    instead = None
    if keyword == "enum" and isinstance(error.instance, str):
        near = nearest(error.instance, [str(word) for word in schema["enum"]])
        instead = f"Did you mean `{near}`?" if near else None
    rule = "wrong-type" if keyword == "type" else "wrong-value"
    if keyword == "type":
        words["found"] = f", and is {kind_of(error.instance)}"
    if not is_key and not isinstance(error.instance, str) and (keyword != "type" or "string" in schema.get("type", ())):
        instead = trap_hint(document.source(path), "text") or instead
    severity = _severity(schema)
    return _at(document, path, rule, words, key=is_key, instead=instead, severity=severity)


def _shown_value(value: Any, path: Path, is_key: bool) -> str:
    """`, and is …`, without what nobody may see."""
    if is_key:
        return ""
    if not isinstance(value, (str, int, float)) or isinstance(value, bool) or _is_secret(path):
        return f", and is {kind_of(value)}" if not isinstance(value, str) else ""
    return f", and is `{masked(shown_short(str(value)))}`" if str(value) else ", and is empty"


def _is_secret(path: Path) -> bool:
    return any(names_credential(step) for step in path if isinstance(step, str))


def _severity(schema: Any) -> Severity | None:
    told = schema.get("x-severity") if isinstance(schema, Mapping) else None
    return told if told in _SEVERITIES else None


def _where(path: Path) -> str:
    return f"`{shown(path)}`" if path else "the file"


def _at(
    document: Document,
    path: Path,
    rule: str,
    words: Mapping[str, str],
    *,
    key: bool = False,
    symbol: str | None = None,
    instead: str | None = None,
    severity: Severity | None = None,
) -> Found:
    span = document.span(path, key=key)
    excerpt = masked(document.text.line(span.line), wholly=_is_secret(path))
    return Found(rule, span, words, excerpt, symbol or shown(path) or None, severity, instead)
