"""The HTML report as people meet it: in a real browser, at no, one and very many findings, light, dark and printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from compatcheck.model.report import FailedTest, FileResult, Finding, Report, RuntimeSummary, TestRun
from compatcheck.model.source import Unreadable
from compatcheck.report import FORMATS
from tests.report.browser import chromium, opened
from tests.report.conftest import WALRUS, report_of
from tests.report.test_consumers import everything

EVIL = "</script></style><img src=x onerror=alert(1)>\"'`{{7*7}}\x1b\u202e"
LOOKS = ("light", "dark", "print")


def many(count: int) -> Report:
    """That many findings of six rules in a tree of files."""
    found = [
        replace(
            WALRUS,
            rule=f"rule-{number % 6}",
            path=f"src/pkg{number % 7}/mod{number % 211}.py",
            line=number + 1,
            severity=("error", "error", "warning")[number % 3],
            fails_on=(("3.7",), ("3.7", "3.8"))[number % 2],
            fingerprint=f"{number:032x}",
        )
        for number in range(count)
    ]
    files = tuple(FileResult(path, 10, {}) for path in sorted({one.path for one in found} | {"src/clean.py"}))
    report = report_of(*found, files=files)
    errors = {name: sum(one.severity == "error" and name in one.fails_on for one in found) for name in ("3.7", "3.8")}
    by_runtime = {**{name: RuntimeSummary(errors[name], 0) for name in errors}, "3.9": RuntimeSummary(0, 0)}
    return replace(report, summary=replace(report.summary, by_runtime=by_runtime))


def whole() -> Report:
    """Something in every section."""
    report = everything()
    dependencies = tuple(
        {
            "name": name,
            "requirement": f"{name}>=2",
            "source": "pyproject.toml",
            "locked": "2.0",
            "runtimes": {"3.7": {"ok": ok, "newest": "1.9", "reason": "Requires-Python >=3.8"}},
        }
        for name, ok in (("attrs", True), ("numpy", False), ("mystery", None))
    )
    failed = FailedTest("tests/test_a.py::test_it", "SyntaxError", "app/cache.py", 12, True, (WALRUS.fingerprint,))
    return replace(
        report,
        dependencies=dependencies,
        declarations=({"source": "requires-python", "path": "pyproject.toml", "line": 4, "states": ">=3.7"},),
        tests=(TestRun("3.7", "junit.xml", 5, 1, 2, (failed,)),),
    )


SIZES: dict[str, Callable[[], Report]] = {"0": report_of, "1": lambda: report_of(WALRUS), "5000": lambda: many(5000)}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("html")

    @cache
    def write(name: str) -> Path:
        report = {**SIZES, "whole": whole}[name]()
        (folder / f"{name}.html").write_text(FORMATS["html"](report), "utf-8")
        return folder / f"{name}.html"

    return write


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("size", [*SIZES, "whole"])
def test_it_opens_without_complaint_or_request(
    browser: Browser, written: Callable[[str], Path], size: str, look: str
) -> None:
    with opened(browser, written(size), look) as shown:
        heading = shown.page.locator("h1").inner_text()
        assert heading == ("Runs on 3.7–3.8" if size == "0" else "Fails on 3.7; runs on 3.8" if size != "5000" else
                           "Fails on 3.7–3.8; runs on 3.9")  # fmt: skip
        background = shown.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (
            background
            == {"light": "rgb(245, 246, 248)", "dark": "rgb(17, 22, 29)", "print": "rgb(255, 255, 255)"}[look]
        )
        assert shown.troubles == []


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("size", ["0", "whole"])
def test_it_can_be_used_without_seeing_it(
    browser: Browser, written: Callable[[str], Path], size: str, look: str
) -> None:
    with opened(browser, written(size), look) as shown:
        shown.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        # axe-core needs to run its own script
        shown.page.context.new_cdp_session(shown.page).send("Page.setBypassCSP", {"enabled": True})
        results = Axe().run(shown.page)
        assert results.response["violations"] == [], results.generate_report()


def test_words_versions_severities_and_kinds_narrow_the_findings(
    browser: Browser, written: Callable[[str], Path]
) -> None:
    with opened(browser, written("5000")) as shown:
        page = shown.page
        count = page.locator("#shown")
        assert count.inner_text() == "5,000 of 5,000 findings"
        page.keyboard.press("/")
        page.keyboard.type("pkg3 rule-1")
        expect(page.locator("#shown")).to_contain_text("119 of ")
        assert page.locator(".group:visible").count() == 1
        page.keyboard.press("Escape")
        expect(page.locator("#shown")).to_contain_text("5,000 of ")
        page.select_option("#version", "3.8")
        expect(page.locator("#shown")).to_contain_text("2,500 of ")
        page.uncheck("input[value=error]")
        expect(page.locator("#shown")).to_contain_text("833 of ")
        page.select_option("#kind", "syntax")
        page.uncheck("input[value=warning]")
        expect(page.locator("#shown")).to_contain_text("0 of ")
        assert page.locator("#nothing").is_visible()
        assert shown.troubles == []


def test_the_order_changes(browser: Browser, written: Callable[[str], Path]) -> None:
    def rules(page: Page) -> list[str]:
        names = page.locator(".group").evaluate_all("boxes => boxes.map(box => box.dataset.rule)")
        return [str(name) for name in names]

    with opened(browser, written("5000")) as shown:
        page = shown.page
        assert rules(page)[-2:] == ["rule-2", "rule-5"]  # the warnings
        page.select_option("#order", "rule")
        assert rules(page) == [f"rule-{number}" for number in range(6)]


def test_the_table_unfolds_and_leads_to_findings(browser: Browser, written: Callable[[str], Path]) -> None:
    with opened(browser, written("5000")) as shown:
        page = shown.page
        folder = page.locator(".heat tr.folder", has_text="pkg3/")
        assert not page.locator(".heat a[data-path='src/pkg3/mod3.py']").is_visible()
        folder.locator("button").focus()
        page.keyboard.press("Enter")
        assert folder.locator("button").get_attribute("aria-expanded") == "true"
        page.locator(".heat a[data-path='src/pkg3/mod3.py']").click()
        expect(page.locator("#shown")).to_contain_text("in src/pkg3/mod3.py")
        assert set(page.locator("#groups li:visible").evaluate_all("all => all.map(one => one.dataset.p)")) == {
            "src/pkg3/mod3.py"
        }
        first = page.locator(".heat tbody tr").first
        first.locator("button").click()
        assert page.locator(".heat tbody tr:visible").count() == 1
        first.locator("button").click()
        assert page.locator(".heat a[data-path='src/pkg3/mod3.py']").is_visible()  # it was open
        assert not page.locator(".heat a[data-path='src/pkg4/mod4.py']").is_visible()
        assert shown.troubles == []


OPEN = "() => document.getElementById('open').click()"
TYPE = """(text) => {
    const words = document.getElementById('words');
    words.value = text;
    words.dispatchEvent(new Event('input', {bubbles: true}));
}"""
SETTLE = """async () => {
    await new Promise((done) => setTimeout(done, 250));
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}"""


def test_five_thousand_findings_stay_smooth(browser: Browser, written: Callable[[str], Path]) -> None:
    """What each step costs the page's thread in computing time, which other work on the machine does not change."""
    with opened(browser, written("5000")) as shown:
        session = shown.page.context.new_cdp_session(shown.page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})

        def spent() -> float:
            metrics = session.send("Performance.getMetrics")["metrics"]
            return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))

        before = spent()
        for step in (OPEN, "pkg", "pkg3", ""):
            shown.page.evaluate(TYPE if step != OPEN else OPEN, step)
            shown.page.evaluate(SETTLE)
            after = spent()
            assert after - before < 0.6, step
            before = after


def test_all_is_printed(browser: Browser, written: Callable[[str], Path], tmp_path: Path) -> None:
    with opened(browser, written("whole")) as shown:
        shown.page.evaluate(
            "addEventListener('beforeprint', () => { window.closed_ = document.querySelectorAll('details:not([open])').length; })"
        )
        pdf = shown.page.pdf(path=tmp_path / "report.pdf")
        assert pdf.startswith(b"%PDF")
        assert shown.page.evaluate("window.closed_") == 0
        assert shown.troubles == []


def test_hostile_text_stays_text(browser: Browser, tmp_path: Path) -> None:
    evil: Finding = replace(
        WALRUS,
        path=f"{EVIL}/{EVIL}.py",
        message=EVIL,
        excerpt=EVIL,
        instead=EVIL,
        symbol=EVIL,
        evidence=(EVIL,),
        column=9,
    )
    base = whole()
    report = replace(
        base,
        findings=(evil,),
        run=replace(base.run, root=f"/{EVIL}", diff_base=EVIL),
        unreadable=(Unreadable(EVIL, EVIL),),
        suppressed=tuple(replace(one, finding=evil, by=EVIL) for one in base.suppressed),
        dependencies=tuple({**one, "name": EVIL, "source": EVIL, "requirement": EVIL} for one in base.dependencies),
        declarations=({"source": EVIL, "path": EVIL, "line": None, "states": EVIL},),
        tests=(TestRun("3.7", EVIL, 1, 1, 0, (FailedTest(EVIL, EVIL, EVIL),)),),
    )
    file = tmp_path / "evil.html"
    file.write_text(FORMATS["html"](report), "utf-8")
    assert "\x1b" not in file.read_text("utf-8")
    with opened(browser, file) as shown:
        page = shown.page
        assert page.locator("img").count() == 0
        assert page.locator("script").count() == page.locator("style").count() == 1
        page.fill("#words", "onerror")
        expect(page.locator("#shown")).to_contain_text("1 of ")
        assert "<img src=x onerror=alert(1)>" in (page.locator("#groups li").first.text_content() or "")
        assert "{{7*7}}" in (page.locator("#groups").text_content() or "")
        assert shown.troubles == []


def test_the_policy_lets_nothing_else_run(browser: Browser, written: Callable[[str], Path], tmp_path: Path) -> None:
    """What got in all the same would not run: the policy knows the page's own script and style only."""
    text = written("1").read_text("utf-8")
    for added in ("<script>document.title='in'</script>", "<p onclick=\"document.title='in'\" id=p>x</p>"):
        (tmp_path / "in.html").write_text(text.replace("<main", f"{added}<main"), "utf-8")
        with opened(browser, tmp_path / "in.html") as shown:
            if "id=p" in added:
                shown.page.locator("#p").click()
            assert shown.page.title() != "in"
            assert any("Content Security Policy" in one for one in shown.troubles)


def test_the_headline_says_what_it_runs_on_and_what_was_asked_for(browser: Browser, tmp_path: Path) -> None:
    report = report_of(WALRUS)
    report = replace(report, summary=replace(report.summary, minimum="3.8", maximum="3.13"))
    (tmp_path / "r.html").write_text(FORMATS["html"](report), "utf-8")
    with opened(browser, tmp_path / "r.html") as shown:
        assert shown.page.locator("h1").inner_text() == "Runs on 3.8–3.13; you asked for 3.7–3.8"


def test_it_names_no_address_but_the_references() -> None:
    text = FORMATS["html"](everything())
    found = set(re.findall(r"(?:https?:)?//[\w.-]+", text))
    assert {one.split("//")[1] for one in found} <= {"peps.python.org", "docs.python.org"}
