"""The package index that the user configured: pages of files, fetched, kept, and read. The only part that asks one."""

from compatcheck.index.client import Client, Trouble
from compatcheck.index.configured import Configured, configured

__all__ = ["Client", "Configured", "Trouble", "configured"]
