"""A PostgreSQL of the tests' own: a free port, an unprivileged user, gone when they end."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path | None:
    """The folder of `initdb` and `pg_ctl`: Debian's, or where PATH leads."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").is_file():
            return folder
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The address of a server, without a database's name."""
    user = "nobody" if os.getuid() == 0 else None  # root may not run it
    home = Path(tempfile.mkdtemp(prefix="compatcheck-pg-"))
    try:
        if user is not None:
            entry = pwd.getpwnam(user)
            os.chown(home, entry.pw_uid, entry.pw_gid)
        data = home / "data"
        options = ["-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"]
        _run(folder / "initdb", user, "-D", data, *options)
        port = _free_port()
        server = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=40"
        )
        _run(folder / "pg_ctl", user, "-D", data, "-o", server, "-l", home / "log", "-w", "start")
        try:
            yield f"host=127.0.0.1 port={port} user=postgres"
        finally:
            _run(folder / "pg_ctl", user, "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(program: Path, user: str | None, *words: object) -> None:
    argv = [str(program), *map(str, words)]
    # pg_ctl's server keeps what it inherits open: no pipes.
    with tempfile.TemporaryFile() as told:
        done = subprocess.run(argv, user=user, cwd="/", stdin=subprocess.DEVNULL, stdout=told, stderr=told, check=False)
        told.seek(0)
        assert done.returncode == 0, told.read().decode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
