"""Callers in the menus: worked out by hand, exact against sampled, and the same path through the interpreter."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest

from flows.model.load import load, load_text
from flows.protocol.actions import (
    Ask,
    Book,
    Dial,
    Enqueue,
    Fetch,
    HungUp,
    Keys,
    Listen,
    Outcome,
    Passed,
    Record,
    Send,
    Silence,
    Start,
)
from flows.source.finding import IvrError
from ivr.interpreter.session import Session
from ivr.interpreter.step import awaiting, step
from ivr.records.schema import NEVER, OUTCOMES
from simulation.experiment.assumptions import assumptions
from simulation.loading.load import load_scenario
from simulation.menus.exact_solution import menu_answer
from simulation.menus.opening_states import opening_states
from simulation.menus.sampled_walk import walk
from simulation.sampling.streams import Streams
from simulation.scenario.loaded import LoadedScenario
from simulation.tables.checks import OFFERED
from simulation.workload.build_call_table import Prepared, build_call_table, prepare
from tests.support.library import SHIPPED
from tests.support.menu_callers import crowd
from tests.support.paths import DATA
from tests.support.small_scenarios import TWO_STEPS_CALLED, two_steps, write
from tests.support.texts import scenario

FOUR_STANDARD_ERRORS = 4


def prepared(loaded: LoadedScenario) -> Prepared:
    return prepare(loaded)


# By hand, see small_scenarios: key 1 is heard after 1.6 s, key 2 and the whole menu after 3.8 s; reaction 1 s, system
# 0.5 s.
FIRST_TIME = 0.25 * (1.6 + 1.5) + 0.5 * (3.8 + 1.5 + 1.6 + 1.5) + 0.25 * (3.8 + 1.5 + 3.8 + 1.5 + 4)
HEAR_ALL = 0.25 * (3.8 + 1.5) + 0.5 * 2 * (3.8 + 1.5) + 0.25 * (2 * (3.8 + 1.5) + 4)
KEY_AHEAD = 0.25 * 1.5 + 0.5 * 2 * 1.5 + 0.25 * (2 * 1.5 + 4)


@pytest.mark.parametrize(
    ("settings", "menu_s"),
    [
        ((), FIRST_TIME),
        (("behaviour.hear_all=1",), HEAR_ALL),
        (("behaviour.key_ahead=1",), KEY_AHEAD),
        (("behaviour.hear_all=0.5", "behaviour.key_ahead=0.2"), 0.5 * HEAR_ALL + 0.2 * KEY_AHEAD + 0.3 * FIRST_TIME),
    ],
)
def test_time_in_a_two_step_menu_by_hand(tmp_path, settings, menu_s) -> None:
    ready = prepared(two_steps(tmp_path, *settings))
    answer = menu_answer(ready.model)
    assert answer.menu_s == pytest.approx(menu_s, abs=1e-9)
    assert answer.queue == pytest.approx({"sales": 0.25, "phones": 0.5}, abs=1e-12)
    assert answer.outcome == pytest.approx({"contained": 0.25}, abs=1e-12)
    assert answer.key_presses == pytest.approx(0.25 * 1 + 0.75 * 2, abs=1e-12)


def test_each_caller_of_the_two_step_menu_takes_the_time_of_what_was_heard(tmp_path) -> None:
    ready = prepared(two_steps(tmp_path))
    menus = walk(ready.model, crowd(ready, 300), Streams(7))
    of = {"buy": 3_100_000, "phone": 8_400_000, "bill": 14_600_000}
    intents = crowd(ready, 300).intent
    for code, name in enumerate(ready.model.intents):
        assert set(menus.menu_us[intents == code].tolist()) == {of[name]}


def test_a_wrong_key_by_hand(tmp_path) -> None:
    # A press goes wrong with 0.11, and then hits each of the 11 other keys with 0.01.
    # buy (0.25): key 1 with 0.89; key 2 with 0.01 -> help menu, from where sales cannot be reached: 1 and 2 alike, each
    #   0.5 x 0.89 + 0.5 x 0.01 = 0.45, no match 0.10; any other key, 0.10: no match, and the only attempt is over.
    # phone (0.5): key 2 with 0.89, then key 1 with 0.89, 2 with 0.01, lost 0.10; key 1 by mistake 0.01: sales.
    # bill (0.25): likewise, with 1 and 2 of the help menu exchanged.
    answer = menu_answer(prepared(two_steps(tmp_path, "behaviour.wrong_key=0.11")).model)
    assert answer.queue["sales"] == pytest.approx(0.25 * 0.89 + 0.75 * 0.01, abs=1e-12)
    assert answer.queue["phones"] == pytest.approx(
        0.25 * 0.01 * 0.45 + 0.5 * 0.89 * 0.89 + 0.25 * 0.89 * 0.01, abs=1e-12
    )
    told = 0.25 * 0.01 * 0.45 + 0.5 * 0.89 * 0.01 + 0.25 * 0.89 * 0.89
    lost = 0.25 * (0.10 + 0.01 * 0.10) + 0.75 * (0.10 + 0.89 * 0.10)
    assert answer.outcome["contained"] == pytest.approx(told + lost, abs=1e-12)  # a plain goodbye counts as contained


def test_a_slip_never_hits_the_key_that_was_meant(tmp_path) -> None:
    ready = prepared(two_steps(tmp_path, "behaviour.wrong_key=1"))
    callers = crowd(ready, 3_000)
    menus = walk(ready.model, callers, Streams(7))
    buyers = callers.intent == 0
    assert not (menus.queue[buyers] == ready.model.queues.index("sales")).any()
    assert (menus.queue[~buyers] == ready.model.queues.index("sales")).any()
    assert menu_answer(ready.model).queue["sales"] == pytest.approx(0.75 / 11, abs=1e-12)


def test_any_of_several_goals_will_do(tmp_path) -> None:
    # sales is heard first and reached in one step, so it is the quickest of the two.
    loaded = two_steps(tmp_path, "intents={anybody: {share: 1, goal: [phones_queue, sales_queue]}}")
    assert menu_answer(prepared(loaded).model).queue == pytest.approx({"sales": 1.0, "phones": 0.0}, abs=1e-12)


def test_silence_costs_the_prompt_and_the_time_out(tmp_path) -> None:
    # 0.2 stay silent at each prompt: 3.8 s and 5 s of time-out, then goodbye.
    answer = menu_answer(prepared(two_steps(tmp_path, "behaviour.no_input=0.2")).model)
    buy = 0.8 * 3.1 + 0.2 * 8.8
    phone = 0.8 * (5.3 + 0.8 * 3.1 + 0.2 * 8.8) + 0.2 * 8.8
    bill = 0.8 * (5.3 + 0.8 * (5.3 + 4) + 0.2 * 8.8) + 0.2 * 8.8
    assert answer.menu_s == pytest.approx(0.25 * buy + 0.5 * phone + 0.25 * bill, abs=1e-9)
    assert answer.queue == pytest.approx({"sales": 0.25 * 0.8, "phones": 0.5 * 0.64}, abs=1e-12)


def test_hanging_up_by_hand(tmp_path) -> None:
    # 6 a minute = 0.1 a second; buy takes 3.1 s: exp(-0.31) stay; the mean time is (1 - exp(-0.31)) / 0.1.
    loaded = two_steps(tmp_path, "behaviour.hang_up_per_minute=6", "intents={buy: {share: 1, goal: sales_queue}}")
    answer = menu_answer(prepared(loaded).model)
    assert answer.queue["sales"] == pytest.approx(np.exp(-0.31), abs=1e-12)
    assert answer.outcome == pytest.approx({"abandoned_in_menu": 1 - np.exp(-0.31)}, abs=1e-12)
    assert answer.menu_s == pytest.approx((1 - np.exp(-0.31)) / 0.1, abs=1e-9)


def test_measured_shares_and_dwell_replace_the_goal(tmp_path) -> None:
    loaded = two_steps(
        tmp_path, "behaviour.nodes={main: {shares: {'1': 0.7, '2': 0.2, hung_up: 0.1}, dwell: {constant: 10s}}}"
    )
    answer = menu_answer(prepared(loaded).model)
    assert answer.queue["sales"] == pytest.approx(0.7, abs=1e-12)
    assert answer.outcome["abandoned_in_menu"] == pytest.approx(0.1, abs=1e-12)
    # After key 2: buyers (1/4) choose evenly, phone (1/2) press 1, bill (1/4) press 2.
    assert answer.queue["phones"] == pytest.approx(0.2 * (0.25 * 0.5 + 0.5), abs=1e-12)


@pytest.mark.parametrize("name", [name for name in SHIPPED if name != "city_services"])  # in test_intents_arrive
def test_the_sampled_walk_matches_the_exact_chain(name: str) -> None:
    ready = prepared(load_scenario(name, settings=["behaviour.hang_up_per_minute=0.2"]))
    n = 60_000
    middle = ready.horizon_us // 3
    [clock] = ready.model.opening_states.at(np.array([middle])).tolist()
    exact = menu_answer(ready.model, clock=clock)
    menus = walk(ready.model, crowd(ready, n, at_us=middle), Streams(11))

    def near(sampled: np.ndarray, wanted: float) -> None:
        error = max(sampled.std(), np.sqrt(max(wanted * (1 - wanted), 0.0)) if wanted < 1 else 0.0) / np.sqrt(n)
        assert abs(sampled.mean() - wanted) <= FOUR_STANDARD_ERRORS * error + 1e-9

    near(menus.menu_us / 1e6, exact.menu_s)
    near(menus.key_presses, exact.key_presses)
    near(menus.zero_out, exact.share_zero_out)
    for code, outcome in enumerate(OUTCOMES):
        near(menus.ending == code, exact.outcome.get(outcome, 0.0))
    for code, queue in enumerate(ready.model.queues):
        near(menus.queue == code, exact.queue[queue])
    assert sum(exact.outcome.values()) + exact.offered == pytest.approx(1, abs=1e-9)


def _taken(ready: Prepared, menus, caller: int) -> list[tuple[int, str]]:
    """Positions and outcomes of one caller; an outcome is empty if they hung up."""
    taken = []
    for active, at, edge, _ in menus.steps:
        [row] = np.flatnonzero(active == caller).tolist() or [-1]
        if row >= 0:
            taken.append((int(at[row]), ready.model.chain.label[at[row]][edge[row]] if edge[row] >= 0 else ""))
    return taken


def _read_as(flow, value: str, later: list[tuple[str, str]]) -> str:
    """The beginning of a value, by the outcome of the next split on it."""
    split = next((label for name, label in later if any(value == read for _, read in flow.nodes[name].reads())), "")
    return "" if split == "otherwise" else split.rstrip("*")


def _items(flow, name: str, of, later: list[tuple[str, str]]) -> str:
    """A list that a lookup brings: two items, unless the caller will hear that there are none."""
    readers = {at for at, node in flow.nodes.items() if getattr(node, "items", None) == name}
    number = 0 if next((out for at, out in later if at in readers), "") == "no_items" else 2
    return json.dumps([dict.fromkeys(of.fields or ("item",), str(place)) for place in range(1, number + 1)])


def _event(flow, session: Session, outcome: str, later: list[tuple[str, str]]):
    """The event that a driver would have sent for this outcome."""
    waits = awaiting(flow, session)
    if isinstance(waits, Fetch):
        lists = getattr(flow.nodes[waits.name], "lists", {})
        brought = {name: _read_as(flow, name, later) for name, _ in waits.into if name not in lists}
        return Outcome(outcome, brought | {name: _items(flow, name, lists[name], later) for name in lists})
    if isinstance(waits, Ask | Enqueue | Dial | Record | Send | Book):
        return Outcome(outcome)
    assert isinstance(waits, Listen)
    node, here = flow.nodes[session.node], session.here(flow)
    if node.classify(here, Silence()).outcome == outcome:
        return Silence()
    tries = [*list("0123456789*#"), "77", "10"]
    if not waits.keys:
        # The number that was entered decides the next split on it, so it begins as that split's outcome says.
        prefix = _read_as(flow, node.writes()[0], later)
        tries = [(prefix + "9" * 64)[:n] for n in range(waits.max_digits, 0, -1)] + tries
    for keys in tries:
        reading = node.classify(here, Keys(keys))
        if reading and reading.outcome == outcome:
            return Keys(keys)
    raise AssertionError(f"no key gives {outcome!r} at {session.node}")


@pytest.mark.parametrize("name", SHIPPED)
def test_sampled_callers_take_the_same_path_through_the_interpreter(name: str) -> None:
    ready = prepared(
        load_scenario(
            name, settings=["behaviour.no_input=0.15", "behaviour.wrong_key=0.15", "behaviour.hang_up_per_minute=0.5"]
        )
    )
    chain, flow = ready.model.chain, ready.loaded.flow
    n = 150
    menus = walk(ready.model, crowd(ready, n, at_us=ready.horizon_us // 3), Streams(3), record=True)
    for caller in range(n):
        taken = _taken(ready, menus, caller)
        names = [(chain.node(at), label) for at, label in taken]
        dnis = next((label for name, label in names if any(read == "dnis" for _, read in flow.nodes[name].reads())), "")
        session, actions = step(flow, Session(), Start(ani="+14155550123", dnis="" if dnis == "otherwise" else dnis))
        passed = [(a.node, a.outcome) for a in actions if isinstance(a, Passed)]
        for i, (at, label) in enumerate(taken):
            waits = None if label and chain.states[at].waits is None else awaiting(flow, session)
            if session.ended or session.node != chain.node(at) or waits is None:
                continue  # an automatic node, which the interpreter has passed already
            event = _event(flow, session, label, names[i + 1 :]) if label else HungUp()
            session, actions = step(flow, session, event)
            passed += [(a.node, a.outcome) for a in actions if isinstance(a, Passed)]
        expected = [
            pair
            for at, label in taken
            if label
            for pair in ((chain.node(at), label), *chain.states[at].edge(label).returned)
        ]
        assert passed[: len(expected)] == expected
        served = ready.model.serves[taken[-1][0], crowd(ready, n).intent[caller]]
        if taken[-1][1] and not served:  # callers who hang up while something plays end where it leads
            assert [outcome for _, outcome in passed[len(expected) :]] in ([], ["hangup"])
        end = menus.position[caller]
        if menus.ending[caller] == OFFERED:
            assert session.node == chain.node(end)
            assert not session.ended
        elif taken[-1][1]:
            assert served or session.outcome == OUTCOMES[menus.ending[caller]]


def columns_that_differ(one, other) -> set[str]:
    names = (
        "arrived_us",
        "intent",
        "language",
        "menu_us",
        "ending",
        "queue",
        "patience_us",
        "talk_us",
        "acw_us",
        "limit_us",
        "zero_out",
    )
    return {name for name in names if not np.array_equal(getattr(one, name), getattr(other, name))}


@pytest.mark.parametrize(
    ("setting", "moved"),
    [
        ("groups.sellers.agents=9", set()),
        ("routing=single_queue", set()),
        ("lines=7", set()),
        ("staff_factor=0.5", set()),
        ("patience={exponential: 1m}", {"patience_us"}),
        ("talk={exponential: 1m}", {"talk_us"}),
        ("after_call_work={constant: 20s}", {"acw_us"}),
        ("behaviour.reaction={constant: 2s}", {"menu_us"}),
    ],
)
def test_changing_one_thing_moves_nothing_else(tmp_path, setting: str, moved: set[str]) -> None:
    before, after = (build_call_table(prepared(two_steps(tmp_path, *s)), Streams(5)) for s in ((), (setting,)))
    assert columns_that_differ(before, after) == moved


def test_a_caller_does_not_depend_on_how_many_others_call(tmp_path) -> None:
    few, many = (
        build_call_table(
            prepared(two_steps(tmp_path, f"arrivals.per_hour={rate}", "behaviour.wrong_key=0.1")), Streams(5)
        )
        for rate in (60, 600)
    )
    n = len(few)
    assert 0 < n < len(many)
    for name in ("intent", "menu_us", "ending", "queue", "patience_us", "zero_out"):
        assert np.array_equal(getattr(few, name), getattr(many, name)[:n])


def test_a_caller_who_talks_long_is_not_therefore_patient(tmp_path) -> None:
    calls = build_call_table(
        prepared(two_steps(tmp_path, "arrivals.per_hour=5000", "after_call_work={exponential: 1m}")), Streams(5)
    )
    offered = calls.queue >= 0
    columns = np.array([calls.talk_us[offered, 0], calls.patience_us[offered], calls.acw_us[offered]], dtype=float)
    # Independent columns of n rows have correlations of standard error 1 / sqrt(n).
    off_diagonal = np.corrcoef(columns)[np.triu_indices(3, 1)]
    assert np.abs(off_diagonal).max() < 4 / np.sqrt(offered.sum())


def test_times_may_differ_by_queue_group_and_interval(tmp_path) -> None:
    loaded = two_steps(
        tmp_path,
        "talk=[{constant: 1m}, {constant: 2m}, {constant: 3m}, {constant: 4m}]",
        "groups.helpers.talk={constant: 9m}",
        "queues={phones: {patience: never, by_group: {helpers: {constant: 5m}}}}",
        "patience={constant: 30s}",
    )
    calls = build_call_table(prepared(loaded), Streams(1))
    sales, phones = calls.queue == 0, calls.queue == 1
    interval = calls.arrived_us // 1_800_000_000
    assert calls.talk_column == (0, 1)
    assert np.array_equal(calls.talk_us[sales, 0], (interval[sales] + 1) * 60_000_000)
    assert set(calls.talk_us[sales, 1].tolist()) == {540_000_000}
    assert set(calls.talk_us[phones, 1].tolist()) == {300_000_000}
    assert set(calls.patience_us[sales].tolist()) == {30_000_000}
    assert set(calls.patience_us[phones].tolist()) == {NEVER}
    assert set(calls.talk_us[calls.queue < 0].ravel().tolist()) == {0}


WITH_LIMIT = """
ivr: 1
name: A limit
start: main
nodes:
  main: {type: menu, attempts: 1, otherwise: bye,
    choices: [{key: 1, label: sales, next: sales_queue}, {key: 2, label: help, next: help_queue}]}
  sales_queue: {type: queue, queue: sales, max_wait: 90s, on: {timeout: sorry}}
  help_queue: {type: queue, queue: help}
  sorry: {type: play, say: Sorry., next: TARGET}
  box: {type: voicemail, box: sales}
  bye: {type: hangup}
"""
LIMITED = scenario(
    "Limited",
    horizon="1h",
    interval="",
    arrivals="{kind: constant, per_hour: 200}",
    intents="{buy: {share: 0.5, goal: sales_queue}, help: {share: 0.5, goal: help_queue}}",
    behaviour="{leave_message: 1, no_input: 0, wrong_key: 0, hang_up_per_minute: 0}",
    talk="{exponential: 3m}",
    groups="{all: {skills: [sales, help], agents: 3}}",
)


def test_the_longest_wait_and_what_follows_it(tmp_path) -> None:
    ready = prepared(load_scenario(write(tmp_path, WITH_LIMIT.replace("TARGET", "box"), LIMITED)))
    calls = build_call_table(ready, Streams(1))
    sales = calls.queue == calls.queues.index("sales")
    assert set(calls.limit_us[sales].tolist()) == {90_000_000}
    assert set(calls.limit_us[~sales].tolist()) == {NEVER}
    assert set(calls.limit_ending[sales].tolist()) == {OUTCOMES.index("voicemail")}


def test_a_line_that_is_closed_all_day_is_called_all_the_same() -> None:
    """Nobody knows it before they hear it: none reach an agent, and those who asked how to pay can hear it."""
    answer = menu_answer(
        prepared(load_scenario("northwind", settings=["start=2026-11-26 08:00"])).model
    )  # Thanksgiving
    assert answer.offered == pytest.approx(0, abs=1e-12)
    assert answer.outcome["contained"] > 0.12


HOURS = """
ivr: 1
name: Hours
start: bye
hours: {shop: {zone: America/New_York, mon-sun: "01:30-03:30"}}
nodes: {bye: {type: hangup}}
"""


@pytest.mark.parametrize(
    ("day", "changes_h"),
    [
        # An ordinary day: open from 1:30 to 3:30.
        (dt.datetime(2026, 7, 1, 4, tzinfo=dt.UTC), [1.5, 3.5]),
        # 1 November 2026, the clock goes back from 2:00 to 1:00: open from the first 1:30, through the second hour from
        # 1:00, to 3:30, which is 4.5 h after midnight.
        (dt.datetime(2026, 11, 1, 4, tzinfo=dt.UTC), [1.5, 4.5]),
        # 8 March 2026, the clock goes from 2:00 to 3:00: 3:30 is 2.5 h after midnight.
        (dt.datetime(2026, 3, 8, 5, tzinfo=dt.UTC), [1.5, 2.5]),
    ],
)
def test_opening_hours_on_days_when_the_clock_changes(day: dt.datetime, changes_h: list[float]) -> None:
    flow = load_text(HOURS).flow
    found = opening_states(flow, day, 12 * 3600)
    assert (found.changes_us / 3.6e9).tolist() == changes_h
    minutes = np.arange(0, 12 * 60)
    labels = [found.states[c]["shop"] for c in found.at(minutes * 60_000_000)]
    assert labels == [flow.hours["shop"].label(day + dt.timedelta(minutes=int(m))) for m in minutes]


def test_opening_states_follow_nights_and_other_hours() -> None:
    """Thursday 24 December has 12:00-16:00, Friday is a holiday, Saturday 17:00 to 2:30 on Sunday, whose own night
    ends at 1:00 on Monday. From Thursday 12:00 it closes after 4 h, opens on Saturday after 53, closes after 62.5,
    opens on Sunday after 77, and closes on Monday after 85. The holiday is a change of its own, from 12 to 36 h.
    """
    flow = load(DATA / "constructs" / "hours.yaml").flow
    start = dt.datetime(2026, 12, 24, 11, tzinfo=dt.UTC)  # 12:00 in Madrid
    found = opening_states(flow, start, 90 * 3600)
    labels = [found.states[at]["bar"] for at in found.state_at]
    assert (found.changes_us / 3.6e9).tolist() == [4, 12, 36, 53, 62.5, 77, 85]
    assert labels == ["open", "closed", "holiday", "closed", "open", "closed", "open", "closed"]


def test_opening_states_follow_switches() -> None:
    """The office is open from 8 to 17; from 10 to 12 a strike closes it, and from 11 to 13 the line is moved."""
    flow = load(DATA / "constructs" / "switches.yaml").flow
    start, hour = dt.datetime(2026, 11, 23, 14, tzinfo=dt.UTC), 3_600_000_000  # 9:00 in New York
    switched = {"strike": [(hour, 3 * hour)], "move": [(2 * hour, 4 * hour)]}
    found = opening_states(flow, start, 3 * 3600, switched)  # and the 6 hours after, in which calls end
    labels = [found.states[at] for at in found.state_at]
    assert (found.changes_us / hour).tolist() == [1, 2, 3, 4, 8]
    assert [(one["office"], one["shop"], one["switch move"]) for one in labels] == [
        ("open", "open", "off"),
        ("closed", "open", "off"),
        ("closed", "open", "on"),
        ("open", "open", "on"),
        ("open", "open", "off"),
        ("closed", "open", "off"),
    ]
    assert {one["switch emergency"] for one in labels} == {"off"}


SWITCHED = """
ivr: 1
name: Line
start: main
switches: {storm: {say: We are closed., next: bye}}
queues: {desk: {}}
nodes:
  main: {type: menu, choices: [{key: 1, label: help, next: desk}, {key: 2, label: news, next: bye}]}
  desk: {type: queue, queue: desk}
  bye: {type: hangup, say: Goodbye.}
"""
STORMY = """
scenario: 1
name: A storm
flow: line.yaml
start: 2026-11-23 08:00
zone: UTC
horizon: 4h
arrivals: {kind: constant, per_hour: 60}
intents: {help: {share: 1, goal: desk}}
behaviour: {wrong_key: 0, no_input: 0, hang_up_per_minute: 0, zero_out: 0}
talk: {constant: 1s}
groups: {all: {skills: [desk], shifts: [{agents: 100, from: "00:00", to: "24:00"}]}}
"""


def test_callers_hear_a_switch_while_it_is_on(tmp_path: Path) -> None:
    """From 9:00 to 11:00 nobody reaches the desk, at other times everybody does; without times it is off."""
    (tmp_path / "line.yaml").write_text(SWITCHED, "utf-8")
    (tmp_path / "calm.yaml").write_text(STORMY, "utf-8")
    (tmp_path / "storm.yaml").write_text(f'{STORMY}switches: {{storm: [{{at: "09:00", over: 2h}}]}}\n', "utf-8")
    (tmp_path / "wrong.yaml").write_text(f'{STORMY}switches: {{strom: [{{at: "09:00", over: 2h}}]}}\n', "utf-8")
    for name, during in (("calm", 1.0), ("storm", 0.0)):
        ready = prepared(load_scenario(str(tmp_path / f"{name}.yaml")))
        for hour, share in ((0.5, 1.0), (1.0, during), (2.99, during), (3.0, 1.0)):
            walked = walk(ready.model, crowd(ready, 200, at_us=round(hour * 3.6e9)), Streams(1))
            assert (walked.queue == 0).mean() == share, (name, hour)
    with pytest.raises(IvrError) as error:
        load_scenario(str(tmp_path / "wrong.yaml"))
    assert [(f.code, f.message) for f in error.value.findings] == [("X001", "there is no switch 'strom'")]
    found = assumptions(prepared(load_scenario(str(tmp_path / "calm.yaml"))).scenario, ready.model.chain)
    assert "switches are off: storm (no times are stated)" in found


def test_hours_are_those_of_the_moment_and_not_of_the_arrival() -> None:
    # Northwind closes at 20:00. Callers in the last seconds before are in the menu when it closes; 0 then finds it
    # closed.
    ready = prepared(
        load_scenario("northwind", settings=["behaviour.zero_out=1", "behaviour.no_input=0", "behaviour.no_entry=0"])
    )
    closing = ready.horizon_us
    in_time = walk(ready.model, crowd(ready, 200, at_us=closing - 60_000_000), Streams(1))
    too_late = walk(ready.model, crowd(ready, 200, at_us=closing - 1_000_000), Streams(1))
    assert set(in_time.queue.tolist()) - {-1} == {ready.model.queues.index("operator")}
    assert set(too_late.queue.tolist()) == {-1}


def test_paths_are_named_by_what_was_chosen(tmp_path) -> None:
    calls = build_call_table(prepared(two_steps(tmp_path)), Streams(1), paths=True)
    assert sorted(calls.paths) == [
        "main 1 > sales_queue",
        "main 2 > help_menu 1 > phones_queue",
        "main 2 > help_menu 2",
    ]
    assert {calls.paths[p] for p in calls.path[calls.queue == 0]} == {"main 1 > sales_queue"}


def test_the_language_is_chosen_by_its_share() -> None:
    ready = prepared(
        load_scenario("northwind", settings=["behaviour.no_input=0", "behaviour.wrong_key=0", "behaviour.zero_out=0"])
    )
    callers = crowd(ready, 20_000, at_us=3_600_000_000)
    menus = walk(ready.model, callers, Streams(1))
    stayed = menus.ending != OUTCOMES.index("abandoned_in_menu")
    assert np.array_equal(menus.heard_language[stayed], callers.language[stayed])
    assert abs((callers.language == 1).mean() - 0.13) < 4 * np.sqrt(0.13 * 0.87 / 20_000)


def test_two_scenarios_of_one_seed_have_the_same_arrivals(tmp_path) -> None:
    base = prepared(two_steps(tmp_path)).draw_callers(Streams(9))
    assert "kind: constant" in TWO_STEPS_CALLED
    again = prepared(two_steps(tmp_path, "lines=3")).draw_callers(Streams(9))
    assert np.array_equal(base.arrived_us, again.arrived_us)
    assert np.array_equal(base.kind_u, again.kind_u)
