"""Callers in are callers out, in every measure: random records with every feature, counted call by call from the
definitions alone.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from ivr.records.definitions.all_measures import COLUMNS, MEASURES, QUANTILES
from ivr.records.measures import Sums, measures, sums
from ivr.records.schema import NONE, OUTCOMES, RESULTS
from ivr.records.tables import Records
from simulation.engines import kernel, reference
from simulation.engines.kernel.measure_sums import sums as compiled_sums
from simulation.engines.results import records_of
from simulation.experiment.run import simulate
from tests.support import random_tables
from tests.support.small_scenarios import FEATURES, features

THRESHOLD_US, SHORT_US, INTERVAL_US = 40_000_000, 15_000_000, 200_000_000
ADDED = (
    "offered",
    "waited",
    "handled",
    "handled_within",
    "abandoned",
    "abandoned_within",
    "short_abandoned",
    "promised",
    "full",
    "overflowed",
    "handed_over",
    "balked",
    "wait_us",
    "handled_wait_us",
    "abandoned_wait_us",
    "promised_wait_us",
    "handed_over_wait_us",
    "talk_us",
    "acw_us",
)


def waits_of(visits: list[dict[str, Any]], *, one_queue: bool) -> list[list[dict[str, Any]]]:
    """The visits of one call on the line, grouped into waits: until an agent has handled them, or in one queue."""
    waits: list[list[dict[str, Any]]] = [[]]
    for visit in visits:
        waits[-1].append(visit)
        if visit["result"] == "handled" or (one_queue and visit["result"] != "handed_over"):
            waits.append([])
    return [wait for wait in waits if wait]


def counted(wait: list[dict[str, Any]], *, booked: bool) -> Counter[str]:
    """What one wait adds, from the definitions in the table of measures."""
    last = wait[-1]
    added: Counter[str] = Counter()
    before, after, met_an_agent = 0, 0, False
    for visit in wait:
        if met_an_agent:
            after += visit["left_us"] - visit["offered_us"]
        else:
            before += visit["left_us"] - visit["offered_us"]
        met_an_agent |= visit["result"] in ("handled", "handed_over")
        added[visit["result"]] += visit["result"] in ("full", "overflowed", "handed_over")
        added["talk_us"] += visit["talk_us"]
        added["acw_us"] += visit["acw_us"]
    added["handed_over_wait_us"] = after
    if last["result"] == "callback" or booked:
        return added + Counter(promised=1, promised_wait_us=before)
    added += Counter(offered=1, waited=before > 0, wait_us=before)
    if last["result"] == "handled":
        added += Counter(handled=1, handled_within=before <= THRESHOLD_US, handled_wait_us=before)
    elif last["result"] == "abandoned":
        all_of_it = before + after
        added += Counter(
            abandoned=1,
            abandoned_within=all_of_it <= THRESHOLD_US,
            short_abandoned=all_of_it <= SHORT_US,
            abandoned_wait_us=all_of_it,
            balked=last["left_us"] == last["offered_us"] and last["announced_wait_us"] != NONE,
        )
    else:
        added["otherwise"] += 1
    return added


def visits_on_the_line(records: Records) -> tuple[dict[Any, str], dict[Any, list[dict[str, Any]]]]:
    """The outcome of each call, and its visits; without an agent calling back and colleagues who are asked."""
    calls = records.calls
    replication = calls.get("replication", np.zeros(len(calls["call_id"]), int))
    keys = list(zip(replication.tolist(), calls["call_id"].tolist(), strict=True))
    outcome = dict(zip(keys, (OUTCOMES[code] for code in calls["outcome"]), strict=True))
    columns = (column.tolist() for column in records.visits.values())
    by_call: dict[Any, list[dict[str, Any]]] = {}
    for values in zip(*columns, strict=True):
        row = dict(zip(records.visits, values, strict=True))
        row["result"] = RESULTS[row["result"]]
        if not row["called_back"] and row["result"] not in ("joined", "unjoined"):
            by_call.setdefault((row.get("replication", 0), row["call_id"]), []).append(row)
    return outcome, by_call


def check(records: Records, of: Sums) -> Counter[str]:
    """Compare sums with the definitions of the measures; return what happened in the records."""
    names = records.names["queue"]
    outcome, by_call = visits_on_the_line(records)
    whole: Counter[str] = Counter()
    by_queue: dict[str, Counter[str]] = {name: Counter() for name in names}
    for call, visits in by_call.items():
        visits.sort(key=lambda visit: visit["seq"])
        waits = waits_of(visits, one_queue=False)
        transfers = sum(wait[-1]["result"] == "handled" for wait in waits[:-1])
        assert len(waits) == 1 + transfers  # once until an agent has handled the call, again after each transfer
        for wait in waits:
            whole += counted(
                wait, booked=wait is waits[-1] and outcome[call] == "callback" and wait[-1]["result"] != "handled"
            )
        here = waits_of(visits, one_queue=True)
        for wait in here:
            by_queue[names[wait[-1]["queue"]]] += counted(
                wait, booked=wait is here[-1] and outcome[call] == "callback" and wait[-1]["result"] != "handled"
            )
        assert (outcome[call] == "handled") <= any(wait[-1]["result"] == "handled" for wait in waits)
    for name in ADDED:
        assert of.column(name) == whole[name], name
        for queue in names:
            assert of.column(name, of.cell(queue=queue)) == by_queue[queue][name], (queue, name)
    # in = out
    assert whole["offered"] == whole["handled"] + whole["abandoned"] + whole["otherwise"]
    assert of.waits[0].sum() == whole["offered"]
    assert of.column("arrived") == len(outcome) == sum(of.column(f"ended_{name}") for name in OUTCOMES)
    assert of.column("callbacks_kept") >= of.column("callbacks_reached") >= of.column("callbacks_within")
    assert of.column("callback_attempts") >= of.column("callbacks_reached")
    # intervals and groups add up
    intervals = [of.cell(interval=i) for i in range(of.intervals)]
    for i, name in enumerate(COLUMNS):
        if name not in ("replications", "longest_wait_us"):
            assert of.values[intervals, i].sum() == of.values[0, i], name
    groups = [of.cell(group=group) for group in of.groups]
    for name in ("handled", "talk_us", "acw_us", "staffed_us", "busy_us", "wrap_us"):
        assert of.values[groups, COLUMNS.index(name)].sum() == of.column(name), name
    places = [
        {},
        *({"queue": q} for q in of.queues),
        *({"group": g} for g in of.groups),
        *({"interval": i} for i in range(of.intervals)),
    ]
    for place in places:
        for name, value in measures(of, **place).items():
            if name in QUANTILES or MEASURES[name].unit != "share":
                assert value >= 0, (place, name)
            else:
                assert 0 <= value <= 1, (place, name)
    return (
        Counter(
            {
                "transfers": sum(len(waits_of(visits, one_queue=False)) > 1 for visits in by_call.values()),
                "full, then another queue": sum(
                    a["result"] == "full" for visits in by_call.values() for a in visits[:-1]
                ),
                "kept": of.column("callbacks_kept"),
                "reached": of.column("callbacks_reached"),
            }
        )
        + whole
    )


@pytest.mark.parametrize("batch", range(4))
def test_random_tables(batch: int) -> None:
    seen: Counter[str] = Counter()
    for seed in range(100 * batch, 100 * batch + 100):
        given = random_tables.scenario(seed)
        found = (reference if seed % 5 == 0 else kernel).run(**given)
        records = records_of(found, given["calls"], given["staff"], horizon_us=given["horizon_us"])
        asked = {"threshold_us": THRESHOLD_US, "short_us": SHORT_US, "interval_us": INTERVAL_US}
        seen += check(records, sums(records, **asked))
        check(records, compiled_sums(records, **asked))
    rare = [
        name
        for name in (*ADDED, "transfers", "full, then another queue", "kept", "reached", "otherwise")
        if not seen[name]
    ]
    assert rare == [], "the sample shows none of these"


EVERY_WAY = [
    "queues.help.transfer={to: second, share: 0.3}",
    "queues.help.callback={above: 1m, share: 0.5, answered: 0.6, attempts: 2, again: 5m}",
    "groups.first.end_of_shift=hand_over",
    "groups.tier2.end_of_shift=hand_over",
    "at_end=clear",
    "lines=9",
    "groups.tier2.agents=[2, 0, 1, 2]",
    "groups.first.agents=[3, 1, 4, 2]",
    "talk={exponential: 4m}",
    "patience={exponential: 90s}",
    "behaviour.told=[{above: 30s, leave: 20%, patience: 1.5}]",
]
FLOW_WAYS = (
    "busy: {type: play, say: {text: Busy., seconds: 3}, next: box}",
    "busy: {type: play, say: {text: Busy., seconds: 3}, next: second_queue}",
)


@pytest.mark.parametrize("seed", range(8))
def test_random_flows_and_floors(tmp_path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    chosen = [setting for setting in EVERY_WAY if rng.random() < 0.6]
    flow = FEATURES.replace(FLOW_WAYS[0], FLOW_WAYS[rng.integers(2)]).replace(
        "max_calls: 3", f"max_calls: {rng.integers(0, 4)}"
    )
    loaded = features(tmp_path, *chosen, "interval=30m", flow=flow)
    result = simulate(loaded, replications=2, seed=seed, keep_calls=True)
    assert result.records is not None
    together = sums(result.records, threshold_us=THRESHOLD_US, short_us=SHORT_US, interval_us=1_800_000_000)
    check(result.records, together)
    ours, road = (
        {name: value.mean for name, value in result.measures.items()},
        measures(
            sums(
                result.records,
                threshold_us=round(loaded.scenario.service_level.threshold * 1e6),
                interval_us=1_800_000_000,
            )
        ),
    )
    # the records of all replications agree with the run, measure by measure
    assert ours == pytest.approx(road)
