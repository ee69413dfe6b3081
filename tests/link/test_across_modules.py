"""Names that one module of a project takes from another, through the whole flow."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

import compatcheck

COMPAT = """\
import sys
NEW = sys.version_info >= (3, 9)
LATE = sys.version_info >= (3, 8)
def is_new():
    return sys.version_info[:2] >= (3, 9)
try:
    from itertools import batched
except ImportError:
    def batched(items, n): ...
"""


def failing(folder: Path, files: Mapping[str, str], *checked: str) -> dict[str, set[str]]:
    """Targets on which errors are reported, by file, of a project with these files."""
    for name, text in {"pyproject.toml": "", "pkg/__init__.py": "", "pkg/_compat.py": COMPAT, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    found: dict[str, set[str]] = {}
    for finding in compatcheck.check_paths([folder / name for name in checked] or [folder], ["3.7-3.13"]).findings:
        if finding.severity == "error":
            found.setdefault(finding.path, set()).update(finding.fails_on)
    return found


@pytest.mark.parametrize(
    "test",
    [
        "from ._compat import NEW\nif NEW:",
        "from ._compat import NEW as N\nif N:",
        "from pkg._compat import NEW\nif not NEW: pass\nelse:",
        "from . import _compat\nif _compat.NEW:",
        "import pkg._compat as c\nif c.NEW:",
        "from ._compat import is_new\nif is_new():",
        "from ._compat import NEW\nNEWER = NEW and True\nif NEWER:",
    ],
)
def test_flags_and_predicates_of_other_modules_guard(tmp_path: Path, test: str) -> None:
    assert not failing(tmp_path, {"pkg/a.py": f"import math\n{test}\n    math.lcm(4, 6)\n"})


def test_a_flag_that_is_off_by_one_does_not_guard(tmp_path: Path) -> None:
    code = "import math\nfrom ._compat import LATE\nif LATE:\n    math.lcm(4, 6)\n"
    assert failing(tmp_path, {"pkg/a.py": code}) == {"pkg/a.py": {"3.8"}}


def test_names_are_followed_through_packages_and_stars(tmp_path: Path) -> None:
    files = {
        "pkg/sub/__init__.py": "from .._compat import *\n",
        "pkg/a.py": "import math\nfrom .sub import NEW\nif NEW:\n    math.lcm(4, 6)\n",
    }
    assert not failing(tmp_path, files)


def test_a_name_that_falls_back_is_no_finding(tmp_path: Path) -> None:
    assert not failing(tmp_path, {"pkg/a.py": "from ._compat import batched\nbatched([], 2)\n"})


def test_one_file_alone_gets_the_verdict_of_the_full_run(tmp_path: Path) -> None:
    code = "import math\nfrom ._compat import NEW, LATE\nif NEW:\n    math.lcm(1)\nif LATE:\n    math.lcm(2)\n"
    full = failing(tmp_path, {"pkg/a.py": code})
    assert full == failing(tmp_path, {}, "pkg/a.py") == {"pkg/a.py": {"3.8"}}


def test_a_module_of_the_project_hides_the_standard_one(tmp_path: Path) -> None:
    assert failing(tmp_path, {"main.py": "import tomllib\n"}) == {"main.py": {"3.7", "3.8", "3.9", "3.10"}}
    assert not failing(tmp_path, {"tomllib.py": ""})


def test_modules_that_import_each_other_end(tmp_path: Path) -> None:
    files = {
        "pkg/a.py": "import math\nfrom .b import FLAG\nif FLAG:\n    math.lcm(1)\n",
        "pkg/b.py": "from .c import FLAG\n",
        "pkg/c.py": "from .b import FLAG\n",
    }
    assert failing(tmp_path, files) == {"pkg/a.py": {"3.7", "3.8"}}


GUARDED = {
    "pkg/__init__.py": "import sys\nif sys.version_info >= (3, 9):\n    from . import _new\n",
    "pkg/_new.py": "import math\nfrom ._deep import f\nmath.lcm(4, 6)\n",
    "pkg/_deep.py": "import math\n\n\ndef f():\n    math.lcm(4, 6)\n",
}


def test_modules_that_are_imported_behind_a_guard_only(tmp_path: Path) -> None:
    assert not failing(tmp_path, GUARDED)
    assert failing(tmp_path, {**GUARDED, "pkg/b.py": "from ._deep import f\n"}) == {"pkg/_deep.py": {"3.7", "3.8"}}


def test_a_guard_of_imports_that_is_off_by_one(tmp_path: Path) -> None:
    files = {**GUARDED, "pkg/__init__.py": GUARDED["pkg/__init__.py"].replace("9", "8")}
    assert set(failing(tmp_path, files)) == {"pkg/_new.py", "pkg/_deep.py"}
