"""Whom a dial node calls: by number, by value, within patterns; and what cannot be written."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from flows.model.load import load_text
from flows.nodes.base import Here
from flows.nodes.base_calling import Accept, Called, Extension, Recording, fits_pattern
from flows.nodes.dial import Dial
from flows.nodes.queue import ByData
from flows.protocol import actions

LINE = """
ivr: 1
name: Line
start: desk
nodes:
  desk: {{type: dial, {}, otherwise: bye}}
  bye: {{type: hangup}}
"""


def dialled(node: str, **values: str) -> actions.Dial | None:
    """What the node asks of the carrier in a call with these values; None if it dials nobody."""
    flow = load_text(LINE.format(node)).flow
    entered = flow.nodes["desk"].enter(Here(flow, "desk", "en-US", values=values))
    last = entered[-1] if entered else None
    assert last is None or isinstance(last, actions.Dial)
    return last


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("2??", "217", True),
        ("2??", "21", False),
        ("2??", "21a", False),
        ("2??", "2\u0661\u0662", False),  # digits of another script are none of a telephone
        ("+1415*", "+1415", True),
        ("+1415*", "+14155550100", True),
        ("+1415*", "+1414", False),
        ("+1415*", "+1415;x", False),
        ("+14155550100", "+14155550100", True),
    ],
)
def test_a_pattern_stands_for_digits_alone(pattern: str, text: str, fits: bool) -> None:
    assert fits_pattern(pattern, text) is fits


def test_a_value_finds_whom_to_dial_and_nobody_else() -> None:
    node = 'to: [{value: who, numbers: {North: "+14155550101"}}, client:anna]'
    assert dialled(node, who=" north ").parties == ("+14155550101", "client:anna")  # type: ignore[union-attr]
    assert dialled(node, who="+19005550100").parties == ("client:anna",)  # type: ignore[union-attr]
    alone = 'to: {value: who, allow: ["+1415*"]}'
    assert dialled(alone, who="+1 (415) 555-0100").parties == ("+14155550100",)  # type: ignore[union-attr]
    assert dialled(alone, who="+19005550100") is None
    assert dialled(alone) is None


def test_an_extension_follows_the_digits_of_the_node() -> None:
    node = 'number: "+14155550100", send_digits: ww, extension: {value: ext, allow: "2??"}'
    assert dialled(node, ext="217").send_digits == "ww217"  # type: ignore[union-attr]
    assert dialled(node, ext="9011") is None
    named = 'number: "+14155550100", extension: {value: team, digits: {sales: 31}}'
    assert dialled(named, team="Sales").send_digits == "31"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("written", "seen"),
    [("line", "+18005550100"), ("caller", ""), ('"+14155550199"', "+14155550199")],
)
def test_what_the_called_side_sees(written: str, seen: str) -> None:
    node = f'number: "+14155550100", caller_id: {written}'
    found = dialled(node, ani="+14155550123", dnis="+18005550100")
    assert found is not None
    assert found.caller_id == seen


def test_false_takes_acceptance_and_recording_away() -> None:
    found = dialled('number: "+14155550100", accept: false, record: false')
    assert found is not None
    assert (found.accept, found.record) == (None, False)
    asked = dialled('number: "+14155550100", accept: Press 1.')
    assert asked is not None
    assert asked.accept is not None
    assert asked.accept.text == "Press 1."
    assert "declined" in asked.labels


def test_without_a_call_there_is_a_sample_of_everybody() -> None:
    flow = load_text(LINE.format('to: {value: ext, allow: "2??", address: "sip:{value}@pbx.example.com"}')).flow
    last = flow.nodes["desk"].enter(Here(flow, "desk", "en-US", values=None))[-1]
    assert isinstance(last, actions.Dial)
    assert last.parties == ("sip:200@pbx.example.com",)
    assert flow.nodes["desk"].about() == "{ext}"


@pytest.mark.parametrize(
    ("model", "written", "message"),
    [
        (Called, {}, "is a number or is named by a value"),
        (Called, {"value": "a", "numbers": {"1": "+14155550100"}, "allow": "+1415*"}, "could be any number"),
        (Called, {"number": "+14155550100", "allow": "+1415*"}, "needs neither a list nor patterns"),
        (
            Called,
            {"value": "a", "numbers": {"1": "+14155550100"}, "address": "sip:{value}@x.example"},
            "goes with allow",
        ),
        (Called, {"value": "a", "allow": "12a"}, "is not a pattern"),
        (Extension, {"value": "a"}, "could be any digits"),
        (Extension, {"value": "a", "digits": {"x": "12;"}}, "cannot be sent"),
        (
            Dial,
            {"type": "dial", "to": ["client:a"], "extension": {"value": "a", "allow": "2??"}},
            "telephone numbers only",
        ),
        (Dial, {"type": "dial", "number": "+14155550100", "on": {"unknown": "x"}}, "cannot happen here"),
        (ByData, {"value": "tier"}, "at least 1"),
        (ByData, "tier", "valid dictionary"),
    ],
)
def test_what_cannot_be_written(model: type, written: object, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        model.model_validate(written)


def test_short_forms_are_the_whole_forms() -> None:
    assert Recording.model_validate("Recorded.") == Recording.model_validate({"notice": "Recorded."})
    assert Accept.model_validate(Accept()) == Accept.model_validate("true")
    assert ByData.model_validate({"value": "t", "a": 1}) == ByData.model_validate({"value": "t", "levels": {"a": 1}})
