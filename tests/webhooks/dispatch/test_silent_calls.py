"""Status callbacks that get lost: the carrier is asked, not too often, and everybody is led on."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from flows.model.load import load_text
from tests.support.floor_exchange import company
from tests.support.floors import SetClock, floor_of, offered, people_of
from tests.support.twilio_rest import ACCOUNT, TOKEN, FakeTwilio, Line
from webhooks.carrier.protocol import HangUp, Request
from webhooks.dispatch.rows import floor_rows
from webhooks.dispatch.silent_calls import LookTimes, SilentCalls
from webhooks.dispatch.twilio_telephone import TwilioTelephone
from webhooks.store.floor_tables import ORDERS, WAITING

FLOW = load_text("""
ivr: 1
name: Line
start: billing
nodes:
  billing: {type: queue, queue: billing, max_wait: 4m, on: {answered: bye, timeout: sorry}}
  sorry: {type: hangup, say: "Nobody is free."}
  bye: {type: hangup}
queues: {billing: {}}
""").flow
S = 1_000_000


def people(agents: int) -> Any:
    names = [f"a{number:02d}" for number in range(agents)]
    return people_of({name: {"name": name, "group": "office", "browser": True} for name in names}, wrap_up="5s")


def ends(request: Request) -> bool:
    """Whether a request says that a call is over: a status callback, or the action of a verb."""
    return dict(request.form).get("CallStatus") in ("completed", "busy", "no-answer", "failed", "canceled")


@pytest.mark.parametrize("whose", ["the agent's", "the caller's", "everybody's"])
def test_the_end_of_a_talk_of_which_nobody_is_told_is_found_out(tmp_path: Path, whose: str) -> None:
    """Nothing is reported after the talk: no status, no action of the Dial. A minute later the agent wraps up."""
    with company(str(tmp_path / "calls.sqlite"), FLOW, people(1)) as line:
        agent = line.signs_in("a00", answer_s=2.0, accept_s=1.0, talk_s=None)
        line.calls(0.0)
        line.run_until(30.0)
        assert line.floor.state_of("a00").state == "talking"
        (leg,), caller = agent.rung, line.callers[0].leg
        lost = {"the agent's": (leg.sid,), "the caller's": (caller.sid,)}.get(whose, (leg.sid, caller.sid))
        line.loses = lambda request: dict(request.form).get("CallSid") in lost
        for one in (leg, caller):
            line.exchange.post(one, HangUp())
        line.run_until(31.0)
        assert line.lost
        line.run_until(130.0)
        assert (leg.is_over, caller.is_over) == (True, True)
        assert line.floor.state_of("a00").state == "ready"
        assert line.floor.waiting_now() == []


def test_a_caller_is_led_on_when_the_end_of_the_agents_leg_is_not_reported(tmp_path: Path) -> None:
    """The agent's telephone loses power: its leg ends, the conference too, and the caller goes on in the flow."""
    with company(str(tmp_path / "calls.sqlite"), FLOW, people(1)) as line:
        agent = line.signs_in("a00", answer_s=2.0, accept_s=1.0, talk_s=20.0)
        line.calls(0.0)
        line.loses = lambda request: (
            dict(request.form).get("CallSid") in [one.sid for one in agent.rung] and ends(request)
        )
        line.run_until(200.0)
        assert line.callers[0].leg.is_over
        assert line.callers[0].leg.call.status == "completed"
        assert line.floor.state_of("a00").state == "ready"


def test_whatever_is_lost_everybody_is_led_on(tmp_path: Path) -> None:
    """Every second report of an end is lost, at random, on a busy line; some agents do not answer."""
    chance = random.Random(7)
    with company(str(tmp_path / "calls.sqlite"), FLOW, people(5)) as line:
        for number, name in enumerate(line.floor.people.agents.agents):
            does = {3: "ignore", 4: "decline"}.get(number, "answer")
            line.signs_in(name, does=does, answer_s=2.0, accept_s=1.0, talk_s=15.0)
        for number in range(16):
            line.calls(3.0 * number, patience_s=None if number % 4 else 25.0)
        line.loses = lambda request: ends(request) and chance.random() < 0.5
        line.run_until(60.0)
        line.turn_s = 2.0
        line.run_until(480.0)
        assert len(line.lost) > 10
        assert [caller.leg.sid for caller in line.callers if not caller.leg.is_over] == []
        assert [leg.sid for leg in line.exchange.legs.values() if not leg.is_over] == []
        assert line.most_in_room == 2
        assert {one.state.state for one in line.floor.agents_now()} <= {"ready", "paused"}
        with floor_rows(line.floor.store) as rows:
            assert rows.live_offers() == []
            assert {one["state"] for one in rows.all(WAITING)} == {"left"}
            assert {order["state"] for order in rows.all(ORDERS)} <= {"done", "failed"}


class News:
    """What was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, ...]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *given: self.told.append((name, *given))


class Quiet:
    """Ana talks with a caller, on a carrier of which every question is written down: when, and about whose call."""

    def __init__(self, floor: Any, clock: SetClock) -> None:
        self.clock, self.carrier, self.news = clock, FakeTwilio(), News()
        self.telephone = TwilioTelephone(ACCOUNT, TOKEN, http_client=Line(self.carrier))
        ring = {"url": "https://x.example/agent", "status_url": "https://x.example/status", "timeout_s": 20}
        self.leg = self.telephone.ring("+12125550101", "+12125550100", **ring)
        self.carrier.calls["CA1"] = {"sid": "CA1", "status": "in-progress"}
        self.carrier.calls[self.leg]["status"] = "in-progress"
        self.offer = offered(floor, clock, "ana")
        floor.offer_rings(self.offer, self.leg)
        floor.offer_accepted(self.offer)
        floor.offer_connected(self.offer)
        self.began_us, self.asked = clock(), list[tuple[float, str]]()
        self.silent = SilentCalls(floor.store, self, self.news, clock, LookTimes())

    def status_of(self, call_sid: str) -> str:
        at_s = (self.clock() - self.began_us) / S
        self.asked.append((at_s, "agent" if call_sid == self.leg else "caller"))
        return self.telephone.status_of(call_sid)

    def passes(self, seconds: int) -> None:
        for _ in range(seconds * 2):
            self.clock.pass_s(0.5)
            self.silent.turn(wait=True)


@pytest.fixture
def quiet(tmp_path: Path) -> Any:
    clock = SetClock()
    with floor_of(str(tmp_path / "calls.sqlite"), clock=clock) as floor:
        yield Quiet(floor, clock)


def test_a_call_is_asked_about_later_and_later_and_one_at_a_time(quiet: Quiet) -> None:
    """A minute, then after one more, then every two minutes; the other call of the talk half a second later."""
    quiet.passes(310)
    assert sorted(quiet.asked) == quiet.asked
    assert sorted(at_s for at_s, _ in quiet.asked) == [60.0, 60.5, 120.0, 120.5, 240.0, 240.5]
    assert {at_s // 1 for at_s, whose in quiet.asked if whose == "agent"} == {60.0, 120.0, 240.0}
    assert quiet.news.told == []
    quiet.carrier.calls[quiet.leg]["status"] = "completed"
    quiet.passes(60)
    assert quiet.news.told == [("agent_over", quiet.offer, "completed")]


def test_a_carrier_that_refuses_is_asked_less(quiet: Quiet) -> None:
    """429 with ``Retry-After: 2``; no connection: the pause of half a second doubled twice; 500: doubled again."""
    quiet.carrier.faults = ["429", "refused", "500"]
    quiet.passes(60)
    quiet.silent._looked.clear()  # both calls are due, whatever has been asked before
    for _ in range(20):
        quiet.passes(1)
        quiet.silent._looked.clear()
    assert [at_s for at_s, _ in quiet.asked][:4] == [60.0, 62.0, 64.0, 68.0]


def test_a_call_that_the_carrier_does_not_know_is_over(quiet: Quiet) -> None:
    del quiet.carrier.calls[quiet.leg]
    quiet.carrier.gone.add(quiet.leg)
    quiet.passes(61)
    assert quiet.news.told == [("agent_over", quiet.offer, "completed")]
