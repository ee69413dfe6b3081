"""The report as one HTML file that needs nothing else: no network, no framework, no script to be read.

Everything from checked files is escaped by the template; a policy in the page lets only its own style and script run.
"""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files

from compatcheck.model.report import Report
from compatcheck.report.html_page import page_of
from compatcheck.report.terminal import harmless
from compatcheck.report.view import View


def as_html(report: Report, _view: View | None = None, /) -> str:
    """The whole page."""
    import jinja2

    place = files("compatcheck.report").joinpath("page")
    style, script, source = (
        place.joinpath(name).read_text("utf-8") for name in ("report.css", "report.js", "report.html.jinja")
    )
    environment = jinja2.Environment(
        autoescape=True, finalize=_shown, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    page = environment.from_string(source).render(page=page_of(report), style=style, script=script, policy=policy)
    return page.rstrip("\n") + "\n"


def _shown(value: object) -> object:
    """Nothing that reorders or hides text; what the template itself makes stays as it is."""
    return harmless(value) if type(value) is str else value


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
