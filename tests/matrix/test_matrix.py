"""`compatcheck matrix`: environments are made, commands run in them, and nothing stays behind."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Call
from tests.matrix.conftest import written

SLOW = os.environ.get("COMPATCHECK_SLOW") or os.environ.get("CI") == "true"

pytestmark = pytest.mark.usefixtures("interpreters")


@pytest.fixture(autouse=True)
def workplace(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where environments are made; uv, which is installed beside these tests, makes them."""
    place = folder.parent / f"{folder.name}-work"
    place.mkdir()
    monkeypatch.setenv("PATH", os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]]))
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    monkeypatch.setenv("TMPDIR", str(place))
    return place


@pytest.fixture
def sleeper(folder: Path) -> Iterator[str]:
    """The seconds that only this test sleeps for; nobody sleeps on when it is over."""
    seconds = f"{3600 + os.getpid() / 1e8:.8f}"
    assert sleeping(seconds) == []
    yield seconds
    assert sleeping(seconds) == []


def sleeping(seconds: str) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "cmdline").read_bytes().split(b"\0")[:2] == [b"sleep", seconds.encode()]:
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def steps_of(text: str) -> dict[tuple[str, str], dict[str, Any]]:
    return {(each["runtime"], each["source"]): each for each in json.loads(text)["tests"]}


def test_the_command_runs_on_every_version(call: Call, folder: Path, workplace: Path) -> None:
    script = """\
        import sys
        assert sys.prefix != sys.base_prefix
        open("written", "w").close()
        case = '<testcase file="t.py" name="%s">%s</testcase>'
        old = sys.version_info < (3, 9)
        bad = '<failure message="AttributeError: module math has no attribute lcm">t.py:7: in it</failure>' if old else ""
        with open(sys.argv[1], "w") as file:
            file.write("<testsuite>" + case % ("one", "") + case % ("two", bad) + "</testsuite>")
        sys.exit(old)
    """
    written(folder, {"run.py": script, "t.py": "import math\n\n\ndef two():\n    return math.lcm(2, 3)\n"})
    done = call("matrix", "--target", "3.8,3.12", "--format", "json", "--", "python", "run.py", "{junit}")
    assert done.code == 1
    found = steps_of(done.out)
    assert list(found) == [(v, s) for v in ("3.8", "3.12") for s in ("compile", "import", "command")]
    (failure,) = found["3.8", "command"]["failures"]
    assert (failure["name"], failure["only_here"]) == ("t.py::two", True)
    (finding,) = json.loads(done.out)["findings"]
    assert failure["explained_by"] == [finding["fingerprint"]]
    assert (found["3.12", "command"]["passed"], found["3.12", "command"]["failed"]) == (2, 0)
    assert not (folder / "written").exists()  # it ran in a copy
    assert list(workplace.iterdir()) == []


def test_a_failure_on_one_version_that_nothing_explains(call: Call, folder: Path) -> None:
    written(folder, {"run.py": "import sys\nprint('told')\nsys.exit(sys.version_info < (3, 9))\n"})
    (folder / "logs").mkdir()
    done = call("matrix", "--target", "3.8,3.12", "--logs", "logs", "--", "python", "run.py")
    assert done.code == 1
    assert "  on 3.8: command python run.py: exit code 1\n" in done.out
    assert "Disagreement: fails, and no finding says so" in done.out
    assert {path.name: path.read_text() for path in (folder / "logs").iterdir()} == {
        "3.8.log": "told\n",
        "3.12.log": "told\n",
    }
    for step in ("compiling", "installing", "importing", "running python"):
        assert f"compatcheck: 3.12: {step}\n" in done.err


def test_what_is_wrong_with_the_call_and_the_command(call: Call, folder: Path) -> None:
    done = call("matrix", "--target", "3.12", "--project", "none", "--logs", "nowhere")
    assert (done.code, done.err.count("there is no folder")) == (2, 2)
    done = call("matrix", "--target", "3.12", "--", "no-such-program-anywhere")
    assert "no-such-program-anywhere: cannot be started: No such file or directory" in done.out
    done = call("matrix", "--target", "3.12", "--install", "./nothing.whl", "--", "python", "-V")
    assert (done.code, "install failed" in done.out) == (1, True)
    assert re.search(r"install the environment: .* failed with exit code \d+: .*nothing\.whl", done.out)


def test_a_time_limit_leaves_no_process_behind(call: Call, folder: Path, sleeper: str) -> None:
    """Neither those of the command's group, nor one that left it, nor one that ignores a polite request."""
    script = f"""\
        import signal, subprocess
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        subprocess.Popen(["sleep", "{sleeper}"], start_new_session=True)
        subprocess.run(["sleep", "{sleeper}"])
    """
    written(folder, {"tests/run.py": script})
    done = call("matrix", "--target", "3.12", "--timeout", "2", "--", "python", "tests/run.py")
    assert done.code == 1
    assert "python tests/run.py: took longer than 2 seconds" in done.out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_nothing_behind(
    folder: Path, workplace: Path, sleeper: str, number: signal.Signals
) -> None:
    argv = [sys.executable, "-m", "compatcheck", "matrix", "--target", "3.8,3.12", "--", "sleep", sleeper]
    process = subprocess.Popen(argv, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    until = time.monotonic() + 120
    while len(sleeping(sleeper)) < 2 and time.monotonic() < until:
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, b"")
    assert err.endswith(b"compatcheck: interrupted\n")
    assert list(workplace.iterdir()) == []


@pytest.mark.skipif(not SLOW, reason="slow: installs packages; set COMPATCHECK_SLOW=1")
def test_a_package_is_installed_and_tested(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By pip on 3.7, which uv does not know, and by uv."""
    monkeypatch.setenv("SHOP_PASSWORD", "hunter-two-2")
    written(
        folder,
        {
            "pyproject.toml": """\
                [build-system]
                requires = ["setuptools"]
                build-backend = "setuptools.build_meta"
                [project]
                name = "shop"
                version = "1"
                dependencies = ["six"]
            """,
            "src/shop/__init__.py": "import six\n",
            "src/shop/old.py": "import math\n\n\ndef least(a, b):\n    return math.lcm(a, b)\n",
            "test_shop.py": """\
                import os
                from shop.old import least

                def test_least():
                    print(os.environ["SHOP_PASSWORD"])
                    assert least(2, 3) == 6
            """,
        },
    )
    (folder / "logs").mkdir()
    done = call("matrix", "--target", "3.7,3.13", "--logs", "logs", "--format", "json", "--", "pytest", "-s")
    found = steps_of(done.out)
    (failure,) = found["3.7", "command"]["failures"]
    (finding,) = json.loads(done.out)["findings"]
    assert (failure["path"], failure["line"]) == ("src/shop/old.py", 5)
    assert failure["explained_by"] == [finding["fingerprint"]]
    assert found["3.13", "command"]["failed"] == found["3.7", "import"]["failed"] == 0
    log = (folder / "logs" / "3.13.log").read_text()
    assert "1 passed" in log
    assert "hunter" not in log
    assert not {"build", "src/shop.egg-info"} & {str(path.relative_to(folder)) for path in folder.rglob("*")}
