"""One server for all tests of a process, a database for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import psycopg
import pytest

from tests.database.server import binaries, running
from tests.rules.files import absent

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    folder = binaries()
    if folder is None:
        absent("PostgreSQL's server (the Debian package postgresql)")
    else:
        with running(folder) as address:
            yield address


@pytest.fixture
def database(server: str) -> str:
    """The address of an empty database."""
    name = f"test{next(_NUMBERS)}"
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    return f"{server} dbname={name}"
