"""Which interpreters exist, and sets of them: the algebra that everything else is written in."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import or_

_VERSION = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?\Z")
_RANGE = re.compile(r"(\d+)\.(\d+)\s*[-–]\s*(\d+)\.(\d+)\Z")
_OPEN = re.compile(r"(\d+)\.(\d+)\s*\+\Z")


@dataclass(frozen=True, slots=True)
class RuntimeSet:
    """A set of runtimes, one bit each; the bits mean what a `Runtimes` says."""

    bits: int = 0

    def __and__(self, other: RuntimeSet) -> RuntimeSet:
        return RuntimeSet(self.bits & other.bits)

    def __or__(self, other: RuntimeSet) -> RuntimeSet:
        return RuntimeSet(self.bits | other.bits)

    def __sub__(self, other: RuntimeSet) -> RuntimeSet:
        return RuntimeSet(self.bits & ~other.bits)

    def __le__(self, other: RuntimeSet) -> bool:
        return not self.bits & ~other.bits

    def __bool__(self) -> bool:
        return bool(self.bits)

    def __len__(self) -> int:
        return self.bits.bit_count()


NO_RUNTIMES = RuntimeSet()


@dataclass(frozen=True, slots=True)
class Runtime:
    """One interpreter. `python` is the (major, minor) whose language it speaks; `platform` the profile that it is a
    release of; `tells` what tests of the interpreter give there, by dotted name (`sys.platform`, `os.name`, `f()`);
    `imports` all modules that can be imported beside a project's own, None where anything may be installed;
    `end_of_life` is the ISO date of its last fix.
    """

    name: str
    bit: int
    python: tuple[int, int]
    platform: str | None = None
    tells: Mapping[str, object] = field(default_factory=dict, hash=False)
    imports: frozenset[str] | None = None
    end_of_life: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Runtimes asked for by one SPEC. `micros` holds the first guaranteed micro release of a version, where known."""

    spec: str
    runtimes: RuntimeSet
    micros: Mapping[tuple[int, int], int] = field(default_factory=dict)


class UnknownTarget(ValueError):
    """A SPEC that names no runtime; the message says what is wrong and what exists."""


@dataclass(frozen=True)
class Runtimes:
    """Every runtime that exists (data: rules/runtimes.yaml and the platform profiles in force), oldest first.

    `platforms` holds the SPECs of the profiles in force with their runtimes, or what is wrong with them; `profiles`
    gives the names of all profiles, in force or not.
    """

    all: tuple[Runtime, ...]
    platforms: Mapping[str, RuntimeSet | str] = field(default_factory=dict)
    profiles: Callable[[], Collection[str]] = tuple

    @cached_property
    def by_name(self) -> dict[str, Runtime]:
        return {runtime.name: runtime for runtime in self.all}

    @cached_property
    def by_python(self) -> dict[tuple[int, int], Runtime]:
        return {runtime.python: runtime for runtime in self.all if runtime.platform is None}

    @cached_property
    def cpython3(self) -> RuntimeSet:
        """Every CPython 3: what a range such as `3.8+` means at most."""
        return self.where(lambda runtime: runtime.platform is None and runtime.python >= (3, 0))

    @cached_property
    def everything(self) -> RuntimeSet:
        return self.where(lambda runtime: True)

    def spoken(self, runtimes: RuntimeSet) -> RuntimeSet:
        """The CPythons whose language the runtimes speak."""
        if runtimes <= self.cpython3:
            return runtimes
        bits = (self.by_python[runtime.python].bit for runtime in self.members(runtimes))
        return RuntimeSet(reduce(or_, (1 << bit for bit in bits), 0))

    def where(self, keep: object) -> RuntimeSet:
        """The runtimes for which the function `keep` is true."""
        assert callable(keep)
        return RuntimeSet(sum(1 << runtime.bit for runtime in self.all if keep(runtime)))

    def names(self, runtimes: RuntimeSet) -> tuple[str, ...]:
        """`("3.7", "3.8")`, in the order in which they appeared."""
        return tuple(runtime.name for runtime in self.all if runtimes.bits >> runtime.bit & 1)

    def members(self, runtimes: RuntimeSet) -> Iterator[Runtime]:
        return (runtime for runtime in self.all if runtimes.bits >> runtime.bit & 1)

    def between(self, since: str | None, until: str | None) -> RuntimeSet:
        """Runtimes whose language is at least `since` and at most `until` ("3.8"), platforms and 2.7 included."""
        low, high = _pair(since) or (3, 0), _pair(until) or (99, 0)
        return self.where(lambda runtime: low <= runtime.python <= high)

    def parse(self, spec: str) -> Target:
        """A target from a SPEC: `3.7`, `3.7.2`, `3.8-3.13`, `3.8+`, `>=3.8,<3.14`, or a platform's name.

        Raises UnknownTarget for what names nothing or an empty interval.
        """
        text = spec.strip()
        if match := _RANGE.match(text):
            return self._interval(spec, _pair(f"{match[1]}.{match[2]}"), _pair(f"{match[3]}.{match[4]}"))
        if match := _OPEN.match(text):
            return self._interval(spec, _pair(f"{match[1]}.{match[2]}"), None)
        if match := _VERSION.match(text):
            return self._single(spec, (int(match[1]), int(match[2])), match[3])
        if text[:1] in "<>=!~" and text:
            return self._specifier(spec, text)
        return self._platform(spec, text)

    def parse_all(self, specs: Iterable[str]) -> tuple[Target, ...]:
        return tuple(self.parse(spec) for spec in specs)

    def specifier(self, runtimes: RuntimeSet) -> str | None:
        """A version specifier over CPython 3: `>=3.8`, `<3.12`, `>=3.8,<3.12`; None when it holds none of them."""
        known = [runtime for runtime in self.all if runtime.platform is None and runtime.python >= (3, 0)]
        chosen = [bool(runtimes.bits >> runtime.bit & 1) for runtime in known]
        if not any(chosen):
            return None
        parts: list[str] = []
        first, last = chosen.index(True), len(chosen) - 1 - chosen[::-1].index(True)
        if first or last + 1 == len(known):
            parts.append(f">={known[first].name}")
        if last + 1 < len(known):
            parts.append(f"<{known[last + 1].name}")
        parts += [f"!={known[i].name}.*" for i in range(first, last) if not chosen[i]]
        return ",".join(parts)

    def phrase(self, runtimes: RuntimeSet) -> str:
        """For people: `3.7`, `3.8–3.11`, `3.6, 3.8–3.9 and anvil-client`."""
        words: list[str] = []
        run: list[str] = []
        for runtime in self.all:
            inside = runtimes.bits >> runtime.bit & 1
            if inside and runtime.platform is None:
                run.append(runtime.name)
                continue
            words += _dash(run)
            run = []
            words += [runtime.name] * inside
        words += _dash(run)
        return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))

    def _interval(self, spec: str, low: tuple[int, int] | None, high: tuple[int, int] | None) -> Target:
        chosen = RuntimeSet(
            self.where(lambda runtime: (low or (3, 0)) <= runtime.python <= (high or (99, 0))).bits & self.cpython3.bits
        )
        if not chosen:
            raise UnknownTarget(f"target {spec!r} holds no Python version: {self._known()}")
        return Target(spec, chosen)

    def _single(self, spec: str, python: tuple[int, int], micro: str | None) -> Target:
        runtime = self.by_python.get(python)
        if runtime is None or python < (3, 0):
            raise UnknownTarget(f"unknown target {spec!r}: {self._known()}")
        return Target(spec, RuntimeSet(1 << runtime.bit), {python: int(micro)} if micro else {})

    def _specifier(self, spec: str, text: str) -> Target:
        from packaging.specifiers import InvalidSpecifier, SpecifierSet

        try:
            asked = SpecifierSet(text)
        except InvalidSpecifier as error:
            raise UnknownTarget(f"target {spec!r} is not a version specifier: {error}") from error
        bits, micros = 0, {}
        for runtime in self.members(self.cpython3):
            major, minor = runtime.python
            whole = SpecifierSet(f">={major}.{minor},<{major}.{minor + 1}")
            if not asked.is_disjoint(whole):
                bits |= 1 << runtime.bit
                if first := next((m for m in range(40) if asked.contains(f"{major}.{minor}.{m}")), None):
                    micros[runtime.python] = first
        if not bits:
            raise UnknownTarget(f"target {spec!r} holds no Python version: {self._known()}")
        return Target(spec, RuntimeSet(bits), micros)

    def _platform(self, spec: str, text: str) -> Target:
        """A profile that is not in force holds no runtime of this run."""
        found = self.platforms.get(text)
        if isinstance(found, str):
            raise UnknownTarget(found)
        if found is None and text not in (names := self.profiles()):
            from difflib import get_close_matches

            near = get_close_matches(text, names, 1, 0.6)
            raise UnknownTarget(f"unknown target {spec!r}: {f'did you mean {near[0]!r}?' if near else self._known()}")
        return Target(spec, found or NO_RUNTIMES)

    def _known(self) -> str:
        return f"known are {self.phrase(self.cpython3)}, and what `compatcheck platforms` lists"


def _pair(version: str | None) -> tuple[int, int] | None:
    if version is None:
        return None
    major, minor = version.split(".")
    return int(major), int(minor)


def _dash(run: list[str]) -> list[str]:
    if len(run) < 2:
        return list(run)
    return [f"{run[0]}–{run[-1]}"]
