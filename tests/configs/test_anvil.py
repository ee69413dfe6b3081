"""anvil.yaml and the app around it: what is accepted though it looks odd, and what is found across files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Call
from tests.configs.conftest import ANVIL, Config, brief, write

FORM = "from ._anvil_designer import MainTemplate\nclass Main(MainTemplate):\n    def save(self, **event_args): pass\n"
ODD = {
    "nulls": "native_deps: null\ndependencies: null\nstartup: null\nstartup_form: null\ndb_schema: null\nuplink_visible: null\n",
    "older tables": "db_schema: []\n",
    "older tables with columns": (
        "db_schema:\n- name: T\n  id: 1\n  python_name: t\n  access: {python_name: t, server: full, client: none, table_id: 1,"
        " table_mapping_id: null}\n  columns:\n    AbC4e=: {name: a, type: liveObject, backend: anvil.tables.Row, table_id: 2,"
        " admin_ui: {width: 1}}\n"
    ),
    "fractions": "db_schema:\n  t: {columns: [{name: a, type: string, admin_ui: {width: 0.5, order: -1}, client_hidden: null}]}\n",
    "names in any language": "db_schema:\n  größe: {columns: [{name: 'Größe in m²', type: number}]}\n",
    "days": "services:\n- {source: /runtime/services/anvil/users.yml, client_config: {remember_me_days: 0.02083}}\n",
    "service without settings": "services: [{source: /runtime/services/tables.yml, client_config: {}}]\n",
    "secrets": "secrets: {'My key': {type: key, value: {'': ''}}, b: {type: secret, value: {ABCDEFGHIJKLMNOP: 'x', ABCDEFGHIJKLMNOQ: 'y'}}}\n",
    "older dependency": "dependencies: [{app_id: ABC, version: {dev: false}}, {dep_id: dep_a, version: {branch: master}}]\n",
    "left over": "dependency_code: {a: {b: [1]}}\ndependency_order: [a]\n$promise: {}\nexported_table_schema: []\nrenamed: true\n",
    "files of a drive": "services: [{source: /runtime/services/google.yml, client_config: {app_files: [{id: a, kind: b, x: {y: 1}}]}}]\n",
}


@pytest.mark.parametrize("name", ODD)
def test_what_a_naive_schema_would_reject(name: str, config: Config) -> None:
    assert config(ANVIL + ODD[name]) == []


def test_an_app_without_much(config: Config) -> None:
    assert config("name: Old\nservices: []\n") == []


@pytest.mark.parametrize(
    ("text", "rule", "severity"),
    [
        (
            "services: [{source: /runtime/services/anvil/users.yml, server_config: {user_table: 4}}]\n",
            "missing-user-table",
            "info",
        ),
        ("startup: {type: form, module: A}\ntoolbox: {sections: []}\n", "missing-startup", "warning"),
        ("startup: {type: form, module: A}\n", "missing-startup", "error"),
        ("startup: {type: form, module: shop.Main}\n", None, None),
        ("startup: {type: form, module: Main}\nstartup_form: Gone\n", "conflicting-startup", "warning"),
        ("zzz: 1\n", "unknown-key", "info"),
        ("package_name: '[3EM]_Frontend'\n", "wrong-value", "warning"),
    ],
)
def test_severities(text: str, rule: str | None, severity: str | None, config: Config) -> None:
    head = ANVIL.replace("package_name: shop\n", "") if "package_name" in text else ANVIL
    found = config({"anvil.yaml": head + text, "client_code/Main.py": "x = 1\n"})
    assert [(one["rule"], one["severity"]) for one in found] == ([(rule, severity)] if rule else [])


def form(template: str, code: str = FORM) -> dict[str, str | bytes]:
    return {"anvil.yaml": ANVIL, "client_code/Main/__init__.py": code, "client_code/Main/form_template.yaml": template}


COMPONENTS = "container: {type: ColumnPanel}\ncomponents:\n"


@pytest.mark.parametrize(
    "code",
    [
        FORM.replace("def save", "def other") + "    save = lambda self, **e: None\n",
        "from ._anvil_designer import MainTemplate\nclass Mixin:\n    def save(self): pass\nclass Main(Mixin, MainTemplate): pass\n",
        "from ._anvil_designer import MainTemplate\nfrom somewhere import Mixin\nclass Main(MainTemplate, Mixin): pass\n",
        "from ._anvil_designer import MainTemplate\nclass Main(MainTemplate):\n    def __init__(self):\n        self.save = print\n",
        "from .other import Main\n",
        "from .other import *\n",
    ],
)
def test_methods_that_come_from_elsewhere(code: str, config: Config) -> None:
    template = COMPONENTS + "- {name: a, type: Button, event_bindings: {click: save, show: ''}}\n"
    assert config(form(template, code)) == []


def test_components_in_components_and_slots(config: Config) -> None:
    template = (
        "layout: {type: 'form:dep_x:Theme.Layout', properties: {}}\ncomponents_by_slot:\n  side:\n"
        "  - name: a\n    type: FlowPanel\n    components:\n    - {name: b, type: 'form:Gone'}\n    - {name: a, type: Label}\n"
    )
    assert brief(config(form(template))) == [("dangling-form", 1), ("dangling-form", 7), ("duplicate-component", 8)]


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("container: {type: ColumnPanel}\nlayout: {type: 'm3.Layout'}\n", [("wrong-value", 1)]),
        ("components: []\n", [("wrong-value", 1)]),
        ("container: {type: ColumnPanel}\ncomponents:\n- {name: 1a, type: Label}\n", [("wrong-value", 3)]),
        ("container: {type: ColumnPanel}\ncomponents:\n- {type: Label}\n- {properties: {}}\n", [("missing-key", 4)]),
        ("container: [\n", [("unparsable-config", 1)]),
    ],
)
def test_templates_that_are_none(template: str, found: list[Any], config: Config) -> None:
    assert brief(config(form(template))) == found


@pytest.mark.parametrize(
    ("code", "writes", "right"),
    [
        ("", False, True),
        ("self.item['a'] if self.item else ''", False, True),
        ("f'{self.item[\"a\"]}'", True, False),
        ("self.item['a']", True, True),
        ("a b", False, False),
        ("x = 1", False, False),
        ("(a", False, False),
        ("a), (b", False, False),
        ("[x for x in self.items]", False, True),
        ("  self.a\n  .b", False, True),
    ],
)
def test_bindings_are_one_expression(code: str, writes: bool, right: bool, config: Config) -> None:
    binding = json.dumps({"property": "text", "code": code, "writeback": writes})
    template = COMPONENTS + f"- {{name: a, type: Label, data_bindings: [{binding}]}}\n"
    assert brief(config(form(template))) == ([] if right else [("broken-binding", 3)])


def test_a_form_in_html(config: Config) -> None:
    html = (
        "---\nis_package: true\n---\n<anvil-form container='ColumnPanel'>\n  <p on:click='text of a page'>é</p>\n"
        "  <anvil-component type='Button' name='ok' on:click='store'\n    bind:text='self.item['></anvil-component>\n"
        "  <anvil-component type='form:Gone' name='ok'></anvil-component>\n</anvil-form>\n"
    )
    files = {"anvil.yaml": ANVIL, "client_code/Main/__init__.py": FORM, "client_code/Main/form_template.html": html}
    assert brief(config(files)) == [
        ("missing-event-method", 6),
        ("broken-binding", 7),
        ("dangling-form", 8),
        ("duplicate-component", 8),
    ]


def test_older_layout(config: Config) -> None:
    files = {
        "anvil.yaml": "name: Old\nruntime_options: {client_version: '3'}\nstartup_form: Main\n",
        "forms/Main.py": FORM,
        "forms/Main.yaml": COMPONENTS + "- {name: a, type: Button, event_bindings: {click: gone}}\n",
    }
    assert brief(config(files)) == [("missing-event-method", 3)]


def test_code_against_services_tables_and_secrets(config: Config) -> None:
    files = {
        "anvil.yaml": ANVIL
        + "services: []\ndb_schema: {tasks: {columns: []}}\nsecrets: {api: {type: secret, value: {}}}\n",
        "client_code/a.py": "import anvil.users\n",
        "client_code/b.py": "try:\n    import anvil.users\nexcept ImportError:\n    pass\n",
        "client_code/c.py": "import anvil\nif anvil.is_server_side():\n    import anvil.users\n",
        "server_code/d.py": (
            "import anvil.secrets\nfrom anvil.tables import app_tables\n# app_tables.no\nx = 'app_tables.no'\n"
            "é = app_tables.taks.search(), app_tables.keys()\nanvil.secrets.get_secret('apy')\nanvil.secrets.get_secret('api')\n"
        ),
    }
    found = [(one["path"], one["rule"], one["line"], one["severity"]) for one in config(files)]
    assert found == [
        ("client_code/a.py", "missing-service", 1, "error"),
        ("server_code/d.py", "missing-service", 2, "info"),
        ("server_code/d.py", "missing-table", 5, "warning"),
        ("server_code/d.py", "undeclared-secret", 6, "warning"),
    ]


def test_named_parts_get_the_verdict_of_the_whole(call: Call, folder: Path) -> None:
    files = form(COMPONENTS + "- {name: a, type: Button, event_bindings: {click: gone}}\n")
    write(folder, {**files, "anvil.yaml": ANVIL + "allow_embedding: 1\n", "pyproject.toml": ""})
    for command in (("config",), ("check", "--target", "3.10")):
        outcome = call(*command, "--format", "json", "client_code/Main/form_template.yaml")
        found = json.loads(outcome.out)["findings"]
        assert [(one["path"], one["rule"]) for one in found] == [
            ("client_code/Main/form_template.yaml", "missing-event-method")
        ]


def test_check_does_it_in_one_go(call: Call, folder: Path) -> None:
    write(folder, {"anvil.yaml": ANVIL + "allow_embedding: 1\n", "client_code/a.py": "(n := 1)\n", "apps/b/x.py": ""})
    write(folder, {"apps/anvil.yaml": "name: 1\n"})
    found = json.loads(call("check", "--target", "3.7", "--format", "json").out)["findings"]
    assert [(one["path"], one["rule"]) for one in found] == [
        ("anvil.yaml", "wrong-type"),
        ("apps/anvil.yaml", "wrong-type"),
        ("client_code/a.py", "assignment-expression"),
    ]
    only = json.loads(call("check", "--target", "3.7", "--checks", "code", "--format", "json").out)
    assert [one["rule"] for one in only["findings"]] == ["assignment-expression"]


def test_settings_hold(call: Call, folder: Path) -> None:
    write(
        folder,
        {"anvil.yaml": "name: 1\nrenamed: yes\n", "compatcheck.toml": "ignore = ['wrong-type']\nfail-on = 'warning'\n"},
    )
    outcome = call("config", "--format", "concise")
    assert outcome.code == 1 and "ambiguous-scalar" in outcome.out and "wrong-type" not in outcome.out


@pytest.mark.parametrize("form", ["text", "json", "sarif", "html", "github", "markdown"])
def test_credentials_are_in_no_output(form: str, call: Call, folder: Path) -> None:
    secret = "correct" + "Horse7" + "Battery"
    text = ANVIL + (
        "services:\n- source: /runtime/services/google.yml\n"
        f"  server_config: {{client_secret: {secret}, client_secret: {secret}, smtp_password: ['{secret}']}}\n"
        f"metadata: {{title: [1], description: 'postgres://u:{secret}@h/d'}}\nsecrets: {{a: {{type: '{secret}', value: {{}}}}}}\n"
    )
    write(folder, {"anvil.yaml": text, "broken.yaml": f"password: {secret}: x\n"})
    outcome = call("config", "--format", form, ".", "broken.yaml")
    assert outcome.code == 1
    assert secret not in outcome.out + outcome.err


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("smtp_password: hunter two", True),
        ("smtp_password: " + "QUJD" * 40 + "QQ==", False),
        ("client_secret_enc: abc", False),
        ("refresh_token: abc", True),
        ("publishable_key: abc", False),
        ("client_secret: ''", False),
        ("client_secret: ${CLIENT_SECRET}", False),
        ("address: 'postgres://user:word@host/db'", True),
    ],
)
def test_credentials_in_plain_text(setting: str, told: bool, config: Config) -> None:
    text = ANVIL + "services:\n- source: /runtime/services/stripe.yml\n  server_config:\n    " + setting + "\n"
    assert brief(config(text)) == ([("plaintext-credential", 7)] if told else [])
