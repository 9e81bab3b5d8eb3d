"""What adds up within a turn: along a way, at a meeting of ways, in a loop, and begun anew."""

from __future__ import annotations

from flows.lint.context import Context
from flows.lint.turn_totals import totals_before
from flows.model.load import load_text

FLOW = """
ivr: 1
name: Line
start: a
nodes:
  a: {type: split, value: dnis, cases: {x: b}, otherwise: c}
  b: {type: play, say: B., next: d}
  c: {type: play, say: C., next: d}
  d: {type: play, say: D., next: ask}
  ask: {type: collect, say: Number?, into: n, digits: 3, otherwise: loop, next: e}
  e: {type: play, say: E., next: bye}
  loop: {type: play, say: Round., next: round}
  round: {type: play, say: And round., next: loop}
  bye: {type: hangup}
"""
WEIGHT = {"a": 1.0, "b": 2.0, "c": 5.0, "d": 4.0, "ask": 100.0, "e": 3.0, "loop": 10.0, "round": 20.0}


def gathered(*cleared_by: str) -> dict[str, float]:
    loaded = load_text(FLOW)
    return totals_before(Context(loaded.flow, loaded.document), WEIGHT, cleared_by=cleared_by)


def test_the_heavier_way_counts_and_a_question_begins_a_turn() -> None:
    # d: the larger of 1 + 2 and 1 + 5; ask: 6 + 4. e begins a turn, since ask waits for the caller.
    found = gathered()
    assert (found["a"], found["b"], found["d"], found["ask"], found["e"], found["bye"]) == (0, 1, 6, 10, 0, 3)


def test_a_node_that_clears_lets_nothing_through_but_its_own() -> None:
    assert (gathered("c")["d"], gathered("b", "c")["d"], gathered("d")["ask"]) == (5, 5, 4)


def test_a_loop_is_counted_once() -> None:
    assert gathered()["round"] == 10
