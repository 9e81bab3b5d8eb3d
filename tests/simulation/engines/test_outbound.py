"""Outbound calls while nobody waits: what the hand-worked cases of ``ivr validate`` leave open, in both engines."""

from dataclasses import replace

import numpy as np
import pytest

from flows.source.finding import ScenarioError
from ivr.records.files import read, write
from ivr.records.measures import measures, sums
from ivr.records.one_call import one_call
from ivr.records.schema import NEVER, RESULTS, SCHEMA
from ivr.records.selection import between
from ivr.records.tables import concatenate
from ivr.routing import RoutingTable
from simulation.engines.contract import engine
from simulation.engines.kernel.measure_sums import sums as compiled_sums
from simulation.tables.checks import CallTable, StaffTable
from simulation.tables.outbound import Numbers, Outbound
from tests.support.units import S

ONE = RoutingTable(queues=("queue",), groups=("agents",), rank=((0,),))
NUMBERS = Outbound.of(ring_us=[10 * S] * 3, reached=[True, False, True], talk_us=60 * S, acw_us=5 * S)


def made(name, staff, *, arrived=(), talk=100, horizon=600, patience=NEVER):
    calls = CallTable.of(arrived_us=[s * S for s in arrived], talk_us=talk * S, patience_us=patience)
    return engine(name).simulate(calls, staff, ONE, horizon_us=horizon * S)


def dialled(records):
    """Agent, then when they dialled, ringing, talk and after-call work in seconds."""
    of = records.outbound
    columns = [of["agent"], *(of[name] // S for name in ("dialled_us", "ring_us", "talk_us", "acw_us"))]
    return list(zip(*(column.tolist() for column in columns), strict=True))


@pytest.fixture(params=["reference", "kernel"])
def name(request):
    return request.param


def test_a_number_that_nobody_answers_only_rings(name):
    staff = replace(StaffTable.constant({"agents": 1}, 0, 600 * S), outbound=(NUMBERS,))
    # 0 + 10 + 60 + 5 = 75; 75 + 10 = 85.
    assert dialled(made(name, staff)) == [(0, 0, 10, 60, 5), (0, 75, 10, 0, 0), (0, 85, 10, 60, 5)]


def test_ringing_is_not_divided_by_the_speed(name):
    staff = replace(StaffTable.constant({"agents": 1}, 0, 600 * S), speed=np.array([2.5]), outbound=(NUMBERS,))
    assert dialled(made(name, staff))[0] == (0, 0, 10, 24, 2)


@pytest.mark.parametrize("at_off", ["finish", "hand_over", "serve_queue"])
def test_a_call_is_finished_after_the_shift_and_none_begins_then(name, at_off):
    staff = replace(StaffTable.constant({"agents": 1}, 0, 80 * S), at_off=(at_off,), outbound=(NUMBERS,))
    records = made(name, staff)
    # The second number rings from 75 to 85 s, beyond the shift; the third is never dialled.
    assert dialled(records) == [(0, 0, 10, 60, 5), (0, 75, 10, 0, 0)]
    assert records.agents["off_us"].tolist() == [85 * S]


def test_nobody_dials_after_the_horizon(name):
    staff = replace(StaffTable.constant({"agents": 1}, 0, 600 * S), outbound=(NUMBERS,))
    assert dialled(made(name, staff, horizon=75)) == [(0, 0, 10, 60, 5)]


def test_a_caller_is_answered_before_the_next_number(name):
    staff = replace(StaffTable.constant({"agents": 1}, 0, 600 * S), outbound=(NUMBERS,))
    records = made(name, staff, arrived=(20,))
    assert records.visits["answered_us"].tolist() == [75 * S]
    assert [row[1] for row in dialled(records)] == [0, 175, 185]
    met = one_call(records, 0).visits[0].met  # the agent was busy when the caller came
    assert (met.busy, met.on_duty) == ({"agents": 1}, {"agents": 1})


def test_a_caller_who_hangs_up_makes_no_idle_agent_dial(name):
    """With one who must stay idle: agent 0 is idle; agent 1 dials; nothing changes when a caller leaves."""
    work = replace(NUMBERS, keep_idle=1)
    staff = replace(StaffTable.constant({"agents": 2}, 0, 600 * S), outbound=(work,))
    records = made(name, staff, arrived=(20, 30), patience=15 * S)
    assert [RESULTS[code] for code in records.visits["result"]] == ["handled", "abandoned"]
    # Agent 1 is free at 75 s and agent 0 talks until 120 s: agent 1 stays idle, then agent 0 dials.
    assert [row[:2] for row in dialled(records)] == [(1, 0), (0, 120), (0, 130)]


def test_nobody_is_idle_without_end_of_numbers():
    def draw(begin, end):
        ring = np.arange(begin, end) % 7 * S + S
        return Numbers(
            ring, np.ones(end - begin, bool), np.zeros(end - begin, np.int64), np.zeros(end - begin, np.int64)
        )

    staff = replace(StaffTable.constant({"agents": 5}, 0, 3_600 * S), outbound=(Outbound(draw),))
    # Beyond the 1,024 numbers that the kernel draws at first: 5 x 3,600 s / 4 s.
    ours, theirs = (
        made(name, staff, arrived=range(0, 3_600, 60), talk=37, horizon=3_600) for name in ("reference", "kernel")
    )
    assert len(ours.outbound["agent"]) > 2 * 1_024
    for table in SCHEMA:
        for column, values in getattr(ours, table).items():
            assert np.array_equal(values, getattr(theirs, table)[column]), (table, column)
    for add in (sums, compiled_sums):
        found = measures(add(theirs, interval_us=600 * S, from_us=90 * S), interval=3)
        assert found["occupancy"] == 1
    # One caller a minute talks for 37 s, each with one of five agents.
    assert found["outbound_occupancy"] == pytest.approx(1 - 37 / 300, abs=0.01)
    whole = (
        sums(theirs, interval_us=600 * S, from_us=90 * S).values,
        compiled_sums(theirs, interval_us=600 * S, from_us=90 * S).values,
    )
    assert np.array_equal(*whole)


def test_records_keep_them_in_files_and_not_in_parts(tmp_path):
    staff = replace(StaffTable.constant({"agents": 1}, 0, 600 * S), outbound=(NUMBERS,))
    records = made("reference", staff, arrived=(20,))
    for format in ("csv", "parquet"):
        write(concatenate([records, records]), tmp_path / format, format=format)
        found = read(tmp_path / format)
        assert found.outbound["replication"].tolist() == [0, 0, 0, 1, 1, 1]
        assert found.outbound["reached"].tolist() == [True, False, True] * 2
    assert len(between(records, 0, 100 * S).outbound["agent"]) == 0


def test_wrong_work_is_refused():
    with pytest.raises(ScenarioError, match="must be 0 or more"):
        replace(NUMBERS, keep_idle=-1)
    with pytest.raises(ScenarioError, match="outbound has 2 values"):
        replace(StaffTable.constant({"agents": 1}, 0, 600), outbound=(NUMBERS, None))
