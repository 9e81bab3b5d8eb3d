"""Exact formulas against published values, hand cases and each other."""

import doctest
import importlib
import math
import pkgutil

import numpy as np
import pytest

import simulation.theory
from flows.source.finding import LimitError, UsageError
from simulation.theory import (
    Constant,
    Exponential,
    Lognormal,
    Uniform,
    blocking_probability,
    erlang_a,
    erlang_b,
    erlang_c,
    menu_lines_agents,
    mmn_plus_g,
    priorities_mmn,
    waiting_probability,
)

H = 3600.0  # one unit of time in the tables below is an hour

# offered load, agents, probability: computed with 40-digit arithmetic, printed to 12 digits.
ERLANG_B = [
    (1, 1, 0.5),
    (1, 3, 0.0625),
    (5, 10, 0.0183845703366),
    (10, 10, 0.214582343107),
    (50, 60, 0.0216684730578),
    (100, 117, 0.00979007112537),
]
ERLANG_C = [
    (1, 2, 0.333333333333),
    (5, 7, 0.324149949173),
    (8, 10, 0.409180150796),
    (10, 14, 0.174131933595),
    (50, 55, 0.384547317933),
]


@pytest.mark.parametrize(("load", "agents", "exact"), ERLANG_B)
def test_erlang_b(load, agents, exact):
    assert blocking_probability(load, agents) == pytest.approx(exact, rel=1e-11)
    answer = erlang_b(arrivals_per_hour=load, aht_s=H, agents=agents)
    assert answer.blocking == pytest.approx(exact, rel=1e-11)
    assert answer.occupancy == pytest.approx(load * (1 - exact) / agents, rel=1e-11)  # carried load / agents


@pytest.mark.parametrize(("load", "agents", "exact"), ERLANG_C)
def test_erlang_c(load, agents, exact):
    assert waiting_probability(load, agents) == pytest.approx(exact, rel=2e-12)


# calls in half an hour, mean handle time, threshold, fewest agents for 80 %, service level reached (8 digits)
@pytest.mark.parametrize(
    ("calls", "aht_s", "within_s", "agents", "level"),
    [(100, 180, 20, 14, 0.88835002), (200, 180, 20, 24, 0.80888189), (1000, 300, 20, 176, 0.80283066)],
)
def test_erlang_c_staffing(calls, aht_s, within_s, agents, level):
    def reached(n):
        return erlang_c(arrivals_per_hour=2 * calls, aht_s=aht_s, agents=n, within_s=within_s).service_level

    assert reached(agents) == pytest.approx(level, abs=5e-9)
    assert reached(agents - 1) < 0.8 <= reached(agents)


def test_erlang_c_with_one_agent_is_mm1():
    # lambda = 45/h, mu = 60/h, rho = 3/4: P(wait) = rho, W = rho/(mu - lambda) = 0.75/15 h = 180 s,
    # Q = rho^2/(1-rho) = 2.25, P(W <= 60 s) = 1 - 0.75 exp(-15/60).
    answer = erlang_c(arrivals_per_hour=45, aht_s=60, agents=1, within_s=60)
    assert answer.wait_probability == pytest.approx(0.75, rel=1e-14)
    assert answer.mean_wait_s == answer.asa_s == pytest.approx(180, rel=1e-13)
    assert answer.queue_length == pytest.approx(2.25, rel=1e-13)
    assert (
        answer.service_level == answer.service_level_of_offered == pytest.approx(1 - 0.75 * math.exp(-0.25), rel=1e-14)
    )
    assert answer.occupancy == pytest.approx(0.75)
    assert answer.abandonment is None
    assert answer.blocking is None


# lambda, agents, theta (mu = 1), P(wait), P(abandon), mean wait, T, handled within T over offered
ERLANG_A = [
    (48, 50, 0.5, 0.46777407, 0.030912249, 0.061824498, 1 / 3, 0.94301895),
    (50, 50, 1, 0.51880832, 0.056325006, 0.056325006, None, None),
    (100, 100, 1, 0.51329880, 0.039860997, 0.039860997, 0.1, 0.81365453),
]


@pytest.mark.parametrize(("rate", "agents", "theta", "waits", "abandons", "mean_wait", "within", "handled"), ERLANG_A)
def test_erlang_a(rate, agents, theta, waits, abandons, mean_wait, within, handled):
    answer = erlang_a(arrivals_per_hour=rate, aht_s=H, patience_s=H / theta, agents=agents, within_s=(within or 0) * H)
    assert answer.wait_probability == pytest.approx(waits, abs=6e-9)
    assert answer.abandonment == pytest.approx(abandons, abs=6e-10)
    assert answer.mean_wait_s == pytest.approx(mean_wait * H, abs=6e-10 * H)
    assert answer.abandonment == pytest.approx(theta * answer.mean_wait_s / H, rel=1e-12)  # P(Ab) = theta E[W]
    assert answer.queue_length == pytest.approx(rate * answer.mean_wait_s / H, rel=1e-12)  # Little
    if handled is not None:
        assert answer.service_level_of_offered == pytest.approx(handled, abs=6e-9)


def test_erlang_a_by_summing_its_birth_death_chain():
    # An independent derivation of all measures: state probabilities pi(n+k) by products of rates, and for a caller
    # with k ahead the k+1 exponential stages before the agent (the wait is computed for each state in turn).
    rate, agents, theta, within = 7.0, 5, 0.8, 0.25
    weights = [1.0]
    for state in range(1, 200):
        weights.append(weights[-1] * rate / (min(state, agents) + max(state - agents, 0) * theta))
    chain = np.array(weights) / sum(weights)
    queue = sum(k * p for k, p in enumerate(chain[agents:]))
    asa_mass = handled = in_time = gone_in_time = 0.0
    steps = np.linspace(0, 40, 400_001)
    width = steps[1] - steps[0]
    for k, p in enumerate(chain[agents : agents + 60]):
        stages = agents + np.arange(k + 1) * theta
        # density of the sum of the stages: prod(rates) e^{-n mu t} (1 - e^{-theta t})^k / (k! theta^k)
        log_constant = np.log(stages).sum() - math.lgamma(k + 1) - k * math.log(theta)
        with np.errstate(divide="ignore"):
            decay = np.log(-np.expm1(-theta * steps)) if k else np.zeros_like(steps)
        density = np.exp(log_constant - agents * steps + k * decay)
        density[[0, -1]] /= 2
        served = density * np.exp(-theta * steps)
        handled += p * served.sum() * width
        asa_mass += p * (served * steps).sum() * width
        # the node at T counts by half on either side, as the trapezoidal rule wants
        cut = round(within / width)
        in_time += p * (served[:cut].sum() + served[cut] / 2) * width
        still = (density[cut + 1 :].sum() + density[cut] / 2) * width
        gone_before = density * -np.expm1(-theta * steps)
        gone_in_time += p * (
            (gone_before[:cut].sum() + gone_before[cut] / 2) * width + still * -math.expm1(-theta * within)
        )
    no_wait = chain[:agents].sum()
    answer = erlang_a(arrivals_per_hour=rate, aht_s=H, patience_s=H / theta, agents=agents, within_s=within * H)
    assert answer.wait_probability == pytest.approx(chain[agents:].sum(), rel=1e-10)
    assert answer.queue_length == pytest.approx(queue, rel=1e-10)
    assert answer.abandonment == pytest.approx(theta * queue / rate, rel=1e-10)
    assert answer.asa_s == pytest.approx(H * asa_mass / (no_wait + handled), rel=1e-6)
    assert answer.service_level_of_offered == pytest.approx(no_wait + in_time, rel=1e-6)
    assert answer.service_level == pytest.approx((no_wait + in_time) / (1 - gone_in_time), rel=1e-6)
    assert answer.occupancy == pytest.approx(np.minimum(np.arange(200), agents) @ chain / agents, rel=1e-10)


def test_endless_patience_is_erlang_c_and_none_is_erlang_b():
    common = {"arrivals_per_hour": 40, "aht_s": 600, "agents": 8, "within_s": 30}
    patient, exact = erlang_a(**common, patience_s=1e13), erlang_c(**common)
    for name, value in exact.as_dict().items():
        assert getattr(patient, name) == pytest.approx(value, rel=1e-8), name
    hasty = erlang_a(**common, patience_s=1e-7)
    assert hasty.abandonment == pytest.approx(blocking_probability(40 / 6, 8), rel=1e-8)


# P(wait), P(abandon), mean wait, handled within 0.1 over offered: lambda 102, mu 1, 100 agents, mean patience 1
@pytest.mark.parametrize(
    ("patience", "waits", "abandons", "mean_wait", "handled"),
    [
        (Exponential(H), 0.591719, 0.049918, 0.049918, 0.758777),
        (Lognormal(H, cv=1.0), 0.757003, 0.037648, 0.112027, 0.498903),
        (Uniform(0, 2 * H), 0.680764, 0.043307, 0.082429, 0.621844),
    ],
)
def test_mmn_plus_g(patience, waits, abandons, mean_wait, handled):
    answer = mmn_plus_g(arrivals_per_hour=102, aht_s=H, patience=patience, agents=100, within_s=0.1 * H)
    assert answer.wait_probability == pytest.approx(waits, abs=6e-7)
    assert answer.abandonment == pytest.approx(abandons, abs=6e-7)
    assert answer.mean_wait_s == pytest.approx(mean_wait * H, abs=6e-7 * H)
    assert answer.service_level_of_offered == pytest.approx(handled, abs=6e-7)
    # conservation: what the agents carry is what arrived and did not hang up
    assert answer.occupancy == pytest.approx(1.02 * (1 - answer.abandonment), rel=1e-12)


def test_fixed_patience_with_one_agent():
    # M/M/1+D, lambda = mu, patience d: the offered wait has the constant density lambda pi0 on (0, d) and
    # lambda pi0 exp(-mu (x - d)) beyond, so 1/pi0 = 1 + mu d + 1; P(abandon) = P(V > d) = pi0.
    d = 2.0
    answer = mmn_plus_g(arrivals_per_hour=1, aht_s=H, patience=Constant(d * H), agents=1, within_s=0.5 * H)
    pi0 = 1 / (2 + d)
    assert answer.abandonment == pytest.approx(pi0, rel=1e-12)
    assert answer.wait_probability == pytest.approx(1 - pi0, rel=1e-12)
    assert answer.mean_wait_s == pytest.approx((pi0 * d**2 / 2 + pi0 * d) * H, rel=1e-12)
    assert answer.asa_s == pytest.approx(pi0 * d**2 / 2 / (1 - pi0) * H, rel=1e-12)
    assert answer.service_level_of_offered == answer.service_level == pytest.approx(pi0 * 1.5, rel=1e-12)


def test_priorities():
    # lambda 2 and 2.2, mu 0.5, 10 agents; printed to 6 digits
    answer = priorities_mmn(arrivals_per_hour=[2, 2.2], aht_s=2 * H, agents=10)
    assert [w / H for w in answer.mean_wait_s] == pytest.approx([0.168089, 1.050558], abs=5e-7)
    assert answer.mean_wait_fifo_s / H == pytest.approx(0.630335, abs=5e-7)
    # Kleinrock's conservation law: priorities move waiting, they do not change its mean over all callers.
    assert (2 * answer.mean_wait_s[0] + 2.2 * answer.mean_wait_s[1]) / 4.2 == pytest.approx(answer.mean_wait_fifo_s)
    assert answer.queue_length == pytest.approx([2 * answer.mean_wait_s[0] / H, 2.2 * answer.mean_wait_s[1] / H])


def test_one_class_of_priority_is_erlang_c():
    assert priorities_mmn(arrivals_per_hour=[45], aht_s=60, agents=1).mean_wait_s == pytest.approx([180])


# lambda, theta, p, mu, agents, lines, delta; blocking, P(wait), mean wait, occupancy, handled within 1/3
@pytest.mark.parametrize(
    ("rate", "theta", "p", "mu", "agents", "lines", "delta", "blocking", "waits", "mean_wait", "occupancy", "handled"),
    [
        (20, 1, 1, 1, 20, 50, 0, 0.061266964, 0.65581675, 0.21232230, 0.93873304, 0.72735601),
        (20, 1, 1, 1, 25, 50, 0, 0.022333558, 0.13571265, 0.016669825, 0.78213315, 0.99216806),
        (10, 2, 0.5, 0.25, 22, 35, 0.5, 0.0061152656, 0.29467352, 0.11297964, 0.85249124, 0.83068276),
    ],
)
def test_menu_lines_agents(rate, theta, p, mu, agents, lines, delta, blocking, waits, mean_wait, occupancy, handled):
    answer = menu_lines_agents(
        arrivals_per_hour=rate,
        menu_s=H / theta,
        share_to_agents=p,
        aht_s=H / mu,
        agents=agents,
        lines=lines,
        patience_s=H / delta if delta else None,
        within_s=H / 3,
    )
    assert answer.blocking == pytest.approx(blocking, abs=6e-10)
    assert answer.wait_probability == pytest.approx(waits, abs=6e-9)
    assert answer.mean_wait_s == pytest.approx(mean_wait * H, abs=6e-9 * H)
    assert answer.occupancy == pytest.approx(occupancy, abs=6e-9)
    assert answer.service_level_of_offered == pytest.approx(handled, abs=6e-9)
    # flow into the agents = flow out: lambda p (1 - blocked)(1 - abandoned) = n mu occupancy
    assert rate * p * (1 - answer.blocking) * (1 - answer.abandonment) == pytest.approx(agents * mu * answer.occupancy)
    assert answer.abandonment == pytest.approx(delta * answer.mean_wait_s / H, abs=1e-12)


def test_two_lines_and_one_agent_by_hand():
    # lambda = theta = mu = delta = 1, p = 1, n = 1, N = 2. Weights pi(i,j): (0,0) 1, (1,0) 1, (2,0) 1/2, (0,1) 1,
    # (1,1) 1, (0,2) 1/2: sum 5. Blocking = (1/2 + 1 + 1/2)/5. With N-1 = 1 line: (0,0) 1, (1,0) 1, (0,1) 1, so a
    # caller leaving the menu finds the agent busy with 1/3, then one stage of rate mu + delta: served with 1/2
    # after 1/2 on average.
    answer = menu_lines_agents(
        arrivals_per_hour=1, menu_s=H, share_to_agents=1, aht_s=H, agents=1, lines=2, patience_s=H, within_s=0.5 * H
    )
    assert answer.blocking == pytest.approx(0.4, rel=1e-13)
    assert answer.wait_probability == pytest.approx(1 / 3, rel=1e-13)
    assert answer.abandonment == pytest.approx(1 / 6, rel=1e-13)
    assert answer.asa_s == pytest.approx((1 / 3 * 1 / 2 * 1 / 2) / (5 / 6) * H, rel=1e-13)
    settled = 1 - math.exp(-2 * 0.5)  # answered or gone within half an hour, half of them each
    assert answer.service_level_of_offered == pytest.approx(2 / 3 + settled / 6, rel=1e-13)
    assert answer.service_level == pytest.approx((2 / 3 + settled / 6) / (1 - settled / 6), rel=1e-13)
    assert answer.queue_length == pytest.approx(0.5 / 5, rel=1e-13)
    assert answer.occupancy == pytest.approx(2.5 / 5, rel=1e-13)


def test_plenty_of_lines_is_erlang_a():
    # Two derivations: a product form with Beta and Gamma stages here, quadrature of the offered wait there.
    common = {"arrivals_per_hour": 102, "aht_s": H, "agents": 100, "patience_s": 1800, "within_s": 100}
    network = menu_lines_agents(**common, menu_s=60, share_to_agents=1, lines=600)
    for name, value in erlang_a(**common).as_dict().items():
        assert getattr(network, name) == pytest.approx(value, rel=1e-10), name


def test_fewer_lines_than_agents_is_erlang_b():
    # nobody ever waits; menu and talk are one service of mean 1 + 1 with N servers
    answer = menu_lines_agents(arrivals_per_hour=5, menu_s=H, share_to_agents=1, aht_s=H, agents=9, lines=8)
    assert answer.blocking == pytest.approx(blocking_probability(10, 8), rel=1e-12)
    assert (answer.wait_probability, answer.mean_wait_s, answer.service_level) == (0, 0, pytest.approx(1))


@pytest.mark.parametrize("load_per_agent", [0.5, 0.99, 1.0, 1.5])
def test_a_hundred_thousand_agents(load_per_agent):
    rate, agents = 100_000 * load_per_agent, 100_000
    common = {"arrivals_per_hour": rate, "aht_s": H, "agents": agents, "patience_s": H}
    answer = erlang_a(**common)
    network = menu_lines_agents(**common, menu_s=10, share_to_agents=1, lines=200_000)
    for name, value in answer.as_dict().items():
        assert 0 <= value < math.inf, name
        assert getattr(network, name) == pytest.approx(value, rel=1e-8, abs=1e-12), name
    if load_per_agent == 1.5:  # the fluid limit: a third hangs up
        assert answer.abandonment == pytest.approx(1 / 3, abs=1e-6)
    if load_per_agent < 1:  # waiting survives only as far as doubles do: Erlang B at half load is below 10^-308
        assert erlang_c(arrivals_per_hour=rate, aht_s=H, agents=agents).wait_probability < 0.01


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: erlang_b(arrivals_per_hour=-1, aht_s=180, agents=3),
            "arrivals_per_hour is -1; it must be a number above 0",
        ),
        (
            lambda: erlang_c(arrivals_per_hour=10, aht_s=float("nan"), agents=3),
            "aht_s is nan; it must be a number above 0",
        ),
        (
            lambda: erlang_c(arrivals_per_hour=10, aht_s=1, agents=2.5),
            "agents is 2.5; it must be a whole number of at least 1",
        ),
        (
            lambda: erlang_a(arrivals_per_hour=10, aht_s=1, agents=2, patience_s=0),
            "patience_s is 0; it must be a number above 0",
        ),
        (
            lambda: erlang_a(arrivals_per_hour=10, aht_s=1, agents=2, patience_s=9, within_s=-1),
            "within_s is -1; it must be 0 or more",
        ),
        (
            lambda: menu_lines_agents(arrivals_per_hour=1, menu_s=1, share_to_agents=1.5, aht_s=1, agents=1, lines=1),
            "share_to_agents is 1.5; it must be above 0 and at most 1",
        ),
        (lambda: priorities_mmn(arrivals_per_hour=[1, -2], aht_s=1, agents=1), "arrivals_per_hour[1] is -2"),
        (lambda: priorities_mmn(arrivals_per_hour=[], aht_s=1, agents=1), "classes is 0"),
        (
            lambda: mmn_plus_g(arrivals_per_hour=1, aht_s=1, agents=1, patience=Constant(0)),
            "patience_s is 0; it must be a number above 0",
        ),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises(UsageError) as caught:
        call()
    assert message in caught.value.findings[0].message
    assert caught.value.findings[0].code == "Q001"
    assert caught.value.findings[0].hint


def test_all_bad_arguments_at_once():
    with pytest.raises(UsageError) as caught:
        erlang_b(arrivals_per_hour=0, aht_s=0, agents=0)
    assert [finding.node for finding in caught.value.findings] == ["arrivals_per_hour", "aht_s", "agents"]


@pytest.mark.parametrize(
    "call",
    [
        lambda: erlang_c(arrivals_per_hour=100, aht_s=360, agents=10),
        lambda: priorities_mmn(arrivals_per_hour=[50, 50], aht_s=360, agents=10),
    ],
)
def test_a_queue_that_grows_for_ever(call):
    with pytest.raises(LimitError) as caught:
        call()
    (finding,) = caught.value.findings
    assert (finding.code, finding.message) == (
        "Q002",
        "10 agents cannot serve a load of 10 erlangs: the queue would grow for ever",
    )
    assert "at least 11 agents" in finding.hint


def test_callers_who_never_leave_and_are_too_many():
    class HalfStay:
        """Half hang up at once, the other half never do."""

        mean, breaks = 1.0, ()

        def cdf(self, wait_s):
            return 0.5 + 0 * np.asarray(wait_s)

        def mean_up_to(self, wait_s):
            return 0.5 * np.asarray(wait_s)

    with pytest.raises(LimitError, match="never hang up"):
        mmn_plus_g(arrivals_per_hour=30, aht_s=360, patience=HalfStay(), agents=1)
    # with 10 an hour, half of them staying: V beyond 0 has density lambda pi0 exp(-(mu - lambda/2) x), lambda = mu:
    # 1/pi0 = 1 + 2, and half of those who find the agent busy hang up
    answer = mmn_plus_g(arrivals_per_hour=10, aht_s=360, patience=HalfStay(), agents=1)
    assert answer.abandonment == pytest.approx(1 / 3, rel=1e-12)


@pytest.mark.parametrize("name", ["", *(m.name for m in pkgutil.iter_modules(simulation.theory.__path__))])
def test_examples_in_the_docstrings(name):
    module = importlib.import_module(f"simulation.theory.{name}".rstrip("."))
    result = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0
