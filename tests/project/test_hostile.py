"""Trees that want a walk to hang, to crash, to lie or to leave the project."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from compatcheck.model.source import Source, Unreadable
from compatcheck.project import File, read
from tests.project.conftest import Site

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links, FIFOs and modes of POSIX")


@contextmanager
def nobody() -> Iterator[None]:
    """Root may read everything; these tests must not be root."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def open_to_all(folder: Path) -> None:
    for place in (folder, *folder.parents):
        if place.stat().st_uid == os.geteuid() and place != Path("/"):
            place.chmod(place.stat().st_mode | 0o755)


def test_links_in_circles(site: Site) -> None:
    site.write({"a/x.py": ""})
    (site.top / "a" / "up").symlink_to("..", target_is_directory=True)
    (site.top / "self.py").symlink_to("self.py")
    found = site.found()
    assert [item.path for item in found] == ["a/x.py", "self.py"]
    assert isinstance(found[1], Unreadable)


def test_a_file_with_two_names_is_checked_once_by_its_own(site: Site) -> None:
    site.write({"z.py": ""})
    (site.top / "a.py").symlink_to("z.py")
    assert site.files() == ["z.py"]
    assert site.files("a.py", "z.py") == ["a.py"]


def test_a_link_to_what_the_walk_does_not_see_stands_for_it(site: Site) -> None:
    site.write({"build/real.py": "", "build/other.py": ""})
    (site.top / "b.py").symlink_to("build/real.py")
    (site.top / "a.py").symlink_to("build/real.py")
    assert site.files() == ["a.py"]


def test_links_out_of_the_project_are_not_read(site: Site) -> None:
    secret = site.top.parent / "credentials"
    secret.write_text("password")
    site.write({"pyproject.toml": ""})
    (site.top / "x.py").symlink_to(secret)
    (site.top / "y.py").symlink_to("/dev/zero")
    (site.top / "z").symlink_to(site.top.parent, target_is_directory=True)
    (found,) = site.found()
    assert isinstance(found, Unreadable) and found.path == "x.py"
    assert "out of the project" in found.reason
    (named,) = site.found("x.py")
    assert isinstance(named, File)


def test_links_that_lead_nowhere(site: Site) -> None:
    (site.top / "x.py").symlink_to("gone.py")
    (site.top / ".#lock.py").symlink_to("user@host.1234")
    assert site.found() == [Unreadable("x.py", "a link that leads nowhere")]


def test_fifos_sockets_and_folders_with_names_of_modules(site: Site) -> None:
    site.write({"folder.py/a.py": ""})
    os.mkfifo(site.top / "fifo.py")
    os.mkfifo(site.top / "script")
    os.mkfifo(site.top / ".gitignore")
    with socket.socket(socket.AF_UNIX) as end:
        home = Path.cwd()
        os.chdir(site.top)  # a socket's address is short
        try:
            end.bind("socket.py")
        finally:
            os.chdir(home)
        assert site.files() == ["folder.py/a.py"]
        assert site.found("fifo.py") == [Unreadable("fifo.py", "not a regular file")]


def test_missing_paths(site: Site) -> None:
    site.write({"a.py": ""})
    found = site.found("gone.py", "a.py", "no/folder", "a.py/b.py", "x" * 300 + ".py", "nul\0.py")
    assert [item.path for item in found if isinstance(item, File)] == ["a.py"]
    reasons = [item.reason for item in found if isinstance(item, Unreadable)]
    assert reasons[:3] == ["no such file or directory", "no such file or directory", "not a directory"]
    assert len(reasons) == 5


def test_unreadable_folders_and_files(site: Site) -> None:
    site.write({"a.py": "x", "shut/b.py": "", "c.py": ""})
    open_to_all(site.top)
    (site.top / "shut").chmod(0)
    (site.top / "c.py").chmod(0)
    with nobody():
        found = site.found()
        results = [read(item) for item in found if isinstance(item, File)]
    (site.top / "shut").chmod(0o755)
    assert [item for item in found if isinstance(item, Unreadable)] == [Unreadable("shut", "permission denied")]
    assert results == [Source("a.py", b"x"), Unreadable("c.py", "permission denied")]


def test_unreadable_settings_are_a_mistake_of_settings(site: Site) -> None:
    site.write({"compatcheck.toml": "", "a.py": ""})
    open_to_all(site.top)
    (site.top / "compatcheck.toml").chmod(0)
    with nobody():
        assert site.mistakes() == ["compatcheck.toml: cannot be read: Permission denied"]


@pytest.mark.skipif(sys.platform == "darwin", reason="file systems that take UTF-8 names only")
def test_names_that_are_not_utf8(site: Site) -> None:
    folder = os.fsencode(site.top) + b"/d\xe9"
    os.mkdir(folder)
    for name in (b"\xff%41.py", "grün\n.py".encode()):
        with open(folder + b"/" + name, "wb") as file:
            file.write(b"x = 1\n")
    assert site.files() == ["d%E9/grün\n.py", "d%E9/%FF%41.py"]
    assert [read(item) for item in site.found() if isinstance(item, File)] == [
        Source("d%E9/grün\n.py", b"x = 1\n"),
        Source("d%E9/%FF%41.py", b"x = 1\n"),
    ]


@contextmanager
def deep(top: Path, depth: int) -> Iterator[None]:
    """A module so many folders below that no path reaches it; taken away again, since rmtree cannot do it, either."""
    home = Path.cwd()
    os.chdir(top)
    try:
        for _ in range(depth):
            os.mkdir("dd")
            os.chdir("dd")
        Path("x.py").touch()
        yield
        os.unlink("x.py")
        for _ in range(depth):
            os.chdir("..")
            os.rmdir("dd")
    finally:
        os.chdir(home)


def test_very_deep_trees(site: Site) -> None:
    with deep(site.top, 1500):
        (found,) = site.found()
    assert isinstance(found, Unreadable) and found.reason == "file name too long"
    with deep(site.top, 500):
        (file,) = site.found()
    assert isinstance(file, File) and file.path.count("/") == 500


def test_files_that_vanish_change_or_are_too_large(site: Site) -> None:
    site.write({"gone.py": "", "folder.py": "", "large.py": "x" * 2_000_001, "fifo.py": "", "ok.py": "x"})
    found = [item for item in site.found() if isinstance(item, File)]
    (site.top / "gone.py").unlink()
    (site.top / "folder.py").unlink()
    (site.top / "folder.py").mkdir()
    (site.top / "fifo.py").unlink()
    os.mkfifo(site.top / "fifo.py")
    assert [read(item, limit=2_000_000) for item in found] == [
        Unreadable("fifo.py", "not a regular file"),
        Unreadable("folder.py", "not a regular file"),
        Unreadable("gone.py", "it vanished while compatcheck ran"),
        Unreadable("large.py", "larger than 1 MB"),
        Source("ok.py", b"x"),
    ]


def test_folders_that_vanish_under_the_walk(site: Site) -> None:
    site.write({"a/x.py": "", "b/y.py": "", "c/z.py": ""})
    walk = site.open().discover()
    assert next(walk).path == "a/x.py"
    (site.top / "b" / "y.py").unlink()
    (site.top / "b").rmdir()
    assert next(walk) == Unreadable("b", "no such file or directory")
