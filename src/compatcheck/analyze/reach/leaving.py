"""Where a statement lets the program go on, and where the handler of a `try` can run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tree_sitter import Node

from compatcheck.analyze.names.meanings import Meanings
from compatcheck.analyze.reach.climb import Reach
from compatcheck.analyze.reach.guards import Guards
from compatcheck.analyze.reach.knowledge import Known, imported_names
from compatcheck.analyze.tree import Tree
from compatcheck.model.runtimes import NO_RUNTIMES, RuntimeSet
from compatcheck.model.stdlib import Stdlib

_EXITS = frozenset({"sys.exit", "os._exit", "os.abort", "exit", "quit", "pytest.skip", "pytest.exit", "pytest.fail"})
_EXIT_WORDS = (b"exit", b"abort", b"quit", b"skip", b"fail", b"skipTest")
_LEAVES = (b"raise", b"exit", b"abort")
_IMPORTS = frozenset({"import_statement", "import_from_statement"})
_CONSTANTS = frozenset({"true", "false", "none", "integer", "string"})
_LARGEST_FUNCTION = 2_000
# Modules whose names differ from system to system: none of theirs is surely there.
_SYSTEM = frozenset(
    {"os", "signal", "socket", "select", "time", "mmap", "errno", "ctypes", "msvcrt", "winreg", "sys", "ssl", "locale"}
)
# Modules that a build, or a system, may lack: a handler of their import can run anywhere.
_LEFT_OUT = frozenset(
    {"bz2", "crypt", "ctypes", "curses", "dbm", "ensurepip", "fcntl", "grp", "hashlib", "idlelib", "lib2to3", "lzma",
     "multiprocessing", "nis", "ossaudiodev", "pty", "pwd", "pydoc_data", "readline", "resource", "spwd", "sqlite3",
     "syslog", "termios", "test", "tkinter", "tty", "turtle", "turtledemo", "uuid", "venv", "winsound", "zlib"}
)  # fmt: skip


class Leaving:
    """Judges statements of one tree; `heads` are the first words of the standard library's names."""

    def __init__(
        self, tree: Tree, stdlib: Stdlib, scope: RuntimeSet, meanings: Meanings, heads: frozenset[str]
    ) -> None:
        self._tree = tree
        self._stdlib = stdlib
        self._scope = scope
        self._meanings = meanings
        self._heads = heads
        self._ends: dict[int, RuntimeSet] = {}
        # Set by who makes them, since they ask each other.
        self.reach: Reach
        self.guards: Guards
        self.known: Known

    def survives(self, statement: Node) -> RuntimeSet:
        """Where a simple statement goes on: not behind sys.exit(), nor, in a `try`, behind a name that is missing."""
        left = self._scope
        if statement.type == "expression_statement":
            left = self._behind_call(statement)
        block = statement.parent
        if block is not None and block.parent is not None and block.parent.type == "try_statement":
            left &= self._works(statement)
        return left

    def _behind_call(self, statement: Node) -> RuntimeSet:
        inner = statement.named_children[0] if statement.named_child_count else None
        call = inner.child_by_field_name("right") if inner is not None and inner.type == "assignment" else inner
        function = call.child_by_field_name("function") if call is not None and call.type == "call" else None
        if call is None or function is None:
            return self._scope
        text = self._tree.text(function)
        if text.endswith(b"importorskip") and "pytest.importorskip" in self._meanings.symbols(function):
            return self._of_importorskip(call)
        if inner is call and text.endswith(_EXIT_WORDS) and (text == b"self.skipTest" or self._exits(function)):
            return NO_RUNTIMES
        if inner is call and function.type == "identifier":
            return self._behind_own(function, text)
        return self._scope

    def _exits(self, function: Node) -> bool:
        meanings = self._meanings.of(function)
        return bool(meanings) and all(meaning.symbol in _EXITS for meaning in meanings)

    def _of_importorskip(self, call: Node) -> RuntimeSet:
        arguments = call.child_by_field_name("arguments")
        name = arguments.named_children[0] if arguments is not None and arguments.named_child_count else None
        fact = self._stdlib.fact(self._tree.text(name).decode("utf-8", "replace").strip("'\"")) if name else None
        return fact.works if fact is not None else self._scope

    def _behind_own(self, function: Node, name: bytes) -> RuntimeSet:
        """Behind the call of a function of this file, which may check the version and leave."""
        if name == b"exit" and self._exits(function):
            return NO_RUNTIMES
        if b"def " + name not in self._tree.code and not self._renamed_exit(name):
            return self._scope
        owners = [meaning.own for meaning in self._meanings.of(function)]
        if not owners or any(owner is None or owner.type != "function_definition" for owner in owners):
            return NO_RUNTIMES if self._exits(function) else self._scope
        ends = NO_RUNTIMES
        for owner in owners:
            if owner is not None:
                ends |= self._returns(owner)
        return ends

    def _renamed_exit(self, name: bytes) -> bool:
        return b"exit as " + name in self._tree.code

    def _returns(self, function: Node) -> RuntimeSet:
        """Where a small function of this file can come back to its caller."""
        body = function.child_by_field_name("body")
        text = self._tree.text(function) if body is not None else b""
        if body is None or len(text) > _LARGEST_FUNCTION or not any(word in text for word in _LEAVES):
            return self._scope
        if any(child.type == "async" for child in function.children) or b"yield" in text:
            return self._scope
        if function.id not in self._ends:
            self._ends[function.id] = self._scope
            ends = self.reach.after(body)
            if ends != self._scope:
                for statement in _returning(body):
                    ends |= self.reach.at(statement)
            self._ends[function.id] = ends
        return self._ends[function.id]

    # Bodies of `try`.

    def handled(self, statement: Node, clause: Node) -> RuntimeSet:
        """The runtimes on which an except clause can run: all, unless only names of known versions can fail."""
        body = statement.child_by_field_name("body")
        if body is None:
            return self._scope
        fails = NO_RUNTIMES
        for child in body.named_children:
            if child.type == "comment" or _cannot_fail(child):
                continue
            failure, symbols = self._asked(child)
            if not symbols:
                return self._scope
            if not self.guards.catches(clause, failure):
                continue
            works = self._known(symbols)
            if works is None:
                return self._scope
            fails |= self._scope - works
        return fails

    def _works(self, statement: Node) -> RuntimeSet:
        """Where all names that the statement looks up are there, as far as that is known."""
        works = self._scope
        for symbol in self._asked(statement)[1] or self._called(statement):
            if fact := self._stdlib.fact(symbol):
                works &= fact.works
        return works

    def _called(self, statement: Node) -> Sequence[str]:
        """The function that a statement surely calls first, where only one can be meant."""
        inner = statement.named_children[0] if statement.type == "expression_statement" else None
        value = inner.child_by_field_name("right") if inner is not None and inner.type == "assignment" else inner
        function = value.child_by_field_name("function") if value is not None and value.type == "call" else None
        if function is None or function.type != "attribute":
            return ()
        meanings = self._meanings.of(function)
        return [meanings[0].symbol] if len(meanings) == 1 and meanings[0].symbol else ()

    def _asked(self, statement: Node) -> tuple[str, Sequence[str]]:
        """What a statement that only looks names up needs, and how it fails."""
        if statement.type in _IMPORTS:
            return "ImportError", imported_names(self._tree, statement)
        inner = statement.named_children[0] if statement.type == "expression_statement" else None
        value = inner.child_by_field_name("right") if inner is not None and inner.type == "assignment" else inner
        if value is None or value.type not in ("attribute", "identifier"):
            return "", ()
        symbols = sorted(self._meanings.symbols(value))
        return ("AttributeError" if value.type == "attribute" else "NameError"), symbols if len(symbols) == 1 else ()

    def _known(self, symbols: Sequence[str]) -> RuntimeSet | None:
        """Where all symbols exist; None when that is not known of one of them."""
        works = self._scope
        for symbol in symbols:
            if symbol == symbols[0] and len(symbols) > 1 and self._stdlib.fact(symbol) is None:
                continue  # the module, of which more is known by its name
            head = symbol.partition(".")[0]
            fact = self._stdlib.fact(symbol.removeprefix("builtins."))
            if fact is not None and not fact.platform:
                works &= fact.works
            elif fact is not None or head not in self._heads or head in _SYSTEM | _LEFT_OUT or head.startswith("_"):
                return None
        return works


def _cannot_fail(statement: Node) -> bool:
    """Whether a statement only assigns a constant, or does nothing."""
    if statement.type == "pass_statement":
        return True
    inner = statement.named_children[0] if statement.type == "expression_statement" else None
    value = inner.child_by_field_name("right") if inner is not None and inner.type == "assignment" else inner
    return value is not None and value.type in _CONSTANTS


def _returning(body: Node) -> Iterator[Node]:
    waiting = list(body.named_children)
    while waiting:
        node = waiting.pop()
        if node.type == "return_statement":
            yield node
        elif node.type not in ("function_definition", "class_definition", "lambda", "expression_statement"):
            waiting += node.named_children
