"""What people write for Python versions, as sets of runtimes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from packaging.specifiers import InvalidSpecifier, Specifier, SpecifierSet

from compatcheck.model.runtimes import NO_RUNTIMES, Runtimes, RuntimeSet

_DOTTED = re.compile(r"(?P<major>[23])\.(?P<minor>\d{1,2})(?:\.\d+)?(?:t|-dev|(?:a|b|rc)\d+|\.?-?\w+)?\Z")
_COMPACT = re.compile(r"(?:py|cp)?(?P<major>[23])(?P<minor>\d{1,2})t?\Z")
_CARET = re.compile(r"\^\s*(\d+)(?:\.(\d+))?(?:\.(\d+))?\Z")
_TILDE = re.compile(r"~\s*(\d+)(?:\.(\d+))?(?:\.(\d+))?\Z")
_WILD = re.compile(r"(?:==?\s*)?(\d+)(?:\.(\d+))?\.\*\Z")


class Versions:
    """Readings of version texts over the runtimes that exist; what names none of them is an empty set."""

    def __init__(self, runtimes: Runtimes) -> None:
        self.runtimes = runtimes
        self.known = runtimes.where(lambda runtime: runtime.platform is None)
        self._spans = {
            runtime.bit: SpecifierSet(f">={runtime.name},<{runtime.python[0]}.{runtime.python[1] + 1}")
            for runtime in runtimes.members(self.known)
        }

    def of(self, specifiers: SpecifierSet) -> RuntimeSet:
        """The minor versions that hold a version of the specifiers."""
        return self._where(lambda span: not specifiers.is_disjoint(span))

    def whole(self, specifiers: SpecifierSet) -> RuntimeSet:
        """The minor versions all of whose versions the specifiers hold, but for those before the first release."""
        return self._where(lambda span: span.is_subset(specifiers))

    def newest_of(self, specifiers: SpecifierSet) -> RuntimeSet:
        """The minor versions whose latest releases the specifiers hold: what people have who keep up."""
        bits = 0
        for runtime in self.runtimes.members(self.known):
            if specifiers.contains(f"{runtime.name}.99", prereleases=True):
                bits |= 1 << runtime.bit
        return RuntimeSet(bits)

    def _where(self, keep: object) -> RuntimeSet:
        assert callable(keep)
        return RuntimeSet(sum(1 << bit for bit, span in self._spans.items() if keep(span)))

    def one(self, text: str) -> RuntimeSet:
        """`3.9`, `3.9.2`, `3.13t`, `3.14-dev`, `py39`, `cp39`, `39`."""
        match = _DOTTED.match(text.strip()) or _COMPACT.match(text.strip())
        if match is None:
            return NO_RUNTIMES
        runtime = self.runtimes.by_python.get((int(match["major"]), int(match["minor"])))
        return NO_RUNTIMES if runtime is None else RuntimeSet(1 << runtime.bit)

    def specifier(self, text: str) -> SpecifierSet | None:
        """A version specifier; None for what is none."""
        try:
            return SpecifierSet(text.strip())
        except InvalidSpecifier:
            return None

    def floor(self, states: RuntimeSet) -> str | None:
        """The oldest version of a set."""
        return next((runtime.name for runtime in self.runtimes.members(states)), None)

    def ended(self, today: str) -> RuntimeSet:
        """The versions that get no fixes any more on an ISO date."""
        return self.runtimes.where(lambda runtime: runtime.end_of_life is not None and runtime.end_of_life < today)

    def from_on(self, name: str) -> RuntimeSet:
        """This version and all newer ones."""
        low = self.runtimes.by_name[name].python
        return self.runtimes.where(lambda runtime: runtime.platform is None and runtime.python >= low)


def poetry_specifiers(text: str) -> SpecifierSet | None:
    """Poetry's constraints: `^3.8`, `~3.8`, `3.8`, `3.*`, `>=3.8 <4`; None for unions and what is none."""
    parts = re.split(r"\s*,\s*|\s+(?=[<>=!~^])", text.strip())
    try:
        return SpecifierSet(",".join(_pep440(part) for part in parts if part not in ("", "*")))
    except (InvalidSpecifier, ValueError):
        return None


def _pep440(part: str) -> str:
    if match := _CARET.match(part):
        return _between(match, 0)
    if match := _TILDE.match(part):
        return _between(match, 0 if match[2] is None else 1)
    if match := _WILD.match(part):
        return f"=={part.lstrip('= ')}"
    return f"=={part}" if part[:1].isdigit() else part


def _between(match: re.Match[str], counted: int) -> str:
    """From the version on up to the next one of its first (0) or second (1) number."""
    numbers = [int(number) for number in match.groups() if number is not None]
    if not counted and numbers[0] == 0:
        counted = next((at for at, number in enumerate(numbers) if number), len(numbers) - 1)
    upper = [*numbers[:counted], numbers[counted] + 1]
    return f">={'.'.join(map(str, numbers))},<{'.'.join(map(str, upper))}"


def micro_slips(specifiers: SpecifierSet) -> Iterator[tuple[Specifier, str]]:
    """Bounds that cut a minor version in two where it seems to be meant whole, with what was probably meant:
    `<=3.12` leaves out 3.12.1, `>3.7` holds 3.7.1.
    """
    for one in specifiers:
        match = re.fullmatch(r"(\d+)\.(\d+)", one.version)
        if match is None:
            continue
        following = f"{match[1]}.{int(match[2]) + 1}"
        meant = {"<=": f"<{following}", ">": f">={following}", "==": f"=={one.version}.*", "!=": f"!={one.version}.*"}
        if one.operator in meant:
            yield one, meant[one.operator]
