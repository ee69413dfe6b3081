"""What an expression about the interpreter gives on one runtime."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from compatcheck.model.runtimes import Runtime


class Unknown:
    """The value that nobody knows before the program runs."""


UNKNOWN: Final = Unknown()


class Unavailable(Exception):
    """The expression raises on this runtime (a name that it does not have)."""


@dataclass(frozen=True, slots=True, eq=False)
class Present:
    """A module, function or class of which only this is known: it is there, and it is true."""

    symbol: str


@dataclass(frozen=True, slots=True)
class Interpreter:
    """One runtime at one micro release: (3, 8, 0) and (3, 8, 40) bound what `version_info` can be."""

    version: tuple[int, int, int]
    bit: int
    tells: Mapping[str, object] = field(compare=False)

    @classmethod
    def of(cls, runtime: Runtime, micro: int) -> Interpreter:
        return cls((*runtime.python, micro), runtime.bit, runtime.tells)

    def value_of(self, symbol: str) -> Any:
        """The value of a dotted name that tells versions or platforms, or UNKNOWN."""
        if symbol in self.tells:
            return self.tells[symbol]
        make = _TELLING.get(symbol)
        return make(self.version) if make else UNKNOWN


class VersionInfo(tuple[Any, ...]):
    """`sys.version_info`: a tuple with names."""

    __slots__ = ()
    fields = ("major", "minor", "micro", "releaselevel", "serial")


def _hexversion(version: tuple[int, int, int]) -> int:
    major, minor, micro = version
    return major << 24 | minor << 16 | micro << 8 | 0xF0


def _text(version: tuple[int, int, int]) -> str:
    return ".".join(map(str, version))


# What CPython says of itself; platforms differ and are not known before the program runs.
_TELLING: dict[str, Callable[[tuple[int, int, int]], Any]] = {
    "sys.version_info": lambda v: VersionInfo((*v, "final", 0)),
    "sys.hexversion": _hexversion,
    "sys.version": lambda v: f"{_text(v)} (main)",
    "sys.implementation.name": lambda v: "cpython",
    "sys.implementation.version": lambda v: VersionInfo((*v, "final", 0)),
    "platform.python_version()": _text,
    "platform.python_version_tuple()": lambda v: tuple(map(str, v)),
    "platform.python_implementation()": lambda v: "CPython",
    "pickle.HIGHEST_PROTOCOL": lambda v: 5 if v >= (3, 8) else 4 if v >= (3, 4) else 3,
    "pickle.DEFAULT_PROTOCOL": lambda v: 5 if v >= (3, 14) else 4 if v >= (3, 8) else 3,
    "typing.TYPE_CHECKING": lambda v: False,
    "typing_extensions.TYPE_CHECKING": lambda v: False,
    "six.PY2": lambda v: v[0] == 2,
    "six.PY3": lambda v: v[0] == 3,
    "six.PY34": lambda v: v >= (3, 4),
    "TYPE_CHECKING": lambda v: False,
    # Anvil's server, its Uplink and every test outside the browser.
    "anvil.is_server_side()": lambda v: True,
    "anvil.server.is_server_side()": lambda v: True,
}

COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "is": operator.is_,
    "is not": operator.is_not,
    "in": lambda a, b: a in b,
    "not in": lambda a, b: a not in b,
}
ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "%": operator.mod,
    "/": operator.truediv,
    "//": operator.floordiv,
    ">>": operator.rshift,
    "&": operator.and_,
    "|": operator.or_,
}
# What a program may do to what it knows about its version, without any effect.
METHODS = frozenset(
    {
        (str, "split"), (str, "startswith"), (str, "partition"), (str, "rpartition"), (str, "rsplit"),
        (str, "replace"), (str, "strip"), (str, "rstrip"), (str, "join"), (str, "lower"),
        (tuple, "index"), (tuple, "count"), (dict, "get"),
    }
)  # fmt: skip
