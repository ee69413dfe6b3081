"""Statements of Python versions held against each other, against the code, and against the calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from compatcheck.depends.versions import Versions
from compatcheck.model.declared import Blank, Declaration, Role, Stated, Trouble
from compatcheck.model.runtimes import NO_RUNTIMES, RuntimeSet

_MOST_EVIDENCE = 5
# Tools that write code, or tell people what to write; the others only look at it.
_WRITERS = ("ruff", "black")


@dataclass(frozen=True, slots=True)
class Blocker:
    """An error of the code: where it fails, and how people find it: `src/a.py:12`, "`:=` needs Python 3.8". `loading` if
    the module cannot even be imported there; else it takes a call, which may never come.
    """

    fails: RuntimeSet
    where: str
    message: str
    loading: bool = True


@dataclass(frozen=True)
class Folder:
    """All that one project states. `blockers` are the certain errors of the code that it ships, known for `scope`;
    `today` is an ISO date.
    """

    stated: Sequence[Stated]
    versions: Versions
    today: str
    blockers: Sequence[Blocker] = ()
    scope: RuntimeSet = NO_RUNTIMES

    def of(self, *roles: Role) -> list[Declaration]:
        return [each for each in self.stated if isinstance(each, Declaration) and each.role in roles]

    def blank(self, *roles: Role) -> bool:
        return any(isinstance(each, Blank) and each.role in roles for each in self.stated)

    @cached_property
    def supports(self) -> Declaration | None:
        """The statement that counts: the first, as the files are in the order in which tools look at them."""
        return next(iter(self.of("supports")), None)

    @cached_property
    def supported(self) -> RuntimeSet:
        return self.supports.states if self.supports else NO_RUNTIMES

    @cached_property
    def fails(self) -> RuntimeSet:
        return RuntimeSet(_united(blocker.fails for blocker in self.blockers)) & self.scope

    def phrase(self, states: RuntimeSet) -> str:
        return self.versions.runtimes.phrase(states)

    def names(self, states: RuntimeSet) -> tuple[str, ...]:
        return self.versions.runtimes.names(states)

    def before(self, states: RuntimeSet) -> RuntimeSet:
        """All versions older than every one of the set."""
        first = self.versions.floor(states)
        return self.versions.known - self.versions.from_on(first) if first else NO_RUNTIMES


def troubles(folder: Folder) -> Iterator[Trouble]:
    """Everything that does not fit together, a trouble for each line to change."""
    yield from (each for each in folder.stated if isinstance(each, Trouble))
    for rule in _RULES:
        yield from rule(folder)


def _code_against_support(folder: Folder) -> Iterator[Trouble]:
    stated = folder.supports
    failing = folder.supported & folder.fails
    if stated is None or not failing:
        return
    run = newest_run(folder, folder.supported & folder.scope - folder.fails)
    low = failing & folder.before(run) if run else failing
    for rule, part in (("requires-python-too-low", low), ("requires-python-too-high", failing - low)):
        told = [blocker for blocker in folder.blockers if blocker.fails & part]
        if part and told:
            told.sort(key=lambda blocker: (not blocker.loading, -len(blocker.fails & part)))
            names = {
                "source": stated.source,
                "text": stated.text,
                "where": told[0].where,
                "what": told[0].message,
                "versions": folder.phrase(part),
                "works": folder.phrase(run) or "no version of it",
                "count": f"{len(told)} line" + "s" * (len(told) > 1),
            }
            evidence = tuple(f"{blocker.where}: {blocker.message}" for blocker in told[:_MOST_EVIDENCE])
            trouble = Trouble(rule, stated.place, tuple(names.items()), evidence)
            yield trouble if told[0].loading else replace(trouble, severity="warning", confidence="likely")


def newest_run(folder: Folder, works: RuntimeSet) -> RuntimeSet:
    """The newest unbroken run of versions in a set."""
    run, ended = 0, False
    for runtime in reversed([*folder.versions.runtimes.members(folder.versions.known)]):
        if works.bits >> runtime.bit & 1 and not ended:
            run |= 1 << runtime.bit
        elif run:
            ended = True
    return RuntimeSet(run)


def _support_missing(folder: Folder) -> Iterator[Trouble]:
    named = next(iter(folder.of("names")), None)
    if named is None or folder.supports or folder.blank("supports") or not folder.fails:
        return
    first = max(folder.blockers, key=lambda blocker: len(blocker.fails))
    names = (("where", first.where), ("what", first.message), ("versions", folder.phrase(folder.fails)))
    yield Trouble("requires-python-missing", named.place, names, (f"{first.where}: {first.message}",))


def _supports_disagree(folder: Folder) -> Iterator[Trouble]:
    for other in folder.of("supports")[1:]:
        if folder.supports and other.states != folder.supported:
            yield _against(folder, "python-versions-disagree", other, folder.supports)


def _classifiers(folder: Folder) -> Iterator[Trouble]:
    listed = folder.of("lists")
    if folder.supports is None or not listed:
        return
    for each in listed:
        if not each.states <= folder.supported:
            yield _against(folder, "classifier-unsupported", each, folder.supports)
    states = RuntimeSet(_united(each.states for each in listed))
    missing = folder.supported & _hull(folder, states | _oldest(folder, folder.supported)) - states
    if missing and states & folder.supported:
        names = (
            ("text", folder.supports.text),
            ("source", folder.supports.source),
            ("versions", folder.phrase(missing)),
        )
        yield Trouble("classifier-missing", listed[0].place, names)


def _assumed(folder: Folder) -> Iterator[Trouble]:
    """What tools are told to assume must be the oldest version that is supported."""
    floor = _oldest(folder, folder.supported)
    if folder.supports is None or not floor or floor <= folder.before(folder.versions.one("3.0")):
        return
    for source in dict.fromkeys(each.source for each in folder.of("assumes")):
        told = [each for each in folder.of("assumes") if each.source == source]
        lowest = _oldest(folder, RuntimeSet(_united(each.states for each in told)))
        place = next(each for each in told if lowest <= each.states)
        if lowest == floor:
            continue
        rule = "tool-version-stale" if lowest <= folder.before(floor) else "tool-version-too-new"
        if rule == "tool-version-stale" and len(told) > 1:
            continue  # a list of all versions that a formatter must respect may hold more
        trouble = _against(folder, rule, place, folder.supports)
        writes = source.startswith(_WRITERS)
        yield trouble if rule == "tool-version-stale" or writes else _as_info(trouble)


def _tested(folder: Folder) -> Iterator[Trouble]:
    if folder.supports is None:
        return
    for each in folder.of("tests", "builds"):
        if not each.states & folder.supported:
            rule = "unsupported-version-tested" if each.role == "tests" else "unsupported-version-built"
            yield _against(folder, rule, each, folder.supports)


def _untested(folder: Folder) -> Iterator[Trouble]:
    tested = RuntimeSet(_united(each.states for each in folder.of("tests")))
    if folder.supports is None or folder.blank("tests") or len(tested) < 2:
        return
    used = RuntimeSet(_united(each.states for each in folder.of("uses")))
    listed = RuntimeSet(_united(each.states for each in folder.of("lists")))
    meant = _hull(folder, tested | listed | _oldest(folder, folder.supported)) & folder.supported
    if missing := meant - tested - used:
        names = (
            ("versions", folder.phrase(missing)),
            ("source", folder.supports.source),
            ("text", folder.supports.text),
        )
        sources = sorted({f"{each.source} tests {each.text}: {_at(each)}" for each in folder.of("tests")})
        yield Trouble("untested-version", folder.supports.place, names, tuple(sources[:_MOST_EVIDENCE]))


def _ended(folder: Folder) -> Iterator[Trouble]:
    ended = folder.versions.ended(folder.today)
    old = folder.supported
    if folder.supports is not None and old <= ended:  # to support old ones beside others is a choice
        newest = [*folder.versions.runtimes.members(old)][-1]
        names = (
            ("source", folder.supports.source),
            ("text", folder.supports.text),
            ("versions", folder.phrase(old)),
            ("date", f"{newest.name} ended on {newest.end_of_life}"),
        )
        yield Trouble("end-of-life-version", folder.supports.place, names)
    for each in folder.of("runs"):
        if each.states and each.states <= ended:
            newest = [*folder.versions.runtimes.members(each.states)][-1]
            names = (
                ("source", each.source),
                ("text", each.text),
                ("versions", folder.phrase(each.states)),
                ("date", f"{newest.name} ended on {newest.end_of_life}"),
            )
            yield Trouble("end-of-life-version", each.place, names)


def _runs(folder: Folder) -> Iterator[Trouble]:
    for each in folder.of("runs"):
        if each.source == "pre-commit":
            continue  # the hooks' Python, not the project's
        if folder.supports is not None and not each.states & folder.supported:
            yield _against(folder, "unsupported-version-used", each, folder.supports)
        elif each.states <= folder.fails:
            told = [blocker for blocker in folder.blockers if each.states <= blocker.fails]
            told.sort(key=lambda blocker: not blocker.loading)
            if told:
                names = (
                    ("source", each.source),
                    ("text", each.text),
                    ("where", told[0].where),
                    ("what", told[0].message),
                )
                evidence = tuple(f"{blocker.where}: {blocker.message}" for blocker in told[:_MOST_EVIDENCE])
                trouble = Trouble("used-version-too-old", each.place, names, evidence)
                yield trouble if told[0].loading else replace(trouble, severity="warning", confidence="likely")


_RULES: tuple[Callable[[Folder], Iterator[Trouble]], ...] = (
    _code_against_support,
    _support_missing,
    _supports_disagree,
    _classifiers,
    _assumed,
    _tested,
    _untested,
    _ended,
    _runs,
)


def _against(folder: Folder, rule: str, wrong: Declaration, right: Declaration) -> Trouble:
    names = (
        ("source", wrong.source),
        ("text", wrong.text),
        ("versions", folder.phrase(wrong.states)),
        ("other", right.source),
        ("other_text", right.text),
        ("other_place", _at(right)),
        ("floor", folder.versions.floor(right.states) or ""),
    )
    return Trouble(rule, wrong.place, names, (f"{right.source} is {right.text}: {_at(right)}",))


def _as_info(trouble: Trouble) -> Trouble:
    return replace(trouble, severity="info")


def _at(each: Declaration) -> str:
    return f"{each.place.path}:{each.place.span.line}" if each.place.span else each.place.path


def _oldest(folder: Folder, states: RuntimeSet) -> RuntimeSet:
    first = folder.versions.floor(states)
    return folder.versions.one(first) if first else NO_RUNTIMES


def _hull(folder: Folder, states: RuntimeSet) -> RuntimeSet:
    """All released versions from the oldest of a set to its newest; of 2.7 and 3.x only what is a 3 lies between."""
    python3 = [*folder.versions.runtimes.members(states & folder.versions.runtimes.cpython3)]
    if not python3:
        return states
    between = folder.versions.runtimes.between(python3[0].name, python3[-1].name) & folder.versions.known
    return between | states


def _united(sets: Iterable[RuntimeSet]) -> int:
    bits = 0
    for each in sets:
        bits |= each.bits
    return bits
