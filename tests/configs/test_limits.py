"""What hostile files cost: processor time and memory of the whole command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.configs.test_text import HOSTILE

_SECONDS, _MEGABYTES = 2.0, 300
_CODE = """
import resource, sys
from compatcheck.cli import main
code = main(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_SELF)
print("USED", code, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="resource is of POSIX")
@pytest.mark.parametrize(
    "name", ["alias bomb", "many values", "fifty megabytes", "huge integer", "long keys", "binary"]
)
def test_a_hostile_file_costs_little(name: str, tmp_path: Path) -> None:
    content = HOSTILE[name]
    (tmp_path / "anvil.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
    done = subprocess.run(
        [sys.executable, "-c", _CODE, "config", "--format", "concise"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    code, seconds, megabytes = done.stdout.rpartition("USED")[2].split()
    assert code == "1"
    assert float(seconds) < _SECONDS and float(megabytes) < _MEGABYTES, (seconds, megabytes)
