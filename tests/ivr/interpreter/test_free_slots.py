"""The times that an appointment offers: in the opening hours, in order, with a place left, when clocks change too."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from flows.model.flow import Flow
from flows.model.load import load_text
from flows.nodes.appointment import Appointment
from flows.protocol.actions import Ask
from ivr.interpreter.clock_and_chance import answer
from ivr.interpreter.free_slots import free_slots

NEW_YORK = ZoneInfo("America/New_York")


def line(hours: str, *more: str) -> Flow:
    tables = ", ".join((f"desk: {{zone: America/New_York, {hours}}}", *more))
    return load_text(f"{{ivr: 1, name: L, start: bye, hours: {{{tables}}}, nodes: {{bye: {{type: hangup}}}}}}").flow


def offered(
    flow: Flow, at: str, *, taken: dict[str, int] | None = None, hours: str = "desk", **stated: object
) -> list[str]:
    written = {"type": "appointment", "hours": hours, "notice": "0s", "offers": 6, "pages": 1, **stated}
    node = Appointment.model_validate(written)
    moment = dt.datetime.fromisoformat(at).replace(tzinfo=NEW_YORK)
    return [slot[5:] for slot in free_slots(flow, node, moment, taken or {})]


def test_one_after_the_other_in_each_span() -> None:
    """45 minutes fit twice into 9 to 11 (the third would end at 11:15), and once into 13:00 to 14:00."""
    flow = line('mon-fri: "09:00-11:00, 13:00-14:00"')
    assert offered(flow, "2026-12-04T09:00", length="45m", offers=4) == [
        "12-04T09:00",
        "12-04T09:45",
        "12-04T13:00",
        "12-07T09:00",  # Monday
    ]


def test_not_before_the_notice_nor_after_the_horizon() -> None:
    flow = line('mon-fri: "09:00-11:00"')
    assert offered(flow, "2026-12-04T08:00", notice="90m", horizon="2h") == ["12-04T09:30", "12-04T10:00"]
    assert offered(flow, "2026-12-05T08:00", horizon="1d") == []


def test_full_times_are_left_out() -> None:
    flow = line('mon-fri: "09:00-10:30"')
    taken = {"2026-12-04T09:00": 2, "2026-12-04T09:30": 1}
    assert offered(flow, "2026-12-04T08:00", taken=taken, capacity=2, horizon="5h") == ["12-04T09:30", "12-04T10:00"]
    assert offered(flow, "2026-12-04T08:00", taken=taken, capacity=1, horizon="5h") == ["12-04T10:00"]


def test_other_hours_holidays_and_nights() -> None:
    flow = line('fri-sat: "23:00-01:00", holidays: [2026-12-05], on: {2026-12-06: "12:00-13:00"}')
    assert offered(flow, "2026-12-04T22:00", length="1h", horizon="3d") == ["12-04T23:00", "12-05T00:00", "12-06T12:00"]


def test_the_hour_that_is_skipped_is_no_time() -> None:
    """New York goes from 2:00 to 3:00 on 2026-03-08."""
    assert offered(line('sun: "01:30-04:00"'), "2026-03-08T00:00", horizon="1d") == [
        "03-08T01:30",
        "03-08T03:00",
        "03-08T03:30",
    ]


def test_they_are_told_on_the_clock_of_the_line() -> None:
    """The line is in New York; agents in Madrid, six hours ahead, have 9:00 when it is 3:00 there."""
    flow = line('mon: "09:00-10:00"', 'far: {zone: Europe/Madrid, tue: "09:00-10:00"}')
    assert offered(flow, "2026-11-30T12:00", hours="far") == ["12-01T03:00", "12-01T03:30"]


def test_hours_that_are_not_there_offer_nothing() -> None:
    assert offered(line('mon: "09:00-10:00"'), "2026-11-30T12:00", hours="other") == []


def test_a_question_about_a_node_that_offers_no_times_has_none() -> None:
    """As when the flow was changed while a call was on its way."""
    moment = dt.datetime(2026, 12, 1, tzinfo=NEW_YORK)
    assert answer(line('mon: "09:00-10:00"'), Ask("slots", "bye", ("offered", "none")), moment).label == "none"
