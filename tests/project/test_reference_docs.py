"""The reference pages match the code."""

from __future__ import annotations

import importlib.util

import pytest

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
