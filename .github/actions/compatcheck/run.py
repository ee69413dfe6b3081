"""The action's inputs, from the environment, to runs of compatcheck, and their outcome to the action's outputs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path


def main() -> int:
    work = Path(os.environ["RUNNER_TEMP"])
    report, sarif = work / "compatcheck.json", work / "compatcheck.sarif"
    wants_sarif = given("SARIF") == "true"
    files = [f"json:{report}", *([f"sarif:{sarif}"] if wants_sarif else [])]
    options = [f"--format={form}" for form in [*lines("FORMAT"), *files]]
    options += [f"--{name}={value}" for name in ("target", "fail-on", "baseline", "config") if (value := given(name))]
    report.unlink(missing_ok=True)
    code = compatcheck("check", *options, *lines("ARGS"), "--", *lines("PATHS"))
    if given("ONLINE") == "true":
        code = max(
            code, compatcheck("deps", "--online", *(option for option in options if not option.startswith("--format")))
        )
    data = json.loads(report.read_bytes()) if report.exists() else {"summary": {}, "run": {}}
    outputs = {
        "exit-code": code,
        "minimum": minimum(),
        "findings": data["summary"].get("findings", ""),
        "duration": data["run"].get("duration_s", ""),
        "report": report if report.exists() else "",
        "sarif": sarif if wants_sarif and sarif.exists() else "",
    }
    with open(os.environ["GITHUB_OUTPUT"], "a", encoding="utf-8") as file:
        file.writelines(f"{name}={value}\n" for name, value in outputs.items())
    return code


def given(name: str) -> str:
    return os.environ.get(f"INPUT_{name.upper().replace('-', '_')}", "").strip()


def lines(name: str) -> list[str]:
    return [line.strip() for line in given(name).splitlines() if line.strip()]


def compatcheck(*arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", "compatcheck", *arguments], check=False).returncode


def minimum() -> str:
    argv = [sys.executable, "-m", "compatcheck", "minimum", "--format", "json", "--", *lines("PATHS")]
    done = subprocess.run(argv, stdout=subprocess.PIPE, check=False)
    return (json.loads(done.stdout)["minimum"] or "") if done.stdout else ""


if __name__ == "__main__":
    sys.exit(main())
