"""Lazy imports: a plain import runs the module at once."""

from __future__ import annotations

import libcst as cst

from compatcheck.fix.spot import Spot


def eager(spot: Spot) -> None:
    """`lazy import a` as `import a`."""
    node = spot.node(cst.LazyImport, cst.LazyImportFrom)
    if isinstance(node, cst.LazyImport):
        spot.replace(node, cst.Import(node.names, node.semicolon))
    elif isinstance(node, cst.LazyImportFrom):
        spot.replace(node, cst.ImportFrom(node.module, node.names, node.relative, node.lpar, node.rpar, node.semicolon))
