"""Credentials out of source lines and messages."""

from __future__ import annotations

import re

MASK = "****"
_NAME = r"(?:pass(?:word|wd|phrase)?|pwd|secret|token|api_?key|private_?key|access_?key|write_?key|account_?key|credentials?|dsn)"
_CREDENTIAL = re.compile(rf"(?i)(?:^|[_.-]|(?<=[a-z])(?=[A-Z])){_NAME}(?:$|[_.-]|\d)|{_NAME}$")
_ENCRYPTED = re.compile(r"(?i)_enc$")
_CIPHERTEXTS = frozenset({"smtp_password"})
_CIPHERTEXT = re.compile(r"[A-Za-z0-9+/]{60,}={0,2}")
# `key: value` and `key = value`, also inside of `{…}`, up to the value's end.
_PAIR = re.compile(
    r"""(?P<key>["']?[\w.-]+["']?)(?P<sign>\s*[:=]\s*)(?P<value>"[^"]*"?|'[^']*'?|[^\s,{}\[\]#][^,{}\[\]#]*)"""
)
_IN_ADDRESS = re.compile(r"(?<=://)[^\s/@:]*:[^\s/@]+(?=@)")
_BLOB = re.compile(r"(?<![\w+/])(?=[\w+/=-]*\d)(?=[\w+/=-]*[a-z])(?=[\w+/=-]*[A-Z])[\w+/-]{24,}={0,2}")


def names_credential(key: str) -> bool:
    """Whether a key of that name holds something that nobody else may see."""
    return bool(_CREDENTIAL.search(key)) or key == "secrets"


def is_encrypted(key: str, value: str) -> bool:
    """Whether the platform keeps such a value encrypted: its name says so, or it is one of those whose values are always
    ciphertext there, and looks it.
    """
    return bool(_ENCRYPTED.search(key)) or (key in _CIPHERTEXTS and bool(_CIPHERTEXT.fullmatch(value)))


def masked(line: str, *, wholly: bool = False) -> str:
    """The line without values of keys that hold credentials, passwords in addresses and long random text; `wholly`
    without any value.
    """
    line = _IN_ADDRESS.sub(f"{MASK}:{MASK}", line)
    line = _PAIR.sub(_hidden if wholly else _pair, line)
    return _BLOB.sub(MASK, line)


def _hidden(found: re.Match[str]) -> str:
    return f"{found['key']}{found['sign']}{MASK}"


def _pair(found: re.Match[str]) -> str:
    return _hidden(found) if names_credential(found["key"].strip("\"'")) else found[0]
