"""Scenarios with every feature through the engine: conservation is checked in each run, and a night is survived."""

import pytest

from ivr.records.schema import OUTCOMES, RESULTS
from simulation.engines.contract import ENGINES, engine
from simulation.experiment.run import simulate
from tests.support.small_scenarios import features

THERE = [name for name in ENGINES if hasattr(engine(name), "run")]

EVERYTHING = (
    "behaviour.retry={share: 0.4, after: {exponential: 5m}, on: [blocked, abandoned, voicemail]}",
    "behaviour.told=[{above: 30s, leave: 5%}, {above: 2m, leave: 20%, patience: 1.5}]",
    "behaviour.while_waiting={help_queue: {pound: {share: 0.1, after: {exponential: 30s}}}}",
    (
        "queues={help: {transfer: {to: second, share: 0.2}, callback: {above: 2m, share: 0.4, answered: 0.6, attempts:"
        " 3, again: 5m}}, second: {talk: {exponential: 4m}, transfer: {to: help, share: 0.1}}}"
    ),
    "groups.first.breaks=[{length: 10m, after: 30m, spread: 30m}]",
    "groups.first.shrinkage=0.1",
    "groups.first.speed={lognormal: {mean: 1, cv: 0.2}}",
    "groups.tier2.end_of_shift=hand_over",
    "groups.first.end_of_shift=serve_queue",
    'arrivals.surges=[{at: "09:00", calls: 30, over: 5m, intents: {urgent: 1}}]',
    "arrivals.busyness={gamma: {help: 10, urgent: 5}, correlation: 0.5}",
    "talk={exponential: 3m}",
    "patience={empirical: [20s, 1m, 2m, 5m]}",
    "after_call_work={exponential: 20s}",
    "lines=8",
)


@pytest.mark.parametrize("engine", THERE)
def test_five_calls_by_hand(tmp_path, engine):
    """Every menu takes 1.5 s; one agent for help (3 min of talk), one at the second queue; 100 s of patience; room for
    3.

    call  arrives  what happens 0     0 s      offered 1.5, answered, talk to 181.5, "Thanks." 5 s: handled at 186.5 1
    10 s     offered 11.5, 90 s later 101.5 "Sorry." 4 s, second queue 105.5, answered, talk to 285.5 2     20 s
    offered 21.5, 111.5 "Sorry.", second queue 115.5 with 10 s of patience left: abandoned at 125.5 3     30 s
    urgent; offered 31.5, no longest wait: abandoned at 131.5 4     40 s     offered 41.5, where 1, 2 and 3 wait: full;
    "Busy." 3 s, "Speak." 2 s, message 10 s: voicemail at 56.5
    """
    (tmp_path / "calls.csv").write_text(
        "arrived_us,wants\n0,help\n10000000,help\n20000000,help\n30000000,urgent\n40000000,help\n", "utf-8"
    )
    result = simulate(
        features(
            tmp_path,
            "arrivals={kind: trace, file: calls.csv, intent: wants}",
            "groups.first.agents=1",
            "groups.tier2.agents=1",
        ),
        replications=1,
        keep_calls=True,
        engine=engine,
    )
    calls, visits = result.records.calls, result.records.visits
    assert [(OUTCOMES[o], t / 1e6) for o, t in zip(calls["outcome"], calls["ended_us"].tolist(), strict=True)] == [
        ("handled", 186.5),
        ("handled", 285.5),
        ("abandoned", 125.5),
        ("abandoned", 131.5),
        ("voicemail", 56.5),
    ]
    assert [
        (call, queue, offered / 1e6, left / 1e6, RESULTS[result])
        for call, queue, offered, left, result in zip(
            *(visits[name].tolist() for name in ("call_id", "queue", "offered_us", "left_us", "result")), strict=True
        )
    ] == [
        (0, 0, 1.5, 1.5, "handled"),
        (1, 0, 11.5, 101.5, "overflowed"),
        (1, 1, 105.5, 105.5, "handled"),
        (2, 0, 21.5, 111.5, "overflowed"),
        (2, 1, 115.5, 125.5, "abandoned"),
        (3, 0, 31.5, 131.5, "abandoned"),
        (4, 0, 41.5, 41.5, "full"),
    ]


@pytest.mark.parametrize("engine", THERE)
@pytest.mark.parametrize("at_end", ["drain", "clear"])
def test_everything_at_once_is_conserved(tmp_path, at_end, engine):
    result = simulate(
        features(tmp_path, *EVERYTHING, f"at_end={at_end}"), replications=6, keep_calls=True, engine=engine
    )
    found = result.measures
    for name in (
        "retries",
        "balked",
        "full",
        "callbacks_promised",
        "callbacks_reached",
        "voicemail",
        "blocked",
        "handled",
        "abandoned",
    ):
        assert found[name].mean > 0, name
    assert found["arrived"].mean == pytest.approx(
        sum((result.records.calls["outcome"] == code).sum() for code in range(10)) / 6
    )
    assert not result.exact  # none of this has an exact answer


def test_callers_who_keep_their_patience_are_the_impatient_ones_again(tmp_path):
    busy = (
        "arrivals.per_hour=300",
        "patience={exponential: 1m}",
        "groups.first.agents=4",
        "queues={help: {max_calls: 1000}}",
    )
    never, keep, redraw = (
        simulate(features(tmp_path, *busy, *setting), replications=4, engine="reference").measures
        for setting in (
            (),
            ("behaviour.retry={share: 0.8, after: {constant: 1m}, attempts: 4}",),
            ("behaviour.retry={share: 0.8, after: {constant: 1m}, attempts: 4, patience: redraw}",),
        )
    )
    assert never["attempts"].mean == 1
    assert never["retries"].mean == 0
    assert keep["attempts"].mean > 1.2
    assert redraw["attempts"].mean > 1.2
    # Callers who hang up early do so every time if they keep their patience, but not if it is drawn anew.
    assert keep["mean_wait_of_abandoned_s"].mean < redraw["mean_wait_of_abandoned_s"].mean


def test_callers_of_the_evening_wait_until_the_morning(tmp_path):
    # Two days; agents from 8:00 to 16:00. Nobody hangs up, so callers at night are answered when the next shift
    # begins.
    result = simulate(
        features(
            tmp_path,
            "horizon=32h",
            "interval=1h",
            "arrivals={kind: constant, per_hour: 2}",
            "patience=never",
            "intents={urgent: {share: 1, goal: urgent_queue}}",
            "queues.help.max_calls=1000",
            'groups.first={skills: [help], shifts: [{agents: 20, from: "08:00", to: "16:00"}]}',
        ),
        replications=1,
        keep_calls=True,
        engine="reference",
    )
    visits = result.records.visits
    hour = 3_600_000_000
    night = (visits["offered_us"] >= 8 * hour) & (visits["offered_us"] < 24 * hour)
    assert night.sum() > 20  # of 32 expected, as many as agents in the morning: the first 20 are answered at 8:00
    first = visits["answered_us"][night][:20]
    assert set(first.tolist()) == {24 * hour}
