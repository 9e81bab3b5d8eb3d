"""Measures after a warm-up, worked by hand."""

from __future__ import annotations

import pytest

from ivr.records.measures import sums
from ivr.records.schema import OUTCOMES
from ivr.records.tables import Records, empty_table


def test_what_arrived_in_the_warm_up_does_not_count_and_time_begins_after_it() -> None:
    """Two calls, one agent from 0 to 100 s, warm-up 20 s, intervals of 40 s.

    Call 0 arrives at 0, waits 10 s, talks 10-30 and has wrap-up 30-35; call 1 arrives at 25, waits to 35, talks 35-65.
    Counted: call 1 alone, with a wait of 10 s. Agent time from 20 s on: staffed 80, talking 10 (of call 0) + 30,
    wrap-up 5. The intervals are 20-60 (talk 10 + 25, wrap-up 5) and 60-100 (talk 5).
    """
    s = 1_000_000
    calls, visits, agents = (empty_table(name, rows) for name, rows in (("calls", 2), ("visits", 2), ("agents", 1)))
    calls["call_id"][:], calls["arrived_us"][:], calls["ended_us"][:] = [0, 1], [0, 25 * s], [30 * s, 65 * s]
    calls["outcome"][:] = OUTCOMES.index("handled")
    visits["call_id"][:], visits["queue"][:], visits["agent"][:], visits["group"][:] = [0, 1], 0, 0, 0
    visits["offered_us"][:], visits["answered_us"][:], visits["left_us"][:] = (
        [0, 25 * s],
        [10 * s, 35 * s],
        [10 * s, 35 * s],
    )
    visits["talk_us"][:], visits["acw_us"][:] = [20 * s, 30 * s], [5 * s, 0]
    agents["off_us"][:] = agents["staffed_us"][:] = 100 * s
    agents["busy_us"][:], agents["wrap_us"][:] = 50 * s, 5 * s
    records = Records(
        calls=calls,
        visits=visits,
        steps=empty_table("steps"),
        agents=agents,
        horizon_us=100 * s,
        names={"queue": ("q",), "group": ("g",)},
    )
    found = sums(records, from_us=20 * s, interval_us=40 * s)
    whole = {
        name: found.column(name)
        for name in ("arrived", "offered", "wait_us", "talk_us", "staffed_us", "busy_us", "wrap_us", "horizon_us")
    }
    assert whole == {
        "arrived": 1,
        "offered": 1,
        "wait_us": 10 * s,
        "talk_us": 30 * s,
        "staffed_us": 80 * s,
        "busy_us": 40 * s,
        "wrap_us": 5 * s,
        "horizon_us": 80 * s,
    }
    assert [found.column("busy_us", found.cell(interval=i)) for i in (0, 1)] == [35 * s, 5 * s]
    assert [found.column("wrap_us", found.cell(interval=i)) for i in (0, 1)] == [5 * s, 0]
    assert [found.column("arrived", found.cell(interval=i)) for i in (0, 1)] == [1, 0]
    assert found.column("staffed_us", found.cell(group="g")) == 80 * s
    with pytest.raises(ValueError, match="not within"):
        sums(records, from_us=101 * s)
