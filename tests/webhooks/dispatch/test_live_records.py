"""The records of a line that people answer: who answered, waits, talk, wrap-up and duty, each worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ivr.__main__ import main
from ivr.records.measures import measures, sums
from ivr.records.schema import OUTCOMES, RESULTS
from ivr.records.tables import Records
from tests.support.floor_phones import Desk, address, desk
from tests.support.floors import people_of
from webhooks.store import read_records

S = 1_000_000


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Desk]:
    with desk(str(tmp_path / "calls.sqlite"), people_of(queues=("billing", "tech"))) as line:
        yield line


def records(line: Desk) -> Records:
    assert line.app.extensions["ivr"]["journal"].flush()
    return read_records(str(line.floor.store.file))


def visits(found: Records) -> list[tuple[Any, ...]]:
    """Queue, seconds of wait, result, agent, seconds of talk and of wrap-up."""
    of = found.visits
    return [
        (
            found.names["queue"][of["queue"][i]],
            (of["left_us"][i] - of["offered_us"][i]) / S,
            RESULTS[of["result"][i]],
            int(of["agent"][i]),
            of["talk_us"][i] / S,
            of["acw_us"][i] / S,
        )
        for i in range(len(of["call_id"]))
    ]


def outcomes(found: Records) -> list[str]:
    return [OUTCOMES[code] for code in found.calls["outcome"]]


def taken(line: Desk, sid: str, wait_s: float) -> str:
    """A caller who waits so long until an agent takes the call; the offer."""
    line.caller(sid)
    assert line.app.extensions["ivr"]["journal"].flush()
    line.turn()
    (offer,) = [one for one in line.offers() if one.call_sid == sid]
    line.clock.pass_s(wait_s)
    line.picks_up(offer.offer)
    line.turn()
    return offer.offer


def over(line: Desk, sid: str) -> str:
    """The conference is over for the caller, who is still on the line; what they hear."""
    caller = line.callers[sid]
    return caller.ask(address(caller.heard, "/voice"), DialCallStatus="completed")


def test_a_talk_is_recorded_from_the_key_to_the_end_of_the_conference(line: Desk) -> None:
    line.ready("ana")  # at 1000 s, and the clock stands at 1001
    offer = taken(line, "CA1", wait_s=9)
    line.clock.pass_s(100)
    assert "How was it?" in over(line, "CA1")
    line.leg_ends(offer)
    line.clock.pass_s(30)
    line.floor.expire()
    line.clock.pass_s(60)
    line.floor.pause("ana", "lunch")
    found = records(line)
    assert visits(found) == [("billing", 9.0, "handled", 0, 100.0, 30.0)]
    assert outcomes(found) == ["handled"]
    agents = {name: int(column[0]) // S for name, column in found.agents.items() if name.endswith("_us")}
    # Ready from 1000 to 1200 s; the phone rings for 9 s, the talk takes 100, the wrap-up 30.
    assert agents == {"on_us": 1000, "off_us": 1200, "staffed_us": 200, "busy_us": 109, "wrap_us": 30}
    assert found.names["group"] == ("office",)


def test_a_caller_who_hangs_up_in_the_conference_was_handled(line: Desk) -> None:
    line.ready("ana")
    taken(line, "CA1", wait_s=4)
    line.clock.pass_s(50)
    line.callers["CA1"].ask("/status", CallStatus="completed")  # and the Dial's action never comes
    found = records(line)
    assert visits(found) == [("billing", 4.0, "handled", 0, 50.0, 0.0)]
    assert outcomes(found) == ["handled"]
    assert line.history() == [("ana", "ended")]


def test_the_dials_action_of_a_caller_who_hung_up_says_handled_too(line: Desk) -> None:
    line.ready("ana")
    taken(line, "CA1", wait_s=4)
    line.clock.pass_s(50)
    caller = line.callers["CA1"]
    caller.ask(address(caller.heard, "/voice"), DialCallStatus="completed", CallStatus="completed")
    assert outcomes(records(line)) == ["handled"]


def test_a_caller_who_gives_up_has_abandoned_and_a_timeout_is_one(line: Desk) -> None:
    line.caller("CA1")
    line.caller("CA2")
    line.clock.pass_s(20)
    line.hangs_up("CA1")
    line.clock.pass_s(580)
    second = line.callers["CA2"]
    second.ask(second.onward, QueueResult="leave", QueueTime="600")
    found = records(line)
    assert [(one[1], one[2]) for one in visits(found)] == [(20.0, "abandoned"), (600.0, "timeout")]
    assert line.floor.waiting_now() == []


def test_a_cold_transfer_is_a_second_visit(line: Desk) -> None:
    line.ready("ana")
    offer = taken(line, "CA1", wait_s=5)
    line.clock.pass_s(40)
    assert line.floor.transfer(offer, "tech", "cold")
    line.ready("ben")  # one second later
    line.turn()
    assert line.callers["CA1"].heard.count(">tech</Enqueue>") == 1
    line.clock.pass_s(10)
    (second,) = line.offers()
    assert (second.agent, second.queue) == ("ben", "tech")
    line.picks_up(second.offer)
    line.turn()
    line.clock.pass_s(70)
    over(line, "CA1")
    assert [one[:5] for one in visits(records(line))] == [
        ("billing", 5.0, "handled", 0, 40.0),
        ("tech", 11.0, "handled", 1, 70.0),
    ]


def test_a_caller_who_gives_up_after_a_transfer_has_two_visits(line: Desk) -> None:
    line.ready("ana")
    offer = taken(line, "CA1", wait_s=5)
    line.clock.pass_s(40)
    line.floor.transfer(offer, "tech", "cold")
    line.carry_out()
    line.clock.pass_s(25)
    line.hangs_up("CA1")
    found = records(line)
    assert [one[:3] for one in visits(found)] == [("billing", 5.0, "handled"), ("tech", 25.0, "abandoned")]
    assert outcomes(found) == ["abandoned"]


@pytest.mark.parametrize("caller_first", [False, True], ids=["the agent asks first", "the caller asks first"])
def test_a_warm_transfer_hands_the_caller_over_when_the_first_agent_leaves(line: Desk, caller_first: bool) -> None:
    line.ready("ana")
    first = taken(line, "CA1", wait_s=5)
    line.ready("ben")  # 1 s
    assert line.floor.transfer(first, "ben", "warm")
    line.turn()
    (second,) = [one for one in line.offers() if one.agent == "ben"]
    line.clock.pass_s(9)
    leg = line.picks_up(second.offer)
    assert leg.conference == first == line.callers["CA1"].conference  # all three
    assert 'endConferenceOnExit="false"' in leg.heard
    line.clock.pass_s(20)
    line.leg_ends(first)  # Ana leaves, and with her the first conference
    moved = over(line, "CA1") if caller_first else ""
    joined = leg.ask(address(leg.heard, "/agent/handed"), DialCallStatus="completed")
    assert leg.conference == second.offer
    assert 'endConferenceOnExit="true"' in joined
    assert f">{second.offer}</Conference>" in (moved or over(line, "CA1"))
    line.clock.pass_s(60)
    assert "How was it?" in over(line, "CA1")
    # Ana talks for 1 + 9 + 20 s; Ben takes the call 9 s after he was asked, and talks for 20 + 60 s.
    assert [one[:5] for one in visits(records(line))] == [
        ("billing", 5.0, "handled", 0, 30.0),
        ("billing", 0.0, "handled", 1, 80.0),
    ]
    assert [one.state.state for one in line.floor.agents_now()] == ["wrap_up", "wrap_up"]


def test_a_caller_hangs_up_in_the_middle_of_a_warm_transfer(line: Desk) -> None:
    line.ready("ana")
    first = taken(line, "CA1", wait_s=5)
    line.ready("ben")
    line.floor.transfer(first, "ben", "warm")
    line.turn()
    line.callers["CA1"].ask("/status", CallStatus="completed")
    line.turn()
    assert line.done[-1] == ("hang_up", "CL1")  # Ben's phone stops ringing
    assert [one.state.state for one in line.floor.agents_now()] == ["wrap_up", "ready"]


def test_the_report_of_the_database_shows_it(line: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    line.ready("ana")
    for number, wait_s in ((1, 10), (2, 30)):
        offer = taken(line, f"CA{number}", wait_s=wait_s)
        line.clock.pass_s(60)
        over(line, f"CA{number}")
        line.leg_ends(offer)
        line.clock.pass_s(30)
        line.floor.expire()
    found = measures(sums(records(line)))
    assert (found["asa_s"], found["occupancy"]) == (20.0, pytest.approx(180 / 221))
    # Waits of 10 and 30 s; she works for 2 * (60 + 30) of 1 + 10 + 30 + 180 s on duty: ringing is no work.
    assert main(["report", str(line.floor.store.file)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Handled 2 Service level 50 % ASA 20 s" in said
    assert "AHT 1 min 30 s" in said
    assert "81.4 %" in said


def test_the_flows_limit_of_callers_and_its_urgency_hold(line: Desk) -> None:
    """The queue takes five; the node's urgency goes with the call, and so does when it began."""
    line.clock.pass_s(10)
    caller = line.caller("CA1")
    known = line.floor.call("CA1")
    assert (known["urgency"], known["queue"]) == (3.0, "billing")
    sixth = caller.ask(caller.onward.replace("/voice", "/wait"), QueueSid="QU1", QueueTime="0", QueuePosition="6")
    assert "<Leave" in sixth
