"""What the code imports against what the project asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from compatcheck.depends.environments import only_python
from compatcheck.depends.judging import Needs
from compatcheck.model.declared import Place, Required, Trouble
from compatcheck.model.packages import Backport, PackageFacts
from compatcheck.model.rules import Severity
from compatcheck.model.runtimes import RuntimeSet


@dataclass(frozen=True, slots=True)
class Import:
    """One import of a module that is neither the standard library's nor the project's own."""

    module: str
    place: Place
    reach: RuntimeSet
    guarded: bool
    nested: bool


@dataclass(frozen=True)
class Imports:
    """The imports of the code that is shipped, and what else gives names: `installed` are the import names of packages
    that are installed beside the project.
    """

    found: Sequence[Import]
    facts: PackageFacts
    installed: Mapping[str, frozenset[str]]

    def distributions(self, module: str) -> tuple[str, ...]:
        """The packages that may give a module, the likeliest first."""
        parts = module.split(".")
        for size in range(len(parts), 0, -1):
            name = ".".join(parts[:size])
            if name in self.installed:
                return tuple(sorted(self.installed[name]))
            if name in self.facts.distributions:
                return self.facts.distributions[name]
        backport = self.backport(module)
        if backport is not None and backport.distribution is not None:
            return (backport.distribution,)
        return (canonicalize_name(backport.module if backport else parts[0]),)

    def backport(self, module: str) -> Backport | None:
        parts = module.split(".")
        names = (".".join(parts[:size]) for size in range(len(parts), 0, -1))
        return next((self.facts.backports[name] for name in names if name in self.facts.backports), None)


def troubles(needs: Needs, imports: Imports) -> Iterator[Trouble]:
    """Imports that nothing declares, holes that markers leave, and backports that nobody needs any more."""
    if not needs.required and not needs.locked:
        return
    yield from _holes(needs, imports)
    if not needs.hidden():
        yield from _undeclared(needs, imports)
    yield from _unneeded(needs, imports)


def _given(needs: Needs, imports: Imports, module: str) -> list[Required]:
    """The requirements that give a module."""
    names = set(imports.distributions(module))
    found = [each for each in needs.required if each.name in names]
    return found or [each for each in needs.required if _alike(module, each.name)]


def _alike(module: str, name: str) -> bool:
    """Whether a package may well give a module: `python-foo`, `foo-py`, `django-foo`, `google-cloud-x`; `py3foo`."""
    top = canonicalize_name(module.partition(".")[0]).strip("-")
    bare = re.sub(r"^(?:python3?|py3?)-?|-?(?:python3?|py3?)$", "", name)
    return (
        top in (name, bare)
        or top in name.split("-")
        or f"-{top}-" in f"-{name}-"
        or name.replace("-", "") == top.replace("-", "")
    )


def _transitive(needs: Needs, imports: Imports, module: str) -> bool:
    names = set(imports.distributions(module))
    return any(each.name in names or _alike(module, each.name) for each in needs.locked)


def _undeclared(needs: Needs, imports: Imports) -> Iterator[Trouble]:
    """Each module once, at the first place where its absence breaks something."""
    told = set[str]()
    for each in imports.found:
        failing = each.reach & needs.targets
        failing = needs.where(
            lambda runtime, failing=failing, module=each.module: (
                bool(failing.bits >> runtime.bit & 1)  # type: ignore[misc]
                and not needs.brought(runtime) & set(imports.distributions(module))
            )
        )
        if each.guarded or not failing or each.module.partition(".")[0] in told or _given(needs, imports, each.module):
            continue
        told.add(each.module.partition(".")[0])
        backport = imports.backport(each.module)
        package = imports.distributions(each.module)[0]
        names = (("symbol", each.module), ("package", package), ("versions", needs.phrase(failing)))
        if backport is not None:
            yield Trouble("undeclared-backport", each.place, names, fails=failing)
        elif _transitive(needs, imports, each.module):
            evidence = ("a lock file has it, because something else needs it",)
            yield Trouble("undeclared-import", each.place, names, evidence, "info", "likely", failing)
        else:
            severity: Severity | None = (
                "info" if each.nested else None
            )  # in a function: often an extra that only some ask for
            yield Trouble("undeclared-import", each.place, names, (), severity, "likely", failing)


def _holes(needs: Needs, imports: Imports) -> Iterator[Trouble]:
    """`tomli; python_version < "3.10"`, and code that imports it on 3.10."""
    told = set[Required]()
    for each in imports.found:
        given = sorted(_given(needs, imports, each.module), key=lambda one: one.group)
        if each.guarded or not given or given[0].group:
            continue
        covered = needs.where(lambda runtime, given=given: any(needs.applies(one.marker, runtime) for one in given))  # type: ignore[misc]
        failing = (each.reach & needs.targets) - covered
        failing = needs.where(
            lambda runtime, failing=failing, given=given: (
                bool(failing.bits >> runtime.bit & 1)  # type: ignore[misc]
                and not needs.systems_with(given[0].name, runtime)
                and given[0].name not in needs.brought(runtime)
            )
        )
        if failing and given[0] not in told:
            told.add(given[0])
            line = each.place.span.line if each.place.span else 0
            names = (
                ("text", given[0].text),
                ("where", f"{each.place.path}:{line}"),
                ("module", each.module),
                ("versions", needs.phrase(failing)),
                ("symbol", given[0].name),
            )
            yield Trouble("marker-hole", given[0].place, names, fails=failing)


def _unneeded(needs: Needs, imports: Imports) -> Iterator[Trouble]:
    """Requirements that no supported version meets, and backports of what all of them have."""
    supported = needs.supported & needs.versions.runtimes.cpython3
    runtimes = [*needs.versions.runtimes.members(supported)]
    names: dict[str, Backport] = {
        canonicalize_name(one.distribution or one.module): one for one in imports.facts.backports.values()
    }
    used = {canonicalize_name(backport.module) for each in imports.found if (backport := imports.backport(each.module))}
    for each in needs.required if runtimes else ():
        backport = names.get(each.name)
        if (
            each.marker
            and only_python(each.marker)
            and not any(needs.applies(each.marker, runtime) for runtime in runtimes)
        ):
            yield Trouble("unneeded-dependency", each.place, _named(needs, each, supported))
        elif backport and not each.marker and supported <= needs.versions.from_on(backport.since):
            if canonicalize_name(backport.module) not in used:
                more = (("stands_for", backport.stands_for), ("since", backport.since))
                yield Trouble("unneeded-backport", each.place, (*_named(needs, each, supported), *more))


def _named(needs: Needs, each: Required, supported: RuntimeSet) -> tuple[tuple[str, str], ...]:
    return (("text", each.text), ("name", each.name), ("versions", needs.phrase(supported)), ("symbol", each.name))
