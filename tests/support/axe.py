"""Accessibility of a page by axe-core."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

BEST = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def violations(page: Page) -> list[str]:
    """What axe finds: rule, place, and what to do."""
    found = axe.Axe().run(page, options=BEST).response["violations"]
    return [
        f"{each['id']}: {' '.join(node['target'])}: {node['failureSummary']}"
        for each in found
        for node in each["nodes"]
    ]
