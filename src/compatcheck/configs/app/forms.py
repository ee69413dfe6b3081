"""Forms: their templates against their classes, and the forms that they name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compatcheck.configs.app.layout import App
from compatcheck.configs.app.modules import Class, Module, is_expression, is_target
from compatcheck.configs.app.templates import Reference, Template, read_template
from compatcheck.configs.document import Text
from compatcheck.configs.found import Found
from compatcheck.configs.masking import masked
from compatcheck.configs.schema import check_value
from compatcheck.configs.text import nearest, shown_short

InFile = tuple[str, Found]
_FORM = "form:"


class Forms:
    """All forms of an app. `schema` is what a template in YAML must be like."""

    def __init__(self, app: App, modules: Mapping[str, Module], schema: Any) -> None:
        self._app = app
        self._modules = modules
        self._schema = schema
        self._templates = {path: read_template(path, app.texts[path]) for paths in app.forms.values() for path in paths}
        self._classes: dict[str, list[Class]] = {}
        for module in modules.values():
            for each in module.classes.values():
                self._classes.setdefault(each.name, []).append(each)

    def check(self) -> Iterator[InFile]:
        for name, paths in self._app.forms.items():
            html = [path for path in paths if path.endswith(".html")]
            for path in paths:
                if html and path not in html:
                    words = {"other": html[0].rpartition("/")[2]}
                    yield path, Found("shadowed-template", Text(self._app.texts[path]).span(0, 0), words)
                else:
                    for found in self._check(name, path, self._templates[path]):
                        yield path, found

    def _check(self, name: str, path: str, template: Template) -> Iterator[Found]:
        yield from template.found
        if template.document is not None:
            yield from check_value(template.document, self._schema)
        yield from _unique(template)
        yield from self._references(template)
        yield from map(_broken, filter(_is_broken, template.bindings), [template] * len(template.bindings))
        yield from self._class(name, template)

    def _references(self, template: Template) -> Iterator[Found]:
        layout = [template.layout] if template.layout is not None else []
        for reference in [*layout, *template.types]:
            is_item = reference.about == "item_template"
            if (is_item or reference.text.startswith(_FORM)) and (why := self._dangling(reference.text)) is not None:
                near = nearest(reference.text.removeprefix(_FORM), self._app.forms)
                words = {"form": shown_short(reference.text), "why": why}
                yield _at(template, "dangling-form", reference, words, f"Did you mean `{near}`?" if near else None)

    def _dangling(self, reference: str) -> str | None:
        """Why a reference to a form leads nowhere; None where it does, or where nobody can tell."""
        name = reference.removeprefix(_FORM)
        dependencies = self._app.dependencies
        if ":" in name:
            dependency = name.partition(":")[0]
            known = [str(each.get(key)) for each in dependencies for key in ("dep_id", "app_id")]
            return None if dependency in known else f": the dependency `{shown_short(dependency)}` is not in anvil.yaml"
        if self._app.is_client_name(name):
            return None
        hints = [each.get("resolution_hints") for each in dependencies]
        packages = [hint.get("package_name") for hint in hints if isinstance(hint, dict)]
        first = name.partition(".")[0]
        unnamed = len(packages) < len(dependencies) or None in packages
        return None if first in packages or (unnamed and "." in name) else ""

    def _class(self, name: str, template: Template) -> Iterator[Found]:
        """The form's class, and the methods that its events name."""
        path = self._app.module_of(name)
        own = name.rpartition(".")[2]
        start = template.text.span(0, 0)
        if path is None:
            yield Found("form-class", start, {"why": f"the form has no module: there is no class `{own}`"}, symbol=own)
            return
        module = self._modules[path]
        if own not in module.classes:
            if not (module.broken or module.star or own in module.bound):
                why = f"{path.rpartition('/')[2]} has no class `{own}`"
                yield Found("form-class", start, {"why": why}, symbol=own)
            return
        found = module.classes[own]
        if f"{own}Template" not in found.bases and not module.broken and not self._open(found):
            why = f"`{own}` does not inherit from `{own}Template`"
            yield Found("form-class", start, {"why": why}, symbol=own)
        names = self._names(found, own)
        for reference in template.methods if names is not None and not module.broken else ():
            method = reference.text.removeprefix("self.")
            if names is not None and method.isidentifier() and method not in names:
                near = nearest(method, names)
                words = {"method": shown_short(method), "form": own, "event": shown_short(reference.about)}
                instead = f"Did you mean `{near}`?" if near else None
                yield _at(template, "missing-event-method", reference, words, instead)

    def _open(self, found: Class) -> bool:
        """Whether a base may bring anything: one that is not of this app, or another form."""
        return any(base not in self._classes or base != found.name for base in found.bases if base != "object")

    def _names(self, found: Class, own: str) -> set[str] | None:
        """Everything that the class has by name; None where a base is not of this app."""
        names, pending, seen = set[str](), [found], {found.name}
        while pending:
            each = pending.pop()
            names |= each.names
            for base in each.bases:
                if base in seen or base in (f"{own}Template", "object"):
                    continue
                seen.add(base)
                if base not in self._classes:
                    if base.endswith("Template") and base.removesuffix("Template") in self._classes:
                        continue
                    return None
                pending += self._classes[base]
        return names


def _unique(template: Template) -> Iterator[Found]:
    seen: dict[str, Reference] = {}
    for reference in template.names:
        first = seen.setdefault(reference.text, reference)
        if first is not reference:
            words = {"name": shown_short(reference.text), "line": str(first.span.line)}
            yield _at(template, "duplicate-component", reference, words)


def _is_broken(binding: Reference) -> bool:
    code = binding.text.strip()
    return bool(code) and (not is_expression(code) or (binding.writes and not is_target(code)))


def _broken(binding: Reference, template: Template) -> Found:
    whole = is_expression(binding.text.strip())
    why = "writes back to what nothing can be assigned to" if whole else "is no expression"
    return _at(template, "broken-binding", binding, {"property": shown_short(binding.about), "why": why})


def _at(
    template: Template, rule: str, reference: Reference, words: Mapping[str, str], instead: str | None = None
) -> Found:
    excerpt = masked(template.text.line(reference.span.line))
    return Found(rule, reference.span, words, excerpt, shown_short(reference.text), instead=instead)
