"""Files from the network, for those who asked for it: https, or this machine; small, soon, and from the host named."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from compatcheck.configs.limits import BYTES
from compatcheck.configs.schema import BadSchema

_SECONDS = 10
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows redirects to the same host only."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if urlsplit(newurl)[:2] != urlsplit(req.full_url)[:2]:
            raise BadSchema(f"{req.full_url} leads to another host")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetched(address: str) -> bytes:
    """What lies at an address. Raises BadSchema with the reason where it cannot be had."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
        raise BadSchema(f"{address} is no https address")
    try:
        with urllib.request.build_opener(_SameHost).open(address, timeout=_SECONDS) as answer:
            data: bytes = answer.read(BYTES + 1)
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise BadSchema(f"{address} cannot be had: {getattr(error, 'reason', error)}") from error
    if len(data) > BYTES:
        raise BadSchema(f"{address} holds more than {BYTES >> 20} MB")
    return data
