"""The last resort (`--guard`): what a version lacks is kept from running there."""

from __future__ import annotations

import libcst as cst

from compatcheck.fix.refusal import Refused
from compatcheck.fix.spot import Spot
from compatcheck.fix.statements import line_of
from compatcheck.fix.versions import test_for, words_for

_KINDS = frozenset({"module", "name", "method", "parameter"})


def guard(spot: Spot) -> None:
    """The statement under a test of the version; an import binds None elsewhere, another statement raises."""
    finding = spot.finding
    if finding.kind not in _KINDS or finding.works_on is None:
        raise Refused("no guard can help what does not parse")
    node = spot.node(cst.SimpleStatementLine)
    line = line_of(spot, node.body[0])
    small = line.body[0]
    if isinstance(small, (cst.Import, cst.ImportFrom)):
        spot.replace(line, _guarded_import(line, small))
        return
    test = test_for(finding.works_on)
    message = f"{finding.symbol} needs Python {words_for(finding.works_on)}"
    other = cst.parse_statement(f"raise RuntimeError({message!r})")
    system = spot.module("sys", line)
    condition = cst.parse_expression(f"{spot.document.code(system)}.version_info {test}")
    inner = line.with_changes(leading_lines=())
    spot.replace(
        line,
        cst.If(
            condition,
            cst.IndentedBlock([inner]),
            cst.Else(cst.IndentedBlock([other])),
            leading_lines=line.leading_lines,
        ),
    )


def _guarded_import(line: cst.SimpleStatementLine, small: cst.Import | cst.ImportFrom) -> cst.Try:
    if isinstance(small.names, cst.ImportStar):
        raise Refused("nobody knows what `import *` binds")
    names = [alias.evaluated_alias or alias.evaluated_name.partition(".")[0] for alias in small.names]
    nothing = cst.SimpleStatementLine(
        [cst.Assign([cst.AssignTarget(cst.Name(name)) for name in names], cst.Name("None"))]
    )
    handler = cst.ExceptHandler(cst.IndentedBlock([nothing]), cst.Name("ImportError"))
    body = cst.IndentedBlock([line.with_changes(leading_lines=())])
    return cst.Try(body, [handler], leading_lines=line.leading_lines)
