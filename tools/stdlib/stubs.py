"""Reads one set of typeshed stubs as one Python version on one platform sees it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tools.stdlib.stub_types import Scope, spelled


@dataclass(slots=True)
class Definition:
    kind: str  # class, function, variable, alias
    module: str
    name: str
    parameters: dict[str, str] = field(default_factory=dict)  # name -> kind letter as in the prober
    returns: set[str] = field(default_factory=set)
    bases: list[str] = field(default_factory=list)
    members: dict[str, "Definition"] = field(default_factory=dict)
    target: str = ""  # of an alias: the dotted name that it stands for
    deprecated: str = ""
    overloads: int = 0


class Evaluator:
    """Walks a stub's statements, taking only the branches that (3, minor) and the platform take."""

    def __init__(self, module: str, package: str, minor: int, platform: str) -> None:
        self.minor, self.platform = minor, platform
        self.scope = Scope(module, package)
        self.names: dict[str, Definition] = {}
        self.stars: list[str] = []
        self.exported: set[str] = set()

    def run(self, tree: ast.Module) -> "Evaluator":
        self.body(tree.body, self.names, "")
        return self

    def body(self, statements: list[ast.stmt], names: dict[str, Definition], owner: str) -> None:
        for statement in self.live(statements):
            match statement:
                case ast.ClassDef():
                    names[statement.name] = self.class_(statement, owner)
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    self.function(statement, names, owner)
                case ast.AnnAssign(target=ast.Name(id=name)):
                    names[name] = self.variable(name, statement.annotation, statement.value)
                case ast.Assign(targets=[ast.Name(id=name)]):
                    self.assigned(name, statement.value, names)
                case ast.AugAssign(target=ast.Name(id="__all__"), value=value):
                    self.exported.update(strings(value))
                case ast.Import() | ast.ImportFrom():
                    self.imported(statement, names)

    def live(self, statements: list[ast.stmt]) -> Iterator[ast.stmt]:
        for statement in statements:
            if isinstance(statement, ast.If):
                verdict = self.test(statement.test)
                if verdict is not False:
                    yield from self.live(statement.body)
                if verdict is not True:
                    yield from self.live(statement.orelse)
            elif isinstance(statement, ast.Try):
                yield from self.live(statement.body)
            else:
                yield statement

    def test(self, test: ast.expr) -> bool | None:
        """None: not ours to decide, both branches count."""
        match test:
            case ast.BoolOp(op=op, values=values):
                found = [self.test(value) for value in values]
                decisive = isinstance(op, ast.Or)
                return decisive if decisive in found else None if None in found else not decisive
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self.test(operand)
                return None if inner is None else not inner
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self.compare(ast.unparse(left), op, right)
            case ast.Call(func=ast.Attribute(attr="startswith"), args=[ast.Constant(value=str(prefix))]):
                return self.platform.startswith(prefix)
            case ast.Name(id="TYPE_CHECKING"):
                return True
        return None

    def compare(self, left: str, op: ast.cmpop, right: ast.expr) -> bool | None:
        if left == "sys.platform" and isinstance(right, ast.Constant):
            return (self.platform == right.value) is isinstance(op, ast.Eq)
        if left in ("sys.version_info", "sys.version_info[0]"):
            value = ast.literal_eval(right)
            wanted = value if isinstance(value, tuple) else (value,)
            have = (3, self.minor, 99)[: 1 if left.endswith("]") else 3]
            if isinstance(op, ast.GtE | ast.Lt):
                return (have >= wanted) is isinstance(op, ast.GtE)
            return (have[: len(wanted)] == wanted) is isinstance(op, ast.Eq)
        return None

    def class_(self, node: ast.ClassDef, owner: str) -> Definition:
        path = f"{owner}.{node.name}".lstrip(".")
        found = Definition("class", self.scope.module, path, deprecated=deprecation(node.decorator_list))
        found.bases = [base for expr in node.bases if (base := self.scope.resolve(expr))]
        found.target = "generic" if any(isinstance(expr, ast.Subscript) for expr in node.bases) else ""
        self.body(node.body, found.members, path)
        return found

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, names: dict[str, Definition], owner: str) -> None:
        decorators = {ast.unparse(d).split("(")[0].split(".")[-1] for d in node.decorator_list}
        if decorators & {"setter", "deleter", "type_check_only"}:
            return
        old = names.get(node.name)
        overload = "overload" in decorators
        found = old if old and overload and old.kind == "function" else None
        if found is None:
            found = names[node.name] = Definition("function", self.scope.module, f"{owner}.{node.name}".lstrip("."))
        found.overloads += overload
        is_property = bool(decorators & {"property", "cached_property", "abstractproperty"})
        found.kind = "variable" if is_property else "function"
        found.deprecated = "" if overload else deprecation(node.decorator_list)
        found.parameters |= parameters(node.args, bool(owner) and "staticmethod" not in decorators)
        if isinstance(node, ast.FunctionDef) and node.returns is not None:
            found.returns.add(spelled(self.scope, node.returns, owner))

    def variable(self, name: str, annotation: ast.expr, value: ast.expr | None) -> Definition:
        found = Definition("variable", self.scope.module, name)
        found.returns.add(spelled(self.scope, annotation, ""))
        if isinstance(annotation, ast.Name | ast.Attribute) and ast.unparse(annotation).endswith("TypeAlias"):
            found.kind, found.target = "alias", self.scope.resolve(value) if value else ""
        return found

    def assigned(self, name: str, value: ast.expr, names: dict[str, Definition]) -> None:
        if name == "__all__":
            self.exported.update(strings(value))
        elif isinstance(value, ast.Name) and value.id in names:
            names[name] = names[value.id]
        elif isinstance(value, ast.Name | ast.Attribute):
            names[name] = Definition("alias", self.scope.module, name, target=self.scope.resolve(value))
        else:
            names[name] = Definition("variable", self.scope.module, name)

    def imported(self, node: ast.Import | ast.ImportFrom, names: dict[str, Definition]) -> None:
        for alias in node.names:
            if alias.name == "*":
                self.stars.append(self.scope.origin(node))
                continue
            target = self.scope.bind(node, alias)
            shown = alias.asname or alias.name
            if alias.asname == alias.name or shown in self.exported:
                names[shown] = Definition("alias", self.scope.module, shown, target=target)


def parameters(args: ast.arguments, bound: bool) -> dict[str, str]:
    plain = [(arg.arg, "P") for arg in args.posonlyargs]
    plain += [(arg.arg, "P" if arg.arg.startswith("__") else "K") for arg in args.args]
    found = dict(plain[1:] if bound else plain)
    found |= {arg.arg: "O" for arg in args.kwonlyargs}
    if args.vararg:
        found["*"] = "V"
    if args.kwarg:
        found["**"] = "W"
    return found


def strings(value: ast.expr) -> list[str]:
    elements = value.elts if isinstance(value, ast.List | ast.Tuple) else []
    return [e.value for e in elements if isinstance(e, ast.Constant) and isinstance(e.value, str)]


def deprecation(decorators: list[ast.expr]) -> str:
    for decorator in decorators:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("deprecated") and decorator.args:
            message: Any = decorator.args[0]
            return str(message.value) if isinstance(message, ast.Constant) else ""
    return ""
