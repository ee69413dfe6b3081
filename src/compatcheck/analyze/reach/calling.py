"""Calls inside version tests: questions to the library, small conversions, and predicates of the file itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tree_sitter import Node

from compatcheck.analyze.reach.values import METHODS, UNKNOWN, Interpreter, Present, Unavailable

if TYPE_CHECKING:
    from compatcheck.analyze.reach.evaluate import Evaluator

_PASSING_DECORATORS = (b"staticmethod", b"classmethod", b"lru_cache", b"cache")
_SKIPPED = frozenset(
    {"comment", "expression_statement", "import_statement", "import_from_statement", "pass_statement",
     "function_definition", "global_statement", "assert_statement"}
)  # fmt: skip
_MOST_STATEMENTS = 30
_LONGEST = 1_000


class _Open(Exception):
    """A function does something that cannot be followed."""


class Caller:
    """Evaluates calls for an Evaluator."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._running: set[int] = set()

    def call(self, node: Node, on: Interpreter) -> Any:
        """The value of a call expression."""
        evaluator = self._evaluator
        function, arguments = evaluator.field(node, "function"), evaluator.field(node, "arguments")
        if arguments.type == "generator_expression":
            given = [arguments]
        else:
            given = [child for child in arguments.named_children if child.type not in ("comment", "line_continuation")]
        for symbol in evaluator.know.symbols(function):
            if (value := on.value_of(f"{symbol}()")) is not UNKNOWN:
                return value
            if (value := evaluator.know.told(symbol, on, called=True)) is not UNKNOWN:
                return value
            if (value := evaluator.know.told(symbol, on, called=True)) is not UNKNOWN:
                return value
            if known := _CALLS.get(symbol.removeprefix("builtins.")):
                return known(self, given, on)
        if function.type == "attribute":
            value = self._method(function, given, on)
            if value is not UNKNOWN:
                return value
        own = evaluator.know.function(function, on)
        return self._own(own, given, on) if own is not None else UNKNOWN

    def _method(self, function: Node, given: list[Node], on: Interpreter) -> Any:
        evaluator = self._evaluator
        receiver = evaluator.value(evaluator.field(function, "object"), on)
        name = evaluator.tree.text(evaluator.field(function, "attribute")).decode("utf-8", "replace")
        kind = next((kind for kind in (str, tuple, dict) if isinstance(receiver, kind)), None)
        if kind is None or (kind, name) not in METHODS:
            return UNKNOWN
        values = [evaluator.value(node, on) for node in given]
        if any(value is UNKNOWN for value in values):
            return UNKNOWN
        result = getattr(receiver, name)(*values)
        if isinstance(result, str) and len(result) > _LONGEST:
            return UNKNOWN
        return tuple(result) if isinstance(result, list) else result

    # Functions of the file.

    def _own(self, function: Node, given: list[Node], on: Interpreter) -> Any:
        evaluator = self._evaluator
        if function.id in self._running or not self._is_plain(function):
            return UNKNOWN
        values = self._arguments(function, given, on)
        before = evaluator.frame
        self._running.add(function.id)
        try:
            from compatcheck.analyze.reach.evaluate import Frame

            evaluator.frame = Frame(function, values)
            body = evaluator.field(function, "body")
            if function.type == "lambda":
                return evaluator.value(body, on)
            done = self._run(body, on)
            return done[0] if done else None
        except _Open:
            return UNKNOWN
        finally:
            evaluator.frame = before
            self._running.discard(function.id)

    def _is_plain(self, function: Node) -> bool:
        """Whether a call of the function runs its body, and gives what the body returns."""
        if any(child.type == "async" for child in function.children):
            return False
        outer = function.parent
        if function.type == "lambda" or outer is None or outer.type != "decorated_definition":
            return True
        decorators = [child for child in outer.named_children if child.type == "decorator"]
        texts = [self._evaluator.tree.text(each).split(b"(")[0].rstrip() for each in decorators]
        return all(text.endswith(_PASSING_DECORATORS) for text in texts)

    def _arguments(self, function: Node, given: list[Node], on: Interpreter) -> dict[bytes, Any]:
        evaluator, text = self._evaluator, self._evaluator.tree.text
        positional = [evaluator.value(node, on) for node in given if node.type != "keyword_argument"]
        named = {
            text(evaluator.field(node, "name")): evaluator.value(evaluator.field(node, "value"), on)
            for node in given
            if node.type == "keyword_argument"
        }
        values: dict[bytes, Any] = {}
        parameters = function.child_by_field_name("parameters")
        for parameter in parameters.named_children if parameters is not None else ():
            if parameter.type in ("comment", "positional_separator", "keyword_separator"):
                continue
            if parameter.type == "list_splat_pattern":
                values[text(parameter.named_children[0])] = (
                    UNKNOWN if any(value is UNKNOWN for value in positional) else tuple(positional)
                )
                positional = []
                continue
            name = text(parameter.child_by_field_name("name") or _innermost(parameter))
            if name in (b"self", b"cls"):
                values[name] = UNKNOWN
            elif name in named:
                values[name] = named[name]
            elif positional:
                values[name] = positional.pop(0)
            else:
                default = parameter.child_by_field_name("value")
                values[name] = evaluator.value(default, on) if default is not None else UNKNOWN
        return values

    def _run(self, block: Node, on: Interpreter) -> tuple[Any] | None:
        """What a block returns, as a tuple of one; None when it ends without."""
        if block.named_child_count > _MOST_STATEMENTS:
            raise _Open
        for statement in block.named_children:
            if statement.type == "return_statement":
                given = statement.named_children[:1]
                return (self._evaluator.value(given[0], on) if given else None,)
            if statement.type == "raise_statement":
                raise Unavailable("raises")
            if statement.type in _SKIPPED:
                continue
            if statement.type == "if_statement":
                done = self._run_if(statement, on)
            elif statement.type == "try_statement":
                done = self._run_try(statement, on)
            else:
                raise _Open
            if done is not None:
                return done
        return None

    def _run_if(self, statement: Node, on: Interpreter) -> tuple[Any] | None:
        branches: list[Node] = [statement, *statement.children_by_field_name("alternative")]
        for branch in branches:
            if branch.type == "else_clause":
                return self._run(self._evaluator.field(branch, "body"), on)
            value = self._evaluator.value(self._evaluator.field(branch, "condition"), on)
            if value is UNKNOWN:
                raise _Open
            if value:
                return self._run(self._evaluator.field(branch, "consequence"), on)
        return None

    def _run_try(self, statement: Node, on: Interpreter) -> tuple[Any] | None:
        """A `try` that only asks whether an import works."""
        body = self._evaluator.field(statement, "body")
        works: bool | None = True
        for child in body.named_children:
            if child.type in ("import_statement", "import_from_statement"):
                works = self._evaluator.know.import_works(child, on)
                if not works:
                    break
        if works is None or any(child.type == "finally_clause" for child in statement.children):
            raise _Open
        if not works:
            clause = self._evaluator.know.handler(statement, "ImportError")
            block = next((child for child in clause.children if child.type == "block"), None) if clause else None
            if block is None:
                raise _Open
            return self._run(block, on)
        done = self._run(body, on)
        other = next((child for child in statement.children if child.type == "else_clause"), None)
        return self._run(self._evaluator.field(other, "body"), on) if done is None and other is not None else done

    def generator(self, node: Node, on: Interpreter) -> Any:
        """`int(x) for x in …` over something known."""
        evaluator = self._evaluator
        clauses = [child for child in node.named_children if child.type in ("for_in_clause", "if_clause")]
        if len(clauses) != 1:
            return UNKNOWN
        target, source = evaluator.field(clauses[0], "left"), evaluator.value(evaluator.field(clauses[0], "right"), on)
        if target.type != "identifier" or not isinstance(source, (tuple, str)):
            return UNKNOWN
        from compatcheck.analyze.reach.evaluate import Frame

        before = evaluator.frame
        outer = before.values if before is not None else {}
        try:
            made = []
            for item in source[:50]:
                evaluator.frame = Frame(node, {**outer, evaluator.tree.text(target): item})
                made.append(evaluator.value(evaluator.field(node, "body"), on))
        finally:
            evaluator.frame = before
        return UNKNOWN if any(value is UNKNOWN for value in made) else tuple(made)

    # Questions to the library.

    def holds(self, namespace: Node, name: str, on: Interpreter) -> Any:
        """Whether `dir(m)`, `vars(m)`, `m.__dict__` or `sys.modules` holds a name."""
        evaluator = self._evaluator
        if namespace.type == "call":
            function = evaluator.field(namespace, "function")
            if not {"dir", "vars", "builtins.dir", "builtins.vars"}.intersection(evaluator.know.symbols(function)):
                return UNKNOWN
            arguments = evaluator.field(namespace, "arguments").named_children
            return self._has(arguments[0], name, on) if len(arguments) == 1 else UNKNOWN
        if "sys.modules" in evaluator.know.symbols(namespace):
            return False if evaluator.know.exists(name, on) is False else UNKNOWN
        if evaluator.tree.text(evaluator.field(namespace, "attribute")) == b"__dict__":
            return self._has(evaluator.field(namespace, "object"), name, on)
        return UNKNOWN

    def _has(self, owner: Node, name: str, on: Interpreter) -> Any:
        know = self._evaluator.know
        instance = know.instance(owner)
        owners = [instance] if instance else know.symbols(owner)
        found = {know.exists(f"{symbol}.{name}".removeprefix("builtins."), on) for symbol in owners}
        return found.pop() if len(found) == 1 and None not in found else UNKNOWN

    def hasattr_call(self, given: list[Node], on: Interpreter) -> Any:
        name = self._evaluator.value(given[1], on)
        return self._has(given[0], name, on) if isinstance(name, str) else UNKNOWN

    def getattr_call(self, given: list[Node], on: Interpreter) -> Any:
        found = self.hasattr_call(given, on)
        if found is False and len(given) == 3:
            return self._evaluator.value(given[2], on)
        return Present("") if found is True else UNKNOWN

    def find_spec_call(self, given: list[Node], on: Interpreter) -> Any:
        name = self._evaluator.value(given[0], on)
        found = self._evaluator.know.exists(str(name), on)
        return None if found is False else UNKNOWN if found is None else Present(str(name))

    def callable_call(self, given: list[Node], on: Interpreter) -> Any:
        value = self._evaluator.value(given[0], on)
        return UNKNOWN if value is UNKNOWN else isinstance(value, Present)

    def map_call(self, given: list[Node], on: Interpreter) -> Any:
        values = self._evaluator.value(given[1], on)
        if not {"int", "str"}.intersection(kinds := self._evaluator.know.symbols(given[0])) or values is UNKNOWN:
            return UNKNOWN
        return tuple(map(int if "int" in kinds else str, values))


def _innermost(parameter: Node) -> Node:
    while parameter.type != "identifier" and parameter.named_child_count:
        parameter = parameter.named_children[0]
    return parameter


def _convert(kind: Callable[[Any], Any]) -> Callable[[Caller, list[Node], Interpreter], Any]:
    def call(caller: Caller, given: list[Node], on: Interpreter) -> Any:
        value = caller._evaluator.value(given[0], on)
        return UNKNOWN if value is UNKNOWN or isinstance(value, Present) else kind(value)

    return call


def _quantify(wanted: bool) -> Callable[[Caller, list[Node], Interpreter], Any]:
    """`any` and `all` of a display, in three values."""

    def call(caller: Caller, given: list[Node], on: Interpreter) -> Any:
        if given[0].type not in ("tuple", "list", "set"):
            return UNKNOWN
        values = [caller._evaluator.value(child, on) for child in given[0].named_children if child.type != "comment"]
        if any(value is not UNKNOWN and bool(value) == wanted for value in values):
            return wanted
        return UNKNOWN if any(value is UNKNOWN for value in values) else not wanted

    return call


_CALLS: dict[str, Callable[[Caller, list[Node], Interpreter], Any]] = {
    "hasattr": Caller.hasattr_call,
    "getattr": Caller.getattr_call,
    "importlib.util.find_spec": Caller.find_spec_call,
    "callable": Caller.callable_call,
    "map": Caller.map_call,
    "any": _quantify(wanted=True),
    "all": _quantify(wanted=False),
    "int": _convert(int),
    "float": _convert(float),
    "bool": lambda caller, given, on: (
        UNKNOWN if (value := caller._evaluator.value(given[0], on)) is UNKNOWN else bool(value)
    ),
    "tuple": _convert(tuple),
    "list": _convert(tuple),
    "str": _convert(str),
    "len": _convert(len),
}
