"""`compatcheck dist`: wheels and sdists that are right, and each way in which they are not."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from compatcheck.cli import main

METADATA = "Metadata-Version: 2.1\nName: a\nVersion: 1.0\nRequires-Python: {asked}\n"


def wheel(
    folder: Path,
    files: Mapping[str, str],
    *,
    tag: str = "py3-none-any",
    asked: str = ">=3.8",
    version: str = "1.0",
    record: str | None = None,
) -> Path:
    """A wheel of these files, with a RECORD that is right unless one is given."""
    info = "a-1.0.dist-info"
    tags = [f"{py}-none-any" for py in tag.split("-")[0].split(".")] if tag.endswith("any") else [tag]
    whole = {
        **files,
        f"{info}/METADATA": METADATA.format(asked=asked),
        f"{info}/WHEEL": "Wheel-Version: 1.0\n" + "".join(f"Tag: {one}\n" for one in tags),
    }
    lines = [f"{name},{_digest(text)},{len(text)}" for name, text in whole.items()]
    path = folder / f"a-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in whole.items():
            archive.writestr(name, text)
        archive.writestr(f"{info}/RECORD", "\n".join([*lines, f"{info}/RECORD,,"]) if record is None else record)
    return path


def _digest(text: str) -> str:
    raw = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def rules(capsys: pytest.CaptureFixture[str], *paths: Path) -> set[str]:
    capsys.readouterr()
    main(["dist", "--format", "json", *map(str, paths)])
    data: Any = json.loads(capsys.readouterr().out)
    return {one["rule"] for one in data["findings"]}


def test_a_good_wheel(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rules(capsys, wheel(tmp_path, {"a/__init__.py": "x = 1\n"})) == set()
    assert main(["dist", str(tmp_path)]) == 0


CASES: dict[str, tuple[dict[str, Any], set[str]]] = {
    "code that needs more": (
        {"files": {"a/__init__.py": "(n := 1)\n"}, "asked": ">=3.7"},
        {"distribution-requires-python"},
    ),
    "code that ended": (
        {"files": {"a/__init__.py": "import imp\n"}, "asked": ">=3.8"},
        {"distribution-requires-python"},
    ),
    "guarded": ({"files": {"a/__init__.py": "try:\n import tomllib\nexcept ImportError: pass\n"}}, set()),
    "machine code": ({"files": {"a/__init__.py": "", "a/b.so": ""}}, {"wheel-not-pure"}),
    "tagged for Python 2": ({"files": {"a/__init__.py": ""}, "tag": "py2.py3-none-any"}, {"wheel-tagged-python2"}),
    "tests beside the package": ({"files": {"a/__init__.py": "", "tests/__init__.py": ""}}, {"distribution-stranger"}),
    "another version": ({"files": {"a/__init__.py": ""}, "version": "2.0"}, {"distribution-name-differs"}),
    "changed after the build": (
        {"files": {"a/__init__.py": ""}, "record": "a/__init__.py,sha256=x,0\n"},
        {"record-differs"},
    ),
    "a path that leads out": ({"files": {"../evil.py": ""}}, {"archive-path", "record-differs"}),
    "metadata": ({"files": {"a/__init__.py": ""}, "asked": "3.8 or so"}, {"metadata-invalid"}),
}


@pytest.mark.parametrize("name", CASES)
def test_wheels(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made, wanted = CASES[name]
    assert rules(capsys, wheel(tmp_path, **made)) == wanted


def test_an_archive_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a-1.0-py3-none-any.whl").write_bytes(b"PK\x03\x04 no")
    (tmp_path / "a-1.0.tar.gz").write_bytes(b"\x1f\x8b no")
    assert rules(capsys, tmp_path) == {"archive-broken"}


def test_a_bomb_is_not_unpacked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compatcheck.depends.archives.MOST_BYTES", 1 << 16)
    path = wheel(tmp_path, {"a/__init__.py": "#" * (1 << 20)})
    assert rules(capsys, path) == {"archive-broken"}


def test_a_source_distribution(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, text in {"PKG-INFO": METADATA.format(asked=">=3.7"), "a/__init__.py": "(n := 1)\n"}.items():
            entry = tarfile.TarInfo(f"a-1.0/{name}")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))
        link = tarfile.TarInfo("a-1.0/passwd")
        link.type, link.linkname = tarfile.SYMTYPE, "../../etc/passwd"
        archive.addfile(link)
    assert rules(capsys, path) == {"distribution-requires-python", "archive-link"}


def test_what_is_no_distribution(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dist", "setup.py"]) == 2
    assert "no wheel and no source distribution" in capsys.readouterr().err
