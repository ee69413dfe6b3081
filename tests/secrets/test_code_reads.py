"""What code reads of its environment must be declared."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.secrets.conftest import Check

READS = [
    ('import os\nos.environ["X"]\n', "error"),
    ('import os as o\no.environ["X"]\n', "error"),
    ('from os import environ\nenviron["X"]\n', "error"),
    ('from os import environ as env\nenv["X"]\n', "error"),
    ('import os\nenv = os.environ\nenv["X"]\n', "error"),
    ('import os\nget = os.environ.get\nget("X")\n', "error"),
    ('from os import getenv as g\ng("X")\n', "error"),
    ('import os\nNAME = "X"\nos.environ[NAME]\n', "error"),
    ('import os\nos.environ.get("X")\n', "error"),
    ('import os\nos.getenv("X", None)\n', "error"),
    ('import os\nos.getenv(key="X")\n', "error"),
    ('import os\nos.getenv("X", "d")\n', "warning"),
    ('import os\nos.getenv("X", default="d")\n', "warning"),
    ('import os\nos.getenv("X") or "d"\n', "warning"),
    ('import os\nif os.environ.get("X"): pass\n', "warning"),
    ('import os\nif "X" in os.environ: pass\n', "warning"),
    ('import os\ntry:\n    os.environ["X"]\nexcept KeyError:\n    pass\n', "warning"),
    ('import os\ntry:\n    os.environ["X"]\nexcept ValueError:\n    pass\n', "error"),
    ("from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    x: int\n", "error"),
    ("from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    x: int = 1\n", "warning"),
    ("import pydantic_settings as p\nclass B(p.BaseSettings): ...\nclass S(B):\n    x: int\n", "error"),
    ("from pydantic_settings import BaseSettings\nfrom pydantic import Field\nclass S(BaseSettings):\n"
     "    y: int = Field(alias='X')\n", "error"),
    ("from pydantic_settings import BaseSettings\nfrom pydantic import Field\nclass S(BaseSettings):\n"
     "    y: int = Field(3, validation_alias='X')\n", "warning"),
    ("from pydantic import BaseSettings\nclass S(BaseSettings):\n    y: int\n    class Config:\n        env_prefix = 'X'\n", "XY"),
    ("from pydantic_settings import BaseSettings, SettingsConfigDict\nclass S(BaseSettings):\n"
     "    model_config = SettingsConfigDict(env_prefix='x_')\n    y: int\n", "X_Y"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "told"), READS)
def test_reads_are_found(code: str, told: str, check: Check, folder: Path) -> None:
    (folder / ".env.example").write_text("OTHER=1\n")
    (folder / "a.py").write_text(code)
    (finding,) = [one for one in check() if one["rule"] != "unused-variable"]
    named = told in ("error", "warning")
    assert (finding["rule"], finding["symbol"]) == ("undeclared-variable", "X" if named else told)
    assert finding["severity"] == (told if named else "error")


@pytest.mark.parametrize(
    "code",
    [
        'import os\nos.environ["X"] = "1"\n', 'import os\ndel os.environ["X"]\n', 'import os\nos.environ["HOME"]\n',
        'class os: environ = {}\nos.environ["X"]\n', 'import os\nos.environ[f"{x}"]\n', 'def getenv(a): ...\ngetenv("X")\n',
        "from b import BaseSettings\nclass S(BaseSettings):\n    x: int\n",
        "from pydantic_settings import BaseSettings\nfrom typing import ClassVar\nclass S(BaseSettings):\n    x: ClassVar[int]\n    _x: int\n",
    ],
)  # fmt: skip
def test_what_is_no_read(code: str, check: Check, folder: Path) -> None:
    (folder / ".env.example").write_text("OTHER=1\n")
    (folder / "a.py").write_text(code)
    assert [one for one in check() if one["rule"] != "unused-variable"] == []


def test_declared_and_read_declared_and_unused(check: Check, folder: Path) -> None:
    (folder / ".env.example").write_text("A=1\nb=2\nC=3\n")
    (folder / "a.py").write_text('import os\nos.environ["A"]\n')
    (folder / "b.py").write_text("from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    B: int\n")
    found = check()
    assert [(one["rule"], one["path"], one["line"], one["severity"]) for one in found] == [
        ("unused-variable", ".env.example", 3, "info")
    ]
    assert check("a.py") == []


def test_without_a_contract_nothing_has_to_be_declared(check: Check, folder: Path) -> None:
    (folder / "a.py").write_text('import os\nos.environ["A"]\n')
    assert check() == []
