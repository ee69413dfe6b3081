"""What every store is to the check: one question, and the ways in which it cannot be answered."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import Enum
from typing import Protocol
from urllib.parse import urlsplit

# Seconds for a connection, and for an answer.
CONNECT, ANSWER = 5.0, 15.0
RETRIES = 3


class Unreachable(Exception):
    """The store did not answer, or refuses to; the message says why, without credentials."""


class BadAddress(ValueError):
    """An address that compatcheck does not send credentials to."""


class Answer(Enum):
    """`UNKNOWN`: the secret is there, and whether it has the key may not be seen without reading its values."""

    THERE = "there"
    ABSENT = "absent"
    KEYLESS = "keyless"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reference:
    """`vault:path#key` or `aws:name#key`; `key` is None where the whole secret is meant."""

    scheme: str
    path: str
    key: str | None

    def __str__(self) -> str:
        return f"{self.scheme}:{self.path}" + (f"#{self.key}" if self.key is not None else "")


class Store(Protocol):
    """A store of secrets. `name` is how messages call it."""

    name: str

    def look(self, reference: Reference) -> Answer:
        """Whether the store has what is referred to. Raises Unreachable."""
        ...

    def close(self) -> None:
        """Ends its connections."""
        ...


def checked_address(address: str) -> str:
    """The address, if credentials may go there: https, or this machine. Raises BadAddress."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError as error:
        raise BadAddress("not an address such as https://host:8200") from error
    if parts.scheme not in ("http", "https") or not host:
        raise BadAddress("not an address such as https://host:8200")
    if parts.username is not None or parts.password is not None:
        raise BadAddress("credentials do not belong into the address")
    if parts.scheme == "http" and not _is_here(host):
        raise BadAddress("plain http would show the token to the network: use https")
    return address


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
