"""HashiCorp Vault and OpenBao. Values are read only where nothing less tells whether a key is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin, urlsplit

import hvac
import requests
from hvac.exceptions import Forbidden, InvalidPath, InvalidRequest, Unauthorized, UnsupportedOperation, VaultError
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from compatcheck.run.stores.store import ANSWER, CONNECT, RETRIES, Answer, Reference, Unreachable, checked_address

if TYPE_CHECKING:
    from requests import Response

_FORBIDDEN = (Forbidden, Unauthorized)


class _Session(requests.Session):
    """Stays with its host: a redirect to another would take the token there."""

    def get_redirect_target(self, resp: Response) -> str | None:
        target = super().get_redirect_target(resp)
        if target is not None:
            here, there = urlsplit(resp.url), urlsplit(urljoin(resp.url, target))
            if (here.scheme, here.hostname, here.port) != (there.scheme, there.hostname, there.port):
                resp.close()
                raise Unreachable("it redirects to another host, where the token does not go")
        return target


def open_vault(environ: Mapping[str, str], address: str | None = None) -> Vault:
    """A store at the address, else the environment's (`VAULT_ADDR`, `BAO_ADDR`). Raises BadAddress or Unreachable.

    The token is the environment's, or what `VAULT_ROLE_ID` and `VAULT_SECRET_ID` give.
    """
    chosen = checked_address(address or environ.get("VAULT_ADDR") or environ.get("BAO_ADDR") or "")
    session = _Session()
    retry = Retry(total=RETRIES, backoff_factor=0.3, status_forcelist=(429, 500, 502, 503, 504), raise_on_status=False)
    session.headers["Connection"] = "close"  # a few questions: no socket outlives its answer
    session.mount("https://", HTTPAdapter(max_retries=retry))
    session.mount("http://", HTTPAdapter(max_retries=retry))
    client = hvac.Client(
        url=chosen,
        token=environ.get("VAULT_TOKEN") or environ.get("BAO_TOKEN") or "",
        namespace=environ.get("VAULT_NAMESPACE") or None,
        verify=environ.get("VAULT_CACERT") or True,
        timeout=(CONNECT, ANSWER),
        session=session,
    )
    return Vault(client, environ.get("VAULT_ROLE_ID"), environ.get("VAULT_SECRET_ID"))


class Vault:
    """A store behind an hvac client."""

    def __init__(self, client: hvac.Client, role: str | None = None, secret: str | None = None) -> None:
        self._client = client
        self.name = f"the vault at {client.url}"
        self._mounts: dict[str, tuple[str, bool]] = {}
        if role and secret:
            try:
                self._ask(lambda: client.auth.approle.login(role, secret))
            except (Unreachable, Forbidden, UnsupportedOperation) as error:
                self.close()
                raise Unreachable(str(error) if isinstance(error, Unreachable) else "it refuses the login") from error

    def look(self, reference: Reference) -> Answer:
        """Whether the path has the key. Raises Unreachable."""
        mount, versioned = self._mount(reference.path)
        path = reference.path.strip("/")[len(mount) :].strip("/")
        if not versioned:
            return self._keys(self._get(f"{mount}{_quoted(path)}"), (), reference.key)
        path = _quoted(path.removeprefix("data/"))
        try:
            return self._keys(self._get(f"{mount}subkeys/{path}"), ("subkeys",), reference.key)
        except (Forbidden, UnsupportedOperation):
            return self._by_metadata(mount, path, reference.key)

    def close(self) -> None:
        """Ends its connections."""
        self._client.adapter.close()

    def _by_metadata(self, mount: str, path: str, key: str | None) -> Answer:
        try:
            found = self._get(f"{mount}metadata/{path}")
        except Forbidden:
            return self._by_value(mount, path, key)
        if found is None or not _is_current(found):
            return Answer.ABSENT
        return Answer.THERE if key is None else Answer.UNKNOWN

    def _by_value(self, mount: str, path: str, key: str | None) -> Answer:
        try:
            return self._keys(self._get(f"{mount}data/{path}"), ("data",), key)
        except Forbidden as error:
            raise Unreachable(f"the token may not look at {mount}{path}") from error

    def _mount(self, path: str) -> tuple[str, bool]:
        """The mount that a path lies in, with its slash, and whether it keeps versions."""
        first = path.strip("/").partition("/")[0]
        if first not in self._mounts:
            try:
                found = self._get(f"sys/internal/ui/mounts/{_quoted(path.strip('/'))}") or {}
            except Forbidden:
                found = {}
            options = found.get("options") or {}
            self._mounts[first] = found.get("path", f"{first}/"), options.get("version", "2") == "2"
        return self._mounts[first]

    def _get(self, path: str) -> dict[str, Any] | None:
        """The `data` of an answer, None where there is nothing. Raises Forbidden, UnsupportedOperation, Unreachable."""

        def ask() -> dict[str, Any] | None:
            try:
                answer = self._client.adapter.get(f"/v1/{path}")
            except InvalidPath:
                return None
            data = answer.get("data") if isinstance(answer, dict) else None
            if not isinstance(data, dict):
                raise Unreachable("its answer is not that of a vault")
            return data

        found: dict[str, Any] | None = self._ask(ask)
        return found

    def _ask(self, question: Any) -> Any:
        try:
            return question()
        except (Forbidden, UnsupportedOperation):
            raise
        except Unauthorized as error:
            raise Unreachable("it does not accept the token") from error
        except InvalidRequest as error:
            raise Unreachable("it refuses the request or the login") from error
        except VaultError as error:
            raise Unreachable(f"it answers with {type(error).__name__}") from error
        except (requests.RequestException, ValueError) as error:
            raise Unreachable(_reason(error)) from error

    @staticmethod
    def _keys(found: dict[str, Any] | None, inside: tuple[str, ...], key: str | None) -> Answer:
        for step in inside:
            found = found.get(step) if found is not None else None
        if found is None:
            return Answer.ABSENT
        return Answer.THERE if key is None or key in found else Answer.KEYLESS


def _quoted(path: str) -> str:
    return quote(path, safe="/")


def _is_current(metadata: Mapping[str, Any]) -> bool:
    """Whether the newest version was neither deleted nor destroyed."""
    newest = (metadata.get("versions") or {}).get(str(metadata.get("current_version"))) or {}
    return bool(newest) and not newest.get("deletion_time") and not newest.get("destroyed")


def _reason(error: Exception) -> str:
    """In words, without the address's or the answer's text."""
    names = {
        "SSLError": "its certificate is not trusted",
        "ConnectTimeout": "no connection in time",
        "ReadTimeout": "no answer in time",
        "ProxyError": "the proxy refuses",
        "TooManyRedirects": "it redirects for ever",
    }
    return names.get(
        type(error).__name__,
        "no connection" if isinstance(error, requests.ConnectionError) else "no answer that a vault gives",
    )
