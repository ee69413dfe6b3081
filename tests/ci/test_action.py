"""The GitHub action's program, as the action runs it; the templates, as their readers read them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ACTION = ROOT / ".github" / "actions" / "compatcheck"


def run(folder: Path, **inputs: str) -> tuple[int, str, dict[str, str]]:
    """The exit code, the log, and the outputs of the action's step."""
    work = folder.parent / f"{folder.name}-runner"
    work.mkdir(exist_ok=True)
    (work / "output").write_text("")
    # What a job sets is not this test's environment.
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "INPUT_"))}
    environ |= {"RUNNER_TEMP": str(work), "GITHUB_OUTPUT": str(work / "output")}
    environ |= {f"INPUT_{name.upper()}": text for name, text in ({"paths": ".", "format": "github"} | inputs).items()}
    done = subprocess.run(
        [sys.executable, ACTION / "run.py"], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    written = (work / "output").read_text().splitlines()
    return done.returncode, done.stdout, dict(line.split("=", 1) for line in written)


def test_findings_are_annotated_and_counted(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("(n := 1)\n")
    code, log, outputs = run(tmp_path, target="3.7", sarif="true")
    assert (code, log.startswith("::error ") and "file=a.py,line=1" in log) == (1, True), log
    assert (outputs["exit-code"], outputs["findings"], outputs["minimum"]) == ("1", "1", "3.8")
    assert float(outputs["duration"]) >= 0
    assert json.loads(Path(outputs["report"]).read_bytes())["summary"]["findings"] == 1
    assert json.loads(Path(outputs["sarif"]).read_bytes())["version"] == "2.1.0"


def test_inputs_reach_the_check(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("(n := 1)\n")
    (tmp_path / "--ignore=syntax").mkdir()
    (tmp_path / "--ignore=syntax" / "b.py").write_text("(n := 1)\n")
    code, _, outputs = run(tmp_path, target="3.7", fail_on="never", paths="a.py\n--ignore=syntax", format="concise")
    assert (code, outputs["findings"], outputs["sarif"]) == (0, "2", "")
    code, _, outputs = run(tmp_path, target="3.7", args="--ignore\nassignment-expression")
    assert (code, outputs["findings"]) == (0, "0")
    code, _, outputs = run(tmp_path, target="nonsense")
    assert (code, outputs["exit-code"], outputs["report"]) == (2, "2", "")


def test_every_input_is_used_and_every_output_is_given(tmp_path: Path) -> None:
    action = yaml.safe_load((ACTION / "action.yml").read_text())
    text = json.dumps(action["runs"])
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(action["inputs"])
    asked = {match for out in action["outputs"].values() for match in re.findall(r"outputs\.([\w-]+)", out["value"])}
    assert asked <= set(run(tmp_path, target="3.8")[2])


def test_no_input_is_pasted_into_a_script() -> None:
    action = yaml.safe_load((ACTION / "action.yml").read_text())
    assert not [step for step in action["runs"]["steps"] if "${{" in step["run"]]


SCHEMAS = {
    "vendor.gitlab-ci": ["templates/gitlab/compatcheck.yml"],
    "vendor.github-actions": [".github/actions/compatcheck/action.yml"],
    "vendor.github-workflows": [str(path.relative_to(ROOT)) for path in ROOT.glob(".github/workflows/*.yml")],
}


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_services_schemas(schema: str) -> None:
    argv = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *SCHEMAS[schema]]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_templates_jobs() -> None:
    jobs = yaml.safe_load((ROOT / "templates" / "gitlab" / "compatcheck.yml").read_text())
    names = {"", "-strict", "-deps", "-secrets", "-matrix", "-report"}
    assert {f".compatcheck{name}" for name in names} <= set(jobs)


def commands() -> list[str]:
    """Every call of compatcheck in the template's jobs and the hooks."""
    jobs = yaml.safe_load((ROOT / "templates" / "gitlab" / "compatcheck.yml").read_text()).values()
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    lines = [line for job in jobs if isinstance(job, dict) for line in job.get("script", ())]
    return [*lines, *(hook["entry"] for hook in hooks)]


@pytest.mark.parametrize("line", commands())
def test_the_calls_of_templates_and_hooks_are_understood(line: str) -> None:
    from compatcheck.cli.commands import COMMANDS
    from compatcheck.cli.parser import parse

    _, command, *words = line.split()
    parse(COMMANDS[command], words)
