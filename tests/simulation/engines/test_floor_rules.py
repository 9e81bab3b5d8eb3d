"""What a scenario says about the floor, on days of constant times added up by hand; each day in both engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.source.finding import ScenarioError
from ivr.records.schema import NONE, OUTCOMES, RESULTS
from ivr.records.tables import Records
from simulation.engines.contract import ENGINES
from simulation.experiment.assumptions import assumptions
from simulation.experiment.run import simulate
from simulation.experiment.runner import Runner
from simulation.loading.load import load_scenario
from simulation.menus.chain import menu_chain
from simulation.scenario.routing import routing_table
from tests.support.small_scenarios import write
from tests.support.texts import SURE, scenario
from tests.support.units import S

FLOW = """
ivr: 1
name: Two desks
start: main
nodes:
  main:
    type: menu
    attempts: 1
    otherwise: bye
    choices:
      - {key: 1, label: desk a, next: a}
      - {key: 2, label: desk b, next: b}
  a: {type: queue, queue: a}
  b: {type: queue, queue: b}
  bye: {type: hangup}
"""
# All callers know the menu: a second to decide and half a second of the system, so calls join a queue 1.5 s after they
# arrive.
SCENARIO = scenario(
    "Two desks, called",
    horizon="1h",
    interval="10m",
    arrivals="{kind: trace, file: calls.csv, intent: intent}",
    intents={"a": "{share: 0.5, goal: a}", "b": "{share: 0.5, goal: b}"},
    behaviour=SURE | {"key_ahead": "1"},
    talk="{constant: 100s}",
    groups={"all": "{skills: {a: 1, b: 2}, agents: 2}"},
    replications="1",
)
MENU_S = 1.5


def day(folder: Path, engine: str, calls: list[tuple[float, str]], *settings: str, flow: str = FLOW) -> Records:
    """The records of a day on which these calls arrive, seconds from the start, each with what the caller wants."""
    lines = [f"{round(at_s * S)},{intent}" for at_s, intent in calls]
    folder.joinpath("calls.csv").write_text("\n".join(["arrived_us,intent", *lines]) + "\n", encoding="utf-8")
    records = simulate(
        load_scenario(write(folder, flow, SCENARIO), settings=settings), engine=engine, keep_calls=True
    ).records
    assert records is not None
    return records


def visits_of(records: Records) -> list[tuple]:
    """(call, queue, offered and left after the menu that led there, in seconds from the first join, result) of each
    visit.
    """
    visits = records.visits
    names = records.names["queue"]
    return [
        (call, names[queue], offered / S - MENU_S, left / S - MENU_S, RESULTS[result])
        for call, queue, offered, left, result in zip(
            *(visits[name].tolist() for name in ("call_id", "queue", "offered_us", "left_us", "result")), strict=True
        )
    ]


def outcomes_of(records: Records) -> list[str]:
    return [OUTCOMES[code] for code in records.calls["outcome"]]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("policy", ["single_queue", "longest_wait", "skill_priority", "specialists_first"])
def test_an_agent_is_kept_back_for_the_best_skill_under_every_policy(tmp_path, engine, policy) -> None:
    """Two agents of skill a: 1, b: 2; one is kept for a. The second caller for b waits, though an agent is idle, until
    the first talk ends at 100 and two are idle; the caller for a at 20 is served at once. With none kept back b is
    answered at 10.
    """
    calls = [(0, "b"), (10, "b"), (20, "a")]
    kept = day(tmp_path, engine, calls, f"routing={{policy: {policy}, keep_idle: {{all: 1}}}}")
    assert visits_of(kept) == [(0, "b", 0, 0, "handled"), (1, "b", 10, 120, "handled"), (2, "a", 20, 20, "handled")]
    free = day(tmp_path, engine, calls, f"routing={policy}")
    assert visits_of(free) == [(0, "b", 0, 0, "handled"), (1, "b", 10, 10, "handled"), (2, "a", 20, 100, "handled")]
    stated = day(tmp_path, engine, calls, f"routing={{policy: {policy}, keep_idle: {{all: 1}}, own: {{all: [b]}}}}")
    assert visits_of(stated)[:2] == [(0, "b", 0, 0, "handled"), (1, "b", 10, 10, "handled")]


def test_the_busy_day_keeps_one_agent_of_the_second_tier() -> None:
    loaded = load_scenario("northwind_busy")
    table = routing_table(loaded.scenario, loaded.flow)
    group, tech, tier2 = table.groups.index("second tier"), table.queues.index("tech"), table.queues.index("tech_tier2")
    assert [table.may_serve(tech, group, idle) for idle in (1, 2)] == [False, True]
    assert table.may_serve(tier2, group, 1)


def test_where_nobody_can_be_kept_back_the_report_says_so(tmp_path) -> None:
    tmp_path.joinpath("calls.csv").write_text("arrived_us,intent\n0,a\n", encoding="utf-8")

    def said(*settings: str) -> list[str]:
        loaded = load_scenario(write(tmp_path, FLOW, SCENARIO), settings=["routing.keep_idle={all: 1}", *settings])
        return [text for text in assumptions(loaded.scenario, menu_chain(loaded.flow)) if "keep_idle" in text]

    assert said() == []
    alike = "groups.all.skills=[a, b]"
    assert said(alike) == [
        "keep_idle of all holds nobody back: all queues that the group serves are its own (own is not stated)"
    ]
    assert said(alike, "routing.own={all: [a]}") == said(alike, "routing.keep_idle={all: 0}") == []


@pytest.mark.parametrize("engine", ENGINES)
def test_a_call_again_keeps_the_patience_in_seconds(tmp_path, engine) -> None:
    """30 s of patience in the first ten minutes, 300 s after; no agent is there until 50 minutes. The call at 580
    leaves the queue at 580 + 1.5 + 30 = 611.5, calls again 97.5 s later, at 709, joins at 710.5 and leaves after 30 s
    as before.
    """
    settings = (
        (
            "queues.a.patience=[{constant: 30s}, {constant: 300s}, {constant: 300s}, {constant: 300s}, {constant:"
            " 300s}, {constant: 300s}]"
        ),
        "groups.all.agents=[0, 0, 0, 0, 0, 1]",
    )
    retry = "behaviour.retry={{share: 1, attempts: 2, after: {{constant: 97.5s}}, patience: {}}}"
    kept = visits_of(day(tmp_path, engine, [(580, "a")], *settings, retry.format("keep")))
    assert kept == [(0, "a", 580, 610, "abandoned"), (1, "a", 709, 739, "abandoned")]
    redrawn = visits_of(day(tmp_path, engine, [(580, "a")], *settings, retry.format("redraw")))
    assert redrawn == [(0, "a", 580, 610, "abandoned"), (1, "a", 709, 1009, "abandoned")]


TIMED = FLOW.replace(
    "a: {type: queue, queue: a}", "a: {type: queue, queue: a, max_wait: 60s, on: {timeout: sorry, full: sorry}}"
).replace("  bye:", "  sorry: {type: play, say: {text: Sorry., seconds: 4}, next: bye}\n  bye:")


@pytest.mark.parametrize("engine", ENGINES)
def test_who_is_hung_up_on_after_the_longest_wait_is_turned_away_and_calls_again(tmp_path, engine) -> None:
    """Two agents talk for 100 s with the first two callers. The third waits 60 s, hears "Sorry." for 4 s and is hung up
    on at 65.5, calls again 30 s later, at 95.5, joins at 97 and is answered when the agents are free, 100 s after
    they began.
    """
    retry = "behaviour.retry={share: 1, attempts: 2, after: {constant: 30s}}"
    records = day(tmp_path, engine, [(0, "a"), (0, "a"), (0, "a")], retry, flow=TIMED)
    assert outcomes_of(records) == ["handled", "handled", "turned_away", "handled"]
    assert records.calls["ended_us"][2] == 65.5 * S
    assert records.calls["attempt"].tolist() == [1, 1, 1, 2]
    assert visits_of(records)[2:] == [(2, "a", 0, 60, "timeout"), (3, "a", 95.5, 100, "handled")]
    never = day(tmp_path, engine, [(0, "a")] * 3, retry.replace("}}", "}, on: [abandoned]}"), flow=TIMED)
    assert outcomes_of(never) == ["handled", "handled", "turned_away"]


@pytest.mark.parametrize("engine", ENGINES)
def test_who_finds_no_room_is_turned_away(tmp_path, engine) -> None:
    records = day(tmp_path, engine, [(0, "a"), (0, "a"), (1, "a")], "queues.a.max_calls=0", flow=TIMED)
    assert outcomes_of(records) == ["handled", "handled", "turned_away"]
    assert visits_of(records)[2] == (2, "a", 1, 1, "full")
    assert records.calls["ended_us"][2] == 6.5 * S


@pytest.mark.parametrize("engine", ENGINES)
def test_who_hangs_up_on_the_message_has_hung_up_in_the_menu(tmp_path, engine) -> None:
    """At 30 a minute nobody hears the 4 minutes of "Sorry." to the end (e^-120)."""
    long = TIMED.replace("seconds: 4", "seconds: 240")
    setting = "behaviour.nodes={sorry: {hang_up_per_minute: 30}}"
    assert outcomes_of(day(tmp_path, engine, [(0, "a")] * 3, setting, flow=long)) == [
        "handled",
        "handled",
        "abandoned_in_menu",
    ]


TRANSFERS = """
ivr: 1
name: A desk and experts
start: main
queues: {b: {max_calls: 0}}
nodes:
  main:
    type: menu
    attempts: 1
    otherwise: bye
    choices:
      - {key: 1, label: desk a, next: a}
      - {key: 2, label: desk b, next: b}
      - {key: 3, label: desk b in a hurry, next: b_in_a_hurry}
  a: {type: queue, queue: a, on: {answered: thanks}}
  b: {type: queue, queue: b, max_wait: 20s, while_waiting: {pound: sorry}, on: {timeout: box, full: FULL}}
  b_in_a_hurry: {type: queue, queue: b, max_wait: 1s, on: {timeout: bye, full: bye}}
  thanks: {type: play, say: {text: Thanks., seconds: 5}, next: bye}
  sorry: {type: play, say: {text: Sorry., seconds: 4}, next: bye}
  box: {type: voicemail, box: b, say: {text: Speak., seconds: 2}}
  bye: {type: hangup}
"""
PASSED_ON = (
    "queues.a.transfer={to: b, share: 1}",
    "behaviour.leave_message=1",
    "behaviour.message={constant: 10s}",
    "groups={one: {skills: [a], agents: 1}, other: {skills: [b], agents: 1}}",
)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("full", "outcome", "ended_s"), [("sorry", "handled", 104), ("box", "voicemail", 112)])
def test_a_transferred_caller_goes_by_the_exit_full(tmp_path, engine, full, outcome, ended_s) -> None:
    """The expert talks with call 1 from 50 to 150. Call 0 is transferred at 100 and finds no room: "Sorry." for 4 s and
    a hangup, the call has been handled; or "Speak." for 2 s and 10 s of message.
    """
    records = day(tmp_path, engine, [(0, "a"), (50, "b")], *PASSED_ON, flow=TRANSFERS.replace("FULL", full))
    assert visits_of(records) == [(0, "a", 0, 0, "handled"), (0, "b", 100, 100, "full"), (1, "b", 50, 50, "handled")]
    assert outcomes_of(records) == [outcome, "handled"]
    assert records.calls["ended_us"][0] == (ended_s + MENU_S) * S


@pytest.mark.parametrize("engine", ENGINES)
def test_a_transferred_caller_waits_no_longer_than_the_flow_says(tmp_path, engine) -> None:
    """As before, with room. The first node that leads to the experts lets callers wait 20 s, then "Speak." 2 s and 10 s
    of message: 100 + 20 + 12 = 132. Answered in time (expert free at 150, transfer at 140), "Thanks." of the desk's
    node comes after the last talk.
    """
    room = "queues.b.max_calls=5"
    records = day(tmp_path, engine, [(0, "a"), (50, "b")], *PASSED_ON, room, flow=TRANSFERS.replace("FULL", "box"))
    assert visits_of(records)[1] == (0, "b", 100, 120, "voicemail")
    assert outcomes_of(records) == ["voicemail", "handled"]
    assert records.calls["ended_us"][0] == (132 + MENU_S) * S
    served = day(tmp_path, engine, [(40, "a"), (50, "b")], *PASSED_ON, room, flow=TRANSFERS.replace("FULL", "box"))
    assert visits_of(served)[1] == (0, "b", 140, 150, "handled")
    assert outcomes_of(served) == ["handled", "handled"]
    assert served.calls["ended_us"][0] == (150 + 100 + 5 + MENU_S) * S


@pytest.mark.parametrize("engine", ENGINES)
def test_a_transferred_caller_may_use_the_keys_of_the_wait(tmp_path, engine) -> None:
    keys = "behaviour.while_waiting={b: {pound: {share: 1, after: {constant: 7s}}}}"
    records = day(
        tmp_path,
        engine,
        [(0, "a"), (50, "b")],
        *PASSED_ON,
        "queues.b.max_calls=5",
        keys,
        flow=TRANSFERS.replace("FULL", "box"),
    )
    assert visits_of(records)[1] == (0, "b", 100, 107, "timeout")
    assert outcomes_of(records) == ["handled", "handled"]


@pytest.mark.parametrize("engine", ENGINES)
def test_served_once_and_then_hung_up_on_is_handled(tmp_path, engine) -> None:
    """The flow leads on to a second queue after the talk, which gives up after 10 s: the last visit is in vain, but
    the call was handled.
    """
    flow = FLOW.replace("a: {type: queue, queue: a}", "a: {type: queue, queue: a, on: {answered: b}}").replace(
        "b: {type: queue, queue: b}", "b: {type: queue, queue: b, max_wait: 10s, on: {timeout: bye, full: bye}}"
    )
    records = day(
        tmp_path,
        engine,
        [(0, "a")],
        "groups={one: {skills: [a], agents: 1}, other: {skills: [b], agents: [0, 0, 0, 0, 0, 1]}}",
        flow=flow,
    )
    assert visits_of(records) == [(0, "a", 0, 0, "handled"), (0, "b", 100, 110, "timeout")]
    assert outcomes_of(records) == ["handled"]
    assert records.visits["agent"].tolist() == [0, NONE]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("end_of_shift", ["finish", "hand_over", "serve_queue"])
def test_a_break_begins_after_the_call_in_hand(tmp_path, engine, end_of_shift) -> None:
    """A talk of 20 min begun at 08:25 runs into the break from 08:30 to 08:45: it ends at 08:45, the break lasts until
    09:00. The caller who joins at 08:32 waits until then, and the first one is answered once.
    """
    group = f'{{skills: [a, b], agents: 1, breaks: [{{from: "08:30", to: "08:45"}}], end_of_shift: {end_of_shift}}}'
    begin = 25 * 60 - MENU_S
    records = day(
        tmp_path,
        engine,
        [(begin, "a"), (begin + 420, "a")],
        f"groups={{all: {group}}}",
        "talk={constant: 20m}",
        "horizon=2h",
    )
    assert [(call, left - offered, result) for call, _, offered, left, result in visits_of(records)] == [
        (0, 0, "handled"),
        (1, 28 * 60, "handled"),
    ]
    assert records.agents["off_us"][0] == 45 * 60 * S
    assert records.agents["on_us"][1] == 60 * 60 * S


def test_a_scenario_with_other_transfers_gets_a_chain_of_its_own(tmp_path) -> None:
    """What two scenarios share is built once; one more transfer means one more path through the flow."""
    tmp_path.joinpath("calls.csv").write_text("arrived_us,intent\n0,a\n", encoding="utf-8")
    write(tmp_path, FLOW, SCENARIO)
    plain, alike, passing = (
        load_scenario(tmp_path / "scenario.yaml", settings=settings)
        for settings in ([], ["talk={constant: 1m}"], ["queues.a.transfer={to: b, share: 1}"])
    )
    first = Runner.of(plain, engine="reference").prepared
    assert Runner.of(alike, engine="reference").prepared.model.chain is first.model.chain
    labels = {label for row in Runner.of(passing, engine="reference").prepared.model.chain.label for label in row}
    assert "passed on to b" in labels


def test_an_own_queue_that_does_not_exist_is_found(tmp_path) -> None:
    tmp_path.joinpath("calls.csv").write_text("arrived_us,intent\n0,a\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(write(tmp_path, FLOW, SCENARIO + "routing: {keep_idle: {all: 1}, own: {all: [c], al: [a]}}\n"))
    assert [(f.code, f.message) for f in caught.value.findings] == [
        ("X001", "there is no group 'al'"),
        ("X001", "there is no queue 'c'"),
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_as_many_values_as_intervals_hold_in_order_of_time_when_an_hour_comes_twice(
    tmp_path: Path, engine: str
) -> None:
    # New York, 1 November: the three hours that pass from midnight are 00:00, 01:00 EDT and 01:00 EST. A list of three
    # values has one for each of them, so the call after two and a half hours talks for 30 s; 01:00 EST is not a second
    # 01:00 EDT (docs/time.md).
    records = day(
        tmp_path,
        engine,
        [(1_800, "a"), (5_400, "a"), (9_000, "a")],
        "start=2026-11-01 00:00",
        "zone=America/New_York",
        "horizon=3h",
        "interval=1h",
        "talk=[{constant: 10s}, {constant: 20s}, {constant: 30s}]",
        "groups.all.agents=[1, 2, 3]",
    )
    assert (records.visits["talk_us"] / S).tolist() == [10, 20, 30]
    # Agents 0, 1 and 2 begin with the first, second and third hour.
    assert (records.agents["on_us"] / S).tolist() == [0, 3_600, 7_200]


@pytest.mark.parametrize(("on", "told"), [("", ["X012"]), (", on: {full: bye}", [])])
def test_room_for_a_queue_without_a_way_on_is_told(on: str, told: list[str], tmp_path) -> None:
    """The scenario states room for a queue; without an exit `full` callers would return to it with 0, or fail."""
    from simulation.loading.load import load_scenario

    (tmp_path / "line.yaml").write_text(
        f"ivr: 1\nname: Line\nstart: desk\nnodes:\n  desk: {{type: queue, queue: desk{on}}}\n  bye: {{type:"
        " hangup}\nqueues: {desk: {}}\n",
        "utf-8",
    )
    (tmp_path / "day.yaml").write_text(
        "name: A day\nflow: line.yaml\nstart: 2026-11-23 08:00\nhorizon: 1h\narrivals: {kind: constant, per_hour:"
        " 60}\nintents: {it: {share: 1, goal: desk}}\ntalk: {constant: 3m}\nqueues: {desk: {max_calls: 1}}\ngroups:"
        " {all: {skills: [desk], agents: 2}}\n",
        "utf-8",
    )
    assert [finding.code for finding in load_scenario(tmp_path / "day.yaml").notes] == told
