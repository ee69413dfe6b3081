"""The judges of this machine; a test that needs one that is absent skips, and fails where CI=true."""

from __future__ import annotations

import pytest

from tests.rules.files import REQUIRED_JUDGES, absent
from tools.judge import judges


@pytest.fixture(scope="session")
def versions() -> list[str]:
    """Those that judge Python 3, oldest first; at least the ones that the project requires."""
    present = [judge.version for judge in judges() if judge.version != "2.7"]
    if REQUIRED_JUDGES - set(present):
        absent("real interpreters, Python 3.7 to 3.13")
    return present
