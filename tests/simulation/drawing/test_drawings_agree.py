"""The compiled drawing against the readable one: every cell of the call table, over all distributions and features."""

from __future__ import annotations

from dataclasses import fields
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from flows.source.finding import ScenarioError
from simulation.drawing import draw as compiled
from simulation.drawing.draw import drawing
from simulation.loading.load import load_scenario
from simulation.sampling.streams import Streams
from simulation.scenario.loaded import LoadedScenario
from simulation.tables.call_table import CallTable
from simulation.workload.build_call_table import build_call_table, prepare
from tests.support.library import SHIPPED
from tests.support.models.floor_compared import written
from tests.support.models.floor_days import random_day
from tests.support.paths import ROOT
from tests.support.small_scenarios import FEATURES, features, one_queue, two_steps
from tests.support.tiers import tiers_called

CLUMSY = (
    "behaviour.wrong_key=20%",
    "behaviour.no_input=15%",
    "behaviour.zero_out=15%",
    "behaviour.hang_up_per_minute=2",
    "behaviour.wrong_entry=20%",
    "behaviour.no_entry=20%",
)


def first_difference(ours: CallTable, theirs: CallTable) -> str:
    for one in fields(CallTable):
        a, b = getattr(ours, one.name), getattr(theirs, one.name)
        if not isinstance(a, np.ndarray):
            if a != b:
                return f"{one.name}: {a} and {b}"
        elif a.shape != b.shape or a.dtype != b.dtype:
            return f"{one.name}: {a.shape} {a.dtype} and {b.shape} {b.dtype}"
        elif not np.array_equal(a, b):
            row = int(np.flatnonzero((a != b).reshape(len(a), -1).any(axis=1))[0])
            return f"{one.name}[{row}]: {a[row]} and {b[row]}"
    return ""


def same(loaded: LoadedScenario, *, replications: int = 1, seed: int = 7) -> CallTable:
    """Draw replications both ways; the last one."""
    prepared = prepare(loaded)
    draw = drawing(prepared)
    assert draw is not None
    for replication in range(replications):
        streams = Streams(seed, replication)
        theirs = build_call_table(prepared, streams, busy_u=0.4)
        difference = first_difference(draw(streams, busy_u=0.4), theirs)
        assert not difference, difference
    return theirs


SHIPPED_AND_BUSY = (*SHIPPED, "northwind_busy")
AS_SHIPPED = [name for name in SHIPPED_AND_BUSY if name != "city_services"]
"""Clumsy callers see more of the large menu of city_services, which takes long to prepare."""


@pytest.mark.parametrize("name", AS_SHIPPED)
def test_shipped_scenarios(name: str) -> None:
    assert len(same(load_scenario(name))) > 1_000


@pytest.mark.parametrize("name", SHIPPED_AND_BUSY)
def test_clumsy_callers_of_shipped_scenarios(name: str) -> None:
    assert len(same(load_scenario(name, settings=CLUMSY))) > 1_000


def test_the_scenarios_of_the_benchmark() -> None:
    for name in ("w1", "w2"):
        path = ROOT / "bench" / "scenarios" / f"{name}.scenario.yaml"
        assert len(same(load_scenario(path, settings=["horizon=1h"]))) > 1_000


@pytest.mark.parametrize("make", [one_queue, two_steps, features])
def test_small_scenarios(make, tmp_path) -> None:
    assert len(same(make(tmp_path), replications=3)) > 100


LAWS = (
    "{constant: 90s}",
    "{exponential: 3m}",
    "{lognormal: {mean: 4m, cv: 0.8}}",
    "{lognormal: {mean: 4m, cv: 90}}",
    "{uniform: {low: 10s, high: 5m}}",
    "{weibull: {mean: 2m, shape: 0.2}}",
    "{weibull: {mean: 2m, shape: 3}}",
    "{gamma: {mean: 3m, alpha: 0.05}}",
    "{gamma: {mean: 3m, alpha: 7}}",
    "{erlang: {mean: 3m, phases: 40}}",
    "{hyperexponential: {means: [30s, 5m, 40m], shares: [0.6, 0.3, 0.1]}}",
    "{empirical: [20s, 1m, 61s, 5m]}",
    "{mix: [{share: 0.2, constant: 0}, {share: 0.8, gamma: {mean: 2m, alpha: 2}}]}",
    "{mix: [{share: 1, constant: 0}, {share: 0, exponential: 2m}]}",
    "{triangular: {low: 10s, mode: 1m, high: 5m}}",
    "{triangular: {low: 1m, mode: 1m, high: 1m}}",
    "{mixture: [{share: 0.5, mix: [{share: 0.3, constant: 0}, {share: 0.7, erlang: {mean: 1m, phases: 3}}]},"
    " {share: 0.2, constant: 1m}, {share: 0, uniform: {low: 0, high: 1m}},"
    " {share: 0.3, triangular: {low: 0s, mode: 2m, high: 20m}}]}",
)


@pytest.mark.parametrize("law", LAWS)
def test_each_distribution_wherever_it_may_stand(law: str, tmp_path) -> None:
    calls = same(
        features(
            tmp_path,
            f"talk={law}",
            f"patience={law}",
            f"after_call_work={law}",
            f"behaviour.reaction={law}",
            f"behaviour.message={law}",
            f"behaviour.retry={{share: 0.5, after: {law}}}",
            f"behaviour.while_waiting={{help_queue: {{pound: {{share: 0.5, after: {law}}}}}}}",
            f"queues={{help: {{callback: {{above: 1m, ring: {law}}}}}}}",
            f"behaviour.nodes={{sorry: {{dwell: {law}}}}}",
            "behaviour.key_ahead=0.4",
            "arrivals.per_hour=400",
        )
    )
    assert calls.queue_visits > 2 * calls.first_attempts > 400


def test_shares_of_each_intent(tmp_path) -> None:
    same(tiers_called(tmp_path))
    again = "{share: 0.1, goal: bills, retry: {after_handled: {share: 0.5, after: {exponential: 5m}}}}"
    same(tiers_called(tmp_path, pay=again))


LISTS = "[{exponential: 1m}, {lognormal: {mean: 4m, cv: 1}}, {constant: 20s}, {gamma: {mean: 2m, alpha: 3}}]"
EXITS = FEATURES.replace("seconds: 5}, next: bye", "seconds: 5}, next: second_queue")
CIRCLE = FEATURES.replace(
    "type: queue, queue: second}", "type: queue, queue: second, max_wait: 1s, on: {timeout: sorry, answered: busy}}"
)


@pytest.mark.parametrize(
    ("settings", "flow"),
    [
        (("behaviour.retry={share: 0.9, after: {exponential: 5m}, attempts: 12, patience: redraw}",), FEATURES),
        (("behaviour.retry={share: 0.9, attempts: 4}", *CLUMSY[:4]), CIRCLE),
        (("queues={help: {transfer: [{to: second, share: 0.3}]}}", *CLUMSY[:4]), CIRCLE),
        (("queues={second: {transfer: {to: help, share: 1}}}", "behaviour.retry={share: 0.5}"), EXITS),
        ((f"talk={LISTS}", f"patience={LISTS}", f"after_call_work={LISTS}", "interval=15m", "horizon=1h"), EXITS),
        (("groups.tier2.talk={exponential: 9m}", "queues={help: {by_group: {first: {constant: 3m}}}}"), EXITS),
        (("intents.urgent.urgency=0.5", "queues={second: {max_calls: 1}}", "queues.help={max_calls: 2}"), CIRCLE),
        (("arrivals.busyness={gamma: {help: 10, urgent: 5}, correlation: 0.5}", "horizon=3d"), FEATURES),
        (
            (
                'arrivals.surges=[{at: "08:30", calls: 30, over: 5m, intents: {urgent: 1}}, {at: "08:30", calls: 20}]',
                "behaviour.retry={share: 0.5}",
                "arrivals.busyness={gamma: 4}",
            ),
            FEATURES,
        ),
        (("queues={help: {callback: {above: 2m, answered: 0.6, attempts: 3}}}",), FEATURES),
        (("behaviour.told=[{above: 0s, leave: 10%, patience: 2}]",), EXITS),
        (("routing.choice={tier2: random}", "behaviour.retry={share: 0.9, attempts: 4}", *CLUMSY[:4]), CIRCLE),
        (
            (
                "groups.first.pauses={after_calls: 30%, length: {exponential: 1m}}",
                "groups.tier2.pauses={after_calls: 60%, length: {lognormal: {mean: 2m, cv: 1}}}",
                "behaviour.retry={share: 0.9, attempts: 4}",
                *CLUMSY[:4],
            ),
            CIRCLE,
        ),
        (
            (
                "intents.urgent.retry={share: 0.8, attempts: 6, after_handled: {share: 0.6, after: {exponential: 1h}}}",
                "behaviour.retry={share: 0.3, attempts: 3}",
                "arrivals.busyness={gamma: 4}",
            ),
            EXITS,
        ),
        (("behaviour.retry={after_handled: {share: 0.4, after: {weibull: {mean: 30m, shape: 0.7}}}}",), EXITS),
        (("arrivals.per_hour=0",), FEATURES),
    ],
)
def test_each_feature(settings, flow, tmp_path) -> None:
    same(
        features(tmp_path, "patience={exponential: 2m}", "arrivals.per_hour=200", *settings, flow=flow), replications=2
    )


def test_random_days(tmp_path: Path) -> None:
    """Traces, refusals, hours, splits and exits of every kind, all in odd combinations."""

    def days():
        for seed in range(1_000):
            try:
                loaded = load_scenario(written(random_day(seed), tmp_path))
            except ScenarioError:  # some are refused
                continue
            if not any(queue.conference for queue in loaded.scenario.queues.values()):  # only the readable drawing does
                yield loaded

    for loaded in islice(days(), 60):
        same(loaded)


def test_columns_grow_when_calls_join_many_queues(tmp_path, monkeypatch) -> None:
    grown = []
    longer = compiled._with_more_room
    monkeypatch.setattr(compiled, "_with_more_room", lambda world: grown.append(1) or longer(world))
    to_and_fro = "queues={help: {transfer: {to: second, share: 1}}, second: {transfer: {to: help, share: 0.999999}}}"
    calls = same(features(tmp_path, to_and_fro, "arrivals.per_hour=2000", "behaviour.retry={share: 0.5}"))
    assert calls.queue_visits > 5 * len(calls)
    assert grown


def test_a_fault_is_seen(tmp_path, monkeypatch) -> None:
    """The comparison fails when the compiled drawing takes another key for one purpose."""
    keys = {"visit": "visits"}
    from simulation.drawing import plan

    hashed = plan.hashed
    monkeypatch.setattr(plan, "hashed", lambda purpose: hashed(keys.get(purpose, purpose)))
    with pytest.raises(AssertionError, match="talk_us"):
        same(two_steps(tmp_path, "patience={constant: 1m}"))
