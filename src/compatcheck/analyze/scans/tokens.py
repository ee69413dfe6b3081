"""Python's tokens from any place that is code, and what surrounds a place: bytes in, values out, no tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Token = tuple[bytes, int]
"""A token's text and offset. For a string the text is `"`, for a number `0`, for a line's end `\\n`."""

_TOKEN = re.compile(
    rb"""(?P<skip>(?:[ \t\f\r]|\\\n|\#[^\n]*)+)
    |(?P<string>[rbuftRBUFT]{0,2}(?:\"\"\"|'''|["']))
    |(?P<word>[A-Za-z_\x80-\xff][\w\x80-\xff]*)
    |(?P<number>\.?[0-9](?:[eE][-+]?[0-9]|[\w.])*)
    |\.\.\.|\*\*=|//=|>>=|<<=|->|:=|[-+*/%@&|^<>=!]=|\*\*|//|<<|>>|<>
    |.|\n""",
    re.VERBOSE,
)
_BODY = {
    b'"""': re.compile(rb'(?:[^"\\]+|\\.|"(?!""))*', re.DOTALL),
    b"'''": re.compile(rb"(?:[^'\\]+|\\.|'(?!''))*", re.DOTALL),
    b'"': re.compile(rb'(?:[^"\\\n]+|\\.)*', re.DOTALL),
    b"'": re.compile(rb"(?:[^'\\\n]+|\\.)*", re.DOTALL),
}
_LITERAL = re.compile(rb"(?:[^{}\"'\\\n]+|\{\{|\\N\{[^}\n]*\}|\\[^{}])*", re.DOTALL)
_DEEPEST = 40  # f-strings in f-strings that are read as such; CPython stops at 150, before 3.12 at 2
_QUICK_CLOSER = re.compile(rb"[^()\[\]{}\"'#]{0,400}([)\]}])")
_BRACKET = re.compile(
    rb"[()\[\]{}\"'#]|\n[ \t\f]*(?:(?:def|class|return|import|from|raise|try|while|with|del|pass|assert|global|nonlocal"
    rb"|break|continue|except|finally|elif)(?![\w\x80-\xff])|@)"
)
_MOST_BRACKETS = 100
_MOST_NESTED = 200  # no CPython reads more
_MARK = re.compile(
    rb"[()\[\]{},;\"'#\n]|:=?|(?:[-+*/%@&|^]|//|>>|<<|\*\*)=|[<>=!]=|=|(?<![\w\x80-\xff.])(?:for|async|lambda|in)(?![\w\x80-\xff])"
)
_ENDS = frozenset((b",", b"for", b"async", b"=", b":", b";", b":="))
KEYWORDS = frozenset(
    b"and as assert async await break class continue def del elif else except finally for from global if import in is "
    b"lambda nonlocal not or pass raise return try while with yield".split()
)
AUGMENTED = frozenset(b"+= -= *= /= //= %= @= &= |= ^= >>= <<= **=".split())
OPENERS, CLOSERS = (b"(", b"[", b"{"), (b")", b"]", b"}")
_HEADERS = frozenset(b"if elif else while for try except finally with class def async match case".split())
_OPERAND_ENDS = frozenset((b"0", b'"', b"...", *CLOSERS))


@dataclass(slots=True)
class Level:
    """One bracket that is open at a place (or the statement itself): its tokens so far, closed brackets as `)`."""

    opener: bytes
    offset: int
    tokens: list[Token] = field(default_factory=list)

    @property
    def words(self) -> list[bytes]:
        return [token for token, _ in self.tokens]


def tokens(code: bytes, start: int, end: int | None = None, depth: int = 0) -> Iterator[Token]:
    """The tokens from `start`, which must be code, to `end`. Comments and continued lines' ends are passed over."""
    at, stop = start, len(code) if end is None else end
    while at < stop:
        match = _TOKEN.match(code, at, stop)
        if match is None:
            return
        kind = match.lastgroup
        at = match.end()
        if kind == "string":
            yield b'"', match.start()
            at = _string_end(code, match[0], at, depth)
        elif kind != "skip":
            yield (b"0" if kind == "number" else match[0]), match.start()


def is_operand(token: bytes) -> bool:
    """Whether an operand can end with this token: a `*`, `[` or `(` after it is an operator, an index or a call."""
    return token in _OPERAND_ENDS or is_name(token)


def is_name(token: bytes) -> bool:
    """Whether it is a name, or a constant or soft keyword, which look the same."""
    return is_word(token) and token not in KEYWORDS


def is_word(token: bytes) -> bool:
    """Whether it is a name or a keyword."""
    return token[:1].isalpha() or token[:1] == b"_" or token[:1] >= b"\x80"


class LevelReader:
    """Reads on from a place outside of all brackets, for offsets that come in the order of the text."""

    def __init__(self, code: bytes, start: int) -> None:
        self.at = start  # of the token that comes next
        self._tokens = tokens(code, start)
        self._next = next(self._tokens, None)
        self._levels = [Level(b"", start)]

    def levels(self, offset: int) -> list[Level]:
        """The brackets that are open at `offset`, outermost first, beginning with the statement; they hold until the
        next call. Nothing where no token begins at `offset`: in a comment, in a string, in a word.
        """
        while self._next is not None:
            token, self.at = self._next
            if self.at >= offset:
                return self._levels if self.at == offset else []
            self._take(token, self.at)
            self._next = next(self._tokens, None)
        return []

    def _take(self, token: bytes, at: int) -> None:
        inner = self._levels[-1]
        if token in OPENERS:
            inner.tokens.append((token, at))
            self._levels.append(Level(token, at))
        elif token in CLOSERS:
            if len(self._levels) > 1:
                del self._levels[-1]
                self._levels[-1].tokens[-1] = (token, at)
        elif token != b"\n":
            inner.tokens.append((token, at))
            if len(self._levels) == 1 and (token == b";" or (token == b":" and _ends_header(inner.words))):
                inner.tokens.clear()
        elif len(self._levels) == 1:
            inner.tokens.clear()


def next_token(code: bytes, start: int, skip_lines: bool = False) -> Token:
    """The token at `start` or after it; a line's end is one unless they are skipped."""
    return next((found for found in tokens(code, start) if not skip_lines or found[0] != b"\n"), (b"", len(code)))


def words_between(code: bytes, start: int, end: int) -> set[bytes]:
    """The tokens between two places, outside the brackets that open there."""
    found, depth = set(), 0
    for token, _ in tokens(code, start, end):
        depth -= token in CLOSERS
        if not depth:
            found.add(token)
        depth += token in OPENERS
    return found


def skip_string(code: bytes, quote: int) -> int:
    """Where the string ends whose opening quote stands at `quote`."""
    start = quote
    while start > 0 and quote - start < 2 and code[start - 1] in b"rbuftRBUFT":
        start -= 1
    if start and (code[start - 1 : start].isalnum() or code[start - 1] == 0x5F):
        start = quote
    end = quote + (3 if code[quote : quote + 3] in (b'"""', b"'''") else 1)
    return _string_end(code, code[start:end], end, 0)


def in_lambda(words: Sequence[bytes]) -> bool:
    """Whether the end of the words is among the parameters of a lambda."""
    pending = 0
    for word in words:
        pending += (word == b"lambda") - (word == b":" and pending > 0)
    return pending > 0


def outside_lambdas(words: Sequence[bytes]) -> list[bytes]:
    """The words without those of the parameters of lambdas."""
    kept, pending = [], 0
    for word in words:
        pending += word == b"lambda"
        if not pending:
            kept.append(word)
        pending -= word == b":" and pending > 0
    return kept


def stop(code: bytes, start: int, also: bytes = b"") -> Token:
    """The token that ends the element which begins at `start`: a comma, an unmatched closing bracket, `for`, `=` …

    `also` is one more such token: a line's end or `in`.
    """
    depth = pending = 0
    for mark, at in _marks(code, start):
        if mark in OPENERS:
            depth += 1
            if depth > _MOST_NESTED:
                break
        elif mark in CLOSERS:
            if not depth:
                return mark, at
            depth -= 1
        elif depth:
            continue
        elif mark == b"lambda":
            pending += 1
        elif pending:
            pending -= mark == b":"
        elif mark in _ENDS or mark in AUGMENTED or mark == also:
            return mark, at
    return b"", len(code)


def _marks(code: bytes, at: int) -> Iterator[Token]:
    """The brackets, separators and a few words from `at`; a line's end unless the line goes on."""
    while match := _MARK.search(code, at):
        mark, here, at = match[0], match.start(), match.end()
        if mark in b"\"'":
            at = skip_string(code, here)
        elif mark == b"#":
            at = max(code.find(b"\n", at), at)
        elif mark != b"\n" or not code.endswith(b"\\", 0, here):
            yield mark, here


def closer(code: bytes, at: int) -> bytes:
    """The bracket that closes around the place, or nothing where there is none, or none near."""
    quick = _QUICK_CLOSER.match(code, at)
    if quick:
        return quick[1]
    depth = 0
    for _ in range(_MOST_BRACKETS):
        match = _BRACKET.search(code, at)
        if match is None or (match[0][0] == 0x0A and not depth):
            return b""
        mark, at = match[0], match.end()
        if mark in CLOSERS and not depth:
            return mark
        depth += (mark in OPENERS) - (mark in CLOSERS)
        if mark == b"#":
            at = code.find(b"\n", at)
        elif mark in b"\"'":
            at = skip_string(code, match.start())
        if at < 0:
            return b""
    return b""


def _ends_header(words: Sequence[bytes]) -> bool:
    """Whether the colon at the end of the words opens a block."""
    if words[0] not in _HEADERS or in_lambda(words[:-1]):
        return False
    return words[0] not in (b"match", b"case") or (len(words) > 2 and words[1] not in (b".", b"=", b":", b","))


def _string_end(code: bytes, opening: bytes, at: int, depth: int) -> int:
    """Where the string ends whose opening quote ended at `at`; an unterminated one ends with its line."""
    prefix = opening.rstrip(b"\"'").lower()
    quote = opening[len(prefix) :]
    if (b"f" in prefix or b"t" in prefix) and depth < _DEEPEST:
        return _formatted_end(code, quote, at, depth + 1)
    match = _BODY[quote].match(code, at)
    end = match.end() if match else at
    return end + len(quote) if code.startswith(quote, end) else end


def _formatted_end(code: bytes, quote: bytes, at: int, depth: int) -> int:
    """The same for an f-string or t-string, whose fields may hold strings with the same quotes (PEP 701)."""
    while at < len(code):
        match = _LITERAL.match(code, at)
        at = match.end() if match else at
        if code.startswith(quote, at):
            return at + len(quote)
        if code.startswith(b"{", at):
            at = _field_end(code, at + 1, depth)
        elif code[at : at + 1] == b"\n" and len(quote) == 1:
            return at
        else:
            at += 1
    return at


def _field_end(code: bytes, at: int, string_depth: int) -> int:
    """Where the replacement field ends that begins at `at`, after its `{`."""
    depth = 0
    for token, offset in tokens(code, at, None, string_depth):
        if token in OPENERS:
            depth += 1
        elif token in CLOSERS:
            if not depth:
                return offset + 1
            depth -= 1
        elif not depth and token in (b":", b":="):
            return _spec_end(code, offset + 1, string_depth)
    return len(code)


def _spec_end(code: bytes, at: int, depth: int) -> int:
    """Where the field ends whose format specification begins at `at`."""
    while at < len(code) and code[at : at + 1] != b"}":
        at = _field_end(code, at + 1, depth) if code[at : at + 1] == b"{" else at + 1
    return at + 1
