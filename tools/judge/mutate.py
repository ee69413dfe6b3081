"""Small damage to real programs, token by token: what parsers of several versions are most likely to disagree about."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

TOKEN = re.compile(
    rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*|\d[\w.]*|'''|\"\"\"|[ \t]+|\\?\r?\n|#[^\r\n]*"
    rb"|\*\*=?|//=?|<<=?|>>=?|->|:=|\.\.\.|[-+*/%@&|^=<>!]=|.",
    re.DOTALL,
)
NEW_TOKENS = [
    *b"( ) [ ] { } , : ; . = * ** / // @ -> := ... ! $ ? ` \\ ' \" ''' \"\"\" # < <> == != + - ~ | & ^ %".split(),
    *b"and as assert async await break class continue def del elif else except exec finally for from global if".split(),
    *b"import in is lambda lazy nonlocal not or pass print raise return try type while with yield match case _".split(),
    *b"None True False __debug__ __future__ annotations self x y 0 1 1.5 0777 0o17 1_000 1__0 1L 0xfg 1j 1if".split(),
    *rb"f'{x}' f'{x=}' f'{x!r:>{w}}' f'{x['y']}' rb'\d' u'' ur'' b'\xe9' t'{x}' '\d' '\N{DASH}' f'{' '\u12'".split(),
    *b"*args, **kwargs, *,a /,b (x:=1) (a)=1 [*a] {**a} lambda:(yield) {'a':1,**b}".split(),
    b"\n", b"\n    ", b"\n\t", b" ", b"\r\n", b"\x0c", b"\xef\xbb\xbf", b"\x00", b"\xc3\xa9", b"\xff", b"\xe2\x82\xac",
]  # fmt: skip
MOST_MUTATIONS = 3
WRAPPERS = [
    (b"def f():\n", b""), (b"async def f():\n", b""), (b"class C:\n", b""), (b"for i in y:\n", b""),
    (b"while y:\n", b""),
    (b"try:\n", b"finally:\n    pass\n"), (b"try:\n    pass\nfinally:\n", b""), (b"try:\n", b"except* E:\n    pass\n"),
    (b"try:\n    pass\nexcept* E:\n", b""), (b"with y:\n", b""), (b"if y:\n", b"else:\n    pass\n"),
    (b"match y:\n  case 1:\n", b""), (b"def f(a, b):\n    global g\n    nonlocal n\n", b""),
]  # fmt: skip


def mutated(source: bytes, random: Random) -> bytes:
    """One to three changes."""
    tokens = TOKEN.findall(source)
    for _ in range(random.randint(1, MOST_MUTATIONS)):
        if tokens:
            random.choice(MUTATIONS)(tokens, random)
    return b"".join(tokens)


def damaged_bytes(source: bytes, random: Random) -> bytes:
    """A few bytes changed, taken away or put in."""
    data = bytearray(source)
    for _ in range(random.randint(1, 8)):
        at = random.randrange(len(data) + 1)
        data[at : at + random.randint(0, 2)] = random.randbytes(random.randint(0, 2))
    return bytes(data)


def truncated(source: bytes, random: Random) -> bytes:
    return source[: random.randrange(len(source) + 1)]


def wrapped(source: bytes, random: Random) -> bytes:
    """The same inside of one or two other statements."""
    for _ in range(random.randint(1, 2)):
        before, after = random.choice(WRAPPERS)
        source = before + re.sub(rb"(?m)^(?=.)", b"    ", source).rstrip(b"\n") + b"\n" + after
    return source


def excerpt(source: bytes, random: Random, most_lines: int = 60) -> bytes:
    """Some top-level statements in a row."""
    lines = source.splitlines(keepends=True)
    starts = [at for at, line in enumerate(lines) if line[:1].strip() and line[:1] not in b"#)]}"]
    if not starts:
        return b"".join(lines[:most_lines])
    first = random.randrange(len(starts))
    last = first + random.randint(1, 4)
    end = starts[last] if last < len(starts) else len(lines)
    return b"".join(lines[starts[first] : min(end, starts[first] + most_lines)])


def _delete(tokens: list[bytes], random: Random) -> None:
    del tokens[random.randrange(len(tokens))]


def _duplicate(tokens: list[bytes], random: Random) -> None:
    at = random.randrange(len(tokens))
    tokens.insert(at, tokens[at])


def _swap(tokens: list[bytes], random: Random) -> None:
    one, two = random.randrange(len(tokens)), random.randrange(len(tokens))
    tokens[one], tokens[two] = tokens[two], tokens[one]


def _replace(tokens: list[bytes], random: Random) -> None:
    tokens[random.randrange(len(tokens))] = random.choice(NEW_TOKENS)


def _insert(tokens: list[bytes], random: Random) -> None:
    tokens.insert(random.randrange(len(tokens) + 1), random.choice(NEW_TOKENS))


def _move_block(tokens: list[bytes], random: Random) -> None:
    start = random.randrange(len(tokens))
    block = tokens[start : start + random.randint(2, 12)]
    del tokens[start : start + len(block)]
    at = random.randrange(len(tokens) + 1)
    tokens[at:at] = block


def _parenthesise(tokens: list[bytes], random: Random) -> None:
    start = random.randrange(len(tokens))
    opening, closing = random.choice([(b"(", b")"), (b"[", b"]"), (b"{", b"}"), (b"f'{", b"}'"), (b"(yield ", b")")])
    tokens.insert(min(len(tokens), start + random.randint(1, 6)), closing)
    tokens.insert(start, opening)


MUTATIONS: list[Callable[[list[bytes], Random], None]] = [
    _delete, _duplicate, _swap, _replace, _replace, _insert, _insert, _move_block, _parenthesise,
]  # fmt: skip
