"""Expressions, calls, parameters and types, a case a line, as real interpreters judge them from 3.6 to 3.15."""

from __future__ import annotations

import pytest

from compatcheck.analyze import Analyzer
from compatcheck.model.source import Source
from compatcheck.rulebook import load_rulebook
from tests.rules.files import absent
from tools.judge import compile_all, judges
from tools.judge.snippet import unescaped

RULEBOOK = load_rulebook()
ANALYZER = Analyzer(RULEBOOK, RULEBOOK.runtimes.cpython3)


def refused_by_compatcheck(source: bytes) -> set[str]:
    problems = ANALYZER(Source("case.py", source)).problems
    syntax = [problem for problem in problems if problem.kind == "syntax" and problem.severity == "error"]
    return {name for problem in syntax for name in RULEBOOK.runtimes.names(problem.fails)}


def test_judged_as_the_interpreters_do() -> None:
    judged = {judge.version for judge in judges()} - {"2.7"}
    if not judged:
        absent("no Python 3 to judge")
    cases = [case for case in CASES.splitlines() if case]
    wrong = []
    for case, verdicts in zip(cases, compile_all([unescaped(case) for case in cases]), strict=True):
        decided = {version for version in judged if verdicts[version].decided}
        refused = {version for version in decided if not verdicts[version].compiles}
        if difference := refused ^ (refused_by_compatcheck(unescaped(case)) & decided):
            wrong.append(f"{case}: {sorted(difference)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("around", ["def f():\n    {}\n", "if a:\n    pass\nelse:\n    {}\n", "x = 1; {}\n"])
def test_where_the_statement_stands_does_not_matter(around: str) -> None:
    wrong = []
    for case in STATEMENTS.splitlines():
        alone = refused_by_compatcheck(f"{case}\n".encode())
        if not alone or refused_by_compatcheck(around.format(case).encode()) != alone:
            wrong.append(case)
    assert not wrong


STATEMENTS = """\
x[*a]
x = y[b, *a]
[*a for a in b]
f(*a.b for a in c)
{**a for a in b}
x += *a, b
x: int = 1, 2
x: int = *a, b
f((a)=1)
f(a for a in b,)
x = [(*a), b]
[a for a in b if lambda: c]
lambda a, /: b
type X = int
type X[T = int] = T
(a := 1)
{a := 1}
x[a := 1]
f(a := 1 for b in c)
x = *a
*a = b
async = 1
x.await = async
"""

CASES = r"""
def f(*, a, **k): pass
def f(*,): pass
def f(*, **k,): pass
def f(**k, **l): pass
def f(a=1, *, b): pass
def f(a, *b,): pass
def f(*, a,): pass
def f(a, b=1, *, c, **d,): pass
def f(*a: int,): pass
def f(\n *a,\n): pass
def f(\n *a,  # x\n): pass
def f(\n *a\n ,\n): pass
def f(*a  # ,)\n , ): pass
def f(*a, # c\n): pass
lambda *a,: 1
lambda **k,: 1
lambda *a, b,: 1
lambda a, /: 1
lambda a, /, b: 1
lambda a, /, *, b: 1
lambda a, /, b, *c, d=1, **e: 1
lambda *a, /: 1
lambda *, a, /: 1
lambda a=1, /, b=2: 1
lambda a=1, /, b: 1
lambda a, /, b, /: 1
def f(a, /,): pass
def f(a, /, b): pass
def f(a=1, /, b): pass
def f(a, /, b, /): pass
def f(*, a, /): pass
def f(a, *, /, b): pass
def f(a, # x\n  / # y\n, b): pass
def f(a, /: int): pass
async def f(a, /): pass
def f(a, /) -> int: pass
def f(print): pass
def f(*args: *tuple[int]): pass
def f(**k: *Ts): pass
def f(*args: *a if b else c): pass
def f(*args: *a, *b): pass
def f(*args: # c\n *a): pass
def f(*, a: *b): pass
def f(a, *args: *Ts[int]): pass
def f(a=lambda *args: *b): pass
async def f(*args: *Ts): pass
x: *Ts
x: *Ts = 1
x: (*Ts,)
f(b, (a)=1)
f(1=2)
f(async=1)
f(a if b else c=1)
f(*(a for a in b))
class A(x for x in y): pass
class A(*x for x in y): pass
f(,)
class A(**k, **l): pass
class A((b)=1): pass
@f(**k, a=1)\ndef g(): pass
@f((a)=1)\ndef g(): pass
f((a)==b)
f((a)if b else c, d=1)
print((a)=1)
x = f ((a)=1)
f((# c\na)=1)
f(( a )=1)
f(((a))=1, ((b))=2)
{1: 2, **a, 3: 4}
{**a, b}
{*a, **b}
{**not a}
{**lambda: 1}
x = *a, *b
x += *a,
x: int = *a,
x: int = *a, b
x: int = (a, b)
x: int = (*a, b)
x: int = [*a]
x: tuple = 1, *a
x: int = a = b
x: a, b = 1
x: a, b
(x.y): int
x().y: int
x, y: int
(x, y): int
x: int: str
x: *a
x: int += 1
if x: y: int = 1
def f(): return *a
def f(): return *a, b
def f(): yield *a,
def f(): yield *a, b
def f(): x = yield *a, b
def f(): x = (yield *a, b)
def f(): yield from (*a, b)
def f(): yield from a, b
def f():\n return a, \\\n *b
def f(): return (a), *b
def f(): return -a, *b
for x in *a: pass
for x in a, *b: pass
for x, *y in z: pass
for [*x, y] in z: pass
[x for *x, y in z]
del (*a, b)
del None
del lambda: 1
a, *b = c
(*a), b = c
a = *b, c = d
a = b = *c
a()[0] = c
f"{a}" = b
x[*a, b:c]
x[(*a,)]
x[*a] = b
x[*a, b] = c
x[*a] += b
x[*a]: int
x[*a][*b]
x[*(a, b)]
x[* a]
x[a, *b * c]
x[a:=b]
x[a, b:=c]
a.b[*c]
def f[T, *Ts, **P](): pass
def f[,](): pass
def f[T=int](): pass
def f[*Ts = *x](): pass
def f[*Ts = *tuple[int]](): pass
def f[*Ts = (int,)](): pass
def f[**P = [int]](): pass
def f[T = int, *Ts = *x](): pass
def f[*Ts: int](): pass
def f[T = *x](): pass
def f[T: *x](): pass
def f[T.x](): pass
def f[T]: pass
class A[T=int]: pass
class A[T: int = int, *Ts = *x, **P = [y]]: pass
class A[]: pass
class A [T] : pass
class A[T, U](B, metaclass=C): pass
def f():\n def g[T](x=(yield)): pass
def f():\n @(yield)\n def g[T](): pass
async def f():\n def g[T](x=await y): pass
type X[T] = int
type X[T = int] = T
type X[*Ts] = Ts
type X[**P] = P
type X[*Ts = *int] = Ts
type X[*Ts = int] = Ts
type X[**P = int] = P
type X[T = int, U = str] = T
type X = a = b
type X[0] = 1
type None = 1
type match = 1
type (X) = 1
type.x = 1
type if x else y
type; x = 1
type X = int; y = 1
x = 1; type X = int
if a: type X = int
type \\\n X = int
type X \\\n = int
type async = 1
from type import type
[type] = 1
class A[T]:\n type X[U] = T
class A[T]:\n global T
def f[T](T): pass
def f(x: list[int]): pass
x: a[b:c] = 1
x: a[b, *c] = 1
@x(1, a=2)\ndef f(): pass
@(x.y)\ndef f(): pass
@lambda f: f\ndef f(): pass
@x or y\ndef f(): pass
@...\ndef f(): pass
@{x}\ndef f(): pass
async def g():\n @(await x)\n def f(): pass
@x := y\ndef f(): pass
@x\n\ndef f(): pass
@x[0]\nasync def f(): pass
@x.y(z)(w)\ndef f(): pass
@x @ y\ndef f(): pass
@type\ndef f(): pass
@True\ndef f(): pass
@-x\ndef f(): pass
@~x\ndef f(): pass
if 1:\n @x[0]\n def f(): pass
a @= b
a@=b
a \\\n@ b
a[0] @= c
(a, b) @= c
a @ = b
# @
[x for x in y if lambda: z if w]
[x for x in y if lambda z: w]
{x for x in y if lambda: z}
(x for x in y if lambda: z)
f(x for x in y if lambda: z)
[x for x in y if z if lambda: w]
[x for x in y if lambda: w if z else v]
[x for x in y if lambda: z for w in v]
[(x, y) for x in z]
[*x for x in y if z]
[*x() for x in z]
[*(x) for x in y]
[*x if y else z for x in w]
(*x.y for x in z)
{**x for x in y}
{**x: 1 for x in z}
f(*x.y for x in y)
f(*x for x in y, 1)
[**x for x in y]
(**x for x in y)
async def f(): g(*x async for x in y)
async def f(): [*await x for x in y]
[*x := y for z in w]
[*(x := y) for z in w]
[[*x for x in y] for z in w]
@f(*x for x in y)\nclass A: pass
f"{[*x for x in y]}"
{a b}
{:a}
{a: b,}
x = async
async: int
async: int = 1
await += 1
(async)
async def f(): pass
async def f(): async
async def f(): x.async
async def f(): async = 1
async def f(): await = 1
async def f(await): pass
async def f() -> async: pass
async def async(): pass
async def f():\n def g():\n  async = 1
async def f():\n def async(): pass
async def f():\n class A:\n  async = 1
async def f():\n [await x for x in y]
async def f():\n (await x for x in y)
async def f(): pass\nx.async
async def f(): await (await x)
async def f(): await x ** y
async def f(): await lambda: 1
async def f(): await yield
async def f(): await (yield)
async def f(): await x += y
async def f(): del await x
async def f(): (await x) = y
async def f(): for await x in y: pass
async def f(): f(await x=y)
async def f(): await x or await y
async def f(): await x @ await y
async def f(): await x for x in y
async def f():\n with await x as y: pass
async def f():\n @(await x)\n def g(): pass
async def f():\n import await
async def f():\n x: await
async def f(): await x is not await y
async def f(): print(await x)
async def f(): await x; await y
async def f(): [x for x in await y]
async def f(): [x for x in y if await z]
async def f(): [x async for x in await y]
async def f(): [await x async for x in y]
async def f(): {x: await y for x in z}
async	def f(): pass
async(x).y = 1
async = await = 1
await: int
f(await, 1)
x if await else y
f"{async}"
f"{x.async}"
x . async
import x.y.await.z
type async = int
def f[async](): pass
def f(): x = yield await
async @= 1
async await
(*a := 1)
x = a := 1
x = (a, b := 1)
{a := 1, 2}
{1, a := 2}
f(a := 1 for b in c)
{1: (a := 2)}
{*a := 1}
[*a := 1]
[*(a := 1)]
f(**a := 1)
f(*k, a := 1)
x[a := 1, 2]
x[1:2:a := 2]
del x[a := 1]
x[*b, a := 1]
x: int = a := 1
def f(): yield from a := 1
raise a := 1
while a := 1: pass
@a := 1\ndef f(): pass
[x for x in y if a := 1]
(a if b else c := 1)
async def f(): (a := await b)
f"{x:{(a:=1)}}"
print(a := 1)
(async := 1)
(match := 1)
class A:\n x = [(lambda: [(a := 1) for y in z]) for w in v]
@([(a := 1) for x in y])\nclass A: pass
with x as ((*a), b): pass
f((*a))
def f():\n x: int = yield a
def f():\n x: int = yield from a
async def f():\n x: int = await a
if 1: x: int = 1, 2
x[0]: int = 1, 2
x: a = lambda b, c: d
x: a = f(b, c)
x: {1: 2} = c, d
x: a = b == c, d
class A: x: a = b, c
class A:\n x: a = b,
x: a = *b, *c
for x in y: z: a = b, c
() = () = x
class A[__type_params__]: pass
def f[f](): pass
x @ y
x@= y
x[(*a), b]
x += (*a), b
class A(b, (*a)): pass
print (*a), b
with (*a), b: pass
(*a[0]), c
f"{(*a), b}"
x = *a or b,
x = *a, *b or c
def f(): return *a or b, c
for x in *a or b, c: pass
for x in *a | b, c: pass
x += *a | b,
x[*a := b]
async def f(): x[*await a]
x[*yield]
x[*a, lambda *b: c]
x[[*a], *b]
x[f"{a}", *b]
lambda x: [*a]
def f(): yield [*a]
x: int = y[*a]
async def f(): await [*a]
async def f(): await x[*a]
f"{[*a]}"
f"{x, *a}"
def f(): f"{yield *a, b}"
f"{x:{y[*a]}}"
f"{lambda *a: b}"
class A(a for a in b): pass
class A(a for a in b if c): pass
class A(\na for a in b\n): pass
f(a for a in b,)[0]
f(g(a for a in b,), c)
f(x := a for a in b)
f(x := a for a in b if c)
f(a for a in b or c,)
f(*x if y else z for x in w)
{*x or y for x in z}
{**x if y else z for x in w}
{**lambda: x for x in w}
{**not x for x in w}
[*x < y for x in z]
f(*x < y for x in z)
(*x := y for z in w)
[*x[lambda: y] for x in y]
[*-x for x in y]
[*x ** y for x in z]
async def f(): [*x async for x in y if z]
async def f(): {**await x async for x in y if z}
[*f(x for x in y) for z in w]
async def f():\n y = *(await c) or y,
y = *c() or y,
y = z, *c or y
def f(): return *c() or y,
for x in *c() or y,: pass
x[*c() or y]
del [], b[b, [*a], ((*a))]
def f(): [(yield) - z]
def f(): yield * z
def f(): x = yield * z
def f(): (yield * z)
def f(): x = yield // z
def f(): (yield % z)
def f(): x = yield @ z
def f(): (yield @ z)
def f(): [(yield) & z]
def f(): (yield <= z)
def f(): yield >= z
def f(): x = yield >= z
def f(): yield and z
def f(): [(yield) and z]
def f(): x = yield or z
def f(): yield if z
def f(): (yield is z)
def f(): x = yield as z
def f(): yield from z
def f(): x = yield from z
def f(): (yield from z)
def f(): x = yield ... z
def f(): [(yield) ~ z]
def f(): yield -> z
def f(): x = yield import z
def f(): x = yield async for z
def f(): (yield async for z)
def f(): [(yield) async for z]
"""
