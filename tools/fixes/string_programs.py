"""Programs with f-strings that only new Pythons read, and with unpacking in new places."""

from __future__ import annotations

from random import Random

PREAMBLE = """\
items = ["x", "y'", 'z"']
d = {"a": 1.5, "b": "it's", 'c"': items, "w": 9}
n = 7
calls = []


def t(value):
    calls.append(value)
    return value

"""


def string_program(random: Random) -> str:
    lines = "".join(f"print({_string(random, 2)}, len(calls))\n" for _ in range(random.randint(3, 6)))
    return PREAMBLE + lines


def _string(random: Random, depth: int) -> str:
    quote = random.choice(("'", '"', "'''", '"""'))
    count = random.randint(1, 3)
    body = "".join(_text(random, quote) + _field(random, depth, quote) for _ in range(count)) + _text(random, quote)
    beside = random.choice(("", "", "", " 'plain {}'", ' "b{{" f"{n}"'))
    return f"f{quote}{body}{quote}{beside}"


def _text(random: Random, quote: str) -> str:
    return random.choice(("", " ", "a", "{{", "}}", "\\n", "\\t", ": ", "é", "\\'" if quote[0] == "'" else '\\"', "#"))


def _field(random: Random, depth: int, quote: str) -> str:
    code = _expression(random, depth, quote)
    gap = " " if code.startswith("{") else ""
    equal = random.choice(("", "", "", "=", " = "))
    if any(sign in code for sign in "'\"\\#"):
        equal = ""
    conversion = random.choice(("", "", "", "!r", "!s"))
    spec = random.choice(("", "", ":>12", ":{d['w']}" if random.random() < 0.5 else ':{d["w"]}', ":<{n}"))
    if not conversion and spec:
        conversion = "!s"
    return f"{{{gap}{code}{equal}{conversion}{spec}}}"


def _expression(random: Random, depth: int, quote: str) -> str:
    choices = ["n", "d['a']", 'd["a"]', "items[0]", "d[\"b\"]", "'\\n'.join(items)", '"\\t".join(items)', "n + 1",
               "t(n)", "t('q')", 't("r")', "d['c\"']", "len(items)", "{'a': n}['a']", "items.count('x')"]  # fmt: skip
    if depth > 0 and random.random() < 0.3:
        return _string(random, depth - 1)
    if len(quote) == 3 and random.random() < 0.2:
        return random.choice(("\n    n\n", "\n    items[0]  # one\n", "len(\n  items)"))
    return random.choice(choices)


def unpacking_program(random: Random) -> str:
    """Stars in results, loops, indexes; in comprehensions, too, so that only the newest Python reads it."""
    parts = [random.choice(("*a", "*b", "1", "*[2, 3]", "c", "*range(2)")) for _ in range(random.randint(1, 3))]
    if not any(part.startswith("*") for part in parts):
        parts.append("*a")
    listed = ", ".join(parts) + ("," if len(parts) == 1 else "")
    star = random.choice(("*a for a in rows", "*a[:1] for a in rows if a", "*(a or [0]) for a in rows for b in rows"))
    return f"""\
class Shown:
    def __getitem__(self, index):
        return index


def result(a, b, c):
    return {listed}


def results(a, b, c):
    x = yield {listed}
    yield {listed}


a, b, c, rows = [1, 2], "xy", 5, [[1, 2], [], [3]]
for each in {listed}:
    print(each)
print(result(a, b, c), list(results(a, b, c)), Shown()[{listed}])
print([{star}], sorted({{{star}}}), list(({star})))
print({{**dict.fromkeys(a, len(a)) for a in rows}})
"""
