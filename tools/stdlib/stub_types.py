"""What the annotations of one stub mean: dotted names of classes, as far as one class can be named."""

import ast

# typing's names for classes that have another one, and what tells nothing about members.
SAME = {
    "typing.List": "list", "typing.Dict": "dict", "typing.Set": "set", "typing.FrozenSet": "frozenset",
    "typing.Tuple": "tuple", "typing.Type": "type", "typing.Text": "str", "typing.LiteralString": "str",
    "typing_extensions.LiteralString": "str", "typing.Pattern": "re.Pattern", "typing.Match": "re.Match",
    "typing.Deque": "collections.deque", "typing.DefaultDict": "collections.defaultdict",
    "typing.OrderedDict": "collections.OrderedDict", "typing.Counter": "collections.Counter",
    "typing.ChainMap": "collections.ChainMap",
}  # fmt: skip
ABSTRACT = [
    "Iterator",
    "Iterable",
    "Generator",
    "AsyncIterator",
    "AsyncIterable",
    "AsyncGenerator",
    "Mapping",
    "Sequence",
]
ABSTRACT += [
    "MutableMapping",
    "MutableSequence",
    "MutableSet",
    "Collection",
    "Container",
    "Reversible",
    "KeysView",
    "Sized",
]
ABSTRACT += ["ItemsView", "ValuesView", "MappingView", "Awaitable", "Coroutine", "Hashable", "ByteString"]
SAME |= {f"typing.{name}": f"collections.abc.{name}" for name in ABSTRACT}
UNION = {"typing.Optional", "typing.Union"}
SELF = {"typing.Self", "typing_extensions.Self", "_typeshed.Self"}
WRAPPERS = {"typing.Final", "typing.ClassVar", "typing_extensions.Final"}


class Scope:
    """The names that a stub's imports and definitions bind."""

    def __init__(self, module: str, package: str) -> None:
        self.module, self.package = module, package
        self.bound: dict[str, str] = {}

    def origin(self, node: ast.ImportFrom | ast.Import) -> str:
        if isinstance(node, ast.Import) or not node.level:
            return (node.module or "") if isinstance(node, ast.ImportFrom) else ""
        parts = self.package.split(".")
        kept = parts[: len(parts) - node.level + 1]
        return ".".join([*kept, node.module] if node.module else kept)

    def bind(self, node: ast.ImportFrom | ast.Import, alias: ast.alias) -> str:
        if isinstance(node, ast.Import):
            shown = alias.asname or alias.name.split(".")[0]
            self.bound[shown] = alias.name if alias.asname else shown
            return alias.name
        target = f"{self.origin(node)}.{alias.name}"
        self.bound[alias.asname or alias.name] = target
        return target

    def resolve(self, expr: ast.expr) -> str:
        """The dotted name that an expression means here; names without import are of this module or builtins."""
        match expr:
            case ast.Name(id=name):
                target = self.bound.get(name, f"{self.module}.{name}")
                return SAME.get(target, target)
            case ast.Attribute(value=value, attr=attr):
                owner = self.resolve(value)
                target = f"{owner}.{attr}" if owner else ""
                return SAME.get(target, target)
            case ast.Subscript(value=value):
                return self.resolve(value)
        return ""


def spelled(scope: Scope, annotation: ast.expr, owner: str) -> str:
    """The one class of an annotation, without None; "Self" for the receiver's class; empty where there is none."""
    if isinstance(annotation, ast.Constant):
        return "" if annotation.value is not None else "None"
    if isinstance(annotation, ast.BinOp):
        return one({spelled(scope, side, owner) for side in (annotation.left, annotation.right)})
    if isinstance(annotation, ast.Subscript):
        outer = scope.resolve(annotation.value)
        if outer in UNION:
            inner = annotation.slice
            parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            return one({spelled(scope, part, owner) for part in parts})
        if outer in WRAPPERS:
            return spelled(scope, annotation.slice, owner)
        return outer
    found = scope.resolve(annotation)
    return "Self" if found in SELF else found


def one(names: set[str]) -> str:
    kept = names - {"None"}
    return kept.pop() if len(kept) == 1 else ""
