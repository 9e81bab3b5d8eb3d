"""Takes the pictures of pages that the documents show: `python docs/pictures.py` (it needs Chromium)."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from ivr.__main__ import main
from tests.support.browser import started

DOCS = Path(__file__).parent
SIZE = {"width": 1280, "height": 760}


def take() -> None:
    """The map of the shipped telecom's line with one menu chosen, light and dark."""
    with TemporaryDirectory() as folder, started() as browser:
        file = Path(folder) / "northwind.html"
        main(["show", "northwind", "--output", str(file), "--quiet"])
        for scheme in ("light", "dark"):
            page = browser.new_page(viewport=SIZE, color_scheme=scheme, reduced_motion="reduce")
            page.goto(file.as_uri())
            page.evaluate(
                "document.getElementById('node-sales_menu').dispatchEvent(new Event('click', {bubbles: true}))"
            )
            page.screenshot(path=str(DOCS / f"map-{scheme}.png"))
            page.close()


if __name__ == "__main__":
    sys.path.insert(0, str(DOCS.parent))
    take()
