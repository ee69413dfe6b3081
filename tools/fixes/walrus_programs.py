"""Programs full of assignment expressions, which print every call, every result and every name."""

from __future__ import annotations

from random import Random

PREAMBLE = """\
log = []


def t(*values):
    log.append(values)
    return (len(log) * 7 + sum(map(int, values))) % 5


def shown(names):
    return sorted((k, v) for k, v in names.items() if k[0] != "_" and k in "abvwn")

"""
_NAMES = ("v", "w")


def program(random: Random) -> str:
    """A function of a few statements, called with a few arguments."""
    body = "".join(_statement(random) for _ in range(random.randint(2, 4)))
    return (
        f"{PREAMBLE}\ndef run(a, b):\n    n = 3\n    v, w = a, b\n{body}    return 'end', shown(locals())\n\n\n"
        "for a in (0, 2):\n    for b in (0, 1):\n        try:\n            print(run(a, b), log)\n"
        "        except (NameError, TypeError, ValueError) as error:\n"
        "            print(type(error).__name__, log)\n        del log[:]\n"
    )


def _statement(random: Random) -> str:
    kind = random.choice(
        ("if", "if", "while", "assign", "call", "comprehension", "any", "return", "string", "for", "assert")
    )
    if kind == "if":
        return _if(random)
    if kind == "while":
        test = f"(n := n - 1) > 0 and {_expression(random, 2)}" if random.random() < 0.6 else "(n := n - 1) > 0"
        inner = random.choice(("t(n)", "continue", "break", f"t({_expression(random, 1)})"))
        orelse = "    else:\n        t(9)\n" if random.random() < 0.3 else ""
        return f"    n = 3\n    while {test}:\n        t(1)\n        {inner}\n{orelse}"
    if kind == "assign":
        return f"    {random.choice(_NAMES)} = {_expression(random, 3)}\n"
    if kind == "call":
        return f"    t({_expression(random, 2)}, {_expression(random, 2)})\n"
    if kind == "comprehension":
        return f"    t(len({_comprehension(random)}))\n"
    if kind == "any":
        return f"    if {_quantified(random)}:\n        t(v)\n"
    if kind == "string":
        return f'    t(len(f"{{t(1)}} {{{_wrapped(_expression(random, 2))}}} {{v}} {{t(w):>3}}"))\n'
    if kind == "for":
        return f"    for i in range({_wrapped(_expression(random, 2))} % 3):\n        t(i, v)\n"
    if kind == "assert":
        return f"    assert {_expression(random, 2)} + 1, 'never'\n"
    return f"    if {_expression(random, 1)} > 3:\n        return {_expression(random, 2)}, shown(locals())\n"


def _if(random: Random) -> str:
    text = f"    if {_expression(random, 3)}:\n        t(1)\n"
    for _ in range(random.randint(0, 2)):
        text += f"    elif {_expression(random, 2)}:\n        t(2, {random.choice(_NAMES)})\n"
    return text + ("    else:\n        t(3, v)\n" if random.random() < 0.5 else "")


def _wrapped(code: str) -> str:
    return code if code.startswith("(") else f"({code})"


def _expression(random: Random, depth: int) -> str:
    """An expression that gives a number."""
    if depth <= 0 or random.random() < 0.15:
        return random.choice(("0", "1", "2", "a", "b", "v", "w", "t()", "t(v)"))
    kind = random.choice(("walrus", "walrus", "and", "or", "not", "compare", "chain", "if", "sum", "call", "len"))

    def sub() -> str:
        return _expression(random, depth - 1)

    if kind == "walrus":
        return f"({random.choice(_NAMES)} := {sub()})"
    if kind in ("and", "or"):
        return f"({sub()} {kind} {sub()})"
    if kind == "not":
        return f"(not {sub()})"
    if kind == "compare":
        return f"({sub()} {random.choice(('<', '==', 'is not', '>='))} {sub()})".replace("is not", "!=")
    if kind == "chain":
        return f"({sub()} < {sub()} <= {sub()})"
    if kind == "if":
        return f"({sub()} if {sub()} else {sub()})"
    if kind == "sum":
        return f"({sub()} + {sub()})"
    if kind == "call":
        return f"t({sub()}, {sub()})"
    return f"len([{sub()}, {sub()}])"


def _comprehension(random: Random) -> str:
    name = random.choice(_NAMES)
    test = random.choice((f"({name} := t(i))", f"({name} := t(i)) > 1", f"i and ({name} := t(i)) and {name} < 4"))
    element = random.choice((name, "i", f"({name} := {name} + i)", f"t({name})"))
    clause = f"for i in range({random.randint(1, 4)}) if {test}"
    return random.choice((f"[{element} {clause}]", f"{{{element} {clause}}}", f"{{i: {element} {clause}}}"))


def _quantified(random: Random) -> str:
    name = random.choice(_NAMES)
    function = random.choice(("any", "all", "sum", "list"))
    return f"{function}(({name} := t(i)) > {random.randint(0, 3)} for i in range({random.randint(0, 4)}))"
