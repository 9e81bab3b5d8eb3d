"""Rules from outside for tests: the example of CONTRIBUTING.md, and what commands print about it."""

from __future__ import annotations

import pytest

from ivr.__main__ import main
from tests.support.documents import BLOCK
from tests.support.paths import ROOT

__all__ = ["FLOW", "FOUND", "RULE_FILE", "SHOWN", "said"]

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
SHOWN = {block["file"]: block["body"] for block in BLOCK.finditer(CONTRIBUTING) if block["file"]}
RULE_FILE = SHOWN["rules/too_many_nodes.py"].replace('Option("most", 40', 'Option("most", 0')
FLOW = """ivr: 1
name: Line
start: bye
nodes:
  bye: {type: hangup, say: Goodbye.}
"""
FOUND = """line.yaml:5:3: warning ACME001 a page shows 0 nodes, not 1
  5 |   bye: {type: hangup, say: Goodbye.}
    |   ^^^
    = hint: move a branch into a part
"""


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int | None = None) -> str:
    """What a command prints on either stream."""
    got = main(list(arguments))
    assert code is None or got == code
    printed = capsys.readouterr()
    return printed.out + printed.err
