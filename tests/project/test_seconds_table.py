"""The seconds of the shipped lines that docs/writing-menus.md shows are those that `ivr show --leaves` prints."""

from __future__ import annotations

import json

import pytest

from ivr.__main__ import main
from tests.support.paths import ROOT

TABLE = (ROOT / "docs" / "writing-menus.md").read_text(encoding="utf-8").partition("## Seconds before and after")[2]
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in TABLE.splitlines() if line.startswith("| ")]
SHOWN = {row[0]: row[3] for row in ROWS[1:]}


def test_every_shipped_line_is_in_the_table() -> None:
    assert set(SHOWN) == {"credit_union", "power_outage", "northwind", "city_services"}


@pytest.mark.parametrize("line", SHOWN)
def test_the_mean_of_all_leaves_weighted_by_their_share(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", line, "--leaves", "--json", "--scenario", line]) == 0
    leaves = json.loads(capsys.readouterr().out)["leaves"]
    share = sum(leaf["share"] for leaf in leaves)
    mean = sum(leaf["share"] * leaf["first_time"]["mean_s"] for leaf in leaves) / share
    assert f"{mean:.2f}" == SHOWN[line]
