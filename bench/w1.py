"""W1, the simplest workload of the benchmarks: M/M/100+M at load 1, with peers that simulate it.

1,200 calls an hour, mean handle time 300 s, mean patience 120 s, 100 agents, first come first served.
"""

from __future__ import annotations

import random
from collections import deque

import simpy

__all__ = ["callbacks", "ciw_model", "textbook"]

PER_S, TALK_S, PATIENCE_S, AGENTS = 1 / 3, 300.0, 120.0, 100


def textbook(*, hours: float, seed: int) -> list[tuple]:
    """One process per call and ``request | timeout``, as in the SimPy documentation; one row per call: (arrived, wait,
    talk, outcome).
    """
    rng, env = random.Random(seed), simpy.Environment()
    agents = simpy.Resource(env, AGENTS)
    rows: list[tuple] = []

    def call():
        arrived = env.now
        with agents.request() as request:
            yield request | env.timeout(rng.expovariate(1 / PATIENCE_S))
            wait = env.now - arrived
            if not request.triggered:
                rows.append((arrived, wait, 0.0, "abandoned"))
                return
            talk = rng.expovariate(1 / TALK_S)
            yield env.timeout(talk)
            rows.append((arrived, wait, talk, "handled"))

    def source():
        while True:
            yield env.timeout(rng.expovariate(PER_S))
            if env.now >= hours * 3_600:
                return
            env.process(call())

    env.process(source())
    env.run()
    return rows


def callbacks(*, hours: float, seed: int) -> list[tuple]:
    """SimPy's schedule with callbacks instead of processes: the fastest plain way to use it."""
    rng, env = random.Random(seed), simpy.Environment()
    rows: list[tuple] = []
    waiting: deque[list] = deque()
    free = AGENTS

    def after(delay, act, value):
        event = env.timeout(delay, value)
        event.callbacks.append(act)

    def answer(arrived):
        nonlocal free
        free -= 1
        talk = rng.expovariate(1 / TALK_S)
        rows.append((arrived, env.now - arrived, talk, "handled"))
        after(talk, release, None)

    def release(_):
        nonlocal free
        free += 1
        while waiting:
            entry = waiting.popleft()
            if entry[1]:
                entry[1] = False
                answer(entry[0])
                return

    def give_up(event):
        entry = event.value
        if entry[1]:
            entry[1] = False
            rows.append((entry[0], env.now - entry[0], 0.0, "abandoned"))

    def arrive(_):
        if env.now >= hours * 3_600:
            return
        after(rng.expovariate(PER_S), arrive, None)
        if free:
            answer(env.now)
        else:
            entry = [env.now, True]
            waiting.append(entry)
            after(rng.expovariate(1 / PATIENCE_S), give_up, entry)

    after(rng.expovariate(PER_S), arrive, None)
    env.run()
    return rows


def ciw_model(*, hours: float, seed: int) -> list[tuple]:
    """Ciw with reneging; it stops at the horizon, while the others serve the remaining callers."""
    import ciw

    ciw.seed(seed)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(PER_S)],
        service_distributions=[ciw.dists.Exponential(1 / TALK_S)],
        number_of_servers=[AGENTS],
        reneging_time_distributions=[ciw.dists.Exponential(1 / PATIENCE_S)],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(hours * 3_600)
    return [
        (
            record.arrival_date,
            record.waiting_time,
            record.service_time if record.record_type == "service" else 0.0,
            "handled" if record.record_type == "service" else "abandoned",
        )
        for record in simulation.get_all_records()
    ]
