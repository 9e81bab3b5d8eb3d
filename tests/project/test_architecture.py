"""The page on the architecture: every file and room that it names exists, and no room is missing from its tree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
TREE = PAGE[PAGE.index("```text\n") : PAGE.index("\n```\n", PAGE.index("```text\n"))]
PACKAGES = ("flows", "ivr", "simulation", "webhooks")


def rooms_in_the_tree() -> set[str]:
    """Each room of the tree by its path; an entry belongs to the package above it."""
    found, package = set(), ""
    for indent, name in re.findall(r"^( *)([\w/.]+)  ", TREE, re.MULTILINE):
        package = package if indent else name
        found.add(package + name if indent else name)
    return found


@pytest.mark.parametrize(
    "name", sorted(set(re.findall(r"`((?:flows|ivr|simulation|webhooks|tests|docs)/[\w/.]*)`", PAGE)))
)
def test_what_the_page_names_exists(name: str) -> None:
    assert (ROOT / name).exists()


def test_the_tree_names_what_exists() -> None:
    assert [name for name in sorted(rooms_in_the_tree()) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_room_is_missing_from_the_tree(package: str) -> None:
    rooms = {f"{package}/{path.parent.name}/" for path in (ROOT / package).glob("*/__init__.py")}
    assert rooms <= rooms_in_the_tree()


def test_the_page_is_a_page() -> None:
    assert len(PAGE.splitlines()) < 150
    assert Path(ROOT / "README.md").read_text("utf-8").count("docs/architecture.md") == 1
