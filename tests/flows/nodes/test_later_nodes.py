"""What appointments, messages and switches refuse, and how they read what callers do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from flows.model.flow import Flow
from flows.model.load import load
from flows.model.switches import Switch as Declared
from flows.nodes.appointment import Appointment
from flows.nodes.base import Here
from flows.nodes.message import Message
from flows.protocol.actions import Event, HungUp, Keys, Outcome, Silence, Speech
from tests.support.paths import DATA

FLOW = load(DATA / "nodes" / "appointment.yaml").flow
NODE = FLOW.nodes["when"]
SLOTS = "2026-12-01T09:00 2026-12-01T09:45 2026-12-01T13:00"
PAGE = Here(FLOW, "when", "en-US", phase="page1", values={"ani": "+14155550123", "appointment_slots": SLOTS})


@pytest.mark.parametrize(
    ("here", "event", "outcome"),
    [
        (PAGE, Keys("1"), "time 1"),
        (PAGE, Speech("two"), "time 2"),
        (PAGE, Keys("3"), "more"),
        (PAGE, Keys("0"), "0"),  # the operator
        (PAGE, Keys("4"), "no_match"),
        (PAGE, Keys(""), "no_input"),
        (PAGE, Silence(), "no_input"),
        (PAGE, Outcome("booked"), None),
        (replace(PAGE, phase="page2"), Keys("1"), "time 1"),
        (replace(PAGE, phase="page2"), Keys("2"), "no_match"),  # there is no fourth time
        (replace(PAGE, phase=""), Outcome("offered", {"appointment_slots": SLOTS}), "offered"),
        (replace(PAGE, phase=""), Outcome("offered"), "none"),  # a driver that knows no times
        (replace(PAGE, phase=""), Outcome("open"), None),
        (replace(PAGE, phase=""), None, None),
        (replace(PAGE, phase="", values={}), None, "failed"),  # nobody to call
        (replace(PAGE, phase="book"), Outcome("taken"), "taken"),
        (replace(PAGE, phase="book"), HungUp(), None),
    ],
)
def test_how_an_appointment_reads_an_event(here: Here, event: Event | None, outcome: str | None) -> None:
    reading = NODE.classify(here, event)
    assert (reading.outcome if reading else None) == outcome


def appointment(**stated: Any) -> Appointment:
    return Appointment.model_validate({"type": "appointment", "hours": "desk", **stated})


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ({"pages": 2}, "callers hear of later times by a label; write more: later times, or pages: 1"),
        ({"notice": "2d", "horizon": "1d"}, "no time is after the notice and before the horizon"),
        ({"capacity": 0}, "greater than or equal to 1"),
        ({"length": "1m"}, "300"),
    ],
)
def test_appointments_that_are_refused(stated: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as error:
        appointment(**stated)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ({"variables": {"1": "x"}}, "variables belong to a template; write template: HX..., or leave them out"),
        ({"template": "HX12"}, "pattern"),
        ({"within": "20:00-09:00"}, "'20:00-09:00' is not a part of a day; write for example within: '09:00-20:00'"),
        ({"within": "09:00-24:30"}, "is not a part of a day"),
        ({"within": "09:61-10:00"}, "is not a part of a day"),
        ({"after": "2 years"}, "years"),
    ],
)
def test_messages_that_are_refused(stated: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as error:
        Message.model_validate({"type": "message", "text": "Hi.", "next": "bye", **stated})
    assert message in str(error.value)


def test_messages_say_how_they_go() -> None:
    later = Message.model_validate(
        {"type": "message", "text": "Hi.", "next": "bye", "channel": "whatsapp", "after": "1d"}
    )
    assert (later.about(), later.span) == ("to the caller by WhatsApp, later", (540, 1200))


def test_names_of_switches_are_one_word() -> None:
    data = {"ivr": "1", "name": "L", "start": "bye", "nodes": {"bye": {"type": "hangup"}}}
    with pytest.raises(ValidationError, match="'the storm' cannot name a switch; use letters, digits and _"):
        Flow.model_validate({**data, "switches": {"the storm": {}}})


def test_a_flow_that_is_kept_and_read_again_asks_once() -> None:
    """A version of the flow in the database has the nodes that ask for switches already."""
    flow = load(DATA / "constructs" / "switches.yaml").flow
    kept = Flow.model_validate(flow.model_dump(mode="json", by_alias=True, exclude_defaults=True))
    assert (kept.start, list(kept.nodes)) == (flow.start, list(flow.nodes))
    assert kept.digest == flow.digest


def test_a_switch_that_only_closes_hours_is_not_asked_for() -> None:
    assert [Declared.model_validate(one).at_start for one in ({"closes": "all"}, {"next": "bye"}, {})] == [
        False,
        True,
        False,
    ]
