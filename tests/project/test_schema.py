"""rules/schemas/settings.schema.json, the Settings dataclass and the small reader of the schema say the same."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any

import jsonschema
from hypothesis import given
from hypothesis import strategies as st

from compatcheck.model.settings import Settings
from compatcheck.project.keys import accept, schema
from compatcheck.project.layers import KEYS

_PROPERTIES: dict[str, Any] = schema()["properties"]
_SCALARS = st.one_of(
    st.booleans(), st.integers(-2, 9), st.sampled_from(["", "a", "error", "code", "3.7"]), st.just(1.5)
)
_VALUES = st.one_of(
    _SCALARS,
    st.lists(_SCALARS, max_size=3),
    st.dictionaries(st.sampled_from(["a", "b"]), st.one_of(_SCALARS, st.lists(_SCALARS, max_size=2)), max_size=2),
)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_every_key_is_a_field_and_explained() -> None:
    assert set(_PROPERTIES) - {"extend"} == set(KEYS.values())
    assert all(spec["description"].endswith(".") for spec in _PROPERTIES.values())


def test_defaults_agree() -> None:
    for field in fields(Settings):
        spec = _PROPERTIES[KEYS[field.name]]
        assert field.default is not MISSING
        default = list(field.default) if isinstance(field.default, tuple) else field.default
        assert spec.get("default") == ({} if spec.get("type") == "object" else default)


@given(st.sampled_from([*_PROPERTIES, "no-such-key"]), _VALUES)
def test_verdicts_are_those_of_jsonschema(key: str, value: object) -> None:
    told: list[str] = []
    accept({key: value}, lambda message, path: told.append(message), from_file=True)
    assert bool(told) is not jsonschema.Draft202012Validator(schema()).is_valid({key: value})
