"""Which index pip uses: by the command line, the environment, and pip's own files; never by the checked project."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from configparser import Error, RawConfigParser
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Configured:
    """The addresses to ask, in order; a bundle of certificates of its own, where there is one."""

    urls: tuple[str, ...]
    certificates: str | None = None


def configured(given: str | None, environ: Mapping[str, str], home: Path) -> Configured:
    """The index in force. `given` is the command line's; what is `file:` is a folder, and no index to ask."""
    settings: dict[str, str] = {}
    for path in _files(environ, home):
        settings |= _read(path)
    index = given or environ.get("PIP_INDEX_URL") or settings.get("index-url") or _default()
    extra = "" if given else environ.get("PIP_EXTRA_INDEX_URL") or settings.get("extra-index-url", "")
    certificates = environ.get("PIP_CERT") or settings.get("cert")
    urls = [url.rstrip("/") for url in (index, *extra.split()) if url and not url.startswith("file:")]
    return Configured(tuple(dict.fromkeys(urls)), certificates)


def _default() -> str:
    """The index that pip asks when nobody says another; empty without pip."""
    try:
        from pip._internal.models.index import PyPI
    except ImportError:
        return ""
    address: str = PyPI.simple_url
    return address


def _files(environ: Mapping[str, str], home: Path) -> Iterator[Path]:
    """pip's configuration files, the weakest first."""
    chosen = environ.get("PIP_CONFIG_FILE")
    if chosen == os.devnull:
        return
    for folder in reversed(environ.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":")):
        yield Path(folder) / "pip" / "pip.conf"
    yield Path("/etc/pip.conf")
    yield home / ".pip" / "pip.conf"
    if sys.platform == "win32":
        yield Path(environ.get("APPDATA", str(home))) / "pip" / "pip.ini"
    yield Path(environ.get("XDG_CONFIG_HOME", str(home / ".config"))) / "pip" / "pip.conf"
    if chosen:
        yield Path(chosen)


def _read(path: Path) -> dict[str, str]:
    """What a file says for all commands, and for those that install."""
    parser = RawConfigParser(strict=False)
    try:
        parser.read_string(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, Error):
        return {}
    found: dict[str, str] = {}
    for section in ("global", "install"):
        if parser.has_section(section):
            found |= {key.replace("_", "-"): value.strip() for key, value in parser.items(section)}
    return found
