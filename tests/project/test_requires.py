"""The default target: what the project declares, read statically."""

from __future__ import annotations

import pytest

from tests.project.conftest import Site


@pytest.mark.parametrize(
    ("files", "target", "origin"),
    [
        ({"pyproject.toml": '[project]\nrequires-python = ">=3.8"'}, ">=3.8", "pyproject.toml, requires-python"),
        ({"setup.cfg": "[options]\npython_requires = >=3.6\n"}, ">=3.6", "setup.cfg, python_requires"),
        ({"setup.py": 'setup(name="x", python_requires=">=3.5",)\n'}, ">=3.5", "setup.py, python_requires"),
        ({"setup.py": "setup(\n    python_requires = '>=3.5, <4'\n)\n"}, ">=3.5, <4", "setup.py, python_requires"),
        (
            {
                "pyproject.toml": '[project]\ndynamic = ["requires-python"]',
                "setup.cfg": "[options]\npython_requires=>=3.7",
            },
            ">=3.7",
            "setup.cfg, python_requires",
        ),
        (
            {"pyproject.toml": '[project]\nrequires-python = ">=3.8"', "setup.py": 'python_requires=">=2.7"'},
            ">=3.8",
            None,
        ),
        ({"setup.py": "# setup(python_requires='>=3.5')\n"}, None, None),
        ({"setup.py": "R = '>=3.5'\nsetup(python_requires=R)\n"}, None, None),
        ({"setup.py": "setup(python_requires='>=' + '3.5')\n"}, None, None),
        ({"setup.cfg": "python_requires = >=3.6\n[options"}, None, None),
        ({"pyproject.toml": "[project]\nrequires-python = 3.8"}, None, None),
    ],
)
def test_declared(site: Site, files: dict[str, str], target: str | None, origin: str | None) -> None:
    site.write(files)
    project = site.open()
    assert project.settings.targets == ((target,) if target else ())
    if origin:
        assert project.scope.origins["target"] == origin


def test_the_nearest_declaration_counts_and_a_target_goes_before_it(site: Site) -> None:
    site.write(
        {
            "pyproject.toml": '[project]\nrequires-python = ">=3.9"\n',
            "old/setup.cfg": "[options]\npython_requires = >=3.6\n",
            "old/deep/a.py": "",
            "b.py": "",
        }
    )
    project = site.open()
    assert project.settings_for("old/deep/a.py").targets == (">=3.6",)
    assert project.settings_for("b.py").targets == (">=3.9",)
    site.write({"compatcheck.toml": 'target = "3.8"'})
    assert site.open().settings_for("old/deep/a.py").targets == ("3.8",)


def test_setup_py_is_not_run(site: Site) -> None:
    site.write({"setup.py": f"open({str(site.top / 'ran')!r}, 'w')\nsetup(python_requires='>=3.6')"})
    assert site.open().settings.targets == (">=3.6",)
    assert not (site.top / "ran").exists()
