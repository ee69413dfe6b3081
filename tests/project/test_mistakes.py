"""Mistakes in settings: every one is told, at once, with its place."""

from __future__ import annotations

import os

import pytest

from compatcheck.project import BadSettings, File
from tests.project.conftest import Site


def test_all_at_once_with_file_and_line(site: Site) -> None:
    site.environ["COMPATCHECK_CACHE"] = "maybe"
    site.write(
        {
            "pyproject.toml": """[project]
name = "x"
[tool.compatcheck]
selct = ["x"]
fail-on = "errors"
jobs = 0
stubs = "yes"
ignore = "name"
extend-exclude = ["a", 1]
per-file-targets = {"a.py" = "3.7", "b.py" = 3.8}
[tool.compatcheck.per-file-ignores]
"x y" = true
"""
        }
    )
    assert site.mistakes(fail_on="x", no_such_thing=1) == [
        "COMPATCHECK_CACHE: cache must be true or false, not 'maybe'",
        "--fail-on: fail-on cannot be 'x': known are error, warning, info, never",
        f"--no-such-thing: unknown key 'no-such-thing'; known are {KNOWN}",
        "pyproject.toml:4: unknown key 'selct': did you mean 'select'?",
        "pyproject.toml:5: fail-on cannot be 'errors': known are error, warning, info, never",
        "pyproject.toml:6: jobs must be at least 1, not 0",
        "pyproject.toml:7: stubs must be true or false, not 'yes'",
        "pyproject.toml:8: ignore must be a list, not 'name'",
        "pyproject.toml:9: extend-exclude.2 must be a string, not 1",
        "pyproject.toml:10: per-file-targets.b.py must be a string or a list, not 3.8",
        "pyproject.toml:12: per-file-ignores.x y must be a list, not true",
    ]


KNOWN = (
    "target, select, ignore, per-file-ignores, per-file-targets, exclude, extend-exclude, include, extend-include,"
    " force-exclude, respect-gitignore, stubs, notebooks, platform, aggressive, future, guard-decorators, severity, per-file-severity, baseline, env, env-schema, jobs, cache,"
    " checks, fail-on, all-versions"
)


def test_nested_mistakes_come_together_when_the_walk_is_over(site: Site) -> None:
    site.write(
        {"a/compatcheck.toml": "jobs = true", "a/x.py": "", "b/compatcheck.toml": "[[", "b/y.py": "", "z.py": ""}
    )
    project = site.open()
    walk = project.discover()
    assert [next(walk).path for _ in range(3)] == ["z.py", "a/x.py", "b/y.py"]
    with pytest.raises(BadSettings) as caught:
        list(walk)
    first, second = map(str, caught.value.errors)
    assert first == "a/compatcheck.toml:1: jobs must be a whole number, not true"
    assert second.startswith("b/compatcheck.toml:1: not valid TOML: ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"[tool.compatcheck\n", "pyproject.toml:1: not valid TOML: "),
        (b"[project]\nname = 'a\n", "pyproject.toml:2: not valid TOML: "),
        (b"a = 1\nb = '\xff'\n", "pyproject.toml:2: not UTF-8: byte 0xff"),
        (b"tool.compatcheck = 3\n", "pyproject.toml:1: tool.compatcheck must be a table"),
        (b"a = " + b"[" * 100_000, "pyproject.toml: not valid TOML: "),
    ],
)
def test_broken_pyproject_at_the_root(site: Site, text: bytes, message: str) -> None:
    (site.top / "pyproject.toml").write_bytes(text)
    (told,) = site.mistakes()
    assert told.startswith(message)


def test_broken_pyproject_below_matters_only_if_it_speaks_of_us(site: Site) -> None:
    site.write(
        {"pyproject.toml": "", "tests/data/pyproject.toml": "[project\nrequires-python = '>=3'", "tests/data/x.py": ""}
    )
    assert site.files() == ["tests/data/x.py"]
    site.write({"tests/data/pyproject.toml": "[tool.compatcheck\n"})
    assert len(site.mistakes()) == 1


@pytest.mark.parametrize("key", ["index-url", "plugins", "vault-address", "webhook-url", "token"])
def test_what_a_pull_request_must_not_set(site: Site, key: str) -> None:
    site.write({"compatcheck.toml": f'{key} = "https://example.org"'})
    assert site.mistakes() == [
        f"compatcheck.toml:1: {key!r} may not come from a file, which anyone can change: give it on the command line"
    ]


@pytest.mark.parametrize(
    ("extend", "message"),
    [
        ("../outside.toml", "leads out of the project"),
        ("link.toml", "leads out of the project"),
        ("missing.toml", "there is no such file"),
        ("compatcheck.toml", "extends itself"),
        ("pyproject.toml", "no [tool.compatcheck] to extend"),
    ],
)
def test_extend_stays_inside_and_ends(site: Site, extend: str, message: str) -> None:
    outside = site.top.parent / "outside.toml"
    outside.write_text("jobs = 1")
    (site.top / "link.toml").symlink_to(outside)
    site.write({"compatcheck.toml": f'extend = "{extend}"', "pyproject.toml": "[project]"})
    (told,) = site.mistakes()
    assert message in told


def test_a_fifo_for_a_settings_file_does_not_hang(site: Site) -> None:
    os.mkfifo(site.top / "compatcheck.toml")
    (told,) = site.mistakes()
    assert told.startswith("compatcheck.toml: cannot be read: ")


def test_unknown_rules_and_targets(site: Site) -> None:
    def parse(spec: str) -> None:
        if spec.startswith("9"):
            raise ValueError(f"unknown target {spec!r}")

    site.write(
        {
            "compatcheck.toml": """
                target = "9.1"
                select = ["walruss"]
                per-file-ignores = {"*.py" = ["nam"]}
                per-file-targets = {"a.py" = "9.2"}
            """,
            "a.py": "",
            "b.py": "",
        }
    )
    project = site.open(ignore=["zzz"])
    used = [item.settings for item in project.discover() if isinstance(item, File)]
    with pytest.raises(BadSettings) as caught:
        project.check_names(used, {"walrus", "name"}, parse)
    assert sorted(map(str, caught.value.errors)) == [
        "--ignore: unknown rule 'zzz' in ignore; `compatcheck rules` lists them",
        "compatcheck.toml:2: unknown target '9.1'",
        "compatcheck.toml:3: unknown rule 'walruss' in select: did you mean 'walrus'?",
        "compatcheck.toml:4: unknown rule 'nam' in per-file-ignores: did you mean 'name'?",
        "compatcheck.toml:5: unknown target '9.2'",
    ]


def test_no_target_at_all_is_said(site: Site) -> None:
    site.write({"a.py": ""})
    project = site.open()
    with pytest.raises(BadSettings, match="no target: give --target"):
        project.check_names([project.settings], (), str)
    site.open(targets=["3.7"]).check_names([], (), str)
