"""Requirements and lock files against the versions and systems that the project is for, and against its imports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from compatcheck.depends.environments import System, holds, members
from compatcheck.depends.supply import Fit, Release, Supply, fit, newest_fitting
from compatcheck.depends.versions import Versions
from compatcheck.model.declared import Hidden, Locked, Needed, Required, Trouble
from compatcheck.model.runtimes import NO_RUNTIMES, Runtime, RuntimeSet


@dataclass(frozen=True)
class Needs:
    """All that one project asks for, and what is known of it. `brought` names what a platform has installed anyway."""

    needed: Sequence[Needed]
    versions: Versions
    targets: RuntimeSet
    systems: Sequence[System]
    supply: Supply
    supported: RuntimeSet = NO_RUNTIMES
    brought: Callable[[Runtime], frozenset[str]] = lambda runtime: frozenset()

    @cached_property
    def required(self) -> list[Required]:
        return [each for each in self.needed if isinstance(each, Required)]

    @cached_property
    def locked(self) -> list[Locked]:
        return [each for each in self.needed if isinstance(each, Locked)]

    @cached_property
    def runtimes(self) -> list[Runtime]:
        return [*self.versions.runtimes.members(self.targets)]

    def hidden(self, *, main: bool = False) -> bool:
        """Whether some of what is asked for could not be read."""
        return any(isinstance(each, Hidden) and not (main and each.group) for each in self.needed)

    def applies(self, marker: str | None, runtime: Runtime) -> bool:
        return any(holds(marker, runtime.python, system) for system in self.systems)

    def where(self, keep: Callable[[Runtime], bool]) -> RuntimeSet:
        return RuntimeSet(sum(1 << runtime.bit for runtime in self.runtimes if keep(runtime)))

    def phrase(self, runtimes: RuntimeSet) -> str:
        return self.versions.runtimes.phrase(runtimes)

    @cached_property
    def _reachable(self) -> Mapping[tuple[int, str], frozenset[str]]:
        pairs = members(self.runtimes, self.systems)
        return {(runtime.bit, system.name): _reachable(self, runtime, system) for runtime, system in pairs}

    def systems_with(self, name: str, runtime: Runtime) -> list[System]:
        """The systems on which a package of the lock files is installed: one that is asked for, or that nothing else
        needs, or that these need.
        """
        return [system for system in self.systems if name in self._reachable[runtime.bit, system.name]]


def _reachable(needs: Needs, runtime: Runtime, system: System) -> frozenset[str]:
    edges: defaultdict[str, set[str]] = defaultdict(set)
    known = set[str]()
    for each in needs.locked:
        there = holds(each.marker, runtime.python, system)
        for name, marker in each.needs:
            known.add(name)
            if there and holds(marker, runtime.python, system):
                edges[each.name].add(name)
    asked = {each.name for each in needs.required}
    wanted = {each.name for each in needs.required if holds(each.marker, runtime.python, system)}
    wanted |= {each.name for each in needs.locked} - known - asked
    done = set[str]()
    while wanted:
        name = wanted.pop()
        done.add(name)
        wanted |= edges[name] - done
    return frozenset(done)


def troubles(needs: Needs) -> Iterator[Trouble]:
    """What is wrong with single lines, with locked versions, and with pins."""
    yield from (each for each in needs.needed if isinstance(each, Trouble))
    yield from _locks(needs)
    yield from _pins(needs)
    if needs.supply.complete:
        yield from _nothing_fits(needs)


def _locks(needs: Needs) -> Iterator[Trouble]:
    by_name: defaultdict[tuple[str, str], list[Locked]] = defaultdict(list)
    for each in needs.locked:
        if each.version:
            by_name[each.name, each.place.path].append(each)
    for (name, _), chosen in by_name.items():
        fitted: dict[int, list[tuple[Locked, list[Fit]]]] = {}
        for runtime in needs.runtimes:
            systems = needs.systems_with(name, runtime) if name not in needs.brought(runtime) else []
            if systems:
                found = [(each, _fits(needs, each, runtime, systems)) for each in chosen]
                fitted[runtime.bit] = [one for one in found if one[1]]
        yield from _verdicts(needs, name, fitted)


def release_of(locked: Locked, supply: Supply) -> Release:
    """What is known of a locked version: by the lock file, and where that says little, by others."""
    files = tuple((name, None) for name in locked.files)
    known = supply.release(locked.name, locked.version)
    if known is not None and (not files or locked.requires_python is None):
        names = {name for name, _ in files}
        own = tuple(one for one in known.files if not names or one[0] in names) or files
        return Release(locked.name, locked.version, own, locked.requires_python or known.requires_python, known.known)
    return Release(locked.name, locked.version, files, locked.requires_python, locked.source)


def _fits(needs: Needs, each: Locked, runtime: Runtime, systems: Iterable[System]) -> list[Fit]:
    release = release_of(each, needs.supply)
    there = (system for system in systems if holds(each.marker, runtime.python, system))
    return [_fit(needs, release, runtime, system) for system in there]


def _fit(needs: Needs, release: Release, runtime: Runtime, system: System) -> Fit:
    return fit(release, runtime, system, needs.versions)


def _verdicts(needs: Needs, name: str, fitted: Mapping[int, list[tuple[Locked, list[Fit]]]]) -> Iterator[Trouble]:
    """One trouble a package and kind, over all versions: what no chosen version fits, or fits in part."""
    refused = _bits(fitted, lambda fits: all(one.python is False for one in fits))
    nothing = _bits(fitted, lambda fits: all(one.installs is False for one in fits)) - refused
    built = _bits(fitted, lambda fits: all(one.wheel is False for one in fits)) - refused - nothing
    partly = _bits(fitted, lambda fits: all(one.partly or one.python is False for one in fits)) - refused - nothing
    some = _bits(fitted, lambda fits: any(one.wheel is False for one in fits)) - refused - nothing - built
    first = next((one[0] for found in fitted.values() for one in found), None)
    if first is None:
        return
    for rule, failing in (
        ("dependency-excludes-python", refused),
        ("dependency-has-no-file", nothing),
        ("dependency-needs-micro", partly),
        ("dependency-sdist-only", built),
        ("dependency-lacks-wheel", some),
    ):
        if failing:
            yield _told(needs, rule, first, failing)


def _bits(fitted: Mapping[int, list[tuple[Locked, list[Fit]]]], fails: Callable[[list[Fit]], bool]) -> RuntimeSet:
    """The runtimes on which every chosen version fails; where none applies, nothing is asked for."""
    return RuntimeSet(sum(1 << bit for bit, found in fitted.items() if found and all(fails(fits) for _, fits in found)))


def _told(needs: Needs, rule: str, each: Locked | Required, failing: RuntimeSet, version: str = "") -> Trouble:
    version = version or (each.version if isinstance(each, Locked) else "")
    release = release_of(each, needs.supply) if isinstance(each, Locked) else needs.supply.release(each.name, version)
    lacking = [
        system.name for system in needs.systems if release is not None and _lacks(needs, release, failing, system)
    ]
    best = _best(needs, each.name, failing)
    names = (
        ("name", each.name),
        ("version", version),
        ("versions", needs.phrase(failing)),
        ("asked", (release.requires_python or "another version") if release else "another version"),
        ("systems", ", ".join(lacking)),
        ("best", f"On {needs.phrase(failing)} at most {best}." if best else "Choose a version that supports it."),
        ("symbol", each.name),
    )
    evidence = (f"known from {release.known}",) if release is not None else ()
    return Trouble(rule, each.place, names, evidence, fails=failing)


def _lacks(needs: Needs, release: Release, failing: RuntimeSet, system: System) -> bool:
    runtimes = needs.versions.runtimes.members(failing)
    return any(
        _fit(needs, release, runtime, system).wheel is False
        for runtime in runtimes
        if not needs.locked or system in needs.systems_with(release.name, runtime)
    )


def _best(needs: Needs, name: str, failing: RuntimeSet) -> str | None:
    """The newest release that installs on all that fail, as far as releases are known."""
    if name not in needs.supply:
        return None
    found = [
        newest_fitting(needs.supply, name, "", runtime, needs.systems, needs.versions)[0]
        for runtime in needs.versions.runtimes.members(failing)
    ]
    lowest = min((version for version in found if version is not None), default=None)
    return f"{name} {lowest}" if lowest is not None and None not in found else None


def _pins(needs: Needs) -> Iterator[Trouble]:
    """`name==1.0` in what is declared, as far as its files or metadata are known."""
    for each in needs.required:
        version = each.pinned
        release = needs.supply.release(each.name, version) if version else None
        if version is None or release is None:
            continue
        applies = needs.where(lambda runtime, each=each: _asked_for(needs, each, runtime))  # type: ignore[misc]
        failing = _failing(needs, release, applies)
        if failing:
            yield _told(needs, "dependency-excludes-python", each, failing, version)


def _asked_for(needs: Needs, each: Required, runtime: Runtime) -> bool:
    return needs.applies(each.marker, runtime) and each.name not in needs.brought(runtime)


def _failing(needs: Needs, release: Release, applies: RuntimeSet) -> RuntimeSet:
    runtimes = needs.versions.runtimes.members(applies)
    return RuntimeSet(
        sum(
            1 << runtime.bit
            for runtime in runtimes
            if all(_fit(needs, release, runtime, system).python is False for system in needs.systems)
        )
    )


def _nothing_fits(needs: Needs) -> Iterator[Trouble]:
    """With all releases known: requirements that none of them meets on some version."""
    for each in needs.required:
        if each.pinned is not None and needs.supply.release(each.name, each.pinned) is not None:
            continue
        if each.name not in needs.supply:
            continue
        none, built = NO_RUNTIMES, NO_RUNTIMES
        for runtime in needs.runtimes:
            if _asked_for(needs, each, runtime):
                bit = RuntimeSet(1 << runtime.bit)
                found, wheel = newest_fitting(
                    needs.supply, each.name, each.specifier, runtime, needs.systems, needs.versions
                )
                none |= bit if found is None else NO_RUNTIMES
                built |= bit if found is not None and not wheel else NO_RUNTIMES
        if none:
            names = (("name", each.name), ("text", each.text), ("versions", needs.phrase(none)), ("symbol", each.name))
            best = _best(needs, each.name, none)
            more = ("best", f"On {needs.phrase(none)} at most {best}." if best else "No release supports it.")
            yield Trouble("dependency-has-no-version", each.place, (*names, more), fails=none)
        if built:
            yield _told(needs, "dependency-sdist-only", each, built)


def rows(needs: Needs) -> Iterator[Mapping[str, object]]:
    """The report's line for every package that is asked for by name, and those that only a lock file has."""
    locked: dict[str, Locked] = {}
    for each in needs.locked:
        if each.version:
            locked.setdefault(each.name, each)
    asked: dict[str, Required] = {}
    for one in needs.required:
        asked.setdefault(one.name, one)
    for name in {**asked, **locked}:
        yield _row(needs, name, asked.get(name), locked.get(name))


def _row(needs: Needs, name: str, asked: Required | None, locked: Locked | None) -> Mapping[str, object]:
    same = [each for each in needs.required if each.name == name]
    return {
        "name": name,
        "requirement": asked.text if asked else None,
        "source": (asked or locked).place.path,  # type: ignore[union-attr]
        "locked": locked.version if locked else None,
        "runtimes": {runtime.name: _cell(needs, name, same, locked, runtime) for runtime in needs.runtimes},
    }


def _cell(
    needs: Needs, name: str, asked: Iterable[Required], locked: Locked | None, runtime: Runtime
) -> Mapping[str, object]:
    if name in needs.brought(runtime):
        return {"ok": True, "newest": None, "reason": "the platform brings it"}
    applying = [each for each in asked if needs.applies(each.marker, runtime)]
    if (asked and not applying) or (locked and not needs.systems_with(name, runtime)):
        return {"ok": True, "newest": None, "reason": "not needed"}
    newest = None
    if needs.supply.complete and name in needs.supply:
        specifier = ",".join(each.specifier for each in applying if each.specifier)
        found = newest_fitting(needs.supply, name, specifier, runtime, needs.systems, needs.versions)[0]
        newest = str(found) if found is not None else None
        if locked is None:
            return {"ok": newest is not None, "newest": newest, "reason": None if newest else "no release fits"}
    release = _chosen(needs, name, applying, locked, runtime)
    if release is None:
        return {"ok": None, "newest": newest, "reason": None}
    fitted = [_fit(needs, release, runtime, system) for system in needs.systems]
    if all(one.python is False for one in fitted):
        return {"ok": False, "newest": newest, "reason": f"requires Python {release.requires_python}"}
    if all(one.installs is False for one in fitted):
        return {"ok": False, "newest": newest, "reason": "no file fits"}
    ok = True if any(one.python or one.wheel for one in fitted) else None
    return {"ok": ok, "newest": newest, "reason": None}


def _chosen(
    needs: Needs, name: str, asked: Iterable[Required], locked: Locked | None, runtime: Runtime
) -> Release | None:
    """The release that is locked for a runtime, or the one that a pin or an installation names."""
    candidates = [each for each in needs.locked if each.name == name and each.version]
    applying = [each for each in candidates if needs.applies(each.marker, runtime)] or candidates
    releases = [release_of(each, needs.supply) for each in applying]
    fitting = [one for one in releases if any(_fit(needs, one, runtime, s).python is not False for s in needs.systems)]
    if releases:
        return (fitting or releases)[0]
    pins = [each.pinned for each in asked if each.pinned]
    return needs.supply.release(name, pins[0]) if pins else None
