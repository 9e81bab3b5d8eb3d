"""The compiled menu stage against the readable one: every caller of every shipped scenario, equal in every column."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.engines.kernel import menu_walk as menus
from simulation.loading.load import load_scenario
from simulation.menus import sampled_walk as walk
from simulation.sampling.streams import Streams
from simulation.scenario.loaded import LoadedScenario
from simulation.workload.build_call_table import prepare
from tests.support.library import SHIPPED
from tests.support.small_scenarios import one_queue, two_steps

COLUMNS = ("menu_us", "ending", "queue", "position", "key_presses", "zero_out", "heard_language")
ROUGH = (
    "behaviour.wrong_key=20%",
    "behaviour.no_input=15%",
    "behaviour.zero_out=15%",
    "behaviour.hang_up_per_minute=2",
    "behaviour.wrong_entry=20%",
    "behaviour.no_entry=20%",
)


def same(loaded: LoadedScenario, *, replications: int) -> int:
    prepared, walked = prepare(loaded), 0
    for replication in range(replications):
        streams = Streams(7, replication)
        callers = prepared.draw_callers(streams, busy_u=0.5)
        readable, compiled = (of.walk(prepared.model, callers, streams) for of in (walk, menus))
        for name in COLUMNS:
            ours, theirs = getattr(compiled, name), getattr(readable, name)
            assert ours.dtype == theirs.dtype
            assert np.array_equal(ours, theirs), (name, np.flatnonzero(ours != theirs)[:5])
        walked += len(callers.arrived_us)
    return walked


@pytest.mark.parametrize("settings", [(), ROUGH], ids=["as shipped", "clumsy callers"])
@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_scenarios(name: str, settings: tuple[str, ...]) -> None:
    assert same(load_scenario(name, settings=settings), replications=2) > 1_000


@pytest.mark.parametrize("make", [one_queue, two_steps])
def test_small_scenarios(make, tmp_path) -> None:
    assert same(make(tmp_path), replications=3) > 100


def test_walks_that_begin_elsewhere(tmp_path) -> None:
    prepared = prepare(two_steps(tmp_path))
    streams = Streams(7, 0)
    callers = prepared.draw_callers(streams)
    begin = np.where(np.arange(len(callers.arrived_us)) % 3 == 0, -1, prepared.model.chain.start)
    readable, compiled = (of.walk(prepared.model, callers, streams, begin=begin, stage="later") for of in (walk, menus))
    assert all(np.array_equal(getattr(readable, name), getattr(compiled, name)) for name in COLUMNS)
    assert (readable.menu_us[begin < 0] == 0).all()


def test_a_fault_is_seen(monkeypatch) -> None:
    """The comparison fails when the compiled walk forgets the extra time of one step."""
    monkeypatch.setattr(menus, "go_on", lambda active, *rest: _no_time(menus_go_on, active, *rest))
    with pytest.raises(AssertionError):
        same(load_scenario("northwind"), replications=1)


menus_go_on = menus.go_on


def _no_time(true, active, *rest):
    rest = list(rest)
    rest[10] = rest[10] * 0  # the legs
    return true(active, *rest)
