"""Which scenarios have an exact answer, that it is the right one, and that the simulation meets it."""

from __future__ import annotations

import pytest

from flows.source.finding import LimitError
from simulation import theory
from simulation.experiment.exact_values import ExactValues
from simulation.experiment.run import simulate
from simulation.experiment.runner import Runner
from simulation.sampling.distributions import Constant, Lognormal, Uniform
from simulation.scenario.loaded import LoadedScenario
from tests.support.small_scenarios import one_queue, two_steps


def floor_of(loaded: LoadedScenario) -> ExactValues | None:
    """The exact answer of the floor, without that of the menus."""
    runner = Runner.of(loaded)
    answers = runner.result([runner.replication(runner.calls(1, 0, 0.5))[0]], 1).exact
    return next((answer for answer in answers if "Markov" not in answer.model), None)


# 100 calls an hour of 3 min on 6 agents: 5 erlangs. In 10 h the queue forgets its start some 5 times an hour or more.
COMMON = {"arrivals_per_hour": 100, "aht_s": 180, "agents": 6}


@pytest.mark.parametrize(
    ("settings", "model", "wanted"),
    [
        (["patience={exponential: 2m}"], "Erlang A (M/M/n+M)", lambda: theory.erlang_a(**COMMON, patience_s=120)),
        (
            ["patience={exponential: 2m}", "service_level.threshold=60s"],
            "Erlang A (M/M/n+M)",
            lambda: theory.erlang_a(**COMMON, patience_s=120, within_s=60),
        ),
        (
            ["patience={uniform: {low: 0, high: 4m}}"],
            "M/M/n+G, uniform patience",
            lambda: theory.mmn_plus_g(**COMMON, patience=Uniform(0, 240)),
        ),
        (
            ["patience={lognormal: {mean: 2m, cv: 1}}"],
            "M/M/n+G, lognormal patience",
            lambda: theory.mmn_plus_g(**COMMON, patience=Lognormal(120, cv=1)),
        ),
        (
            ["patience={constant: 2m}"],
            "M/M/n+G, constant patience",
            lambda: theory.mmn_plus_g(**COMMON, patience=Constant(120)),
        ),
        (
            ["groups.agents.agents=9"],
            "Erlang C (M/M/n)",
            lambda: theory.erlang_c(arrivals_per_hour=100, aht_s=180, agents=9),
        ),
    ],
)
def test_a_queue_of_like_agents_is_recognised(tmp_path, settings: list[str], model: str, wanted) -> None:
    found = floor_of(one_queue(tmp_path, *settings))
    assert found is not None
    assert found.model == model
    assert found.measures == pytest.approx(wanted().as_dict(), rel=1e-12)
    assert found.note.startswith("steady state; the simulated period starts empty, which moves waits by roughly ")


IMPATIENT = "patience={exponential: 2m}"  # which would make all of these Erlang A, except for what they change


@pytest.mark.parametrize(
    "settings",
    [
        [IMPATIENT, "talk={lognormal: {mean: 3m, cv: 1}}"],
        [IMPATIENT, "after_call_work={constant: 30s}"],
        [IMPATIENT, "arrivals.busyness={gamma: 10}"],
        [IMPATIENT, "arrivals={kind: per_interval, per_hour: [100, 100, 100, 100, 100, 100, 100, 100, 100, 100]}"],
        [IMPATIENT, "groups.agents.agents=[6, 6, 6, 6, 6, 7, 6, 6, 6, 6]"],
        [IMPATIENT, "routing={policy: single_queue, keep_idle: {agents: 1}}"],
        [IMPATIENT, "routing={policy: single_queue, after: {calls: {agents: 5s}}}"],
        [IMPATIENT, "horizon=50m", "interval=10m"],  # less than 20 talk times: no steady state
        ["patience={weibull: {mean: 2m, shape: 2}}"],
        ["groups.agents.agents=5"],  # 5 erlangs on 5 agents: the queue grows for ever
        ["groups.agents.agents=6"],  # stable, but the horizon is too short for it to forget that it began empty
    ],
)
def test_what_has_no_exact_answer_gets_none(tmp_path, settings: list[str]) -> None:
    assert floor_of(one_queue(tmp_path, *settings)) is None


def test_several_queues_served_alike_are_one(tmp_path) -> None:
    # 3/4 of 120 calls an hour are offered; everybody serves both queues; the menus do not change a Poisson stream.
    everybody = "groups={everybody: {skills: [sales, phones], agents: 7}}"
    found = floor_of(two_steps(tmp_path, everybody, "horizon=10h", "behaviour.wrong_key=0"))
    assert found is not None
    assert found.model == "Erlang A (M/M/n+M)"
    wanted = theory.erlang_a(arrivals_per_hour=90, aht_s=180, patience_s=120, agents=7)
    assert found.measures == pytest.approx(wanted.as_dict(), rel=1e-9)


def test_agents_who_differ_are_not(tmp_path) -> None:
    assert floor_of(two_steps(tmp_path, "horizon=10h", "groups.helpers.agents=4")) is None


def test_two_priorities_are_recognised_by_queue(tmp_path) -> None:
    loaded = two_steps(
        tmp_path,
        "horizon=20h",
        "groups={everybody: {skills: [sales, phones], agents: 7}}",
        "patience=never",
        "routing={policy: single_queue, priority: {sales: 1}}",
    )
    found = floor_of(loaded)
    wanted = theory.priorities_mmn(arrivals_per_hour=[30, 60], aht_s=180, agents=7)
    assert found is not None
    assert found.model == "M/M/n with 2 priorities"
    assert [found.by_queue[q]["mean_wait_s"] for q in ("sales", "phones")] == pytest.approx(
        wanted.mean_wait_s, rel=1e-9
    )
    # Whatever the order of service, the mean wait of all is that of first come, first served.
    assert found.measures["mean_wait_s"] == pytest.approx(wanted.mean_wait_fifo_s, rel=1e-9)


def test_menu_lines_and_agents_are_recognised(tmp_path) -> None:
    loaded = two_steps(tmp_path, "horizon=10h", "groups={everybody: {skills: [sales, phones], agents: 5}}", "lines=8")
    found = floor_of(loaded)
    assert found is not None
    assert found.model == "menu, lines and agents (product form)"
    # mean time in the menus by hand, see test_callers: 0.25 x 3.1 + 0.5 x 8.4 + 0.25 x 14.6
    wanted = theory.menu_lines_agents(
        arrivals_per_hour=120,
        menu_s=0.25 * 3.1 + 0.5 * 8.4 + 0.25 * 14.6,
        share_to_agents=0.75,
        aht_s=180,
        patience_s=120,
        agents=5,
        lines=8,
    )
    assert found.measures == pytest.approx(wanted.as_dict(), rel=1e-9)


def test_the_menus_have_an_exact_answer_while_opening_hours_do_not_change(tmp_path) -> None:
    result = simulate(two_steps(tmp_path), replications=1)
    assert result.measures["menu_s"].exact == pytest.approx(0.25 * 3.1 + 0.5 * 8.4 + 0.25 * 14.6, abs=1e-9)
    assert result.measures["containment"].exact == pytest.approx(0.25, abs=1e-12)
    assert result.measures["key_presses"].exact == pytest.approx(1.75, abs=1e-12)


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        (
            ["patience={exponential: 2m}"],
            ("wait_probability", "abandonment", "asa_s", "mean_wait_s", "occupancy", "service_level", "queue_length"),
        ),
        (
            ["patience={lognormal: {mean: 2m, cv: 1}}"],
            ("wait_probability", "abandonment", "mean_wait_s", "occupancy", "service_level"),
        ),
        (["groups.agents.agents=7"], ("wait_probability", "asa_s", "occupancy", "service_level")),
    ],
)
def test_the_simulation_meets_the_exact_answer(tmp_path, settings: list[str], names: tuple[str, ...]) -> None:
    # 20 periods of 60 h: starting empty costs the means less than 3 min / 60 h = 0.1 % of themselves. The interval is
    # one of 99.9 %, so that 15 comparisons miss by chance in 1.5 % of all seeds; the seed is fixed.
    result = simulate(
        one_queue(tmp_path, "horizon=60h", "interval=12h", "confidence=0.999", *settings), replications=20, seed=4
    )
    for name in names:
        value = result.measures[name]
        assert value.exact is not None
        assert value.half_width is not None
        assert abs(value.mean - value.exact) <= value.half_width + 0.001 * value.exact, name


def test_a_queue_that_would_grow_for_ever_is_simulated_all_the_same(tmp_path) -> None:
    with pytest.raises(LimitError):
        theory.erlang_c(arrivals_per_hour=100, aht_s=180, agents=4)
    assert simulate(one_queue(tmp_path, "groups.agents.agents=4"), replications=1).measures["offered"].mean > 0
