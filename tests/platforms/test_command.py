"""Platforms on the command line: as targets, in lists, measured, and in Anvil apps."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from compatcheck.cli import main

Files = Mapping[str, str]
APP: Files = {
    "anvil.yaml": (
        "name: Shop\npackage_name: Shop\nservices: []\n"
        "runtime_options:\n  version: 2\n  client_version: '3'\n  server_spec: {base: python310-minimal}\n"
        "dependencies:\n- {dep_id: dep_1, resolution_hints: {package_name: anvil_extras}, version: {dev: true}}\n"
    ),
    "client_code/Form/__init__.py": (
        "from ._anvil_designer import FormTemplate\nimport anvil.server\nimport anvil_extras.logging\n"
        "from ..shared import both\nfrom Shop.shared import both\nimport json\nx = 1 if (n := 2) else 3\n"
    ),
    "client_code/shared.py": "from collections import Mapping\n\ndef both():\n    import hashlib\n",
    "client_code/alone.py": "from collections import Mapping\nimport requests\n",
    "server_code/main.py": "import os\nfrom .shared import both\nimport tomllib\nx = 1 if (n := 2) else 3\n",
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Writes files, runs a command beside them, gives its exit code and outputs."""

    def command(*argv: str, files: Files | None = None) -> tuple[int, str, str]:
        for name, text in (files or {}).items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        monkeypatch.chdir(tmp_path)
        code = main(list(argv))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command


def _findings(run: Any, *argv: str, files: Files) -> dict[str, list[tuple[int, str, list[str]]]]:
    _, out, _ = run("check", "--no-cache", "--checks", "code", "--format", "json", *argv, ".", files=files)
    found: dict[str, list[tuple[int, str, list[str]]]] = {}
    for finding in json.loads(out)["findings"]:
        found.setdefault(finding["path"], []).append((finding["line"], finding["rule"], finding["fails_on"]))
    return found


def test_an_app_is_judged_by_its_sides(run: Any) -> None:
    server = ["anvil-server-python310-minimal"]
    assert _findings(run, files=APP) == {
        "client_code/Form/__init__.py": [(7, "assignment-expression", ["anvil-client"])],
        "client_code/alone.py": [(2, "platform-module", ["anvil-client"])],
        "client_code/shared.py": [(1, "removed-name", server), (4, "platform-module", ["anvil-client"])],
        "server_code/main.py": [(3, "missing-module", server)],
    }


def test_a_cpython_target_judges_the_server_and_the_client_keeps_its_own(run: Any) -> None:
    found = _findings(run, "--target", "3.7", files=APP)
    assert found["client_code/Form/__init__.py"] == [(7, "assignment-expression", ["anvil-client"])]
    assert [(line, on) for line, _, on in found["server_code/main.py"]] == [(3, ["3.7"]), (4, ["3.7"])]


@pytest.mark.parametrize(
    ("options", "client", "line"),
    [
        ("client_version: '3'", "anvil-client", None),
        ("client_version: 3", "anvil-client", None),
        ("client_version: '2'", "anvil-client-python2", 4),
        ("version: 2", "anvil-client-python2", 3),
    ],
)
def test_without_client_version_the_client_is_python_2(run: Any, options: str, client: str, line: int | None) -> None:
    config = f"name: Old\npackage_name: Old\nruntime_options:\n  {options}\n"
    files = {"anvil.yaml": config, "client_code/main.py": "x = f'{1}'\nprint 'a'\n"}
    found = _findings(run, files=files)
    told = [("anvil-python2-client", line)] if line else []
    assert [(rule, at) for at, rule, _ in found.get("anvil.yaml", ())] == told
    rules = [(rule, on) for _, rule, on in found["client_code/main.py"]]
    python2 = [("f-string", [client]), ("print-statement", [client])]  # the second as a warning: CPython refuses it
    assert rules == (python2 if line else [("print-statement", [client])])


def test_a_deployment_file_is_no_app(run: Any) -> None:
    files = {"anvil.yaml": "app: {name: x}\ndatabase: {}\n", "client_code/a.py": "import os\n"}
    assert _findings(run, "--target", "3.12", files=files) == {}


def test_a_bomb_for_an_anvil_yaml_is_no_app_and_no_danger(run: Any) -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"k{n}: &k{n} [*a, *a, *a, *a]\n" for n in range(50)) + "deep: " + "[" * 50_000
    assert _findings(run, "--target", "3.12", files={"anvil.yaml": bomb, "a.py": "import os\n"}) == {}


@pytest.mark.parametrize(
    ("target", "code", "rule"),
    [
        ("debian-11", "import tomllib\n", "missing-module"),
        ("debian-11", "import winreg\n", "platform-module"),
        ("aws-lambda-python3.9", "match x:\n    case 1: pass\n", "match-statement"),
        ("databricks-13.3", "import tomllib\n", "missing-module"),
        ("rhel-8", "(n := 1)\n", "assignment-expression"),
        ("ubuntu-24.04", "import distutils\n", "removed-module"),
        ("cpython-windows", "import os\nos.fork()\n", "platform-name"),
        ("cpython-windows-3.9", "import os\nif os.name != 'nt':\n    os.fork()\n", None),
        ("cpython-linux", "import sys\nif sys.platform == 'win32':\n    import winreg\n", None),
        ("cpython-linux", "import sys\nif sys.platform.startswith('linux'):\n    import winreg\n", "platform-module"),
        ("pyodide", "import threading\nthreading.Thread(target=f).start()\n", "platform-behaviour"),
        ("pyodide", "import sys\nif sys.platform != 'emscripten':\n    import curses\n", None),
        ("3.9", "import winreg\nimport os\nos.fork()\n", None),
    ],
)
def test_platforms_as_targets(run: Any, target: str, code: str, rule: str | None) -> None:
    found = _findings(run, "--target", target, files={"a.py": code})
    assert [name for _, name, _ in found.get("a.py", ())] == ([rule] if rule else [])
    assert all(on == [target] for _, _, on in found.get("a.py", ()))


def test_platforms_and_versions_are_united(run: Any) -> None:
    found = _findings(run, "--target", "3.10,debian-11", "--target", "debian-12", files={"a.py": "import tomllib\n"})
    assert found["a.py"] == [(1, "missing-module", ["3.10", "debian-11"])]


def test_an_unknown_platform_names_the_nearest(run: Any) -> None:
    code, _, err = run("--target", "debain-11", ".", files={"a.py": ""})
    assert code == 2
    assert "unknown target 'debain-11': did you mean 'debian-11'?" in err


def test_the_list_and_a_page(run: Any) -> None:
    code, out, _ = run("platforms")
    assert code == 0 and "anvil-client" in out and "11 (3.9)" in out
    code, out, _ = run("platforms", "--format", "json")
    assert {"anvil-client", "anvil-server", "pyodide", "debian"} <= {each["id"] for each in json.loads(out)}
    code, out, _ = run("platforms", "show", "debian-11")
    assert code == 0 and "tkinter" in out and "python3-tk" in out and "speaks Python 3.9" in out
    _, out, _ = run("platforms", "show", "anvil-client-1.0", "--format", "json")
    [page] = json.loads(out)
    assert (page["release"], page["python"]) == ("1.0", "3.7")
    code, _, err = run("platforms", "show", "debian-99")
    assert code == 2 and "did you mean" in err


def test_ones_own_machine_is_a_target(run: Any, tmp_path: Path) -> None:
    code, out, _ = run("platforms", "collect", "--name", "here")
    profile = yaml.safe_load(out)
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert code == 0 and [each["python"] for each in profile["releases"].values()] == [version]
    assert "pytest" in next(iter(profile["releases"].values()))["packages"]
    there = {name for group in profile.get("lacks", ()) for name in group["modules"]}
    assert not there & {"os", "json", "sys", "email"}
    profile.setdefault("lacks", []).append({"modules": ["wave"]})
    files = {"mine.yaml": yaml.safe_dump(profile, sort_keys=False), "a.py": "import wave, json\n"}
    assert _findings(run, "--target", "./mine.yaml", files=files)["a.py"] == [(1, "platform-module", ["here"])]
    config = {"sub/pyproject.toml": "[tool.compatcheck]\ntarget = '../mine.yaml'\n", "sub/a.py": "import wave\n"}
    (tmp_path / "pyproject.toml").write_text("[tool.compatcheck]\ntarget = 'mine.yaml'\n")
    assert _findings(run, files=config)["sub/a.py"] == [(1, "platform-module", ["here"])]


def test_collect_says_what_it_could_not_ask(run: Any) -> None:
    code, out, err = run("platforms", "collect", "--python", "./nothing-here")
    assert (code, out) == (3, "") and "nothing-here" in err


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id: x\n", "'title' is a required property"),
        ("[1]\n", "is not YAML"),
        ("a: &a [1]\nb: *a\n", "aliases"),
        ("a: " + "[" * 50 + "]" * 50, "nested too deeply"),
        ("id: x\ntitle: A place\nchecked: '2026-01-01'\nreleases: {'1': {python: 3.1}}\n", "is not of type 'string'"),
        ("id: x\ntitle: A place\nchecked: '2026-01-01'\nreleases: {'1': {python: '3.9'}}\n"
         "lacks: [{modules: [os], since: '2'}]\n", "there is no release '2'"),
    ],
)  # fmt: skip
def test_a_bad_profile_says_what_is_wrong(run: Any, text: str, says: str) -> None:
    code, _, err = run("--target", "./mine.yaml", ".", files={"mine.yaml": text, "a.py": ""})
    assert code == 2 and says in err


def test_a_projects_settings_name_no_profile_outside_it(run: Any, tmp_path: Path) -> None:
    files = {"compatcheck.toml": "target = '../elsewhere.yaml'\n", "a.py": ""}
    code, _, err = run(".", files=files)
    assert code == 2 and "leads out of the project" in err
