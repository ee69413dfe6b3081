"""Deployment files: environments merged and checked, dialects told apart, the project's own example."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.configs.conftest import DEPLOYMENT, Config, brief

ROOT = Path(__file__).parents[2]
BASE = """\
app: {name: shop, port: 80}
database: {pool_size: 2}
environments:
  development: {app: {debug: true, port: eighty}}
  staging:
    app: {port: 70000}
    secrets: {KEY: {source: nowhere}}
  production:
    app: {debug: true}
    notifcations: {}
    database: {ssl: false, password_secret: GONE}
deployment: {strategy: rolling}
"""


def test_the_projects_own_example_is_valid(config: Config) -> None:
    assert config({"anvil.yaml.example": (ROOT / "anvil.yaml.example").read_text("utf-8")}) == []


def test_each_environment_is_merged_and_checked(config: Config) -> None:
    found = config(BASE)
    assert brief(found) == [
        ("wrong-type", 4),
        ("wrong-value", 6),
        ("wrong-value", 7),
        ("unsafe-production", 9),
        ("unknown-key", 10),
        ("unsafe-production", 11),
        ("undeclared-secret", 11),
    ]
    assert found[0]["message"].endswith("in the environment `development`")
    assert found[4]["instead"] == "Did you mean `notifications`?"


def test_a_mistake_of_all_environments_is_told_once(config: Config) -> None:
    text = DEPLOYMENT.replace("{production: {}}", "{staging: {}, production: {}}").replace("shop", "[shop]")
    (found,) = config(text)
    assert (found["rule"], found["line"]) == ("wrong-type", 1)
    assert "environment" not in found["message"]


def test_what_environments_replace_need_not_be_right(config: Config) -> None:
    text = DEPLOYMENT.replace("{production: {}}", "{production: {app: {port: 1}}}").replace(
        "name: shop", "name: shop, port: 0"
    )
    assert config(text) == []


@pytest.mark.parametrize("section", ["app", "database", "environments", "deployment"])
def test_sections_that_must_be_there(section: str, config: Config) -> None:
    lines = [line for line in DEPLOYMENT.splitlines() if not line.startswith(section)]
    (found,) = config("\n".join(lines))
    assert (found["rule"], found["message"]) == ("missing-key", f"the file lacks `{section}`")


def test_a_mixture_says_so(config: Config) -> None:
    (found,) = config(DEPLOYMENT + "services: []\n")
    assert (found["rule"], found["line"]) == ("mixed-dialects", 5)
    assert "`services`" in found["message"] and "Deployment file" in found["message"]


def test_the_schema_option_decides(config: Config) -> None:
    files = {"anvil.yaml": DEPLOYMENT + "package_name: x\n"}
    assert [one["rule"] for one in config(files, "--schema", "deployment")] == ["unknown-key"]
    rules = {one["rule"] for one in config(files, "--schema", "anvil")}
    assert rules == {"missing-key", "unknown-key"}
