"""What callers do at menus on the way to what they want, worked out by hand from steps."""

from __future__ import annotations

import numpy as np
import pytest

from flows.model.load import load_text
from ivr.records.schema import RESULTS, outcome_code
from ivr.records.tables import Records, empty_table
from simulation.calibration.choices import apart, estimate_choices, hanging_up, languages_of, outside_of, pooled
from simulation.calibration.passed_on import lines_of, promised, transfers_of
from simulation.tables.menu_steps import steps_table

S = 1_000_000
FLOW = load_text(
    """
ivr: 1
name: Line
start: main
keys: {0: desk}
nodes:
  main:
    type: menu
    choices: [{key: 1, label: bills, next: find}, {key: 2, label: repairs, next: desk}]
    otherwise: desk
  find: {type: lookup, url: "https://example.com", on: {found: number, not_found: desk}}
  number: {type: collect, into: account, digits: 4, say: "Your number?", next: desk, otherwise: desk}
  desk: {type: queue, queue: desk}
queues: {desk: {}}
"""
).flow
LABELS = ("1", "2", "0", "no_input", "no_match", "collected", "found", "not_found", "hung_up")


def records_of(calls: list[tuple[str, list[tuple[str, str]]]]) -> Records:
    """Calls by what each wanted and its steps, ten seconds apart."""
    intents, nodes = ("bills", "repairs"), tuple(FLOW.nodes)
    table = empty_table("calls", len(calls))
    table["call_id"][:] = np.arange(len(calls))
    table["intent"][:] = [intents.index(intent) if intent else -1 for intent, _ in calls]
    table["language"][:] = np.arange(len(calls)) % 4 == 0
    table["menu_us"][:] = [10 * S * len(own) for _, own in calls]
    steps = empty_table("steps", sum(len(own) for _, own in calls))
    rows = [(i, k, *step) for i, (_, own) in enumerate(calls) for k, step in enumerate(own)]
    for row, (call, seq, node, label) in enumerate(rows):
        steps["call_id"][row], steps["seq"][row], steps["at_us"][row] = call, seq, 10 * S * seq
        steps["node"][row], steps["outcome"][row] = nodes.index(node), LABELS.index(label)
    names = {"intent": intents, "language": ("en-US", "es-US"), "node": nodes, "step_outcome": LABELS}
    return Records(table, empty_table("visits"), steps, empty_table("agents"), names)


BILLS = ("bills", [("main", "1"), ("find", "found"), ("number", "collected")])
REPAIRS = ("repairs", [("main", "2")])
CALLS = [
    *[BILLS] * 60,
    *[REPAIRS] * 30,
    *[("bills", [("main", "no_input"), ("main", "1"), ("find", "not_found")])] * 6,  # silent once
    *[("bills", [("main", "0")])] * 4,  # not what they want
    *[("repairs", [("main", "1"), ("find", "found"), ("number", "no_match")])] * 2,  # a wrong key, a wrong number
    *[("bills", [("main", "no_match"), ("main", "1"), ("find", "found"), ("number", "no_input")])] * 3,
    *[("bills", [("main", "hung_up")])] * 1,
]
ALL = np.ones(len(CALLS), dtype=bool)
"""At `main` there are 106 + 6 + 3 = 115 prompts: 6 silent, 4 zeros, 1 hangs up, so 104 presses, 2 + 3 of them wrong."""


def test_silence_zeros_and_wrong_keys_are_told_from_what_callers_want() -> None:
    found = estimate_choices(records_of(CALLS), FLOW, ALL)
    main, number = found["main"], found["number"]
    assert {name: (round(one.value * one.count), one.count) for name, one in main.shares.items()} == {
        "no_input": (6, 115), "wrong_key": (5, 104), "zero_out": (4, 115),
    }  # fmt: skip
    assert (main.gone, main.seconds) == (1, 1150.0)
    # 65 prompts for a number: 3 enter nothing, 2 of 62 entries are not valid, nobody presses 0
    assert {name: (round(one.value * one.count), one.count) for name, one in number.shares.items()} == {
        "no_entry": (3, 65), "wrong_entry": (2, 62), "zero_out": (0, 65),
    }  # fmt: skip


def test_all_nodes_together_and_those_that_differ() -> None:
    found = estimate_choices(records_of(CALLS), FLOW, ALL)
    common = pooled(found)
    assert common["zero_out"].value == pytest.approx(4 / 180)
    assert apart(found["main"], common) == {}  # 3.5 % of 115 may be 2.2 % by chance
    more = {**found, "other": type(found["main"])({"zero_out": pooled(found)["zero_out"]}, 0, 0.0)}
    assert apart(more["other"], {"zero_out": found["main"].shares["no_input"]}) == {}
    assert apart(found["number"], {"zero_out": common["no_input"]}) == {}


def test_a_menu_where_wants_do_not_decide_has_shares_of_its_own() -> None:
    """Half of those who want bills press 1 and half press 2: they do not agree, and they are most of the callers."""
    even = [("bills", [("main", "1" if i % 2 else "2")]) for i in range(60)]
    assert estimate_choices(records_of(even), FLOW, np.ones(60, bool)) == {}
    gone = [*[BILLS] * 40, *[("bills", [("main", "hung_up")])] * 10]  # a fifth hang up
    assert "main" not in estimate_choices(records_of(gone), FLOW, np.ones(50, bool))


def test_without_wants_or_with_few_calls_nothing_is_told() -> None:
    assert estimate_choices(records_of([("", [("main", "1")])] * 50), FLOW, np.ones(50, bool)) == {}
    assert estimate_choices(records_of([BILLS] * 20), FLOW, np.ones(20, bool)) == {}
    nothing = records_of([("bills", [])])
    assert estimate_choices(nothing, FLOW, np.ones(1, bool)) == {}


def test_hanging_up_is_counted_a_minute_of_the_menus() -> None:
    """All steps last 60 x 30 + 30 x 10 + 6 x 30 + 4 x 10 + 2 x 30 + 3 x 40 + 10 = 2,510 s, of them 1,150 at main."""
    records = records_of(CALLS)
    assert hanging_up(records, ALL, without=()).value == pytest.approx(1 / (2510 / 60))
    assert hanging_up(records, ALL, without=("main",)).value == 0.0


def test_answers_from_outside_and_languages() -> None:
    records = records_of(CALLS)
    (found,) = outside_of(records, FLOW, ALL).values()
    assert {name: round(one.value * one.count) for name, one in found.items()} == {"found": 65, "not_found": 6}
    assert {name: round(one.value * one.count) for name, one in languages_of(records, ALL).items()} == {
        "en-US": 79, "es-US": 27,
    }  # fmt: skip
    assert languages_of(records, np.arange(len(CALLS)) % 4 == 0) == {}


def visits_of(rows: list[tuple[int, int, int, str]]) -> Records:
    """Visits by call, position, queue and result."""
    table = empty_table("visits", len(rows))
    for row, (call, seq, queue, result) in enumerate(rows):
        table["call_id"][row], table["seq"][row], table["queue"][row] = call, seq, queue
        table["result"][row] = RESULTS.index(result)
    return Records(empty_table("calls"), table, empty_table("steps"), empty_table("agents"), {"queue": ("a", "b")})


def test_who_is_passed_on() -> None:
    """Of 100 answered at a, 20 go on to b, for 30 a colleague of b is asked; 5 come to b who did not wait at a."""
    rows = [(i, 0, 0, "handled") for i in range(100)]
    rows += [(i, 1, 1, "handled") for i in range(20)] + [(i, 1, 1, "joined") for i in range(20, 50)]
    rows += [row for i in range(100, 105) for row in ((i, 0, 0, "overflowed"), (i, 1, 1, "handled"))]
    found = transfers_of(visits_of(rows), np.ones(len(rows), bool))
    assert {queue: {to: (one.value, one.count) for to, one in own.items()} for queue, own in found.items()} == {
        "a": {"b": (0.2, 100)}
    }
    assert transfers_of(visits_of([]), np.ones(0, bool)) == {}


def test_who_was_promised_a_callback() -> None:
    assert promised(visits_of([(0, 0, 0, "callback"), (1, 0, 0, "handled"), (2, 0, 0, "callback")])) == {"a": 2}


@pytest.mark.parametrize(("there", "lines"), [([3] * 25, 3), ([1] * 25, None), ([3] * 19, None), ([2, 5] * 15, None)])
def test_lines_are_as_many_as_are_there_when_one_is_refused(there: list[int], lines: int | None) -> None:
    """Each group of calls lasts from 0 to 50 s of its 100 s; one more is refused at 20 s."""
    rows = [(100 * i, 100 * i + 50, "handled") for i, n in enumerate(there) for _ in range(n)]
    rows += [(100 * i + 20, 100 * i + 20, "blocked") for i in range(len(there))]
    calls = empty_table("calls", len(rows))
    calls["call_id"][:] = np.arange(len(rows))
    calls["arrived_us"][:], calls["ended_us"][:] = ([row[k] * S for row in rows] for k in (0, 1))
    calls["outcome"][:] = [outcome_code(row[2]) for row in rows]
    assert lines_of(Records(calls, empty_table("visits"), empty_table("steps"), empty_table("agents"))) == lines


def test_no_steps_make_an_empty_table() -> None:
    assert len(steps_table(None, np.zeros(1, int), np.zeros(1, int), np.ones(1, bool))["node"]) == 0
