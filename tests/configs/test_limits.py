"""What hostile files cost: the memory of the whole command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.configs.test_text import HOSTILE

_MEGABYTES = 300
# Of the process itself: what getrusage tells is at least what the process that started it had.
_CODE = """
import re, sys
from compatcheck.cli import main
code = main(sys.argv[1:])
print("USED", code, re.search(r"VmHWM:\\s*(\\d+) kB", open("/proc/self/status").read())[1])
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
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
    code, kilobytes = done.stdout.rpartition("USED")[2].split()
    assert code == "1"
    assert int(kilobytes) / 1024 < _MEGABYTES
