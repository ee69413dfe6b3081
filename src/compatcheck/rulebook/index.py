"""The compiled index: made with the wheel, and rebuilt by itself when rules/ changed."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

# Folders of rules that say something but name no check: the code that finds them names the rule.
TEXTS = ("library", "suppression", "config", "secret", "dependency", "metadata", "platform")
# The parts of the index, and the folders that each is made of.
PARTS = {
    "syntax": ("syntax", "literals", *TEXTS),
    "outlook": ("stdlib",),
    "facts": ("stdlib",),
    "platforms": ("platforms", "stdlib"),
    "secrets": ("secrets",),
    "fixes": ("syntax", "library", "equivalents"),  # read by what rewrites code, and by nothing else
    "packages": ("packages", "platforms"),
}


@dataclass(frozen=True)
class Index:
    """The bytes of one part of the rules, and their digest; `data` is what they hold as JSON."""

    text: bytes
    digest: str

    @cached_property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.text)
        return found


def read_part(folder: Path, part: str) -> Index:
    """A part's index: the built one, a cached one that is still current, or a fresh one. Raises BadRule."""
    built = folder / built_name(part)
    if built.is_file():
        return _load(built.read_bytes())
    cached = _cache_folder() / f"{part}-{_stamp(folder, part)}.idx"
    try:
        return _load(cached.read_bytes())
    except (OSError, ValueError):
        text = build_part(folder, part)
        _write(cached, text)
        return _load(text)


def built_name(part: str) -> str:
    """The index's file name in an installed rules folder."""
    return f"index-{part}.idx"


def build_part(folder: Path, part: str) -> bytes:
    """A part as bytes, the same for the same rules; the first line is the digest of the others. Raises BadRule."""
    from compatcheck.rulebook.compiling import COMPILERS

    text = COMPILERS[part](folder)
    return hashlib.blake2b(text, digest_size=16).hexdigest().encode() + b"\n" + text


def _load(text: bytes) -> Index:
    end = text.index(b"\n")
    return Index(text[end + 1 :], text[:end].decode("ascii"))


def _stamp(folder: Path, part: str) -> str:
    """Changes when a rule file or the compiler of rules does: names, sizes and times, not contents."""
    digest = hashlib.blake2b(digest_size=16)
    for place, ending in (
        (folder, ".yaml"),
        *((folder / name, ".yaml") for name in PARTS[part] if (folder / name).is_dir()),
        (Path(__file__).parent, ".py"),
    ):
        with os.scandir(place) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name.endswith(ending):
                    stat = entry.stat()
                    digest.update(f"{place}/{entry.name}:{stat.st_size}:{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "compatcheck"


def _write(path: Path, text: bytes) -> None:
    """Written atomically; an unwritable cache only costs time."""
    import tempfile

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(text)
        Path(name).replace(path)
    except OSError:
        return
