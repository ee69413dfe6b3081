"""Debian's Chromium, headless, as a person's browser: it notes what the page says, asks for and gets wrong."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

_FLAGS = (
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser. Without one: a skip, in CI a failure."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is needed: apt-get install chromium")
        pytest.skip("Chromium is needed: apt-get install chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=[*_FLAGS])
        yield browser
        browser.close()


class Opened:
    """A page of a file; `troubles` are what its console said, its errors and every request but the file's own."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page = page
        self.troubles: list[str] = []
        own = file.as_uri()
        page.on("console", lambda message: self.troubles.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        page.on("dialog", lambda dialog: self.troubles.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: request.url == own or self.troubles.append(f"request: {request.url}"))
        page.goto(own)


@contextmanager
def opened(browser: Browser, file: Path, look: str = "light") -> Iterator[Opened]:
    """The file in a fresh window; `look`: light, dark or print."""
    context = browser.new_context(
        viewport={"width": 1240, "height": 900}, color_scheme="dark" if look == "dark" else "light"
    )
    try:
        page = context.new_page()
        if look == "print":
            page.emulate_media(media="print")
        yield Opened(page, file)
    finally:
        context.close()
