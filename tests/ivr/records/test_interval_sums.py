"""Sums of each queue and group in each interval add up to those of the whole."""

from __future__ import annotations

from ivr.records.additive_sums import COLUMN_INDEX
from ivr.records.count_records import interval_edges, sums
from ivr.records.definitions.all_measures import COLUMNS
from ivr.records.interval_sums import group_intervals, queue_intervals
from ivr.records.measures import measures
from ivr.records.tables import Records
from simulation.experiment.run import simulate
from simulation.loading.load import load_scenario
from tests.support.six_calls import six_calls
from tests.support.units import S

HALF_HOURS = interval_edges(3600 * S, 1800 * S)


def test_each_queue_by_hand() -> None:
    """Billing is offered calls 0 and 1 in the first half-hour and nobody in the second; tech call 2, then call 3."""
    records = six_calls()
    found = queue_intervals(records, sums(records, interval_us=1800 * S), HALF_HOURS)
    offered = {q: [of.column("offered", of.cell(interval=i)) for i in (0, 1)] for q, of in found.items()}
    assert offered == {"billing": [2, 0], "tech": [1, 1]}
    billing = measures(found["billing"], interval=0)
    assert billing["asa_s"] == 15.0  # waits of 0 and 30 s
    assert billing["aht_s"] == 180.0  # 100 + 20 and 200 + 40 s
    assert billing["max_wait_s"] == 30.0
    assert measures(found["tech"], interval=0)["abandonment"] == 1.0


def test_columns_add_up_to_those_of_the_whole() -> None:
    """On a day with callbacks, hand-overs and a warm-up: every column."""
    loaded = load_scenario("northwind_busy", settings=["groups.billing.end_of_shift=hand_over"])
    records = simulate(loaded, replications=1, keep_calls=True, engine="reference").records
    assert records is not None
    for from_us in (0, 1800 * S):
        _adds_up(records, from_us)


def _adds_up(records: Records, from_us: int) -> None:
    edges = interval_edges(records.horizon_us, 1800 * S, from_us)
    whole = sums(records, interval_us=1800 * S, from_us=from_us)
    summed = [i for i, name in enumerate(COLUMNS) if name != "horizon_us"]
    for queue, of in queue_intervals(records, whole, edges, from_us).items():
        assert of.values[0, summed].tolist() == whole.values[whole.cell(queue=queue), summed].tolist(), queue
    times = [COLUMN_INDEX[name] for name in ("staffed_us", "busy_us", "wrap_us", "handled", "talk_us", "acw_us")]
    for group, of in group_intervals(records, whole, edges, from_us).items():
        assert of.values[0, times].tolist() == whole.values[whole.cell(group=group), times].tolist(), group
    assert whole.column("callbacks_kept")
    assert whole.column("handed_over")
