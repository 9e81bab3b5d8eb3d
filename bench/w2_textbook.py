"""W2 as a SimPy textbook would write it: one process per call, and ``request | timeout``.

The peer of the reference engine. To be a fair comparison, a call that finds
an agent idle makes one request; only a call that must wait asks for a
specialist and a generalist at once. It is a little simpler than W2: its
generalists have no preferred type.
"""

from __future__ import annotations

import random
from math import exp, log, sqrt

import simpy

from bench import w2

__all__ = ["run"]


def _lognormal(mean: float, cv: float) -> tuple[float, float]:
    sigma = sqrt(log(1 + cv * cv))
    return log(mean) - sigma * sigma / 2, sigma


def run(*, hours: float, seed: int) -> list[tuple]:
    """Run for a number of hours; one row per call: (arrived, menu seconds, queue, wait, talk, outcome)."""
    rng = random.Random(seed)
    env = simpy.Environment()
    specialists = [simpy.Resource(env, n) for n in w2.SPECIALISTS]
    generalists = simpy.Resource(env, w2.GENERALISTS)
    dwell = _lognormal(w2.MENU_S.mean, w2.MENU_S.cv)
    talk = [_lognormal(d.mean, d.cv) for d in w2.TALK_S]
    patience = [1 / d.mean for d in w2.PATIENCE_S]
    rows: list[tuple] = []

    def call():
        arrived = env.now
        place = "main"
        while isinstance(place, str):
            yield env.timeout(exp(rng.gauss(*dwell)))
            place = w2.chosen(place, rng.random())
        in_menu = env.now - arrived
        if place is None:
            rows.append((arrived, in_menu, None, 0.0, 0.0, "contained"))
            return
        offered = env.now
        own = specialists[place]
        for pool in (own, generalists):
            if pool.count < pool.capacity:
                with pool.request() as request:
                    yield request
                    talked = exp(rng.gauss(*talk[place]))
                    yield env.timeout(talked)
                rows.append((arrived, in_menu, place, env.now - talked - offered, talked, "handled"))
                return
        first, second = own.request(), generalists.request()
        yield first | second | env.timeout(rng.expovariate(patience[place]))
        waited = env.now - offered
        if not (first.triggered or second.triggered):
            first.cancel()
            second.cancel()
            rows.append((arrived, in_menu, place, waited, 0.0, "abandoned"))
            return
        # Only one agent is needed: give up the other request, granted or not.
        request, other = (first, second) if first.triggered else (second, first)
        if other.triggered:
            other.resource.release(other)
        else:
            other.cancel()
        talked = exp(rng.gauss(*talk[place]))
        yield env.timeout(talked)
        request.resource.release(request)
        rows.append((arrived, in_menu, place, waited, talked, "handled"))

    def source():
        per_second = w2.PER_HOUR / 3_600
        while True:
            yield env.timeout(rng.expovariate(per_second))
            if env.now >= hours * 3_600:
                return
            env.process(call())

    env.process(source())
    env.run()
    return rows
