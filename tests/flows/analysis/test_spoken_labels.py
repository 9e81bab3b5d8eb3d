"""The shipped lines understand what they announce, in every language they speak."""

from __future__ import annotations

import pytest

from flows.analysis.spoken_labels import AS_ANNOUNCED, POLITELY, WAYS, sayings
from flows.model.load import load, load_text

LINES = ("northwind", "credit_union", "power_outage", "city_services")
SPOKEN = [(line, tag) for line in LINES for tag in load(line).flow.languages]


@pytest.mark.parametrize(("line", "tag"), SPOKEN)
def test_shipped_lines_understand_what_they_announce(line: str, tag: str) -> None:
    said = list(sayings(load(line).flow, tag, all_menus=True))
    for way in WAYS:
        ways = [one for one in said if one.way == way]
        missed = [(one.node, one.key, one.text, one.means) for one in ways if not one.understood]
        if way in (AS_ANNOUNCED, POLITELY):
            assert missed == []
        assert len(missed) <= 0.05 * len(ways), missed


@pytest.mark.parametrize(("line", "tag"), SPOKEN)
def test_no_label_is_taken_for_another(line: str, tag: str) -> None:
    wrong = [one for one in sayings(load(line).flow, tag) if len(one.means) == 1 and not one.understood]
    assert wrong == []


def test_menus_for_the_keypad_are_left_out() -> None:
    menu = "{type: menu, choices: [{key: 1, label: sales, next: bye}, {key: 2, next: bye}]}"
    flow = load_text(f"{{ivr: 1, name: L, start: m, nodes: {{m: {menu}, bye: {{type: hangup}}}}}}").flow
    assert list(sayings(flow, "en-US")) == []
    assert [one.text for one in sayings(flow, "en-US", all_menus=True)] == ["sales", "sales, please", "sales"]
