"""No rule takes more than in proportion to the flow: lines are counted, not seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

import pytest

from bench.large_flows import dense, tree
from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules import rules
from flows.lint.rules.base import Check
from flows.model.load import Loaded, load_text

SMALL, FACTOR = 250, 4
MOST_GROWTH = 1.6 * FACTOR
"""Four times the flow may take 6.4 times the lines: n log n, and chance in random flows. What grows as the square takes
16.
"""
FEW_LINES = 2_000
"""For rules that have nothing to do in a small flow; the square of 250 nodes is thirty times as many."""

LATE = {"T003"}
"""Works only where more is said than one response holds, which a small flow never does; `turn_totals` is one walk."""


def lines_run(work: Callable[[], object]) -> int:
    """How many lines of Python `work` runs, the rounds of loops within one line included."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def _run(check: Check, context: Context) -> list[Problem]:
    return list(check(context))


def by_rule(loaded: Loaded) -> dict[str, int]:
    """Lines of each rule; what several share is counted with the first that asks for it."""
    context = Context(loaded.flow, loaded.document)
    return {code: lines_run(partial(_run, rule.check, context)) for code, rule in rules().items() if rule.check}


@pytest.mark.parametrize(
    "made",
    [tree, partial(tree, back=True), dense, partial(dense, back=True)],
    ids=["tree", "back", "dense", "dense back"],
)
def test_every_rule_grows_in_proportion(made: Callable[[int], str]) -> None:
    small, large = by_rule(load_text(made(SMALL))), by_rule(load_text(made(SMALL * FACTOR)))
    steep = {
        code: (small[code], large[code])
        for code in small.keys() - LATE
        if large[code] > MOST_GROWTH * (small[code] + FEW_LINES)
    }
    assert steep == {}


def test_lines_run_counts_rounds_within_a_line() -> None:
    assert lines_run(lambda: [i + 1 for i in range(100)]) >= 100
    assert lines_run(lambda: [i + j for i in range(40) for j in range(40)]) > MOST_GROWTH * lines_run(
        lambda: [i + j for i in range(10) for j in range(10)]
    )
