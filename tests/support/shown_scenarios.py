"""The shipped scenarios, and those shown in the documents."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.documents import BLOCK
from tests.support.library import LIBRARY
from tests.support.paths import ROOT

DOCUMENTS = ROOT / "docs"
SCENARIOS = sorted(path.name.removesuffix(".scenario.yaml") for path in LIBRARY.glob("*.scenario.yaml"))
SHOWN = {
    (page.name, block["file"]): block["body"]
    for page in sorted(DOCUMENTS.glob("*.md"))
    for block in BLOCK.finditer(page.read_text("utf-8"))
    if block["file"] and block["kind"] == "yaml"
}
SHOWN_SCENARIOS = sorted(key for key, text in SHOWN.items() if re.search("^intents:", text, re.MULTILINE))


def shown(folder: Path, page: str, name: str) -> Path:
    """The scenario of a page with all files of the page."""
    for (of, file), text in SHOWN.items():
        if of == page:
            (folder / file).write_text(text, "utf-8")
    return folder / name
