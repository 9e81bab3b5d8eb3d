"""The reference engine against exact and published values, from tables drawn here.

Every comparison is |simulated - true| <= 4 standard errors (+ the published
half-width, where the truth is itself a simulation), and the standard error is
bounded from above, so that a test cannot pass by being vague. Steady states:
one long run, its beginning left out, standard errors from 40 batches by time
of arrival; what the batches' arrivals and mean draws explain, whose
expectations are known, is taken out by regression (control variates: Law,
"Simulation modeling and analysis", section 11.4). Days: independent
replications, or days stratified by how busy they are. Service level counts
waits <= the threshold.
"""

import math

import numpy as np
import pytest

from ivr.record_schema import NEVER, NONE, outcome_code
from ivr.routing import RoutingTable
from simulation.arrivals.constant import Constant
from simulation.arrivals.gamma_busy import GammaBusy
from simulation.arrivals.per_interval import PerInterval
from simulation.distributions import Erlang, Exponential
from simulation.reference import simulate
from simulation.streams import Streams, stratified_uniforms
from simulation.tables import OFFERED, CallTable, StaffTable, microseconds

UNIT_S = 60.0  # the time unit of the exact values, in seconds of the simulation
UNIT_US = 60_000_000
WARM_UP = 30.0
BATCHES = 40
ONE = RoutingTable(queues=("queue",), groups=("agents",), rank=((0,),))


def times_us(streams, name, distribution, n):
    """Drawn times; None is never."""
    if distribution is None:
        return np.full(n, NEVER)
    return microseconds(distribution.sample(streams.generator(name), n))


def arrivals_us(streams, name, per_unit, units):
    return Constant(per_unit * 3_600 / UNIT_S).times_us(streams.generator(name), round(units * UNIT_US))


def batch_sums(values, times_us, units):
    edges = np.linspace(WARM_UP, units, BATCHES + 1) * UNIT_US
    batch = np.searchsorted(edges, times_us, side="right") - 1
    inside = (batch >= 0) & (batch < BATCHES)
    return np.bincount(batch[inside], values[inside], BATCHES)


def controls_of(arrived_us, units, per_unit, *draws):
    """By batch, arrivals and means of draws (values, expectation), each less its expectation."""
    count = batch_sums(np.ones(len(arrived_us)), arrived_us, units)
    columns = [count / (per_unit * (units - WARM_UP) / BATCHES) - 1]
    columns += [batch_sums(values.astype(float), arrived_us, units) / count / mean - 1 for values, mean in draws]
    return np.column_stack(columns)


def batch_ratio(numerator, denominator, times_us, units, controls):
    """Sum of numerator over sum of denominator, with controls, and its standard error."""
    top, bottom = batch_sums(numerator, times_us, units), batch_sums(denominator, times_us, units)
    ratio = top.sum() / bottom.sum()
    # Delta method: what the ratio leaves unexplained of each batch.
    intercept, error = controlled_mean((top - ratio * bottom) / bottom.mean(), controls)
    return ratio + intercept, error


def controlled_mean(values, controls):
    """Mean of batches by least squares on the controls: the value where all controls are 0."""
    x = np.column_stack([np.ones(len(values)), controls])
    beta, (residual,), _, _ = np.linalg.lstsq(x, values, rcond=None)
    variance = residual / (len(values) - x.shape[1]) * np.linalg.inv(x.T @ x)[0, 0]
    return beta[0], math.sqrt(variance)


def assert_close(what, found, exact, *, error_below, half_width=0.0):
    mean, error = found
    assert error <= error_below, f"{what}: standard error {error:.3g} is too large for a test"
    assert abs(mean - exact) <= 4 * error + half_width, (
        f"{what}: simulated {mean:.6g}, true {exact:.6g} +- {half_width:g}, standard error {error:.3g}")


def queue_figures(records, units, within, controls):
    """Wait probability, abandonment, mean wait (units) and handled within, per offered call, each with its error."""
    visits = records.visits
    wait = visits["left_us"] - visits["offered_us"]
    handled = visits["agent"] != NONE
    rows = {
        "wait_probability": wait > 0, "abandonment": ~handled, "mean_wait": wait / UNIT_US,
        "handled_within": handled & (wait <= within * UNIT_US),
    }
    return {
        name: batch_ratio(values.astype(float), np.ones(len(wait)), visits["offered_us"], units, controls)
        for name, values in rows.items()}


# Exact values of M/M/n+M (Erlang A): Mandelbaum and Zeltyn 2007, "Service engineering in action: the Palm/Erlang-A
# queue", section 4; computed to 40 digits. lambda, mu, n, theta, P(wait), P(abandon), E[wait], T, P(handled within T)
ERLANG_A = [
    (48, 1, 50, 0.5, 0.46777407, 0.030912249, 0.061824498, 1 / 3, 0.94301895),
    (100, 1, 100, 1, 0.51329880, 0.039860997, 0.039860997, 0.1, 0.81365453),
]


@pytest.mark.parametrize("row", ERLANG_A, ids=["48", "100"])
def test_erlang_a(row):
    lam, mu, agents, theta, waits, abandons, mean_wait, within, handled_within = row
    units = 240_000 / lam
    streams = Streams(seed=1)
    arrived = arrivals_us(streams, "arrivals", lam, units)
    talk = times_us(streams, "talk", Exponential(UNIT_S / mu), len(arrived))
    patience = times_us(streams, "patience", Exponential(UNIT_S / theta), len(arrived))
    calls = CallTable.of(arrived_us=arrived, talk_us=talk, patience_us=patience)
    horizon_us = round(units * UNIT_US)
    records = simulate(calls, StaffTable.constant({"agents": agents}, 0, horizon_us), ONE, horizon_us=horizon_us)
    controls = controls_of(arrived, units, lam, (talk, UNIT_US / mu), (patience, UNIT_US / theta))
    found = queue_figures(records, units, within, controls)
    assert_close("wait probability", found["wait_probability"], waits, error_below=0.005)
    assert_close("abandonment", found["abandonment"], abandons, error_below=0.0008)
    assert_close("mean wait", found["mean_wait"], mean_wait, error_below=0.0015)
    assert_close("handled within T", found["handled_within"], handled_within, error_below=0.005)


# Exact values of the menu + lines + agents network: product form pi(i, j) ~ (lambda/theta)^i / i! *
# prod_{k<=j} lambda p / (min(k, n) mu + (k - n)^+ delta), i + j <= N; a caller leaving the menu sees N - 1 lines.
# lambda, theta, p, mu, n, N, delta, blocking, P(wait), E[wait], occupancy, P(handled within 1/3), the last three per offered call
MENU_LINES_AGENTS = [
    (20, 1, 1, 1, 20, 50, 0, 0.061266964, 0.65581675, 0.21232230, 0.93873304, 0.72735601),
    (20, 1, 1, 1, 25, 50, 0, 0.022333558, 0.13571265, 0.016669825, 0.78213315, 0.99216806),
    (10, 2, 0.5, 0.25, 22, 35, 0.5, 0.0061152656, 0.29467352, 0.11297964, 0.85249124, 0.83068276),
]


@pytest.mark.parametrize("steps", [1, 2])
@pytest.mark.parametrize("row", MENU_LINES_AGENTS, ids=["overload", "enough", "abandonment"])
def test_menu_lines_and_agents(row, steps):
    """With one exponential menu step, and with two of half the length: the same figures, by insensitivity."""
    lam, theta, p, mu, agents, lines, delta, blocking, waits, mean_wait, occupancy, handled_within = row
    units = 150_000 / lam
    streams = Streams(seed=2)
    arrived = arrivals_us(streams, "arrivals", lam, units)
    n = len(arrived)
    offered = streams.generator("offered").random(n) < p
    menu = times_us(streams, "menu", Erlang(UNIT_S / theta, steps), n)
    talk = times_us(streams, "talk", Exponential(UNIT_S / mu), n)
    calls = CallTable.of(
        arrived_us=arrived, menu_us=menu, ending=np.where(offered, OFFERED, outcome_code("contained")), talk_us=talk,
        patience_us=times_us(streams, "patience", Exponential(UNIT_S / delta) if delta else None, n))
    horizon_us = round(units * UNIT_US)
    staff = StaffTable.constant({"agents": agents}, 0, horizon_us)
    records = simulate(calls, staff, ONE, lines=lines, horizon_us=horizon_us)
    draws = [(menu, UNIT_US / theta), (talk * offered, p * UNIT_US / mu)] + ([(offered, p)] if p < 1 else [])
    controls = controls_of(arrived, units, lam, *draws)
    found = queue_figures(records, units, 1 / 3, controls)
    blocked = (records.calls["outcome"] == outcome_code("blocked")).astype(float)
    assert_close("blocking", batch_ratio(blocked, np.ones(n), arrived, units, controls), blocking, error_below=0.003)
    assert_close("wait probability", found["wait_probability"], waits, error_below=0.008)
    assert_close("mean wait", found["mean_wait"], mean_wait, error_below=0.005)
    assert_close("handled within 1/3", found["handled_within"], handled_within, error_below=0.008)
    assert_close("occupancy", occupancy_of(records, units, agents, controls), occupancy, error_below=0.002)


def occupancy_of(records, units, agents, controls):
    """Share of agents' time that is talk, batch by batch: talk is counted where it happens, not where it began."""
    visits = records.visits
    edges = np.linspace(WARM_UP, units, BATCHES + 1) * UNIT_US
    answered = visits["answered_us"][visits["agent"] != NONE].astype(float)
    ends = answered + visits["talk_us"][visits["agent"] != NONE]
    # Talk before time t, summed over calls: sum of min(end, t) - min(start, t).
    before = np.array([np.sum(np.minimum(ends, t) - np.minimum(answered, t)) for t in edges])
    return controlled_mean(np.diff(before) / np.diff(edges) / agents, controls)


# Exact values: Kella and Yechiali 1985, "Waiting times in the non-preemptive priority M/M/c queue", Stochastic
# Models 1(2). lambda1, lambda2, mu, n, mean wait of class 1, of class 2, and first come first served.
PRIORITIES = (2, 2.2, 0.5, 10, 0.168089, 1.050558, 0.630335)


@pytest.mark.parametrize("priority", [(1, 0), (0, 0)], ids=["priorities", "fifo"])
def test_priorities(priority):
    lam1, lam2, mu, agents, wait1, wait2, fifo = PRIORITIES
    units = 60_000
    streams = Streams(seed=3)
    arrived, queue = merged([arrivals_us(streams, f"arrivals/{q}", lam, units) for q, lam in enumerate((lam1, lam2))])
    talk = times_us(streams, "talk", Exponential(UNIT_S / mu), len(arrived))
    calls = CallTable.of(arrived_us=arrived, queue=queue, queues=("first", "second"), talk_us=talk)
    horizon_us = units * UNIT_US
    routing = RoutingTable(queues=("first", "second"), groups=("agents",), rank=((0,), (0,)), priority=priority)
    records = simulate(calls, StaffTable.constant({"agents": agents}, 0, horizon_us), routing, horizon_us=horizon_us)
    visits = records.visits
    wait = (visits["left_us"] - visits["offered_us"]) / UNIT_US
    controls = controls_of(arrived, units, lam1 + lam2, (talk, UNIT_US / mu), (queue, lam2 / (lam1 + lam2)))
    by_class = [
        batch_ratio(wait * (visits["queue"] == q), (visits["queue"] == q).astype(float), visits["offered_us"], units, controls)
        for q in (0, 1)]
    if priority == (1, 0):
        assert_close("wait of the first", by_class[0], wait1, error_below=0.003)
        assert_close("wait of the second", by_class[1], wait2, error_below=0.06)
    else:
        assert_close("wait of the first, in turn", by_class[0], fifo, error_below=0.03)
        assert_close("wait of the second, in turn", by_class[1], fifo, error_below=0.03)
    # Work is conserved: the mean over both does not depend on the order.
    both = batch_ratio(wait, np.ones(len(wait)), visits["offered_us"], units, controls)
    assert_close("wait of both", both, fifo, error_below=0.03)


def merged(streams_of_times):
    """Sorted times of several sources, and the source of each."""
    times = np.concatenate(streams_of_times)
    source = np.repeat(np.arange(len(streams_of_times)), [len(t) for t in streams_of_times])
    order = np.argsort(times, kind="stable")
    return times[order], source[order]


def ratio_of_days(numerators, denominators, stratified_by=None):
    """Ratio of averages (delta method), or with denominators 1 a mean, and its standard error.

    For stratified days the error is that of collapsed strata: days are paired
    with the next busier one, and half the squared difference of a pair is its
    variance (Cochran, "Sampling techniques", section 5A.12).
    """
    top, bottom = np.array(numerators, dtype=float), np.ones(len(numerators)) * denominators
    ratio = top.mean() / bottom.mean()
    rest = (top - ratio * bottom) / bottom.mean()
    if stratified_by is None:
        return ratio, np.std(rest, ddof=1) / math.sqrt(len(top))
    pairs = rest[np.argsort(stratified_by)].reshape(-1, 2)
    return ratio, math.sqrt(np.sum(np.diff(pairs, axis=1) ** 2)) / len(top)


def day_figures(records):
    visits, agents = records.visits, records.agents
    wait = visits["left_us"] - visits["offered_us"]
    handled = visits["agent"] != NONE
    first = agents["group"] == 0
    ends = visits["answered_us"] + visits["talk_us"]
    before_horizon = np.minimum(ends, records.horizon_us) - np.minimum(visits["answered_us"], records.horizon_us)
    last_us = max(records.calls["ended_us"].max(), records.horizon_us)
    off_us = np.where(agents["off_us"] < records.horizon_us, agents["off_us"], last_us)
    return {
        "offered": len(wait), "handled": handled.sum(), "abandoned": (~handled).sum(),
        "within_20_s": (handled & (wait <= 20_000_000)).sum(),
        "short_abandoned": (~handled & (wait <= 20_000_000)).sum(),
        "wait_of_handled_min": wait[handled].sum() / 60e6,
        "busy": agents["busy_us"][first].sum(),
        "busy_before_horizon": before_horizon[handled & (visits["group"] == 0)].sum(),
        "staffed_to_last_event": (off_us - agents["on_us"])[first].sum(),
    }


def columns(days):
    return {name: [day[name] for day in days] for name in days[0]}


def mmc_day(replication, patience):
    """Minutes: 4.2 calls a minute for 480 from empty, mean talk 2, 12 agents; the queue is served at the end."""
    streams = Streams(seed=4, replication=replication)
    horizon_us = 480 * 60_000_000
    arrived = Constant(per_hour=4.2 * 60).times_us(streams.generator("arrivals"), horizon_us)
    calls = CallTable.of(
        arrived_us=arrived, talk_us=times_us(streams, "talk", Exponential(120), len(arrived)),
        patience_us=times_us(streams, "patience", patience, len(arrived)))
    return day_figures(simulate(calls, StaffTable.constant({"agents": 12}, 0, horizon_us), ONE, horizon_us=horizon_us))


# Published: the examples MMC, MMCAb and SimpleMSK of the ContactCenters library (umontreal-simul/contactcenters,
# doc/examples), 1,000 replications; mean and 95 % half-width as printed (None printed: half of the last digit).
# Occupancy there is talk over agents' time: in MMC and MMCAb within the 480 minutes; in SimpleMSK to the day's last
# event, to which the agents of the last period stay idle (here they leave when nobody waits any more).

def test_published_mmc():
    days = columns([mmc_day(r, None) for r in range(120)])
    assert_close("handled within 20 s", ratio_of_days(days["within_20_s"], 1), 1816.158, half_width=3.6, error_below=7)
    assert_close("service level", ratio_of_days(days["within_20_s"], days["offered"]), 0.902, half_width=0.002, error_below=0.004)
    assert_close("ASA", ratio_of_days(days["wait_of_handled_min"], days["handled"]), 0.099, half_width=0.003, error_below=0.005)
    assert_close("occupancy", ratio_of_days(days["busy_before_horizon"], 12 * 480 * 60e6), 0.695, half_width=0.002, error_below=0.002)


def test_published_mmc_with_abandonment():
    days = columns([mmc_day(r, Exponential(60)) for r in range(120)])
    assert_close("abandoned", ratio_of_days(days["abandoned"], 1), 58.609, half_width=0.95, error_below=1.6)
    assert_close("ASA", ratio_of_days(days["wait_of_handled_min"], days["handled"]), 0.024, half_width=0.0005, error_below=0.001)
    assert_close("occupancy", ratio_of_days(days["busy_before_horizon"], 12 * 480 * 60e6), 0.675, half_width=0.0005, error_below=0.002)


# SimpleMSK, minutes: three call types, two groups, three periods of 120.
MSK_PER_MINUTE = ((4.2, 5.3, 3.2), (5.1, 4.3, 4.8), (6.3, 5.2, 4.8))
MSK_TALK_RATE, MSK_PATIENCE_RATE = np.array([0.5, 0.6, 0.4]), np.array([0.3, 0.4, 0.2])
MSK_LEVELS = {"group 0": (12, 18, 9), "group 1": (15, 20, 11)}
MSK_ROUTING = RoutingTable(  # type 0 to group 0, type 1 to group 0 then 1, type 2 to group 1; the longest-waiting call
    queues=("type 0", "type 1", "type 2"), groups=("group 0", "group 1"), rank=((0, None), (0, 1), (None, 0)))


def msk_day(replication, busy_u):
    streams = Streams(seed=5, replication=replication)
    period_us = 120 * 60_000_000
    arrived, queue = merged([
        GammaBusy(of=PerInterval(tuple(60 * rate for rate in rates), interval_s=7_200), alpha=28.7).times_us(
            streams.generator(f"arrivals/{q}"), 3 * period_us, busy_u=busy_u)
        for q, rates in enumerate(MSK_PER_MINUTE)])
    period = arrived // period_us
    n = len(arrived)
    calls = CallTable.of(
        arrived_us=arrived, queue=queue, queues=MSK_ROUTING.queues,
        talk_us=microseconds(60 / MSK_TALK_RATE[period] * streams.generator("talk").standard_exponential(n)),
        patience_us=microseconds(60 / MSK_PATIENCE_RATE[period] * streams.generator("patience").standard_exponential(n)))
    staff = StaffTable.of_levels(MSK_LEVELS, interval_us=period_us)
    return day_figures(simulate(calls, staff, MSK_ROUTING, horizon_us=3 * period_us))


def test_published_simple_msk():
    replications = 100
    u = stratified_uniforms(replications, Streams(seed=5).generator("busyness"))
    days = columns([msk_day(r, u[r]) for r in range(replications)])
    counted = np.array(days["offered"]) - np.array(days["short_abandoned"])
    for what, top, bottom, published, half_width, error_below in (
        ("served", days["handled"], 1, 4297.3, 27, 12),
        ("abandoned", days["abandoned"], 1, 910.3, 35, 20),
        ("service level", days["within_20_s"], counted, 0.501, 0.008, 0.005),
        ("occupancy of group 0", days["busy"], days["staffed_to_last_event"], 0.881, 0.004, 0.003),
    ):
        assert_close(what, ratio_of_days(top, bottom, u), published, half_width=half_width, error_below=error_below)
