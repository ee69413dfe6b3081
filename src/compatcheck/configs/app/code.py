"""What an app's code needs of its anvil.yaml: services, tables, tasks, secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compatcheck.configs.app.layout import CLIENT, App
from compatcheck.configs.app.modules import Module
from compatcheck.configs.app.yaml_parts import at
from compatcheck.configs.found import Found
from compatcheck.configs.masking import masked
from compatcheck.configs.text import nearest, shown_short
from compatcheck.model.problems import CodeFact, Span
from compatcheck.model.rules import Severity

InFile = tuple[str, Found]
_FILE = "anvil.yaml"
_TASK = "background_task"
_UPLINK = "/runtime/services/uplink.yml"


def check_code(app: App, modules: Mapping[str, Module]) -> Iterator[InFile]:
    for path, facts in app.facts.items():
        for fact in facts:
            yield from ((path, found) for found in _service(app, path, fact))
            yield from ((path, found) for found in _secret(app, path, fact))
    for path, module in modules.items():
        yield from ((path, found) for found in _tables(app, path, module))
    yield from ((_FILE, found) for found in (*_tasks(app, modules), *_unused_secrets(app)))


def _service(app: App, path: str, fact: CodeFact) -> Iterator[Found]:
    """A guarded import, or one in a module that asks which side it is on, may fail."""
    if fact.kind != "import" or fact.guarded or "is_server_side" in app.texts[path]:
        return
    needed = next((source for source, names in app.services.items() if _is_of(fact.name, names)), None)
    if needed is None or needed in app.service_sources:
        return
    severity: Severity | None = None
    if not path.startswith(CLIENT):
        severity = "info"  # the module is there, what it asks the platform for is not
    elif app.dependencies:
        severity = "warning"  # one of them may bring the service
    words = {"module": shown_short(fact.name), "service": needed}
    yield _in_code(app, "missing-service", path, fact.span, words, severity)


def _is_of(name: str, modules: Any) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def _secret(app: App, path: str, fact: CodeFact) -> Iterator[Found]:
    secrets = app.data.get("secrets")
    declared = secrets if isinstance(secrets, dict) else {}
    if fact.kind != "secret" or fact.name in declared:
        return
    near = nearest(fact.name, declared)
    words = {"name": shown_short(fact.name), "file": _FILE}
    yield _in_code(app, "undeclared-secret", path, fact.span, words, None, f"Did you mean `{near}`?" if near else None)


def _tables(app: App, path: str, module: Module) -> Iterator[Found]:
    for name, span in module.tables:
        if app.table_names is not None and name not in app.table_names:
            near = nearest(name, app.table_names)
            instead = f"Did you mean `{near}`?" if near else None
            yield _in_code(app, "missing-table", path, span, {"table": shown_short(name)}, None, instead)


def _tasks(app: App, modules: Mapping[str, Module]) -> Iterator[Found]:
    functions = [function for module in modules.values() for function in module.functions]
    tasks = {name for each in functions if _TASK in each.decorators for name in (each.given or (each.name,))}
    for index, task in enumerate(app.data.get("scheduled_tasks") or []):
        name = task.get("task_name") if isinstance(task, dict) else None
        if not isinstance(name, str) or not name or name in tasks or not modules:
            continue
        plain = any(each.name == name for each in functions)
        elsewhere = bool(app.dependencies) or _UPLINK in app.service_sources
        severity: Severity | None = "warning" if elsewhere else None
        near = nearest(name, tasks)
        why = ": the function of that name is none" if plain else ""
        words = {"task": shown_short(name), "why": why}
        instead = (
            "Put `@anvil.server.background_task` above it." if plain else f"Did you mean `{near}`?" if near else None
        )
        yield at(
            app, "missing-task", ("scheduled_tasks", index, "task_name"), words, severity=severity, instead=instead
        )


def _unused_secrets(app: App) -> Iterator[Found]:
    """Not where code asks for names that it puts together, or passes on."""
    secrets = app.data.get("secrets")
    if not isinstance(secrets, dict) or not app.code:
        return
    text = "\n".join(app.code.values())
    for name in secrets:
        if name not in text:
            yield at(app, "unused-secret", ("secrets", name), {"name": shown_short(name)}, key=True)


def _in_code(
    app: App,
    rule: str,
    path: str,
    span: Span,
    words: Mapping[str, str],
    severity: Severity | None = None,
    instead: str | None = None,
) -> Found:
    excerpt = masked(app.line(path, span.line))
    symbol = next(iter(words.values()))
    return Found(rule, span, words, excerpt, symbol, severity, instead)
