"""All checks of an app, by file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compatcheck.configs.app.code import check_code
from compatcheck.configs.app.forms import Forms
from compatcheck.configs.app.layout import CONFLICTS, App
from compatcheck.configs.app.modules import read_module
from compatcheck.configs.app.yaml_parts import check_anvil_yaml
from compatcheck.configs.document import Text
from compatcheck.configs.found import Found


def check_app(app: App, form_schema: Any) -> Iterator[tuple[str, Found]]:
    """(path in the app, what was found there)."""
    modules = {path: read_module(text) for path, text in app.code.items()}
    for found in check_anvil_yaml(app):
        yield "anvil.yaml", found
    yield from check_code(app, modules)
    yield from Forms(app, modules, form_schema).check()
    if CONFLICTS in app.texts:
        yield CONFLICTS, Found("unresolved-conflicts", Text(app.texts[CONFLICTS]).span(0, 0))
