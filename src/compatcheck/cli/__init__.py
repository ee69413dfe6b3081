"""The command line: arguments in, exit code out. Nothing heavy is imported before a command needs it."""

from compatcheck.cli.main import main

__all__ = ["main"]
