"""The corpus is fetched by pip with its hashes, and unpacked into its own folder only."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from tools.judge import packages
from tools.judge.packages import CorpusError, fetch, files, pins

GOOD = {"parcel/a.py": b"x = 1\n", "parcel/b.txt": b"no", "parcel/sub/c.pyw": b"y = 2\n"}
METADATA = b"Metadata-Version: 2.1\nName: parcel\nVersion: 1.0\n"
WHEEL = b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes packages from, and nothing else; pins and cache beside it."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("COMPATCHECK_JUDGE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(packages, "PINS", tmp_path / "corpus.toml")
    return folder


def put(index: Path, members: dict[str, bytes], sha256: str | None = None) -> None:
    wheel = index / "parcel-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in {**members, "parcel-1.0.dist-info/METADATA": METADATA}.items():
            archive.writestr(name, content)
        archive.writestr("parcel-1.0.dist-info/WHEEL", WHEEL)
        archive.writestr("parcel-1.0.dist-info/RECORD", b"")
    digest = sha256 or hashlib.sha256(wheel.read_bytes()).hexdigest()
    packages.PINS.write_text(f'["3.12"]\n"parcel==1.0" = "{digest}"\n', "utf-8")


def test_only_python_files_are_unpacked(index: Path) -> None:
    put(index, GOOD)
    (pin,) = pins()
    fetch([pin])
    assert dict(files(pin)) == {"parcel-1.0/parcel/a.py": b"x = 1\n", "parcel-1.0/parcel/sub/c.pyw": b"y = 2\n"}


def test_another_file_than_the_pinned_one_is_refused(index: Path) -> None:
    put(index, GOOD, sha256="0" * 64)
    with pytest.raises(CorpusError, match="HASHES"):
        fetch(pins())


@pytest.mark.parametrize("name", ["../out.py", "/out.py"])
def test_a_member_outside_of_the_package_is_refused(index: Path, name: str) -> None:
    put(index, {**GOOD, name: b"evil = 1\n"})
    with pytest.raises(CorpusError, match="outside"):
        fetch(pins())
    assert not list(index.parent.rglob("*.py"))


def test_a_package_that_is_too_large_is_refused(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(index, GOOD)
    monkeypatch.setattr(packages, "MOST_BYTES", 10)
    with pytest.raises(CorpusError, match="larger"):
        fetch(pins())


def test_an_unknown_package_is_named() -> None:
    with pytest.raises(CorpusError, match="no-such-package"):
        pins(["requests", "no-such-package"])


def test_every_pin_has_a_whole_hash() -> None:
    assert len(pins()) >= 40
    assert all(len(pin.sha256) == 64 for pin in pins())
    assert {"2.7", "3.12"} <= {pin.python for pin in pins()}
