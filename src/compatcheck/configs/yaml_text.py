"""YAML to values and places in one parse: PyYAML's C parser gives the events, nothing but data is made of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from compatcheck.configs import limits
from compatcheck.configs.builder import Builder, Flaw, Stop
from compatcheck.configs.document import Node
from compatcheck.configs.text import shown_short
from compatcheck.configs.traps import trap_in

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXT = "tag:yaml.org,2002:str"
_MERGE = "tag:yaml.org,2002:merge"
# The first characters of what may be no text.
_MEANINGFUL = frozenset(yaml.resolver.Resolver.yaml_implicit_resolvers)
_LONGEST_SPECIAL = 1_000  # characters: no number, date or word that means something is longer
_NUMBER = re.compile(r"[-+]?[0-9][0-9_]*\Z")
_TAB = re.compile(r"^[ ]*\t[ \t]*(?=[^\s#])", re.MULTILINE)


class _Scalars(yaml.resolver.Resolver, yaml.constructor.SafeConstructor):
    """What plain scalars mean in YAML 1.1, as PyYAML has it."""

    def __init__(self) -> None:
        yaml.resolver.Resolver.__init__(self)
        yaml.constructor.SafeConstructor.__init__(self)

    def __call__(self, event: Any) -> Any:
        """The scalar's value. Raises ValueError where it looks like a date or a number and is none, KeyError for a tag
        that means no data.
        """
        tag = event.tag
        if tag in (None, "!"):
            if not event.implicit[0] or len(event.value) > _LONGEST_SPECIAL:
                return event.value
            resolve: Any = self.resolve
            tag = resolve(yaml.ScalarNode, event.value, event.implicit)
        if tag in (_TEXT, _MERGE):
            return event.value
        make = self.yaml_constructors[tag]
        try:
            return make(self, yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark))
        except yaml.YAMLError as error:
            raise ValueError(str(error)) from error


def read_yaml(text: str) -> Builder:
    """The builder after the whole text, or after what ended the reading, which is the last of its flaws."""
    builder = Builder()
    try:
        _read(text, builder)
    except Stop as stop:
        builder.flaws.append(stop.flaw)
    except yaml.MarkedYAMLError as error:
        builder.flaws += _broken(text, error)
    except yaml.reader.ReaderError as error:
        builder.flaws.append(_unreadable(text, error))
    return builder


def _read(text: str, builder: Builder) -> None:
    scalars = _Scalars()
    documents = 0
    events: Any = yaml.parse(text, Loader=_LOADER)
    for event in events:
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.ScalarEvent):
            _scalar(event, start, end, scalars, builder)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            _check_tag(event, start, builder)
            builder.open({} if isinstance(event, yaml.MappingStartEvent) else [], start, event.anchor)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            builder.close(end)
        elif isinstance(event, yaml.AliasEvent):
            builder.alias(str(event.anchor), start, end)
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise Stop(Flaw("several-documents", start, max(end, start + 3), {}))


def _scalar(event: Any, start: int, end: int, scalars: _Scalars, builder: Builder) -> None:
    text, node = event.value, Node(start, end)
    plain = event.implicit[0]
    if event.tag is None and (not plain or text[:1] not in _MEANINGFUL):
        builder.scalar(text, text, node, event.anchor)
        return
    value: Any = text
    if plain and len(text) > limits.DIGITS and _NUMBER.match(text):
        words = {"what": f"a number of {len(text):,} digits"}
        builder.flaws.append(Flaw("oversized-config", start, end, words))
    else:
        try:
            value = scalars(event)
        except KeyError:
            builder.flaws.append(_tag_flaw(event, start, end))
        except ValueError:
            problem = f"`{shown_short(text)}` looks like a date or a number and is none; quote it if it is text"
            builder.flaws.append(Flaw("unparsable-config", start, end, {"problem": problem}))
    if plain and (not isinstance(value, str) or value == "<<"):
        node.source = text
        if trap := trap_in(text, value, "" if builder.in_key else builder.key):
            builder.flaws.append(Flaw("ambiguous-scalar", start, end, trap))
    builder.scalar(value, text, node, event.anchor)


_MEANT = (
    (
        "mapping values are not allowed",
        "`: ` inside of a value, or a wrong indentation: quote the value, or align the line",
    ),
    ("cannot start any token", "a value that begins with `{char}`: quote it"),
    ("did not find expected key", "no key where one is due: a wrong indentation, or text after a quoted value"),
    ("did not find expected '-' indicator", "no `-` where one is due: the items of a list begin in one column"),
    ("could not find expected ':'", "a key without `:` behind it"),
)
_DATA = frozenset(f"tag:yaml.org,2002:{name}" for name in ("map", "seq"))


def _check_tag(event: Any, start: int, builder: Builder) -> None:
    if event.tag not in (None, "!") and event.tag not in _DATA:
        builder.flaws.append(_tag_flaw(event, start, start + 1))


def _tag_flaw(event: Any, start: int, end: int) -> Flaw:
    tag = str(event.tag)
    written = "!!" + tag.removeprefix("tag:yaml.org,2002:") if tag.startswith("tag:yaml.org,2002:") else tag
    return Flaw("yaml-tag", start, end, {"tag": shown_short(written)})


def _broken(text: str, error: yaml.MarkedYAMLError) -> Iterator[Flaw]:
    """What libyaml stumbled over; tabs in the indentation, each of them, where one of them is why."""
    mark = error.problem_mark or error.context_mark
    at = min(mark.index, max(len(text.rstrip()) - 1, 0)) if mark is not None else 0
    tabs = [found for found in _TAB.finditer(text) if found.end() > at - 1]
    if tabs and "\t" in text[max(0, at - 1) : tabs[0].end()] and tabs[0].start() <= at <= tabs[0].end():
        for found in tabs[:20]:
            yield Flaw("tab-indentation", found.start(), found.end(), {})
        return
    if "maximum nesting" in str(error.problem):
        yield Flaw("oversized-config", at, at + 1, {"what": f"values nested more than {limits.DEPTH} deep"})
        return
    opened = error.context_mark
    if opened is not None and mark is not None and _left_open(text, str(error.context), opened, mark):
        sign = text[opened.index : opened.index + 1]
        problem = f"`{sign}` is never closed (noticed on line {{line}})"
        yield Flaw("unparsable-config", opened.index, opened.index + 1, {"problem": problem}, first=at)
        return
    if opened is not None and "simple key" in str(error.context):
        at = opened.index  # the key; that there is no colon shows on the next line only
    yield Flaw("unparsable-config", at, at + 1, {"problem": _in_words(str(error.problem), text[at : at + 1])})


def _left_open(text: str, context: str, opened: yaml.Mark, noticed: yaml.Mark) -> bool:
    """Whether a quote or bracket was forgotten: the text went on to its end, or to a line that is no part of it."""
    if "quoted scalar" in context:
        return bool(opened.line != noticed.line or noticed.index >= len(text.rstrip()))
    if "flow" not in context or opened.index >= len(text.rstrip()):
        return False
    if noticed.index >= len(text.rstrip()):
        return True
    return bool(opened.line < noticed.line and _indent(text, noticed.index) <= _indent(text, opened.index))


def _indent(text: str, at: int) -> int:
    line = text[text.rfind("\n", 0, at) + 1 :][:1000]
    return len(line) - len(line.lstrip(" "))


def _in_words(problem: str, char: str) -> str:
    """libyaml's words, and what they mostly mean."""
    for told, meant in _MEANT:
        if told in problem:
            return meant.format(char=char)
    return problem


def _unreadable(text: str, error: yaml.reader.ReaderError) -> Flaw:
    """A character that YAML does not allow. The C parser counts it in bytes of UTF-8."""
    char = chr(error.character) if isinstance(error.character, int) else str(error.character)
    at = max(text.find(char), 0)
    problem = f"the character U+{ord(char[0]):04X} is not allowed"
    return Flaw("unparsable-config", at, at + 1, {"problem": problem})
