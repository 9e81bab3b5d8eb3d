"""The reference pages match the code."""

from __future__ import annotations

import importlib.util
import re

import pytest

from flows.source.yaml_reader import parse
from tests.support.paths import ROOT

DOCS = ROOT / "docs"
_spec = importlib.util.spec_from_file_location("generate_docs", DOCS / "generate.py")
assert _spec
assert _spec.loader
generate = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(generate)


@pytest.mark.parametrize("name", generate.PAGES)
def test_a_reference_page_is_up_to_date(name: str) -> None:
    assert (DOCS / "reference" / name).read_text("utf-8") == generate.pages()[name], "run: python docs/generate.py"


def test_every_node_type_rule_and_command_is_in_the_reference() -> None:
    from flows.lint.rules import rules
    from flows.nodes import node_types
    from ivr.__main__ import COMMANDS

    texts = generate.pages()
    assert all(f"\n## {name}\n" in texts["nodes.md"] for name in node_types())
    assert all(f"| {code} |" in texts["rules.md"] for code in rules())
    assert all(f"\n## ivr {name}\n" in texts["commands.md"] for name in COMMANDS)


def test_every_field_is_told_in_words_and_every_link_leads_somewhere() -> None:
    """No field is only a "value", and the types that it links to are laid out on the page of the flow."""
    texts = generate.pages()
    flow, nodes = texts["flow.md"], texts["nodes.md"]
    cells = [line.split(" | ")[1] for line in f"{flow}{nodes}".splitlines() if line.startswith("| `") and " | " in line]
    assert len(cells) > 300
    assert [cell for cell in cells if cell in ("", "value", "entries")] == []
    headings = re.findall(r"^#+ (.+)$", flow, re.MULTILINE)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\(flow\.md#([^)]+)\)", flow + nodes)) <= anchors


def test_examples_are_values_that_the_reader_takes() -> None:
    tables = generate.tables
    assert tables.in_one_line({"0": ["a", "Press 1: now"]}) == '{0: [a, "Press 1: now"]}'
    for name in ("collect", "menu", "queue", "pay"):
        for field, example in tables.node_examples(name).items():
            assert list(parse(example, "example.yaml").data) == [field]
