"""The fuzzer's inputs through the command line: a right exit code, a whole report, every file accounted for."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.judge.corpus import Entry
from tools.judge.opinion import TARGET
from tools.judge.process import ROOT

EXPECTED_CODES = {0, 1, 3}
RUN_SECONDS = 600


def complaints(batch: Sequence[Entry]) -> Iterator[str]:
    """What was wrong with one run over these inputs."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, output = Path(scratch, "files"), Path(scratch, "report.json")
        folder.mkdir()
        for entry in batch:
            Path(folder, f"{entry.label}.py").write_bytes(entry.data)
        command = [sys.executable, "-m", "compatcheck", "check", "--isolated", "--no-cache", "--target", TARGET]
        command += ["--format", "json", "--output", str(output), "--", str(folder)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=RUN_SECONDS, cwd=ROOT)
        except subprocess.TimeoutExpired:
            yield f"no end after {RUN_SECONDS} s: {batch[0].label} to {batch[-1].label}"
            return
        if done.returncode not in EXPECTED_CODES or b"Traceback" in done.stderr:
            yield f"exit code {done.returncode}:\n{done.stderr.decode('utf-8', 'replace')[-2000:]}"
        if output.exists():
            yield from _unaccounted(batch, output)
        else:
            yield "no report"


def _unaccounted(batch: Sequence[Entry], output: Path) -> Iterator[str]:
    report = json.loads(output.read_text("utf-8"))
    checked = {Path(row["path"]).stem for row in (*report["files"], *report["unreadable"])}
    for entry in batch:
        if entry.label not in checked:
            yield f"neither checked nor unreadable: {entry.label}"
