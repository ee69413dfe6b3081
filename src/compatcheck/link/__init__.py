"""What needs the whole project: names that one module takes from another. Reads nothing itself."""

from compatcheck.link.linker import Linker

__all__ = ["Linker"]
