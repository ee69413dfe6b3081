"""One requirement's text to what it asks for."""

from __future__ import annotations

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from compatcheck.model.declared import Place, Required, Trouble


def required(text: str, source: str, place: Place, group: str = "") -> Required | Trouble:
    """A PEP 508 requirement; a trouble for what is none."""
    try:
        asked = Requirement(text)
    except InvalidRequirement as error:
        reason = str(error).split("\n", 1)[0]
        return Trouble("invalid-requirement", place, (("text", text), ("reason", reason)))
    marker = str(asked.marker) if asked.marker is not None else None
    extras = tuple(sorted(canonicalize_name(extra) for extra in asked.extras))
    name = canonicalize_name(asked.name)
    return Required(name, str(asked.specifier), marker, extras, text.strip(), source, place, group)
