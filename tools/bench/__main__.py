"""`python -m tools.bench`: wall time and memory of whole commands, side by side, as a Markdown table of ratios.

Every command starts as a user would start it. The peers come from PyPI into a virtual environment of their own.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

PEERS = ("vermin==1.9.2", "ruff==0.17.5")


@dataclass(frozen=True, slots=True)
class Timing:
    """One command: the median of its wall times in seconds and the largest resident set of any process in MB."""

    name: str
    seconds: float
    megabytes: float


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--corpus", type=Path, help="folder of .py files (default: CPython 3.11's Lib without tests)")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each fast command; vermin runs once")
    parser.add_argument("--scaling", action="store_true", help="also seconds per MB at 8 and 128 MB")
    asked = parser.parse_args(argv)
    home = Path(os.environ.get("COMPATCHECK_BENCH_DIR", Path.home() / ".cache" / "compatcheck-bench"))
    peers = _peers(home / "peers")
    with tempfile.TemporaryDirectory() as scratch:
        corpus = Path(scratch) / "lib"
        _copy(asked.corpus or _standard_library(), corpus)
        timings = _measure(corpus, peers, asked.repeat)
        _print(timings, corpus)
        if asked.scaling:
            _scaling(corpus, Path(scratch))
    return 0


def _measure(corpus: Path, peers: Path, repeat: int) -> list[Timing]:
    ours = [str(Path(sys.executable).with_name("compatcheck"))]
    small = corpus.parent / "small.py"
    small.write_text("import sys\nprint(sys.argv)\n")
    cache = corpus / ".compatcheck_cache"

    def cold() -> None:
        shutil.rmtree(cache, ignore_errors=True)

    def keep() -> None:
        return

    check = [*ours, "check", "--output", os.devnull, "--format", "json"]
    found = [
        _time("python -c pass", [sys.executable, "-c", "pass"], 9, keep),
        _time("ruff check --select E9 --no-cache", [str(peers / "ruff"), "check", "--isolated", "--select", "E9",
              "--no-cache", "-q", str(corpus)], repeat, keep),
        _time("vermin -t=3.7-", [str(peers / "vermin"), "-q", "-t=3.7-", "--violations", str(corpus)], 1, keep),
        _time("compatcheck --target 3.7, cold", [*check, "--target", "3.7", str(corpus)], repeat, cold),
        _time("compatcheck --target 3.7, warm", [*check, "--target", "3.7", str(corpus)], repeat, keep),
        _time("compatcheck --target 3.13, cold", [*check, "--target", "3.13", str(corpus)], repeat, cold),
        _time("compatcheck --target 3.7 --all-versions, cold",
              [*check, "--target", "3.7", "--all-versions", str(corpus)], repeat, cold),
        _time("compatcheck, one small file", [*check, "--no-cache", "--target", "3.7", str(small)], 9, keep),
    ]  # fmt: skip
    cold()
    return found


def _time(name: str, command: list[str], repeat: int, before: Callable[[], None]) -> Timing:
    seconds, peak = [], 0.0
    if name == "compatcheck, one small file":
        _run(command)  # the first start writes the byte code
    for _ in range(repeat):
        before()
        started = time.perf_counter()
        _, status, usage = _run(command)
        seconds.append(time.perf_counter() - started)
        peak = max(peak, usage.ru_maxrss / 1024)
        if status not in (0, 1):
            raise SystemExit(f"{name}: exit code {status}")
    return Timing(name, median(seconds), peak)


def _run(command: list[str]) -> tuple[int, int, resource.struct_rusage]:
    # As on a user's machine, where byte code is kept.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return pid, process.returncode, usage


def _print(timings: Iterable[Timing], corpus: Path) -> None:
    table = list(timings)
    vermin = next(timing.seconds for timing in table if timing.name.startswith("vermin"))
    size = sum(path.stat().st_size for path in corpus.rglob("*.py")) / 1e6
    print(f"{size:.1f} MB in {sum(1 for _ in corpus.rglob('*.py'))} files, {os.cpu_count()} cores\n")
    print("| command | seconds | times faster than vermin | MB of the largest process |")
    print("|---|---:|---:|---:|")
    for timing in table:
        print(f"| {timing.name} | {timing.seconds:.3f} | {vermin / timing.seconds:.1f} | {timing.megabytes:.0f} |")


def _scaling(corpus: Path, scratch: Path) -> None:
    """Seconds per MB must not grow with the size of the project."""
    rates = []
    for wanted in (8, 128):
        folder = scratch / f"mb{wanted}"
        size = _grow(corpus, folder, wanted * 1_000_000)
        command = [str(Path(sys.executable).with_name("compatcheck")), "check", "--no-cache", "--target", "3.7",
                   "--format", "json", "--output", os.devnull, str(folder)]  # fmt: skip
        timing = _time(f"{wanted} MB", command, 3, lambda: None)
        rates.append(timing.seconds / size * 1e6)
        print(f"{wanted} MB: {timing.seconds:.2f} s, {rates[-1]:.4f} s per MB, {timing.megabytes:.0f} MB of memory")
    print(f"128 MB against 8 MB: {rates[1] / rates[0]:.2f}")


def _grow(corpus: Path, folder: Path, wanted: int) -> int:
    size = copy = 0
    files = sorted(corpus.rglob("*.py"))
    while size < wanted:
        for path in files:
            if size >= wanted:
                break
            place = folder / f"copy{copy}" / path.relative_to(corpus)
            place.parent.mkdir(parents=True, exist_ok=True)
            # not the same bytes: equal files must not be checked once only
            place.write_bytes(path.read_bytes() + b"# copy %d\n" % copy)
            size += place.stat().st_size
        copy += 1
    return size


def _standard_library() -> Path:
    found = subprocess.run(
        ["pyenv", "prefix", "3.11.7"], capture_output=True, text=True, check=False
    ).stdout.strip()  # fmt: skip
    home = Path(found) / "lib" / "python3.11" if found else Path(os.__file__).parent
    if not home.is_dir():
        raise SystemExit("no standard library found; give --corpus")
    return home


def _copy(source: Path, target: Path) -> None:
    leave_out = shutil.ignore_patterns("test", "tests", "idle_test", "site-packages", "__pycache__", "*.so", "*.pyc")
    shutil.copytree(source, target, ignore=leave_out)


def _peers(home: Path) -> Path:
    if not (home / "bin" / "ruff").exists():
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([home / "bin" / "python", "-m", "pip", "install", "-q", *PEERS], check=True)
    return home / "bin"


if __name__ == "__main__":
    raise SystemExit(main())
