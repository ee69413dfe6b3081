"""A folder to build projects in, apart from whoever's home and repository."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from compatcheck.model.source import Unreadable
from compatcheck.project import BadSettings, File, Project, open_project


@dataclass
class Site:
    """A project in the making. `environ` is all that the environment says."""

    top: Path
    environ: dict[str, str] = field(default_factory=dict)

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            path = self.top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def open(self, *paths: str, cwd: str = ".", **options: Any) -> Project:
        """The project; options are the command line's, `root`, `config` and `isolated` what they are."""
        own = {key: options.pop(key) for key in ("root", "config", "isolated") if key in options}
        where = str(self.top / cwd)
        return open_project(paths or (".",), options, environ=self.environ, cwd=where, **own)

    def found(self, *paths: str, **options: Any) -> list[File | Unreadable]:
        return list(self.open(*paths, **options).discover())

    def files(self, *paths: str, **options: Any) -> list[str]:
        """The paths of the files to check; nothing may be unreadable."""
        found = self.found(*paths, **options)
        assert not [item for item in found if isinstance(item, Unreadable)]
        return [item.path for item in found]

    def mistakes(self, *paths: str, **options: Any) -> list[str]:
        """The messages of BadSettings, which must come."""
        with pytest.raises(BadSettings) as caught:
            self.found(*paths, **options)
        return [str(error) for error in caught.value.errors]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    top = (tmp_path / "site").resolve()
    home = tmp_path / "home"
    top.mkdir()
    home.mkdir()
    return Site(top, {"HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1"})
