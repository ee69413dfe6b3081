"""Markdown shows what is in files and does nothing else, by a real CommonMark and GitHub-table parser."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from compatcheck.report import FORMATS
from compatcheck.report.as_markdown import code, escaped
from tests.report.conftest import WALRUS, report_of

EVIL = (
    "<img src=x>",
    "[a](https://example.com)",
    "![a](https://example.com/p.png)",
    "https://example.com www.example.com",
    "a | b\n| c |",
    "**bold** _it_ ~~no~~",
    "`code` and ``more` odd",
    "# head\n- item",
    "&lt;script&gt;",
    "\\` \\[x](y)",
)


def rendered(text: str) -> str:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text)


@pytest.mark.parametrize("evil", EVIL)
def test_hostile_text_is_shown_as_it_is(evil: str) -> None:
    finding = replace(WALRUS, path=f"{evil}.py", message=evil, instead=evil)
    page = rendered(FORMATS["markdown"](report_of(finding)))
    assert set(re.findall(r"<(\w+)", page)) <= {
        "h2",
        "h3",
        "p",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "code",
        "ol",
        "li",
    }
    row = page[page.rindex("<tr>") :]
    assert row.count("<td") == 4


def test_nobody_is_mentioned_and_nothing_becomes_a_link() -> None:
    for made in (escaped("ask @someone at a@example.com"), escaped("www.example.com")):
        assert not re.search(r"@\w|www\.", made)
    assert rendered(escaped("ask @someone")) == "<p>ask @<!-- -->someone</p>\n"


@pytest.mark.parametrize("text", ["a`b", "`", "``x``", " a ", "a|b"])
def test_a_code_span_holds_any_text(text: str) -> None:
    (found,) = re.findall(r"<code>(.*?)</code>", rendered(f"| h |\n|---|\n| {code(text)} |\n"))
    assert found == text


def test_code_in_messages_stays_code() -> None:
    assert rendered(escaped("`a | b` needs *3.8*")) == "<p><code>a \\| b</code> needs *3.8*</p>\n"


def test_a_summary_has_room_for_it() -> None:
    many = [replace(WALRUS, line=number, message="x" * 500) for number in range(5_000)]
    text = FORMATS["markdown"](report_of(*many))
    assert 800_000 < len(text.encode()) < 1 << 20
    assert "more findings are in the other reports" in text
