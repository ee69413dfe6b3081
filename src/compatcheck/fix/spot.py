"""What a fix sees of one finding: the document, the place, the targets; and where it says what to change."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

import libcst as cst

from compatcheck.fix.changes import Changes, Choice, Distribution, Import, Replacement
from compatcheck.fix.context import Context
from compatcheck.fix.document import Document
from compatcheck.fix.imported import Imported
from compatcheck.fix.refusal import Refused
from compatcheck.model.report import Finding

Node = TypeVar("Node", bound=cst.CSTNode)
Pair = tuple[int, int]


class Spot:
    """One finding to fix; `others` are all findings of the text."""

    def __init__(self, document: Document, finding: Finding, others: Sequence[Finding], context: Context) -> None:
        self.document = document
        self.finding = finding
        self.others = others
        self.context = context
        self.changes = Changes()

    @property
    def place(self) -> Pair:
        return self.finding.line or 1, self.finding.column or 1

    @property
    def end(self) -> Pair:
        return self.finding.end_line or 1, self.finding.end_column or 1

    def node(self, *kinds: type[Node]) -> Node:
        """The innermost node of these types around the finding. Raises Refused when there is none."""
        found = self.document.around(self.place, *kinds)
        if found is None:
            raise Refused("the place is written in a way that no fix knows")
        return found

    def exactly(self, *kinds: type[Node]) -> Node:
        """The node of these types that begins and ends with the finding, or raises Refused."""
        found = self.document.at(self.place, self.end, *kinds)
        if found is None:
            raise Refused("the place is written in a way that no fix knows")
        return found

    def replace(self, old: cst.CSTNode, new: Replacement | Sequence[cst.CSTNode]) -> None:
        self.changes.replaced[old] = new if isinstance(new, _REPLACEMENTS) else cst.FlattenSentinel(list(new))

    def before(self, statement: cst.CSTNode, *new: cst.BaseStatement) -> None:
        """Statements in front of one that stands in a block."""
        self.changes.before.setdefault(statement, []).extend(new)

    def imported(self, symbol: str, user: cst.CSTNode) -> cst.BaseExpression:
        """An expression that means a symbol (`typing:List`, `datetime:timezone.utc`, `len`) where `user` stands."""
        module, colon, path = symbol.partition(":")
        if not colon:
            return self.builtin(module)
        head, *rest = path.split(".")
        expression: cst.BaseExpression = self._name(module, head, user)
        for name in rest:
            expression = cst.Attribute(expression, cst.Name(name))
        return expression

    def builtin(self, text: str) -> cst.BaseExpression:
        """A builtin's expression; refused where the text gives its name another meaning."""
        head = text.partition(".")[0].partition("(")[0]
        if head in self.document.bound:
            raise Refused(f"the text has a `{head}` of its own")
        return cst.parse_expression(text)

    def _name(self, module: str, name: str, user: cst.CSTNode) -> cst.BaseExpression:
        known = Imported(self.document)
        use = self.document.top(user)
        if local := known.name(module, name, use):
            return cst.Name(local)
        if local := known.module(module, use):
            return cst.Attribute(cst.parse_expression(local), cst.Name(name))
        for asked in self.document.asked:
            if (asked.module, asked.name) == (module, name):
                self.changes.imports.append(Import(module, name, asked.alias, use))
                return cst.Name(asked.alias)
        alias = name if name not in self.document.words else self.document.fresh(f"_{name}")
        self._ask(Import(module, name, alias, use))
        return cst.Name(alias)

    def _ask(self, wanted: Import) -> None:
        self.document.asked.append(wanted)
        self.changes.imports.append(wanted)

    def module(self, name: str, user: cst.CSTNode) -> cst.BaseExpression:
        """An expression that means a top-level module."""
        use = self.document.top(user)
        if local := Imported(self.document).module(name, use):
            return cst.Name(local)
        alias = name
        if name in self.document.words and not any(one.module == name for one in self.document.asked):
            alias = next((one.alias for one in self.document.asked if (one.module, one.name) == (name, "")), "")
            alias = alias or self.document.fresh(f"_{name}")
        self._ask(Import(name, "", alias, use))
        return cst.Name(alias)

    def helper(self, name: str, code: str, user: cst.CSTNode) -> str:
        """The name of a definition near the module's beginning: this one, or another where the name is taken."""
        use = self.document.top(user)
        for statement in self.document.module.body[: use + 1]:
            if isinstance(statement, _DEFINITIONS):
                there = statement.name.value
                if self.document.code(statement).strip() == renamed(code, name, there).strip():
                    return there
        local = self.document.helpers.get(code)
        if local is None:
            taken = name in self.document.words
            local = self.document.fresh(f"_{name.lstrip('_')}") if taken else name
            self.document.helpers[code] = local
        self.changes.definitions[local] = renamed(code, name, local), use
        return local

    def piece(self, name: str, user: cst.CSTNode) -> str:
        """The local name of a piece of code that rules/ has for fixes to add."""
        return self.add(name, self.context.helpers[name], user)

    def add(self, name: str, code: str, user: cst.CSTNode) -> str:
        """The local name of what code defines; the imports at its beginning join those of the module."""
        return self.helper(name, self.with_imports(code, user), user)

    def with_imports(self, code: str, user: cst.CSTNode) -> str:
        """Code without the imports at its beginning, which join those of the module."""
        lines = code.splitlines(keepends=True)
        while lines and (match := _IMPORT.match(lines[0])):
            lines.pop(0)
            expression = self.document.code(self.imported(f"{match[1]}:{match[2]}", user))
            lines = [renamed(line, match[3] or match[2], expression) for line in lines]
        return "".join(lines).lstrip("\n")

    def choose(self, choice: Choice) -> None:
        self.changes.choices.append(choice)

    def need(self, name: str, marker: str | None) -> None:
        self.changes.needs.add(Distribution(name, marker))


_IMPORT = re.compile(r"from ([\w.]+) import (\w+)(?: as (\w+))?\n")
_DEFINITIONS = (cst.FunctionDef, cst.ClassDef)
_REPLACEMENTS = (cst.CSTNode, cst.FlattenSentinel, cst.RemovalSentinel)


def renamed(code: str, name: str, local: str) -> str:
    """Code with another name for something that it defines or imports."""
    return re.sub(rf"(?<![.\w]){name}\b", local, code) if local != name else code
