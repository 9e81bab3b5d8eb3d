"""Conferences: what the hand-worked case of ``ivr validate`` leaves open, in both engines."""

import numpy as np
import pytest

from ivr.records.schema import NONE, RESULTS
from ivr.routing import RoutingTable
from simulation.engines.contract import engine
from simulation.tables.checks import CallTable, StaffTable
from tests.support.units import S

TWO = RoutingTable(queues=("desk", "expert"), groups=("desk", "expert"), rank=((0, None), (None, 0)))


@pytest.fixture(params=["reference", "kernel"])
def name(request):
    return request.param


def visits(name, staff, *, arrived=(0,), give_up=30, at_end="drain", horizon=600, **columns):
    """Queue, result, offered, left, talk and after-call work in seconds: calls of 60 s, conferences of 40 s."""
    n = len(arrived)
    calls = CallTable.of(
        arrived_us=[s * S for s in arrived],
        queue=[0] * n + [1] * n,
        queues=("desk", "expert"),
        talk_us=[60 * S] * n + [40 * S] * n,
        acw_us=[5 * S] * n + [10 * S] * n,
        limit_us=np.r_[np.full(n, 2**62), np.full(n, give_up * S)],
        confer_next=np.r_[np.arange(n, 2 * n), np.full(n, NONE)],
        **columns,
    )
    records = engine(name).simulate(calls, staff, TWO, horizon_us=horizon * S, at_end=at_end)
    of = records.visits
    times = [(of[column] // S).tolist() for column in ("offered_us", "left_us", "talk_us", "acw_us")]
    found = [RESULTS[code] for code in of["result"].tolist()]
    return list(zip(of["queue"].tolist(), found, *times, strict=True)), (records.calls["ended_us"] // S).tolist()


def test_a_colleague_comes_at_once_and_both_work_after_it(name):
    staff = StaffTable.constant({"desk": 1, "expert": 1}, 0, 600 * S)
    assert visits(name, staff) == ([(0, "handled", 0, 0, 100, 5), (1, "joined", 60, 60, 40, 10)], [100])


def test_nobody_comes(name):
    staff = StaffTable.of_shifts([("desk", 1, 0, 600 * S), ("expert", 1, 500 * S, 600 * S)], groups=("desk", "expert"))
    assert visits(name, staff) == ([(0, "handled", 0, 0, 90, 5), (1, "unjoined", 60, 90, 0, 0)], [90])


def test_closing_the_doors_ends_the_wait(name):
    staff = StaffTable.of_shifts([("desk", 1, 0, 70 * S), ("expert", 1, 69 * S, 70 * S)], groups=("desk", "expert"))
    # The expert is there from 69 s on only, and the doors close at 65 s.
    found = visits(name, staff, at_end="clear", horizon=65)
    assert found == ([(0, "handled", 0, 0, 65, 5), (1, "unjoined", 60, 65, 0, 0)], [65])


@pytest.mark.parametrize("who", ["desk", "expert"])
def test_a_conference_is_finished_after_the_shift(name, who):
    """At 80 s the shift of one ends, who would hand a talk over."""
    ends = {"desk": 600, "expert": 600, who: 80}
    staff = StaffTable.of_shifts([(g, 1, 0, end * S) for g, end in ends.items()], groups=("desk", "expert"))
    staff = StaffTable(
        agent=staff.agent, group=staff.group, on_us=staff.on_us, off_us=staff.off_us, groups=staff.groups,
        at_off=("hand_over", "hand_over"),
    )  # fmt: skip
    assert visits(name, staff)[0] == [(0, "handled", 0, 0, 100, 5), (1, "joined", 60, 60, 40, 10)]


def test_the_flow_goes_on_after_the_conference(name):
    staff = StaffTable.constant({"desk": 1, "expert": 1}, 0, 600 * S)
    found = visits(name, staff, talk_delay_us=[7 * S, 0])
    assert found == ([(0, "handled", 0, 0, 100, 5), (1, "joined", 60, 60, 40, 10)], [107])


def test_calls_keep_their_order_in_the_colleagues_queue(name):
    """Two of the desk ask at 60 and 61 s for one expert: the second comes in at 110 s, after 10 s of work."""
    staff = StaffTable.constant({"desk": 2, "expert": 1}, 0, 600 * S)
    found, ended = visits(name, staff, arrived=(0, 1), give_up=120)
    assert found[1] == (1, "joined", 60, 60, 40, 10)
    assert found[3] == (1, "joined", 61, 110, 40, 10)
    assert ended == [100, 150]
