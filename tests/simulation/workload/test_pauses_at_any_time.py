"""Pauses that agents make at any time: when they begin, how long they are, and what callers meet, in both engines."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.engines.contract import ENGINES, engine, has_kernel
from simulation.engines.results import records_of
from simulation.experiment.run import simulate
from simulation.sampling.distributions import Constant, Exponential
from simulation.sampling.streams import Streams
from simulation.scenario.duty import Pauses
from simulation.scenario.routing import routing_table
from simulation.tables.call_table import CallTable
from simulation.workload import draw_pauses
from simulation.workload.build_staff_table import build_staff_table
from simulation.workload.draw_pauses import pauses_at_any_time, with_pauses
from tests.support.small_scenarios import features, one_queue
from tests.support.units import S

MINUTE = 60 * S
HERE = [name for name in ENGINES if name == "reference" or has_kernel()]
TWO_AN_HOUR = Pauses(per_hour=2, length={"constant": "5m"})


def test_gaps_are_exponential_and_lengths_as_stated() -> None:
    """1,000 agents, 100 hours, 2 an hour: 200,000 pauses, 447 more or fewer by chance; gaps are 30 min on average."""
    pauses = Pauses(per_hour=2, length={"exponential": "5m"})
    begin, length = pauses_at_any_time(pauses, "desk", 1000, 100 * 60 * MINUTE, Streams(1, 0))
    inside = begin < 100 * 60 * MINUTE
    assert abs(np.count_nonzero(inside) - 200_000) < 3 * 447
    gaps = np.diff(begin, axis=1, prepend=0)[:, :100] / MINUTE
    assert gaps.mean() == pytest.approx(30, rel=0.02)
    assert (gaps < 30 * np.log(2)).mean() == pytest.approx(0.5, abs=0.01)
    assert length[inside].mean() / MINUTE == pytest.approx(5, rel=0.02)
    assert abs(np.corrcoef(gaps.ravel(), length[:, :100].ravel())[0, 1]) < 0.01


def test_agents_keep_their_pauses_whoever_else_is_there() -> None:
    many, few = (pauses_at_any_time(TWO_AN_HOUR, "desk", n, 600 * MINUTE, Streams(1, 0))[0] for n in (9, 3))
    size = min(many.shape[1], few.shape[1])
    assert np.array_equal(many[:3, :size], few[:, :size])


@pytest.mark.parametrize(
    ("begin", "rows"),
    [
        # at 10 and 40 min, 5 min each: as (on, off, rest, to a break) in minutes of a row from 0 to 60
        ([10, 40], [(0, 10, 0, 1), (15, 40, 5, 1), (45, 60, 5, 0)]),
        ([10, 12], [(0, 10, 0, 1), (15, 60, 5, 0)]),  # the second would begin during the first
        ([57], [(0, 57, 0, 0)]),  # until the end of the shift
        ([0, 61], [(0, 60, 0, 0)]),  # not on duty yet, and no longer
    ],
)
def test_pauses_cut_rows(monkeypatch: pytest.MonkeyPatch, begin: list[int], rows: list[tuple[int, ...]]) -> None:
    times = np.array([begin]) * MINUTE
    monkeypatch.setattr(draw_pauses, "pauses_at_any_time", lambda *_: (times, np.full_like(times, 5 * MINUTE)))
    made = with_pauses(np.array([[7, 0, 0, 60 * MINUTE, 0, 0]]), TWO_AN_HOUR, "desk", 7, 60 * MINUTE, Streams(1, 0))
    assert [(on // MINUTE, off // MINUTE, rest // MINUTE, brk) for _, _, on, off, rest, brk in made.tolist()] == rows
    assert set(made[:, 0].tolist()) == {7}


def test_without_pauses_or_rows_nothing_is_cut() -> None:
    rows = np.array([[0, 0, 0, 60, 0, 0]])
    for pauses in (None, Pauses(after_calls=0.5, length={"constant": "1m"})):
        assert with_pauses(rows, pauses, "desk", 0, 60, Streams(1, 0)) is rows
    assert len(with_pauses(rows[:0], TWO_AN_HOUR, "desk", 0, 60, Streams(1, 0))) == 0


@pytest.mark.parametrize("name", HERE)
def test_a_pause_waits_for_the_call_and_callers_wait_for_the_pause(
    tmp_path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """One agent, pauses of 5 min due at 10 and 40 min.

    The call at 9 min lasts until 12: the pause begins then and ends at 17, when the call of 14 min is answered. The
    agent is idle at 40 and pauses until 45: the call of 41 min waits for 4.
    """
    times = np.array([[10, 40]]) * MINUTE
    monkeypatch.setattr(draw_pauses, "pauses_at_any_time", lambda *_: (times, np.full_like(times, 5 * MINUTE)))
    loaded = one_queue(tmp_path, "groups.agents.pauses={per_hour: 2, length: {constant: 5m}}", "groups.agents.agents=1")
    staff = build_staff_table(loaded.scenario, Streams(1, 0))
    calls = CallTable.of(arrived_us=[9 * MINUTE, 14 * MINUTE, 41 * MINUTE], talk_us=3 * MINUTE)
    calls = CallTable.of(
        arrived_us=[9 * MINUTE, 14 * MINUTE, 41 * MINUTE], talk_us=3 * MINUTE, queues=routing_table(
            loaded.scenario, loaded.flow
        ).queues
    )  # fmt: skip
    found = engine(name).run(
        calls, staff, routing_table(loaded.scenario, loaded.flow), horizon_us=loaded.scenario.horizon_us
    )
    records = records_of(found, calls, staff, horizon_us=loaded.scenario.horizon_us)
    assert (records.visits["answered_us"] / MINUTE).tolist() == [9, 17, 45]


def test_an_agent_is_away_for_the_share_of_an_alternating_renewal() -> None:
    """On for half an hour on average and away for 5 min: 5 / 35 of the time, half a point more or less by chance.

    Time that is left of a pause at the end of a row is not on duty either.
    """
    rows = np.array([[k, 0, 0, 3000 * MINUTE, 0, 0] for k in range(400)])
    made = with_pauses(rows, TWO_AN_HOUR, "desk", 0, 3000 * MINUTE, Streams(3, 0))
    on = (made[:, 3] - made[:, 2]).sum() / (400 * 3000 * MINUTE)
    assert 1 - on == pytest.approx(5 / 35, abs=0.005)


@pytest.mark.skipif(not has_kernel(), reason="without the compiled kernel there is one engine")
def test_both_engines_agree_on_a_day_with_pauses(tmp_path) -> None:
    loaded = features(
        tmp_path, "groups.first.pauses={per_hour: 6, after_calls: 20%, length: {exponential: 2m}}", "seed=5"
    )
    one, other = (
        simulate(loaded, replications=2, engine=name, keep_calls=True).records for name in ("reference", "kernel")
    )
    assert one is not None
    assert other is not None
    for table in ("calls", "visits", "agents", "pauses", "steps"):
        for column, values in getattr(one, table).items():
            assert np.array_equal(values, getattr(other, table)[column]), (table, column)
    assert len(one.agents["agent"]) > 20


def test_pauses_that_nobody_makes_are_refused() -> None:
    with pytest.raises(ValueError, match="nobody pauses; state the share of calls after which an agent does"):
        Pauses(length=Constant(60.0))
    assert Pauses(per_hour=1, length=Exponential(60.0)).after_calls == 0.0
