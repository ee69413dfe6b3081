"""`agree`: pins × versions, as compatcheck and as `pip install --dry-run --python-version` judge them, on the configured
index. `bench`: 200 packages × 8 targets on a pypiserver of this machine, cold and from the cache.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from packaging.utils import canonicalize_name

from compatcheck.depends.environments import SYSTEMS
from compatcheck.depends.supply import Supply, fit
from compatcheck.depends.versions import Versions
from compatcheck.rulebook import load_rulebook
from compatcheck.run.outside import index_of

PINS = [
    "attrs==22.2.0",
    "attrs==25.3.0",
    "click==8.1.8",
    "click==8.2.0",
    "flask==2.2.5",
    "flask==3.1.0",
    "markupsafe==2.1.5",
    "numpy==1.21.6",
    "numpy==1.26.4",
    "pandas==1.3.5",
    "requests==2.28.0",
    "requests==2.32.0",
    "tomli==2.0.1",
    "zipp==3.15.0",
]
PYTHONS = ("3.7", "3.9", "3.11", "3.13")
PACKAGES, TARGETS, PORT = 200, "3.7-3.14", 18423


def main() -> int:
    """The exit code: 1 where a verdict differs, or where it takes too long."""
    return {"agree": agree, "bench": bench}[sys.argv[1]]()


def agree() -> int:
    runtimes = load_rulebook().runtimes
    versions = Versions(runtimes)
    names = sorted({canonicalize_name(pin.partition("==")[0]) for pin in PINS})
    supply = Supply(index_of(None, cache=False)(names).releases, complete=True)
    pairs = [(pin, python) for pin in PINS for python in PYTHONS]
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(_pip, pairs))
    wrong = 0
    for (pin, python), pip in zip(pairs, told, strict=True):
        name, _, version = pin.partition("==")
        release = supply.release(canonicalize_name(name), version)
        ours = release is not None and bool(fit(release, runtimes.by_name[python], SYSTEMS[0], versions).wheel)
        wrong += ours != pip
        if ours != pip:
            print(f"{pin} on {python}: compatcheck says {ours}, pip {pip}")
    print(f"{len(pairs) - wrong} of {len(pairs)} (package, version) pairs agree with pip")
    return int(wrong > 0)


def _pip(pair: tuple[str, str]) -> bool:
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-deps", "--quiet", "--only-binary", ":all:"]
    command += ["--python-version", f"{pair[1]}.99", "--target", tempfile.gettempdir(), pair[0]]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def bench() -> int:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _generate(root / "packages")
        (root / "project").mkdir()
        (root / "project" / "requirements.txt").write_text("".join(f"generated-{n}>=1\n" for n in range(PACKAGES)))
        with _server(root) as url:
            cold, busy, rows = _deps(root, url)
            cached, busy_again, again = _deps(root, url)
    print(f"{rows} dependencies × 8 targets: {cold:.1f} s cold ({busy:.1f} s of our own processor time)")
    print(f"from the cache {cached:.1f} s ({busy_again:.1f} s)")
    return int(rows != PACKAGES or again != rows or cold > 5 or cached > 1)


def _generate(folder: Path) -> None:
    folder.mkdir()
    for number in range(PACKAGES):
        for version, asked in (("1.0", ">=3.7"), ("2.0", ">=3.9"), ("3.0", ">=3.11")):
            name = f"generated_{number}-{version}"
            with zipfile.ZipFile(folder / f"{name}-py3-none-any.whl", "w") as archive:
                text = (
                    f"Metadata-Version: 2.1\nName: generated-{number}\nVersion: {version}\nRequires-Python: {asked}\n"
                )
                archive.writestr(f"{name}.dist-info/METADATA", text)


@contextmanager
def _server(root: Path) -> Iterator[str]:
    """A pypiserver in an environment of its own."""
    venv.create(root / "server", with_pip=True)
    python = root / "server" / "bin" / "python"
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", "pypiserver"], check=True)
    command = [str(python), "-m", "pypiserver", "run", "-i", "127.0.0.1", "-p", str(PORT), str(root / "packages")]
    url = f"http://127.0.0.1:{PORT}/simple"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(100):
                try:
                    urllib.request.urlopen(url, timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield url
        finally:
            process.terminate()


def _deps(root: Path, url: str) -> tuple[float, float, int]:
    """Seconds of wall time and of processor time, and packages in the report."""
    command = [sys.executable, "-m", "compatcheck", "deps", "--target", TARGETS, "--index-url", url, "--format", "json"]
    environ = {**os.environ, "XDG_CACHE_HOME": str(root / "cache")}
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=root / "project", env=environ, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, busy, len(json.loads(done.stdout)["dependencies"])


if __name__ == "__main__":
    raise SystemExit(main())
