"""The answer never depends on how it was found: processes, cache, order."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from compatcheck.run.cache import FOLDER
from compatcheck.run.pool import Crashed, work_on

FILES = {
    "a.py": "if (n := 1): pass\n",
    "b.py": "import tomllib\nimport cgi\n",
    "c.py": "x = 1  # compatcheck: ignore[syntax]\n",
    "d.py": "print 'two'\n",
    "e.py": "def f(a, /): return f'{a=}'\n",
    "pkg/f.py": "\ufeffx = 'é'; (y := 2)\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pkg").mkdir()
    for number in range(12):
        for name, text in FILES.items():
            place = tmp_path / name
            place.with_name(f"{place.stem}{number}.py").write_text(f"{text}# {number}\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.compatcheck]\ntarget = ['3.7-3.13']\n")
    return tmp_path


def run(folder: Path, *options: str, **environment: str) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "-m", "compatcheck", "check", "--format", "json", *options, "."]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, env={**os.environ, **environment}, timeout=120, check=False
    )
    assert done.returncode in (0, 1, 3), done.stderr.decode()
    report = json.loads(done.stdout)
    report["run"].pop("started_at"), report["run"].pop("duration_s")
    return done.returncode, report


def test_one_job_is_as_good_as_many(project: Path) -> None:
    assert run(project, "--jobs", "1", "--no-cache") == run(project, "--jobs", "3", "--no-cache")


def test_the_cache_changes_nothing(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = str(tmp_path_factory.mktemp("home"))
    first = run(project, XDG_CACHE_HOME=home)
    assert (project / FOLDER / "CACHEDIR.TAG").is_file()
    assert (project / FOLDER / ".gitignore").read_text() == "*\n"
    again = run(project, XDG_CACHE_HOME=home)
    assert first == again == run(project, "--no-cache")


@pytest.mark.parametrize("damage", ["cut", "flipped", "forged", "folder", "link"])
def test_a_damaged_cache_is_made_again(project: Path, damage: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = str(tmp_path_factory.mktemp("home"))
    whole = run(project, XDG_CACHE_HOME=home)
    (cache,) = (project / FOLDER).glob("*.json")
    data = cache.read_bytes()
    if damage == "cut":
        cache.write_bytes(data[: len(data) // 2])
    elif damage == "flipped":
        cache.write_bytes(data.replace(b"tomllib", b"tomlliX"))
    elif damage == "forged":  # what a stranger's checkout could bring: everything clean, sealed by another user
        entries = json.loads(data.partition(b"\n")[2])
        cache.write_bytes(b"0" * 64 + b"\n" + json.dumps(dict.fromkeys(entries, "")).encode())
    elif damage == "folder":
        cache.unlink()
        cache.mkdir()
    else:
        moved = cache.rename(project / "elsewhere.json")
        cache.symlink_to(moved)
    assert run(project, XDG_CACHE_HOME=home) == whole


def test_a_cache_that_git_tracks_is_ignored(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = str(tmp_path_factory.mktemp("home"))
    whole = run(project, XDG_CACHE_HOME=home)
    git = ["git", "-C", str(project), "-c", "user.name=a", "-c", "user.email=a@b.c"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-f", FOLDER], check=True)
    assert run(project, XDG_CACHE_HOME=home)[1]["findings"] == whole[1]["findings"]


def double(item: int) -> int:
    if item == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.002)
    return item * 2


@pytest.mark.skipif(sys.platform != "linux", reason="the test's function reaches workers by fork")
def test_a_dead_worker_loses_one_item() -> None:
    items = [*range(14, 60), 13, *range(60, 90)]  # not among the first, which the parent does itself
    answers = dict(work_on(items, double, 2))
    lost = [items[index] for index, answer in answers.items() if isinstance(answer, Crashed)]
    assert lost == [13]
    assert {items[i]: a for i, a in answers.items() if items[i] != 13} == {n: n * 2 for n in items if n != 13}


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_an_interrupt_stops_everything_at_once(project: Path) -> None:
    for number in range(150):
        (project / f"big{number}.py").write_text("".join(f"x{n} = {{(a := {n}): f'{{n=}}'}}\n" for n in range(400)))
    command = [sys.executable, "-m", "compatcheck", "check", "--no-cache", "--jobs", "2", "."]
    process = subprocess.Popen(
        command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    time.sleep(2)
    assert process.poll() is None, "the run was over before it could be interrupted"
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b"Traceback" not in err
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)  # nothing is left behind


def test_concurrent_runs_share_a_cache(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = str(tmp_path_factory.mktemp("home"))
    command = [sys.executable, "-m", "compatcheck", "check", "--format", "json", "."]
    environment = {**os.environ, "XDG_CACHE_HOME": home}
    runs = [subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, env=environment) for _ in range(3)]
    findings = [json.loads(process.communicate(timeout=120)[0])["findings"] for process in runs]
    assert findings[0] == findings[1] == findings[2]
    assert run(project, XDG_CACHE_HOME=home)[1]["findings"] == findings[0]
