"""W2 on SimPy's schedule with callbacks instead of processes: the fastest plain way to use it.

Longest-waiting call, specialists first, then a generalist; generalists have no preferred type, as in ``w2_textbook``.
"""

from __future__ import annotations

import random
from collections import deque
from math import exp, log, sqrt

import simpy

from bench import w2

__all__ = ["run"]


def _lognormal(mean: float, cv: float) -> tuple[float, float]:
    sigma = sqrt(log(1 + cv * cv))
    return log(mean) - sigma * sigma / 2, sigma


def run(*, hours: float, seed: int) -> list[tuple]:  # noqa: C901 - written as a textbook does, in one function
    """Run for a number of hours; one row per call: (arrived, menu seconds, queue, wait, talk, outcome)."""
    rng, env = random.Random(seed), simpy.Environment()
    dwell, talk = _lognormal(w2.MENU_S.mean, w2.MENU_S.cv), [_lognormal(d.mean, d.cv) for d in w2.TALK_S]
    patience = [1 / d.mean for d in w2.PATIENCE_S]
    free = [*w2.SPECIALISTS, w2.GENERALISTS]
    generalists = len(w2.SPECIALISTS)
    waiting: list[deque[list]] = [deque() for _ in w2.QUEUES]
    rows: list[tuple] = []

    def after(delay, act, value):
        env.timeout(delay, value).callbacks.append(act)

    def step(event):
        arrived, place = event.value
        to = w2.chosen(place, rng.random())
        if isinstance(to, str):
            after(exp(rng.gauss(*dwell)), step, (arrived, to))
        elif to is None:
            rows.append((arrived, env.now - arrived, None, 0.0, 0.0, "contained"))
        else:
            offer(arrived, to)

    def offer(arrived, queue):
        for group in (queue, generalists):
            if free[group]:
                answer([arrived, env.now, queue, True], group)
                return
        entry = [arrived, env.now, queue, True]
        waiting[queue].append(entry)
        after(rng.expovariate(patience[queue]), give_up, entry)

    def answer(entry, group):
        entry[3] = False
        free[group] -= 1
        talked = exp(rng.gauss(*talk[entry[2]]))
        rows.append((entry[0], entry[1] - entry[0], entry[2], env.now - entry[1], talked, "handled"))
        after(talked, release, group)

    def release(event):
        group = event.value
        free[group] += 1
        best = None
        for queue in range(len(waiting)) if group == generalists else (group,):
            line = waiting[queue]
            while line and not line[0][3]:
                line.popleft()
            if line and (best is None or line[0][1] < best[0][1]):
                best = line
        if best is not None:
            answer(best.popleft(), group)

    def give_up(event):
        entry = event.value
        if entry[3]:
            entry[3] = False
            rows.append((entry[0], entry[1] - entry[0], entry[2], env.now - entry[1], 0.0, "abandoned"))

    def arrive(_):
        if env.now >= hours * 3_600:
            return
        after(rng.expovariate(w2.PER_HOUR / 3_600), arrive, None)
        after(exp(rng.gauss(*dwell)), step, (env.now, "main"))

    after(rng.expovariate(w2.PER_HOUR / 3_600), arrive, None)
    env.run()
    return rows
