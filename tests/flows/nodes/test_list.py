"""The list node and the lists of lookups: keys by part, shares, what an answer leaves of a list."""

from __future__ import annotations

import json
from typing import Any

import pytest

from flows.model.flow import Flow
from flows.model.load import load_text
from flows.nodes.base import Here
from flows.nodes.list import List, read_items
from flows.protocol.actions import Condition, Fetch, Keys, Listen, Say, Speech
from flows.protocol.http_answer import read_answer
from flows.protocol.wanted import MAX_LIST, ListOf
from flows.source.finding import FlowError


def flow_of(**changed: Any) -> Flow:
    node = {"type": "list", "items": "all", "item": "{name}", "next": "bye", "empty": "bye", **changed}
    text = {"ivr": 1, "name": "L", "start": "pick", "nodes": {"pick": node, "bye": {"type": "hangup"}}}
    return load_text(json.dumps(text)).flow


def here(flow: Flow, phase: str, count: int) -> Here:
    items = json.dumps([{"name": f"Item {n}"} for n in range(1, count + 1)])
    return Here(flow, "pick", "en-US", phase=phase, values={"all": items})


def listened(flow: Flow, phase: str, count: int) -> tuple[str, ...]:
    last = flow.nodes["pick"].enter(here(flow, phase, count))[-1]
    assert isinstance(last, Listen)
    return last.keys


def test_a_menu_has_nine_items_at_a_time_and_keys_to_the_others() -> None:
    flow = flow_of(none="bye")
    assert listened(flow, "1", 9) == (*"123456789", "0")
    assert listened(flow, "1", 10) == (*"123456789", "#", "0")
    assert listened(flow, "2", 10) == ("1", "*", "0")


def test_more_items_than_are_read_are_left_out() -> None:
    flow = flow_of(page=2, most=4)
    assert listened(flow, "2", 9) == ("1", "2", "*")


def test_a_choice_sets_values_of_its_item_and_a_missing_field_is_empty() -> None:
    node = flow_of(into={"which": "name", "what": "kind"}).nodes["pick"]
    reading = node.classify(here(flow_of(), "1", 2), Keys("2"))
    assert reading is not None
    assert (reading.outcome, reading.values) == ("2", {"which": "Item 2", "what": ""})
    spoken = node.classify(here(flow_of(), "1", 2), Speech("two"))
    assert spoken == reading


def test_an_item_is_a_label_in_the_callers_language() -> None:
    flow = flow_of()
    said = [action.text for action in flow.nodes["pick"].enter(here(flow, "1", 2)) if isinstance(action, Say)]
    assert said == ["For Item 1, press 1.", "For Item 2, press 2."]


@pytest.mark.parametrize(
    ("changed", "phase", "shares"),
    [
        # Three items are assumed: each a third; with "none of these", a quarter each.
        ({}, "1", {"1": 1 / 3, "2": 1 / 3, "3": 1 / 3}),
        ({"none": "bye"}, "1", {"1": 1 / 4, "2": 1 / 4, "3": 1 / 4, "none": 1 / 4}),
        # Two at a time: the third is behind the key to the next, and certain there.
        ({"page": 2}, "1", {"1": 1 / 3, "2": 1 / 3, "#": 1 / 3}),
        ({"page": 2}, "2", {"1": 1.0}),
        ({"read": "one_by_one"}, "1", {"1": 1 / 3, "#": 2 / 3}),
        ({"read": "one_by_one"}, "2", {"1": 1 / 2, "#": 1 / 2}),
        ({"read": "one_by_one"}, "3", {"1": 1.0}),
        ({}, "", {"items": 1.0, "no_items": 0.0}),
        ({}, "chosen", {}),
    ],
)
def test_every_item_is_assumed_to_be_equally_wanted(
    changed: dict[str, Any], phase: str, shares: dict[str, float]
) -> None:
    flow = flow_of(**changed)
    assert flow.nodes["pick"].usual(Here(flow, "pick", "en-US", phase=phase)) == pytest.approx(shares)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"keys": {"next": "5"}}, "key '5' has two meanings in this list"),
        ({"none": "bye", "keys": {"none": "1"}, "read": "one_by_one"}, "key '1' has two meanings"),
        ({"assumed": 9, "most": 5}, "9 items are assumed and at most 5 are read"),
    ],
)
def test_what_cannot_be(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(FlowError, match=message):
        flow_of(**changed)


def test_items_as_a_value_holds_them() -> None:
    assert read_items('[{"a": "1", "b": null}, "x", 7, [1]]') == [{"a": "1"}, {"item": "x"}, {"item": "7"}]
    assert read_items('{"a": 1}') == []
    assert read_items("[" * 5_000) == []
    assert List.model_fields["limit"].default == 20


def fetch(*lists: ListOf) -> Fetch:
    return Fetch(
        "f", "GET", "https://example.com", (), "", 3.0, (Condition("found", ("2xx",)),), (), ("found",), False, lists
    )


def test_an_answer_leaves_the_fields_that_are_named() -> None:
    body = json.dumps({"all": [{"id": 4, "at": {"day": "2026-05-23"}}, {"id": 5}]}).encode()
    wanted = fetch(ListOf("claims", "all", (("number", "id"), ("day", "at.day"))))
    outcome = read_answer(wanted, 200, body)
    assert outcome.label == "found"
    assert outcome.values == {"claims": '[{"number":"4","day":"2026-05-23"},{"number":"5","day":""}]'}


def test_texts_and_whole_answers_are_lists_too() -> None:
    wanted = fetch(ListOf("names", "", (("item", ""),), 2))
    assert read_answer(wanted, 200, b'["a", "b", "c"]').values == {"names": '[{"item":"a"},{"item":"b"}]'}
    assert read_answer(wanted, 200, b"[]").values == {"names": "[]"}


def test_what_is_no_list_is_a_failure_and_too_many_items_are_left_out_whole() -> None:
    wanted = fetch(ListOf("names", "all", (("item", ""),), 40))
    assert read_answer(wanted, 200, b'{"all": "a"}').label == "failure"
    assert read_answer(wanted, 200, b"{}").label == "failure"
    # {"item":"xxxxx...x"} of 50 letters takes 61 characters, and a comma: 10 of them 621 with the brackets, 11 would
    # take 683.
    kept = read_answer(wanted, 200, json.dumps({"all": ["x" * 50] * 30}).encode()).values["names"]
    assert len(json.loads(kept)) == 10
    assert len(kept) == 10 * 61 + 9 + 2 <= MAX_LIST
