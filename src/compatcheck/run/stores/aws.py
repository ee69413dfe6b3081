"""AWS Secrets Manager. Credentials and region are the environment's, as boto3 finds them."""

from __future__ import annotations

import json
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from compatcheck.run.stores.store import ANSWER, CONNECT, RETRIES, Answer, Reference, Unreachable, checked_address

_ABSENT = "ResourceNotFoundException"
_DENIED = frozenset({"AccessDeniedException", "AccessDenied"})


def open_aws(endpoint: str | None = None) -> SecretsManager:
    """The store of the environment's account. Raises BadAddress or Unreachable."""
    config = Config(
        connect_timeout=CONNECT, read_timeout=ANSWER, retries={"max_attempts": RETRIES + 1, "mode": "standard"}
    )
    if endpoint is not None:
        checked_address(endpoint)
    try:
        client = boto3.session.Session().client("secretsmanager", endpoint_url=endpoint, config=config)
        checked_address(client.meta.endpoint_url)
        return SecretsManager(client)
    except BotoCoreError as error:
        raise Unreachable(_reason(error)) from error


class SecretsManager:
    """A store behind a boto3 client."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.name = "AWS Secrets Manager"

    def look(self, reference: Reference) -> Answer:
        """Whether the secret is there; of one with a key, whether its JSON has it. Raises Unreachable."""
        described = self._ask("describe_secret", reference)
        if described is None or described.get("DeletedDate"):
            return Answer.ABSENT
        if reference.key is None:
            return Answer.THERE
        try:
            answer = self._ask("get_secret_value", reference)
        except PermissionError:
            return Answer.UNKNOWN
        return Answer.THERE if reference.key in _keys(answer) else Answer.KEYLESS

    def close(self) -> None:
        """Ends its connections."""
        self._client.close()

    def _ask(self, action: str, reference: Reference) -> dict[str, Any] | None:
        """The answer, None where there is no such secret. Raises PermissionError for values, Unreachable."""
        try:
            answer: dict[str, Any] = getattr(self._client, action)(SecretId=reference.path)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code == _ABSENT:
                return None
            if code in _DENIED and action == "get_secret_value":
                raise PermissionError from error
            raise Unreachable(f"it refuses: {code}") from error
        except BotoCoreError as error:
            raise Unreachable(_reason(error)) from error
        return answer


def _keys(answer: dict[str, Any] | None) -> frozenset[str]:
    """The names in a secret's JSON; its values are dropped here."""
    try:
        value = json.loads((answer or {}).get("SecretString") or "null")
    except ValueError:
        return frozenset()
    return frozenset(value) if isinstance(value, dict) else frozenset()


def _reason(error: BotoCoreError) -> str:
    names = {
        "NoCredentialsError": "the environment has no credentials for it",
        "NoRegionError": "the environment names no region",
        "EndpointConnectionError": "no connection",
        "ConnectTimeoutError": "no connection in time",
        "ReadTimeoutError": "no answer in time",
    }
    return names.get(type(error).__name__, type(error).__name__)
