"""Runs inside a probed interpreter (3.6 or newer, pyodide too) and describes its standard library as JSON.

It must not import anything of this project and must stay readable for Python 3.6.
"""

import importlib
import importlib.util
import inspect
import json
import os
import signal
import sys
import sysconfig
import tempfile
import types
import warnings
import zipfile
from typing import Any

# Never imported: they open windows or browsers, print, or are no library at all.
UNTOUCHED = {"antigravity", "this", "idlelib", "turtle", "turtledemo", "__phello__", "test", "lib2to3", "pydoc_data"}
UNTOUCHED |= {"xxlimited", "xxlimited_35", "xxlimited_3_13", "xxsubtype"}
SKIPPED_PARTS = {"test", "tests", "idle_test", "__pycache__", "site-packages", "lib-dynload", "turtledemo", "__main__"}
# Special methods that syntax calls.
BINARY = [
    "add",
    "sub",
    "mul",
    "matmul",
    "truediv",
    "floordiv",
    "mod",
    "divmod",
    "pow",
    "lshift",
    "rshift",
    "and",
    "or",
    "xor",
]
OTHERS = ["lt", "le", "gt", "ge", "neg", "pos", "abs", "invert", "index", "fspath", "len", "contains", "iter", "next"]
OTHERS += ["reversed", "getitem", "setitem", "delitem", "enter", "exit", "aenter", "aexit", "aiter", "anext", "await"]
OTHERS += ["call", "class_getitem"]
OPERATORS = {f"__{prefix}{name}__" for name in BINARY for prefix in ("", "r", "i")} | {f"__{name}__" for name in OTHERS}
KINDS = "PKVOW"  # positional-only, positional-or-keyword, *args, keyword-only, **kwargs
# No zero-argument instances of these: they talk to the outside or start something.
UNBUILT = {"tkinter", "multiprocessing", "subprocess", "concurrent", "smtplib", "ftplib", "poplib", "nntplib", "smtpd"}
UNBUILT |= {"imaplib", "telnetlib", "socketserver", "pdb", "code", "cmd", "pty", "curses", "distutils", "webbrowser"}


def list_modules() -> "list[str]":
    """Dotted names of the modules that this interpreter ships."""
    found = set(sys.builtin_module_names) | set(getattr(sys, "stdlib_module_names", ()))
    home = sysconfig.get_paths()["stdlib"]
    files = set()  # type: set[str]
    for folder in (home, os.path.join(home, "lib-dynload")):
        for place, folders, names in os.walk(folder):
            folders[:] = [f for f in folders if f not in SKIPPED_PARTS and not f.startswith("config-")]
            relative = os.path.relpath(place, folder)
            files.update(os.path.normpath(os.path.join(relative, name)) for name in names)
    for path in sys.path:
        if path.endswith(".zip") and os.path.exists(path):
            files.update(zipfile.ZipFile(path).namelist())
    for name in files:
        found.add(module_of(name))
    return sorted(name for name in found if name and importable(name))


def module_of(path: str) -> str:
    """`asyncio/queues.py` gives asyncio.queues; what is no module gives an empty string."""
    stem, suffix = os.path.splitext(path)
    if suffix not in (".py", ".pyc", ".so"):
        return ""
    parts = stem.replace("\\", "/").split("/")
    parts[-1] = parts[-1].split(".")[0]
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts) if all(part.isidentifier() for part in parts) else ""


def importable(name: str) -> bool:
    parts = name.split(".")
    inside = len(parts) > 1 and parts[0] in UNTOUCHED
    private = any(part.startswith("_") and part not in ("__future__", "_thread") for part in parts)
    return not (inside or SKIPPED_PARTS & set(parts) or private)


def identity(thing: Any) -> str:
    """Where an object says that it was defined."""
    try:
        module, name = thing.__module__, thing.__qualname__
    except Exception:
        return ""
    if not isinstance(module, str) or not isinstance(name, str) or "<" in name:
        return ""
    return module + "." + name


def signature(thing: Any) -> "list[list[Any]] | None":
    """[[name, kind letter, has a default], …], or None where Python itself does not know."""
    try:
        found = inspect.signature(thing).parameters.values()
    except Exception:
        return None
    return [[p.name, KINDS[int(p.kind)], int(p.default is not p.empty)] for p in found]


def kind_of(thing: object) -> str:
    if isinstance(thing, type):
        return "exception" if issubclass(thing, BaseException) else "class"
    if isinstance(thing, types.ModuleType):
        return "module"
    if callable(thing) and type(thing).__module__ != "typing":
        return "function"
    return "constant"


def describe_name(thing: Any) -> "dict[str, Any]":
    kind = kind_of(thing)
    found = {"k": kind, "id": identity(thing)}  # type: dict[str, Any]
    if kind == "constant":
        found["id"] = type(thing).__module__ + "/"
    if kind == "module":
        found["id"] = thing.__name__
    if kind == "function":
        found["sig"] = signature(thing)
    return found


def describe_member(owner: type, name: str, raw: Any) -> "dict[str, Any]":
    if isinstance(raw, type):
        return {"k": "class", "id": identity(raw)}
    if isinstance(raw, (property, types.MemberDescriptorType, types.GetSetDescriptorType)):
        return {"k": "attribute"}
    thing = raw
    if isinstance(raw, (staticmethod, classmethod)) or type(raw).__name__ == "classmethod_descriptor":
        try:
            thing = getattr(owner, name)
        except Exception:
            return {"k": "method"}
    if not callable(thing):
        return {"k": "attribute"}
    bound = thing is raw and not isinstance(raw, types.BuiltinFunctionType)
    found = signature(thing)
    return {"k": "method", "sig": found[1:] if found and bound and found[0][1] in "PK" else found}


def wanted(name: str) -> bool:
    return name in OPERATORS if name.startswith("_") else True


def describe_class(cls: type) -> "dict[str, Any]":
    """What the class itself defines; inherited members follow from `mro`."""
    enum = type(cls).__name__ in ("EnumMeta", "EnumType")
    key = identity(cls)
    # `class Event(namedtuple("Event", …))`: a base of the same name is told as part of the class
    twins = [base for base in cls.__mro__ if identity(base) == key]
    mro = [identity(base) for base in cls.__mro__[1:-1]]
    found = {"mro": [base for base in mro if base != key], "members": {}, "sig": None}  # type: dict[str, Any]
    if not enum and type(cls).__name__ not in ("GenericMeta", "TypingMeta"):
        found["sig"] = signature(cls)
    names = {}  # type: dict[str, Any]
    for twin in reversed(twins):
        names.update(vars(twin))
    if enum:
        names.update(getattr(cls, "__members__", {}))
    for name, raw in names.items():
        if wanted(name) and (raw is not None or not name.startswith("__")):
            found["members"][name] = describe_member(cls, name, raw)
    if type(cls).__module__ == "typing" and "__getitem__" in vars(type(cls)):
        found["members"]["__class_getitem__"] = {"k": "method", "sig": None}
    return found


def instance_names(cls: type) -> "list[str]":
    """Public attributes that only an instance has; nothing where no cheap instance can be made."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = cls()
    names = set(getattr(made, "__dict__", ()))
    if hasattr(cls, "_fields"):
        names.update(cls._fields)
    return sorted(n for n in names if isinstance(n, str) and not n.startswith("_") and not hasattr(cls, n))


def describe(name: str, extra: "list[str]") -> "dict[str, Any]":
    """Everything public of one module."""
    warnings.simplefilter("ignore")
    module = importlib.import_module(name)
    exported = getattr(module, "__all__", None)
    found = {"names": {}, "classes": {}, "absent": []}  # type: dict[str, Any]
    found["all"] = sorted(exported) if exported is not None else None
    if name.split(".")[-1].startswith("_") and name != "__future__":
        return found
    for attribute in sorted(set(vars(module)) | set(exported or ()) | set(extra)):
        if attribute.startswith("_") and attribute not in extra:
            continue
        try:
            thing = getattr(module, attribute)
        except Exception:
            found["absent"].append(attribute)
            continue
        if isinstance(thing, types.ModuleType) and thing.__name__ == name + "." + attribute:
            continue
        found["names"][attribute] = describe_name(thing)
        if isinstance(thing, type):
            add_class(name, thing, found["classes"], 2)
    return found


def add_class(module: str, cls: type, classes: "dict[str, Any]", depth: int) -> None:
    key = identity(cls)
    if not key or key in classes or (cls is object and module != "builtins"):
        return
    classes[key] = described = describe_class(cls)
    top = cls.__module__.split(".")[0].lstrip("_")
    if depth and top == module.split(".")[0] and top not in UNBUILT:
        try:
            described["inst"] = instance_names(cls)
        except BaseException:
            described["inst"] = None
    for base in cls.__mro__[1:-1]:
        add_class(module, base, classes, depth)
    for inner in list(vars(cls).values()):
        if isinstance(inner, type) and depth and inner.__qualname__.startswith(cls.__qualname__ + "."):
            add_class(module, inner, classes, depth - 1)


def safe_describe(name: str, extra: "list[str]") -> "dict[str, Any]":
    if name.split(".")[0] in UNTOUCHED:
        present = importlib.util.find_spec(name) is not None
        return {"untouched": True} if present else {"error": "absent"}
    try:
        return describe(name, extra)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        absent = missing and (name == missing or name.startswith(missing + "."))
        return {"error": "absent" if absent else "broken", "why": str(error)}
    except BaseException as error:
        return {"error": "broken", "why": f"{type(error).__name__}: {error}"}


def forked(name: str, extra: "list[str]", folder: str) -> Any:
    """One module in its own process, ended after 30 seconds; no output, no input."""
    target = os.path.join(folder, name + ".json")
    child = os.fork()
    if child == 0:
        silence = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(silence, descriptor)
        os.chdir(folder)
        signal.alarm(30)
        with open(target, "w", encoding="utf-8") as out:
            json.dump(safe_describe(name, extra), out)
        os._exit(0)
    os.waitpid(child, 0)
    try:
        with open(target, encoding="utf-8") as text:
            return json.load(text)
    except (OSError, ValueError):
        return {"error": "broken", "why": "died"}


def probe(request: "dict[str, Any]") -> "dict[str, Any]":
    """request: {modules: [name], names: {module: [name]}}, both added to what this interpreter shows."""
    listed = list_modules()
    extra = request.get("names", {})
    names = sorted(set(listed) | set(request.get("modules", ())))
    result = {"version": "{}.{}.{}".format(*sys.version_info), "listed": listed, "modules": {}}  # type: dict[str, Any]
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            wanted_names = extra.get(name, ())
            if hasattr(os, "fork") and sys.platform != "emscripten":
                result["modules"][name] = forked(name, wanted_names, folder)
            else:
                result["modules"][name] = safe_describe(name, wanted_names)
    return result


def main() -> None:
    sys.path[:] = [p for p in sys.path if "site-packages" not in p and os.path.abspath(p) != os.path.dirname(__file__)]
    with open(sys.argv[1], encoding="utf-8") as text:
        request = json.load(text)
    result = probe(request)
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        json.dump(result, out)


if __name__ == "__main__" and len(sys.argv) == 3:
    main()
