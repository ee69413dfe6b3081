"""Asks the index: several packages at once, each with retries and limits; what is not answered is a value."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.exceptions import HTTPError, MaxRetryError, SSLError, TimeoutError

from compatcheck.index.configured import Configured
from compatcheck.index.pages import BadPage, IndexFile, read_page
from compatcheck.index.store import Kept, Store

ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
_AGAIN = (429, 500, 502, 503, 504)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A package that the index gave no answer about, and why, in words for the user."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds for one answer and for all of them; bytes of a page; tries after the first; seconds that a kept page is
    not asked for again; seconds before the second try, doubled for each more.
    """

    answer: float = 20.0
    all: float = 120.0
    page: int = 32 << 20
    retries: int = 2
    fresh: float = 600.0
    pause: float = 0.5


class _Failed(Exception):
    """No answer; the message says why."""


class Client:
    """One run's questions to the index."""

    def __init__(self, configured: Configured, store: Store, limits: Limits = Limits(), threads: int = 16) -> None:
        self._configured, self._store, self._limits, self._threads = configured, store, limits, threads
        self._until = time.monotonic() + limits.all
        retries = urllib3.Retry(
            total=limits.retries + 5,
            connect=limits.retries,
            read=limits.retries,
            status=limits.retries,
            redirect=5,
            status_forcelist=_AGAIN,
            backoff_factor=limits.pause,
            raise_on_status=False,
            respect_retry_after_header=False,  # a server must not make us wait for as long as it likes
        )
        timeout = urllib3.Timeout(connect=limits.answer, read=limits.answer)
        self._made = {"maxsize": threads, "retries": retries, "timeout": timeout, "ca_certs": configured.certificates}
        self._pools = {url: self._pool(urlsplit(url)) for url in configured.urls}

    def _pool(self, parts: SplitResult) -> urllib3.PoolManager:
        proxy = getproxies().get(parts.scheme)
        if proxy and not proxy_bypass(parts.hostname or ""):
            return urllib3.ProxyManager(proxy, **self._made)  # type: ignore[arg-type]
        return urllib3.PoolManager(**self._made)  # type: ignore[arg-type]

    def ask(
        self, names: Sequence[str], progress: Progress | None = None
    ) -> tuple[dict[str, list[IndexFile]], list[Trouble]]:
        """The files of each package; a package that no index knows has none."""
        found: dict[str, list[IndexFile]] = {}
        troubles: list[Trouble] = []
        with ThreadPoolExecutor(max_workers=max(1, min(self._threads, len(names)))) as pool:
            for done, (name, answer) in enumerate(zip(names, pool.map(self._asked, names), strict=True), 1):
                if isinstance(answer, Trouble):
                    troubles.append(answer)
                else:
                    found[name] = answer
                if progress is not None:
                    progress(done, len(names))
        return found, troubles

    def _asked(self, name: str) -> list[IndexFile] | Trouble:
        files: dict[str, IndexFile] = {}
        try:
            for url in self._configured.urls:
                for one in self._page(url, name):
                    files.setdefault(one.name, one)
        except _Failed as error:
            return Trouble(name, str(error))
        return list(files.values())

    def _page(self, index: str, name: str) -> list[IndexFile]:
        parts = urlsplit(index)
        address = f"{_bare(parts)}/{name}/"
        kept = self._store.get(address)
        if kept is None or not kept.fresh(self._limits.fresh):
            kept = self._fetched(index, parts, address, kept)
        try:
            return read_page(kept.body.encode("utf-8", "surrogatepass"), kept.content_type) if kept is not None else []
        except BadPage as error:
            raise _Failed(str(error)) from error

    def _fetched(self, index: str, parts: SplitResult, address: str, kept: Kept | None) -> Kept | None:
        """A fresh answer, the kept one if it still holds, or None where there is no such package."""
        headers = {"Accept": ACCEPT, "Accept-Encoding": "gzip", "User-Agent": "compatcheck", **_authorization(parts)}
        if kept is not None and kept.etag:
            headers["If-None-Match"] = kept.etag
        elif kept is not None and kept.modified:
            headers["If-Modified-Since"] = kept.modified
        status, answer, body = self._answer(index, address, headers)
        if status == 304 and kept is not None:
            got = replace(kept, fetched=time.time())
        elif status in (404, 410):
            return None
        elif status != 200:
            raise _Failed(f"the index answered {status}")
        else:
            told = (answer.get("Content-Type", ""), answer.get("ETag"), answer.get("Last-Modified"))
            got = Kept(address, *told, time.time(), body.decode("utf-8", "replace"))
            _proved(got, body)
        self._store.put(got)
        return got

    def _answer(self, index: str, address: str, headers: dict[str, str]) -> tuple[int, urllib3.HTTPHeaderDict, bytes]:
        if time.monotonic() > self._until:
            raise _Failed("the time for the index is over")
        try:
            response = self._pools[index].request("GET", address, headers=headers, preload_content=False)
            try:
                if address.startswith("https:") and (response.geturl() or "https:").startswith("http:"):
                    raise _Failed("the index redirects to an address that is not safe")
                return response.status, response.headers, self._body(response)
            finally:
                response.release_conn()
        except MaxRetryError as error:
            raise _Failed(_reason(error.reason)) from error
        except (HTTPError, OSError) as error:
            raise _Failed(_reason(error)) from error

    def _body(self, response: urllib3.BaseHTTPResponse) -> bytes:
        """Whole, unpacked, within the limits of size and time."""
        until, pieces, size = time.monotonic() + self._limits.answer, list[bytes](), 0
        for piece in response.stream(1 << 16, decode_content=True):
            pieces.append(piece)
            size += len(piece)
            if size > self._limits.page:
                response.close()
                raise _Failed(f"the index's page is larger than {self._limits.page >> 20} MB")
            if time.monotonic() > until:
                response.close()
                raise _Failed("the index does not answer in time")
        return b"".join(pieces)


def _proved(got: Kept, body: bytes) -> None:
    """What is no page is not kept."""
    try:
        read_page(body, got.content_type)
    except BadPage as error:
        raise _Failed(str(error)) from error


def _reason(error: Exception | None) -> str:
    """Without addresses: they may hold a password."""
    if isinstance(error, SSLError):
        return "no safe connection to the index"
    if isinstance(error, TimeoutError):
        return "the index does not answer in time"
    if error is not None and "redirect" in str(error):
        return "the index redirects in circles"
    return f"the index cannot be reached: {type(error).__name__}"


def _authorization(parts: SplitResult) -> dict[str, str]:
    if not parts.username:
        return {}
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return dict(urllib3.make_headers(basic_auth=pair))


def _bare(parts: SplitResult) -> str:
    """The address without user and password."""
    host = (parts.hostname or "") + (f":{parts.port}" if parts.port else "")
    return parts._replace(netloc=host).geturl().rstrip("/")
