"""Which value wins, from where, for which file."""

from __future__ import annotations

from dataclasses import fields

import pytest

from compatcheck.model.settings import Settings
from compatcheck.project import File, render_settings
from tests.project.conftest import Site


def test_precedence_command_line_environment_file_default(site: Site) -> None:
    site.write({"compatcheck.toml": 'fail-on = "info"\njobs = 3\nstubs = true\n'})
    site.environ |= {"COMPATCHECK_FAIL_ON": "warning", "COMPATCHECK_JOBS": "4"}
    settings = site.open(jobs=5).settings
    assert (settings.jobs, settings.fail_on, settings.stubs, settings.notebooks) == (5, "warning", True, False)


def test_options_that_were_not_given_change_nothing(site: Site) -> None:
    assert site.open(targets=None, jobs=None).settings == Settings()


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("3.7", ("3.7",)),
        ("3.7, 3.9", ("3.7", "3.9")),
        (">=3.8,<3.14", (">=3.8,<3.14",)),
        (">=3.8,<3.14,anvil-client", (">=3.8,<3.14", "anvil-client")),
    ],
)
def test_lists_in_environment_variables(site: Site, text: str, targets: tuple[str, ...]) -> None:
    site.environ["COMPATCHECK_TARGET"] = text
    assert site.open().settings.targets == targets


@pytest.mark.parametrize(("text", "value"), [("1", True), ("yes", True), ("False", False), ("off", False)])
def test_switches_in_environment_variables(site: Site, text: str, value: bool) -> None:
    site.environ["COMPATCHECK_RESPECT_GITIGNORE"] = text
    assert site.open().settings.respect_gitignore is value


def test_variables_that_are_no_settings_are_left_alone(site: Site) -> None:
    site.environ |= {"COMPATCHECK_RULES_DIR": "", "COMPATCHECK_TEST_DSN": "x", "COMPATCHECK_EXTEND": "x"}
    assert site.open().settings == Settings()


def test_nearest_file_counts_for_each_file(site: Site) -> None:
    site.write(
        {
            "pyproject.toml": '[tool.compatcheck]\ntarget = "3.8"\nignore = ["method"]\n',
            "a.py": "",
            "old/compatcheck.toml": 'target = ["3.6", "3.7"]\n',
            "old/deep/b.py": "",
            "other/pyproject.toml": '[project]\nname = "other"\n',
            "other/c.py": "",
        }
    )
    found = {item.path: item.settings for item in site.found() if isinstance(item, File)}
    assert found["a.py"].targets == found["other/c.py"].targets == ("3.8",)
    assert (found["old/deep/b.py"].targets, found["old/deep/b.py"].ignore) == (("3.6", "3.7"), ())


def test_a_file_has_the_same_settings_alone_and_in_the_whole(site: Site) -> None:
    site.write(
        {
            "compatcheck.toml": 'target = "3.8"\n[per-file-ignores]\n"pkg/*.py" = ["syntax"]\n',
            "pkg/pyproject.toml": '[project]\nrequires-python = ">=3.9"\n',
            "pkg/a.py": "",
            "sub/compatcheck.toml": "stubs = true\n",
            "sub/b.pyi": "",
        }
    )
    whole = {item.path: item for item in site.found()}
    for path in ("pkg/a.py", "sub/b.pyi"):
        assert site.found(path) == [whole[path]]


def test_compatcheck_toml_goes_before_pyproject(site: Site) -> None:
    site.write({"compatcheck.toml": 'target = "3.7"', "pyproject.toml": '[tool.compatcheck]\ntarget = "3.8"'})
    assert site.open().settings.targets == ("3.7",)


def test_per_file_targets_and_ignores(site: Site) -> None:
    site.write(
        {
            "pkg/compatcheck.toml": """
                target = "3.9"
                ignore = ["guard"]
                per-file-targets = {"scripts/" = "3.6", "scripts/new*.py" = ["3.12", "3.13"]}
                [per-file-ignores]
                "*_test.py" = ["module"]
                "/scripts/*" = ["name", "module"]
            """,
            **dict.fromkeys(["pkg/a.py", "pkg/x/a_test.py", "pkg/scripts/old_test.py", "pkg/scripts/new.py"], ""),
        }
    )
    found = {item.path: item.settings for item in site.found() if isinstance(item, File)}
    assert {path: (each.targets, each.ignore) for path, each in found.items()} == {
        "pkg/a.py": (("3.9",), ("guard",)),
        "pkg/x/a_test.py": (("3.9",), ("guard", "module")),
        "pkg/scripts/old_test.py": (("3.6",), ("guard", "module", "name")),
        "pkg/scripts/new.py": (("3.12", "3.13"), ("guard", "name", "module")),
    }


def test_a_target_on_the_command_line_is_the_target_of_every_file(site: Site) -> None:
    site.write({"compatcheck.toml": 'target = "3.9"\nper-file-targets = {"*.py" = "3.6"}\n', "a.py": ""})
    (file,) = site.found(targets=["3.7"])
    assert isinstance(file, File) and file.settings.targets == ("3.7",)


def test_files_without_settings_of_their_own_share_them(site: Site) -> None:
    site.write({"compatcheck.toml": 'per-file-ignores = {"t/" = ["name"]}', "t/a.py": "", "t/b.py": "", "c.py": ""})
    found = {item.path: item.settings for item in site.found() if isinstance(item, File)}
    assert found["t/a.py"] is found["t/b.py"] is not found["c.py"]


def test_extend_fills_in_and_adds(site: Site) -> None:
    site.write(
        {
            "base.toml": 'target = "3.7"\nfail-on = "info"\nextend-exclude = ["gen"]\nper-file-ignores = {"a" = ["x"]}',
            "app/compatcheck.toml": """
                extend = "../base.toml"
                target = "3.8"
                extend-exclude = ["tmp"]
                per-file-ignores = {"a" = ["y"], "b" = ["z"]}
            """,
        }
    )
    settings = site.open("app", root=".").settings
    assert (settings.targets, settings.fail_on, settings.extend_exclude) == (("3.8",), "info", ("gen", "tmp"))
    assert settings.per_file_ignores == (("a", ("y",)), ("b", ("z",)))


def test_patterns_of_the_command_line_are_relative_to_the_working_directory(site: Site) -> None:
    site.write({"pyproject.toml": "", "a/x.py": "", "a/b/x.py": "", "a/y.py": ""})
    (site.top / "a" / "b" / ".keep").touch()
    assert site.files(".", cwd="a", extend_exclude=["b/*.py", "./y.py"], root="..") == ["a/x.py"]
    assert site.files(".", cwd="a", extend_exclude=[str(site.top / "a" / "b")], root="..") == ["a/x.py", "a/y.py"]


def test_isolated_reads_no_files_and_config_only_one(site: Site) -> None:
    site.write({"compatcheck.toml": 'target = "3.7"', "sub/compatcheck.toml": 'target = "3.8"', "sub/a.py": ""})
    site.write({"elsewhere/my.toml": 'target = "3.9"\nextend-include = ["sub/*.txt"]', "sub/b.txt": ""})
    assert site.open(isolated=True).settings == Settings()
    found = site.found("sub", config="elsewhere/my.toml", root=".")
    assert [(item.path, item.settings.targets) for item in found if isinstance(item, File)] == [
        ("sub/a.py", ("3.9",)),
        ("sub/b.txt", ("3.9",)),
    ]


def test_shown_settings_name_their_origins(site: Site) -> None:
    site.write(
        {
            "pyproject.toml": '[project]\nrequires-python = ">=3.8"\n[tool.compatcheck]\nignore = ["name"]\n',
            "sub/compatcheck.toml": 'per-file-ignores = {"a.py" = ["module"]}',
            "sub/a.py": "",
        }
    )
    site.environ["COMPATCHECK_FAIL_ON"] = "never"
    text = render_settings(site.open(jobs=2))
    for line in (
        'target = [">=3.8"]  # pyproject.toml, requires-python',
        'ignore = ["name"]  # pyproject.toml:4',
        'fail-on = "never"  # COMPATCHECK_FAIL_ON',
        "jobs = 2  # --jobs",
        "stubs = false  # default",
    ):
        assert line in text.splitlines()
    assert len(text.splitlines()) == len(fields(Settings)) + 1
    assert 'ignore = ["module"]  # default' in render_settings(site.open(), "sub/a.py")
