"""References to secrets in AWS Secrets Manager, against moto's server."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.secrets.conftest import Secrets

VALUE = "S3cret-" + secrets.token_hex(8)
DEPLOYMENT = """\
app: {name: a}
secrets:
  A: {source: "aws:shop/app#password"}
  B: {source: "aws:shop/app"}
  C: {source: "aws:shop/app#nothing"}
  D: {source: "aws:shop/none"}
  E: {source: "aws:shop/gone#password"}
  F: {source: "aws:shop/plain#password"}
"""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def project(folder: Path, endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in {
        "ACCESS_KEY_ID": "testing",
        "SECRET_ACCESS_KEY": "testing",
        "DEFAULT_REGION": "eu-west-1",
    }.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    client = boto3.client("secretsmanager", endpoint_url=endpoint)
    if not client.list_secrets()["SecretList"]:
        for name, value in {"app": json.dumps({"password": VALUE}), "gone": "{}", "plain": VALUE}.items():
            client.create_secret(Name=f"shop/{name}", SecretString=value)
        client.delete_secret(SecretId="shop/gone")
    (folder / "anvil.yaml").write_text(DEPLOYMENT)
    return folder


def test_every_reference_is_asked_for(project: Path, endpoint: str, secrets_command: Secrets) -> None:
    code, findings, told = secrets_command("--aws", "--aws-endpoint", endpoint)
    assert code == 1
    assert [(one["line"], one["rule"]) for one in findings] == [
        (line, "missing-stored-secret") for line in (5, 6, 7, 8)
    ]
    assert VALUE not in told


def test_a_store_that_is_not_there_is_no_success(project: Path, secrets_command: Secrets) -> None:
    code, findings, told = secrets_command("--aws", "--aws-endpoint", "http://127.0.0.1:1")
    assert (code, findings) == (3, [])
    assert "no connection" in told


def test_without_credentials_there_is_no_success(
    project: Path, endpoint: str, secrets_command: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    code, _, told = secrets_command("--aws", "--aws-endpoint", endpoint)
    assert code == 3
    assert "no credentials" in told


def test_plain_http_goes_nowhere(project: Path, secrets_command: Secrets) -> None:
    code, _, told = secrets_command("--aws", "--aws-endpoint", "http://secrets.example.org")
    assert code == 2
    assert "plain http" in told
