"""One meaning: random callers of every flow take the same path through signed HTTP as through the interpreter.

Every request is sent twice and must give the same bytes; the path is read from the records in the database. Services
answer as they did for the interpreter, and are asked once per effect.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from flows.model.flow import Flow
from flows.model.load import load
from flows.protocol.actions import EFFECTS, Effect, Event, Outcome, Passed, Start
from ivr.interpreter.clock_and_chance import advance
from ivr.interpreter.session import Session
from tests.support.library import CONSTRUCT_FLOWS, NODE_FLOWS, SHIPPED
from tests.support.random_caller import RandomCaller, callers
from tests.support.web_carrier import IN_PUBLIC, PUBLIC, TOKEN, Carrier, WebCall
from webhooks.service.app import create_app
from webhooks.settings.config import Config
from webhooks.settings.spending import ANY
from webhooks.store import read_records
from webhooks.twilio.signature import Signature

CALLERS = int(os.environ.get("IVR_CALLERS", "200"))


SERVED = ("appointment", "callback", "dial", "list", "lookup", "message", "pay", "reject", "split", "survey")
"""Node types that involve services, payments, chance or a called side; the shipped flows use the others more."""
FLOWS = (*SHIPPED, *(name for name in NODE_FLOWS if Path(name).stem in SERVED), *CONSTRUCT_FLOWS)


class Told:
    """Services that give prepared answers; each may be asked for only once."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Event]] = {}

    def perform(self, effect: Effect, *, call_sid: str, seq: int, seconds: float) -> Outcome:
        answer = self.answers[call_sid].pop(0)
        assert isinstance(answer, Outcome)
        return answer


def by_step(flow: Flow, caller: RandomCaller, told: Told) -> tuple[list[tuple[str, str]], str, list[Event]]:
    """The path through the interpreter, without what a carrier cannot know about a caller."""
    start = caller.start()
    told.answers[caller.call] = []
    events: list[Event] = [Start(start.ani, start.dnis)]
    session, actions = advance(flow, Session(), events[0], caller.now, call=caller.call)
    path = [(a.node, a.outcome) for a in actions if isinstance(a, Passed)]
    while not session.ended:
        events.append(caller.event(actions[-1]))
        if isinstance(actions[-1], EFFECTS):
            told.answers[caller.call].append(events[-1])
        session, actions = advance(flow, session, events[-1], caller.now, call=caller.call)
        path += [(a.node, a.outcome) for a in actions if isinstance(a, Passed)]
    return path, session.outcome, events


def by_webhooks(flow: Flow, carrier: Carrier, call_sid: str, events: list[Event], now: dt.datetime) -> None:
    """The same events, reported by a carrier."""
    start = events[0]
    assert isinstance(start, Start)
    call = WebCall(carrier, call_sid, ani=start.ani, dnis=start.dnis)
    call.dial()
    session, actions = advance(flow, Session(), start, now, call=call_sid)
    for event in events[1:]:
        call.send(actions[-1], event)
        session, actions = advance(flow, session, event, now, call=call_sid)


@pytest.mark.parametrize("name", FLOWS, ids=[Path(name).stem for name in FLOWS])
def test_random_callers_go_the_same_way_over_signed_http(name: str, tmp_path: Path) -> None:
    flow = load(name).flow
    moment = [dt.datetime(2026, 11, 16, tzinfo=dt.UTC)]
    database = str(tmp_path / "calls.db")
    told = Told()
    app = create_app(
        Config(flow=flow, **IN_PUBLIC, database=database, countries=ANY, services=told, clock=lambda: moment[0])
    )
    carrier = Carrier(app, Signature(TOKEN, PUBLIC))
    expected = {}
    for caller in callers(flow, CALLERS):
        moment[0] = caller.now
        path, outcome, events = by_step(flow, caller, told)
        call_sid = caller.call
        by_webhooks(flow, carrier, call_sid, events, caller.now)
        expected[call_sid] = (path, outcome)
    assert [call for call, left in told.answers.items() if left] == []
    assert app.extensions["ivr"]["journal"].flush()
    records = read_records(database)
    rows = app.extensions["ivr"]["store"].rows()
    found = {call["call_sid"]: ([], call["outcome"]) for call in rows["calls"]}
    for step in rows["steps"]:
        found[step["call_sid"]][0].append((step["node"], step["outcome"] or "hung_up"))
    for call_sid, way in expected.items():
        assert found[call_sid] == way, call_sid
    assert len(records.calls["outcome"]) == CALLERS
    assert (records.calls["ended_us"] >= records.calls["arrived_us"]).all()
    assert len(records.steps["node"]) == sum(len(path) for path, _ in expected.values())
