"""A folder to work in, and compatcheck as users call it."""

from tests.cli.conftest import call, folder

__all__ = ["call", "folder"]
