"""What a built distribution says against what it holds: metadata, tags, files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from packaging.errors import ExceptionGroup
from packaging.metadata import InvalidMetadata, Metadata
from packaging.tags import Tag
from packaging.utils import canonicalize_name

from compatcheck.depends.archives import Fault, compiled_in, record_faults, strangers
from compatcheck.depends.environments import wheel_tags
from compatcheck.depends.versions import Versions
from compatcheck.model.rules import Severity
from compatcheck.model.runtimes import NO_RUNTIMES, RuntimeSet


def metadata_of(files: Mapping[str, bytes]) -> tuple[str, bytes] | None:
    """The path and bytes of a wheel's METADATA or an sdist's PKG-INFO."""
    for path in sorted(files, key=lambda path: path.count("/")):
        if re.fullmatch(r"[^/]+\.dist-info/METADATA|[^/]+/PKG-INFO", path):
            return path, files[path]
    return None


def metadata_faults(data: bytes) -> Iterator[Fault]:
    """What the specification of core metadata says against it: all of it at once."""
    try:
        Metadata.from_email(data, validate=True)
    except ExceptionGroup as group:
        for error in group.exceptions:
            field = error.field if isinstance(error, InvalidMetadata) else "metadata"
            # Backends write fields ahead of the version that they state, and indexes take them.
            severity: Severity | None = "warning" if "introduced in metadata version" in str(error) else None
            yield Fault("metadata-invalid", (("field", field), ("reason", str(error))), severity)


def stated_by(data: bytes, versions: Versions) -> tuple[str | None, RuntimeSet]:
    """The Requires-Python, and the versions it holds."""
    try:
        asked = Metadata.from_email(data, validate=False).requires_python
    except (InvalidMetadata, ValueError):
        return None, NO_RUNTIMES
    except ExceptionGroup:
        return None, NO_RUNTIMES
    return (str(asked), versions.of(asked)) if asked is not None else (None, NO_RUNTIMES)


def wheel_faults(name: str, files: Mapping[str, bytes]) -> Iterator[Fault]:
    """A wheel's name, tags, RECORD, and what lies beside its packages."""
    tags = wheel_tags(name)
    if tags is None:
        yield Fault("wheel-name-invalid", (("name", name),))
        return
    yield from record_faults(files)
    compiled = compiled_in(files)
    if compiled and all(tag.platform == "any" for tag in tags):
        yield Fault("wheel-not-pure", (("tag", _shown(tags)), ("file", compiled[0])))
    if not compiled and any(tag.abi.startswith("cp") for tag in tags) and not _has_data(files):
        yield Fault("wheel-needlessly-bound", (("tag", _shown(tags)),))
    info = next((path.split("/")[0] for path in files if ".dist-info/" in path), "")
    for top in strangers(files, info):
        yield Fault("distribution-stranger", (("folder", top),))
    inside = _tags_inside(files)
    if inside is not None and inside != {str(tag) for tag in tags}:
        yield Fault("wheel-tags-differ", (("tag", _shown(tags)), ("inside", ", ".join(sorted(inside)))))


def python2_tagged(name: str) -> bool:
    """Whether a wheel says that Python 2 takes it."""
    return any(tag.interpreter.startswith(("py2", "cp2")) for tag in wheel_tags(name) or ())


def name_faults(name: str, data: bytes) -> Iterator[Fault]:
    """The file's name against the name and version inside."""
    try:
        raw = Metadata.from_email(data, validate=False)
        told = (canonicalize_name(raw.name), str(raw.version))
    except (InvalidMetadata, ExceptionGroup, ValueError, AttributeError, TypeError):
        return
    stem = re.sub(r"(?:\.tar\.gz|\.zip|\.whl|\.tar\.bz2)$", "", name)
    parts = stem.split("-")
    own = (parts[0], parts[1]) if name.endswith(".whl") and len(parts) > 1 else tuple(stem.rsplit("-", 1))
    if len(own) == 2 and (canonicalize_name(own[0]) != told[0] or own[1].replace("_", "-") != told[1]):
        yield Fault("distribution-name-differs", (("name", name), ("inside", f"{told[0]} {told[1]}")))


def _shown(tags: frozenset[Tag]) -> str:
    return ", ".join(sorted(map(str, tags)))


def _has_data(files: Mapping[str, bytes]) -> bool:
    return any(".data/" in path for path in files)


def _tags_inside(files: Mapping[str, bytes]) -> set[str] | None:
    path = next((path for path in files if path.endswith(".dist-info/WHEEL")), None)
    if path is None:
        return None
    text = files[path].decode("utf-8", "replace")
    return {match[1].strip() for match in re.finditer(r"(?m)^Tag:\s*(.+)$", text)}
