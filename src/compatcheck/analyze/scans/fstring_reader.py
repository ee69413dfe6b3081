"""Reads an f-string or t-string as PEP 701 does: the tokenizer's loop over text, fields and format specs."""

from __future__ import annotations

import re

from compatcheck.analyze.scans.fstring_structure import Edit, Field, FString

_START = re.compile(rb"(?:[fFtT][rR]?|[rR][fFtT])(\"\"\"|'''|\"|')")
_STRING_PREFIX = re.compile(rb"(?i)(?:[rbu]|br|rb|[ft]r?|r[ft])\Z")
_PLAIN_END = {quote: re.compile(rb"(?:[^\\%b\n]|\\(?s:.))*?%b" % (quote, quote)) for quote in (b'"', b"'")} | {
    quote * 3: re.compile(rb"(?s)(?:[^\\]|\\.)*?" + quote * 3) for quote in (b'"', b"'")
}
_TEXT = re.compile(rb"[^{}\\\n\"']+")
_CODE = re.compile(rb"(?:[^\"'#()\[\]{}:!=<>]+|[!=<>]=|[<>])+")
_NAME = re.compile(rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*")
_SPACE = re.compile(rb"(?:[ \t\f\n]|\\\n|#[^\n]*)+")
_FOR = re.compile(rb"(?<![\w\x80-\xff.])for(?![\w\x80-\xff])")
_CLOSER = {b"(": b")", b"[": b"]", b"{": b"}"}


class _Broken(Exception):
    """No f-string on any version; the parser says why."""


def read_fstring(code: bytes, start: int, doubled_is_text: bool = False) -> FString | None:
    """The f-string or t-string whose prefix stands at `start`; None when there is none that any version reads.

    `doubled_is_text`: since 3.13 a `{{` in a format spec is text if a field stands before it in that spec.
    """
    try:
        return _Reader(code, doubled_is_text).fstring(start)
    except (_Broken, RecursionError):
        return None


class _Reader:
    def __init__(self, code: bytes, doubled_is_text: bool) -> None:
        self.code = code
        self.doubled_is_text = doubled_is_text
        self.edits: list[Edit] = []

    def fstring(self, start: int) -> FString:
        match = _START.match(self.code, start)
        if match is None:
            raise _Broken
        found = FString(start, match[1], b"r" in match[0][:2].lower(), self.edits)
        found.end = self._text(found, match.end(), None)
        return found

    def _text(self, within: FString, at: int, spec_of: Field | None) -> int:
        """Literal text up to behind the closing quotes, or up to the `}` that ends the format spec of `spec_of`."""
        code = self.code
        while at < len(code):
            byte = code[at : at + 1]
            if match := _TEXT.match(code, at):
                at = match.end()
            elif byte == b"\\":
                at = self._escape(at, within.raw)
            elif byte == b"{":
                at = at + 2 if self._is_doubled(within, at, spec_of) else self._field(within, at, spec_of)
            elif byte == b"}" and spec_of is None:
                at = self._doubled_end(at)
            elif byte == b"\n" and spec_of is not None and within.single:
                return self._spec_as_code(within, at, spec_of)
            elif byte == b"}" or code.startswith(within.quote, at) or (byte == b"\n" and within.single):
                return self._text_end(within, at, spec_of)
            else:
                at += 1
        raise _Broken

    def _text_end(self, within: FString, at: int, spec_of: Field | None) -> int:
        """A spec ends at a brace and a literal at its quotes."""
        if self.code[at : at + 1] == b"}":
            return at
        if spec_of is not None or not self.code.startswith(within.quote, at):
            raise _Broken
        return at + len(within.quote)

    def _is_doubled(self, within: FString, at: int, spec_of: Field | None) -> bool:
        """Whether the brace at `at` is one of two that mean one."""
        if self.code[at + 1 : at + 2] != b"{":
            return False
        if spec_of is None or not spec_of.spec_has_field:
            return spec_of is None
        within.doubled.append(spec_of)
        if self.doubled_is_text:
            self.edits.append(Edit(at, at + 2, b" "))
        return self.doubled_is_text

    def _doubled_end(self, at: int) -> int:
        if self.code[at + 1 : at + 2] != b"}":
            raise _Broken
        return at + 2

    def _spec_as_code(self, within: FString, at: int, spec_of: Field) -> int:
        """At a newline in the format spec of a single-quoted literal, 3.12 reads code again: only fields fit."""
        spec_of.spec_newline = "after-field" if spec_of.spec_has_field else "first"
        spec_of.as_code = True
        return self._fields_only(within, at, spec_of)

    def _fields_only(self, within: FString, at: int, spec_of: Field) -> int:
        at = self._passed_over(at)
        while self.code[at : at + 1] == b"{":
            at = self._passed_over(self._field(within, at, spec_of))
        return at

    def _passed_over(self, at: int) -> int:
        end = self._gap(at)
        if end > at:
            self.edits.append(Edit(at, end, b" "))
        return end

    def _escape(self, at: int, raw: bool) -> int:
        after = self.code[at + 1 : at + 2]
        if after in (b"{", b"}"):
            return at + 1
        if not raw and self.code.startswith(b"\\N{", at):
            end = self.code.find(b"}", at)
            if end < 0:
                raise _Broken
            return end + 1
        return at + 2

    def _field(self, within: FString, at: int, outer: Field | None) -> int:
        """A replacement field, from its `{` to behind its `}`."""
        code = self.code
        found = Field(at, outer.level + 1 if outer else 0)
        within.fields.append(found)
        at = found.head_end = self._head(found, at + 1)
        if code[at : at + 1] == b":":
            found.as_code = outer is not None and outer.as_code
            at = (self._fields_only if found.as_code else self._text)(within, at + 1, found)
        if code[at : at + 1] != b"}":
            raise _Broken
        if outer is not None:
            outer.spec_has_field = True
        found.end = at + 1
        return found.end

    def _head(self, found: Field, at: int) -> int:
        """Expression, `=` and conversion of a field; the offset of the `:` or `}` behind them."""
        start, code = at, self.code
        at = found.code_end = self._expression(found, at)
        if found.generator:
            self.edits += [Edit(start, start, b"("), Edit(at, at, b")")]
        if code[at : at + 1] == b"=":
            found.debug = True
            at = self._gap(at + 1)
        if code[at : at + 1] != b"!":
            return at
        match = _NAME.match(code, at + 1)
        if match is None:
            raise _Broken
        end = self._gap(match.end())
        found.conversion_gap = end > match.end()
        return end

    def _gap(self, at: int) -> int:
        match = _SPACE.match(self.code, at)
        return match.end() if match else at

    def _expression(self, found: Field, at: int) -> int:
        """The offset of the `=`, `!`, `:` or `}` that ends the expression."""
        code, closers = self.code, list[bytes]()
        while at < len(code):
            byte = code[at : at + 1]
            if match := _CODE.match(code, at):
                found.generator |= not closers and _FOR.search(match[0]) is not None
                at = match.end()
            elif byte in b"\"'":
                at = self._string(found, at)
            elif byte == b"#":
                found.comment = True
                at = self._line_end(at)
            elif not closers and byte in b"}:=!":
                return at
            elif byte in b"()[]{}":
                _match_bracket(byte, closers)
                at += 1
            else:
                at += 1
        raise _Broken

    def _line_end(self, at: int) -> int:
        end = self.code.find(b"\n", at)
        if end < 0:
            raise _Broken
        return end

    def _string(self, found: Field, at: int) -> int:
        """A string inside an expression, `at` its opening quote, to behind its closing quote."""
        code = self.code
        first = at
        while first > found.start + 1 and at - first < 3 and code[first - 1 : first].isalpha():
            first -= 1
        prefix = code[first:at] if _STRING_PREFIX.match(code[first:at]) else b""
        if prefix and prefix.lower().strip(b"r") in (b"f", b"t"):
            return self.fstring(at - len(prefix)).end
        quote = code[at : at + 3] if code[at : at + 3] in (b'"""', b"'''") else code[at : at + 1]
        match = _PLAIN_END[quote].match(code, at + len(quote))
        if match is None:
            raise _Broken
        return match.end()


def _match_bracket(bracket: bytes, closers: list[bytes]) -> None:
    if bracket in _CLOSER:
        closers.append(_CLOSER[bracket])
    elif not closers or closers.pop() != bracket:
        raise _Broken
