"""The packages of corpus.toml: wheels fetched by pip, hashes required, only their .py files unpacked."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tools.judge import folders

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PINS = Path(__file__).with_name("corpus.toml")
# One platform, so that each pin is one file whatever machine asks.
PLATFORMS = ("manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_28_x86_64")
PYTHON_ENDINGS = (".py", ".pyw")
MOST_FILES = 20_000
MOST_BYTES = 300_000_000
FETCH_SECONDS = 1800


class CorpusError(Exception):
    """A package could not be had; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Pin:
    name: str
    version: str
    sha256: str
    python: str

    @property
    def folder(self) -> Path:
        return folders.home() / "corpus" / f"{self.name}-{self.version}-{self.sha256[:12]}"


def pins(names: Collection[str] = ()) -> list[Pin]:
    """All pins, or those of the named packages; raises CorpusError for a name that corpus.toml does not have."""
    tables: dict[str, dict[str, str]] = tomllib.loads(PINS.read_text("utf-8"))
    every = [
        Pin(name, version, sha256, python)
        for python, table in tables.items()
        for requirement, sha256 in table.items()
        for name, version in [requirement.split("==", 1)]
    ]
    if unknown := set(names) - {pin.name for pin in every}:
        raise CorpusError(f"not in {PINS.name}: {', '.join(sorted(unknown))}")
    return [pin for pin in every if not names or pin.name in names]


def fetch(wanted: Collection[Pin]) -> None:
    """Bring what is missing into the cache folder."""
    missing = [pin for pin in wanted if not pin.folder.is_dir()]
    for python in sorted({pin.python for pin in missing}):
        _fetch_for(python, [pin for pin in missing if pin.python == python])


def files(pin: Pin) -> Iterator[tuple[str, bytes]]:
    """Label and content of each Python file of a fetched package."""
    for path in sorted(pin.folder.rglob("*")):
        if path.suffix in PYTHON_ENDINGS and path.is_file():
            yield f"{pin.name}-{pin.version}/{path.relative_to(pin.folder).as_posix()}", path.read_bytes()


def _fetch_for(python: str, missing: list[Pin]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        requirements = Path(scratch, "requirements.txt")
        requirements.write_text("".join(f"{p.name}=={p.version} --hash=sha256:{p.sha256}\n" for p in missing), "utf-8")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        command += ["--require-hashes", "--requirement", str(requirements), "--dest", scratch]
        command += ["--implementation", "cp", "--python-version", python]
        command += [f"--platform={platform}" for platform in PLATFORMS]
        done = subprocess.run(command, capture_output=True, text=True, timeout=FETCH_SECONDS)
        if done.returncode:
            raise CorpusError(f"pip could not fetch the corpus:\n{done.stderr.strip()}")
        wheels = {_package_of(path): path for path in Path(scratch).glob("*.whl")}
        for pin in missing:
            _unpack(wheels[pin.name], pin.folder)


def _package_of(wheel: Path) -> str:
    return wheel.name.split("-", 1)[0].replace("_", "-").lower()


def _unpack(wheel: Path, target: Path) -> None:
    """Only Python files, only inside the target, only so many."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch, zipfile.ZipFile(wheel) as archive:
        chosen = [member for member in archive.infolist() if member.filename.endswith(PYTHON_ENDINGS)]
        if len(chosen) > MOST_FILES or sum(member.file_size for member in chosen) > MOST_BYTES:
            raise CorpusError(f"{wheel.name} is larger than the corpus allows")
        for member in chosen:
            inside = PurePosixPath(member.filename)
            if inside.is_absolute() or ".." in inside.parts:
                raise CorpusError(f"{wheel.name} has a member outside of it: {member.filename}")
            path = Path(scratch, "files", inside)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(archive.read(member))
        Path(scratch, "files").rename(target)
