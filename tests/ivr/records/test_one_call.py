"""One call out of many: its moments, and the floor as it met it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ivr.records.one_call import Floor, one_call
from ivr.records.tables import RecordsError, concatenate
from simulation.report.call_text import call_text
from tests.support.six_calls import six_calls as without_nodes
from tests.support.units import S


def six_calls(**waits):
    records = without_nodes(**waits)
    own = {key: names for key, names in records.names.items() if key not in ("source", "outcome", "result")}
    ended_us = np.array([130, 310, 154, 2150, 1925, 2000]) * S
    return replace(records, calls={**records.calls, "ended_us": ended_us}, names=own | {"node": ("main",)})


def test_what_a_call_met() -> None:
    """Call 1 is offered at 80 s. Agent 0 answered call 0 at 10 s and is busy until 10 + 100 + 20 = 130 s; nobody waits.
    With a wait of 100 s for call 0, it is still waiting ahead, and agent 0 is free.
    """
    call = one_call(six_calls(), 1)
    assert call.visits[0].met == Floor(waiting=0, busy={"front": 1}, on_duty={"front": 1})
    assert [outcome for _, _, outcome in call.steps] == ["2", "0"]
    behind = one_call(six_calls(waits_s=(100, 30, 4, 20)), 1)
    assert behind.visits[0].met == Floor(waiting=1, busy={"front": 0}, on_duty={"front": 1})


def test_told_moment_by_moment() -> None:
    told = call_text(one_call(six_calls(), 3), six_calls(), title="Call 3").splitlines()
    assert told[0] == "Call 3: handled after 6 min"
    assert told[3:] == [
        "  0:29:50     0:00  arrives",
        "  0:30:30     0:40  joins tech: nobody is waiting; 0 of 1 busy in second",
        "  0:30:50     1:00  agent 1 (second) answers after 20 s",
        "  0:35:50     6:00  the talk ends after 5 min",
        "  0:35:50     6:00  the call ends: handled",
    ]


def test_one_of_several_replications() -> None:
    both = concatenate([six_calls(), six_calls(waits_s=(7, 30, 4, 20))])
    assert [one_call(both, 0, i).visits[0].left_us for i in (0, 1)] == [10 * S, 17 * S]
    with pytest.raises(RecordsError, match="there is no replication 2; there are 2"):
        one_call(both, 0, 2)
    with pytest.raises(RecordsError, match="there is no call 6; their numbers go from 0 to 5"):
        one_call(both, 6)
