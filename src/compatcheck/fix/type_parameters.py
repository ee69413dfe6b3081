"""Type parameters and `type` statements: the variables of typing that they stand for."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from compatcheck.fix.chosen import chosen
from compatcheck.fix.clauses import Renamer
from compatcheck.fix.document import below
from compatcheck.fix.refusal import Refused
from compatcheck.fix.spot import Spot
from compatcheck.fix.statements import line_of

_KINDS = {cst.TypeVar: "TypeVar", cst.TypeVarTuple: "TypeVarTuple", cst.ParamSpec: "ParamSpec"}
_NO_GENERIC = frozenset({"NamedTuple", "TypedDict"})
_READ = frozenset({"__type_params__", "__value__"})


def declare(spot: Spot) -> None:
    """`def f[T]`: `T = TypeVar("T")` at the beginning of the module; classes get `Generic[T]` as a base."""
    owner = spot.node(cst.FunctionDef, cst.ClassDef, cst.TypeAlias)
    if isinstance(owner, cst.TypeAlias):
        alias(spot)
        return
    assert isinstance(owner, (cst.FunctionDef, cst.ClassDef))
    if owner.type_parameters is None or spot.document.start(owner.name) >= spot.place:
        raise Refused("the parameters are written in a way that no fix knows")
    _not_read(spot)
    names = _declared(spot, owner, owner.type_parameters.params)
    new = owner.with_changes(type_parameters=None)
    if isinstance(owner, cst.ClassDef) and isinstance(new, cst.ClassDef):
        new = _generic(spot, owner, new)
    renamed = {old: local for old, local in names.items() if old != local}
    result = new.visit(Renamer(renamed)) if renamed else new
    assert isinstance(result, cst.CSTNode)
    spot.replace(owner, result)


def alias(spot: Spot) -> None:
    """`type X = int`: `X: TypeAlias = int`; quoted where the value may not be known yet."""
    statement = spot.node(cst.TypeAlias)
    line_of(spot, statement)
    _not_read(spot)
    params = statement.type_parameters.params if statement.type_parameters is not None else ()
    names = _declared(spot, statement, params)
    renamed = {old: local for old, local in names.items() if old != local}
    value = statement.value.visit(Renamer(renamed)) if renamed else statement.value
    assert isinstance(value, cst.BaseExpression)
    if not _known(spot, statement, set(names)):
        value = cst.SimpleString(quoted(spot.document.code(value)))
    annotation = cst.Annotation(spot.imported("typing:TypeAlias", statement))
    spot.replace(
        statement,
        cst.AnnAssign(
            statement.name, annotation, value, cst.AssignEqual(), semicolon=statement.semicolon,
        ),
    )  # fmt: skip


def _not_read(spot: Spot) -> None:
    if read := _READ & spot.document.words:
        raise Refused(f"the text reads {' and '.join(sorted(read))}")


def _declared(spot: Spot, owner: cst.CSTNode, params: Sequence[cst.TypeParam]) -> dict[str, str]:
    """The local name of each parameter's variable."""
    return {param.param.name.value: _variable(spot, owner, param) for param in params}


def _variable(spot: Spot, owner: cst.CSTNode, param: cst.TypeParam) -> str:
    kind, name = _KINDS[type(param.param)], param.param.name.value
    arguments = [*_bounds(spot, param.param), *_default(spot, param)]
    make = spot.document.code(spot.imported(f"typing:{kind}", owner)) if param.default is None else _with_default(
        spot, owner, kind)  # fmt: skip
    text = f"{make}({', '.join(['{name}', *arguments])})"
    local = _name(spot, name, text)
    code = f"{local} = {text.format(name=quoted(local))}"
    note = "  # its variance was inferred" if kind == "TypeVar" and not isinstance(owner, cst.FunctionDef) else ""
    if not _is_there(spot, code):
        spot.changes.definitions[local] = code + note, spot.document.top(owner)
    return local


def _with_default(spot: Spot, owner: cst.CSTNode, kind: str) -> str:
    spot.need("typing_extensions", 'python_version < "3.13"')
    return chosen(spot, ">=3.13", kind, ("typing", "typing_extensions"), owner)


def _name(spot: Spot, name: str, text: str) -> str:
    """The parameter's own name, unless the module means something else by it."""
    document = spot.document
    key = f"{name}|{text}"
    if key not in document.helpers:
        variables: list[cst.TypeVar | cst.TypeVarTuple | cst.ParamSpec] = [
            *document.every(cst.TypeVar),
            *document.every(cst.TypeVarTuple),
            *document.every(cst.ParamSpec),
        ]
        parameters = sum(each.name.value == name for each in variables)
        taken = [other for other in document.helpers if other.startswith(f"{name}|")]
        there = _is_there(spot, f"{name} = {text.format(name=quoted(name))}")
        free = there or (document.bound[name] <= parameters and not taken)
        document.helpers[key] = name if free else document.fresh(name)
    return document.helpers[key]


def _is_there(spot: Spot, code: str) -> bool:
    lines = (line for line in spot.document.module.body if isinstance(line, cst.SimpleStatementLine))
    return any(spot.document.code(small) == code for line in lines for small in line.body)


def _bounds(spot: Spot, param: cst.TypeVar | cst.TypeVarTuple | cst.ParamSpec) -> list[str]:
    if not isinstance(param, cst.TypeVar) or param.bound is None:
        return []
    if isinstance(param.bound, cst.Tuple):
        return [_later(spot, element.value) for element in param.bound.elements]
    return [f"bound={_later(spot, param.bound)}"]


def _default(spot: Spot, param: cst.TypeParam) -> list[str]:
    if param.default is None:
        return []
    if param.star:
        raise Refused("the default of the type parameter is unpacked")
    return [f"default={_later(spot, param.default)}"]


def _later(spot: Spot, node: cst.BaseExpression) -> str:
    """A type that is not looked up before it is needed: builtins as they are, all else quoted."""
    code = spot.document.code(node)
    plain = isinstance(node, cst.Name) and node.value not in spot.document.bound
    return (
        code
        if plain or isinstance(node, (cst.SimpleString, cst.List))
        else quoted(code).replace("{", "{{").replace("}", "}}")
    )


def quoted(code: str) -> str:
    """Code as a string literal."""
    if "\n" in code or "\\" in code or ('"' in code and "'" in code):
        raise Refused("the type cannot be quoted")
    return f"'{code}'" if '"' in code else f'"{code}"'


def _generic(spot: Spot, owner: cst.ClassDef, new: cst.ClassDef) -> cst.ClassDef:
    for base in owner.bases:
        if isinstance(base.value, (cst.Name, cst.Attribute)):
            last = base.value.attr.value if isinstance(base.value, cst.Attribute) else base.value.value
            if last in _NO_GENERIC:
                raise Refused(f"a {last} could not be generic before 3.11")
    assert owner.type_parameters is not None
    parts = []
    for param in owner.type_parameters.params:
        name: cst.BaseExpression = cst.Name(param.param.name.value)
        if isinstance(param.param, cst.TypeVarTuple):
            unpack = spot.imported("typing:Unpack", owner)
            name = cst.Subscript(unpack, [cst.SubscriptElement(cst.Index(name))])
        parts.append(cst.SubscriptElement(cst.Index(name)))
    generic = cst.Arg(cst.Subscript(spot.imported("typing:Generic", owner), parts))
    return new.with_changes(bases=[*new.bases, generic], lpar=cst.LeftParen(), rpar=cst.RightParen())


def _known(spot: Spot, statement: cst.TypeAlias, parameters: set[str]) -> bool:
    """Whether all names of the value are builtins, parameters, or bound by statements of the module above."""
    from compatcheck.fix.bindings import bound_in

    document = spot.document
    top = document.top(statement)
    above = {name for line in document.module.body[:top] for name in bound_in(line)}
    names = {each.value for each in below(statement.value) if isinstance(each, cst.Name)}
    attributes = {each.attr.value for each in below(statement.value) if isinstance(each, cst.Attribute)}
    return all(name in above or name in parameters or name not in document.bound for name in names - attributes)
