"""Readers of files that ask for packages. Each module here has `NAMES`, the files it reads (patterns below a project's
folder), and `read(text)`; it is found by being here.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module

from compatcheck.depends.text import Text
from compatcheck.model.declared import Needed

Reader = Callable[[Text], Iterator[Needed]]


@cache
def readers() -> Mapping[str, Reader]:
    """The reader for each pattern of file names."""
    modules = [import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return {name: module.read for module in modules for name in getattr(module, "NAMES", ())}
