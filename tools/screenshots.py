"""Pictures of the HTML report for docs/: `python -m tools.screenshots`, with Debian's Chromium.

The report is the one on compatcheck's own source for older Pythons than it runs on.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from compatcheck.cli import main as compatcheck

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
LOOKS = {"report-light.png": "light", "report-dark.png": "dark"}


def main() -> int:
    """Writes the pictures; 2 when there is no browser."""
    from playwright.sync_api import sync_playwright

    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        print("Chromium is needed: apt-get install chromium", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        page = Path(folder, "report.html")
        compatcheck(
            ["--target", "3.7-3.15", "--no-cache", "-q", "--format", f"html:{page}", "--statistics", str(ROOT / "src")]
        )
        chromium = driver.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        for name, look in LOOKS.items():
            window = chromium.new_page(viewport={"width": 1240, "height": 1500}, color_scheme=look)  # type: ignore[arg-type]
            window.goto(page.as_uri())
            window.screenshot(path=IMAGES / name)
            if look == "light":
                window.locator("section[aria-labelledby=heat]").screenshot(path=IMAGES / "report-where.png")
        chromium.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
