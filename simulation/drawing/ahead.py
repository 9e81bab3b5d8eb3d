"""The draws that nearly every caller needs, for a block of callers at once. Compiled.

A processor computes them side by side, where a caller who is drawn alone would wait for each.
"""

from __future__ import annotations

import numpy as np

from simulation.drawing.columns import (
    BLOCK,
    CALLER_AHEAD,
    MENU_AHEAD,
    NUMBER,
    SCORED,
    VISIT_AHEAD,
)
from simulation.drawing.elementary import normal_quantile
from simulation.drawing.philox import philox, uniform
from simulation.drawing.quantiles import LOGNORMAL, drawn_ahead, lognormal
from simulation.drawing.state import Floats, RunRecord, World
from simulation.engines.kernel.jit import apart, inline

__all__ = ["ahead_of", "look_ahead"]

_ZERO = np.uint64(0)


@inline
def _four(u: Floats, first: int, i: int, number: int, place: int, replication: int, purpose: int) -> None:
    a, b, c, d = philox(np.uint64(number), _ZERO, np.uint64(place), np.uint64(replication), np.uint64(purpose))
    u[first, i], u[first + 1, i], u[first + 2, i], u[first + 3, i] = uniform(a), uniform(b), uniform(c), uniform(d)


@apart
def _score(u: Floats, score: Floats, count: int) -> None:
    """The normal quantiles of the uniforms of times: several in one instruction."""
    for k in range(len(SCORED)):
        for i in range(count):
            score[k, i] = normal_quantile(u[SCORED[k], i])


@apart
def _times(w: World, s: RunRecord, count: int) -> None:
    """How long the first two steps last beyond what is heard, by the law that most steps have."""
    law = s.menu_law
    for k in range(2):
        if w.laws[law].kind == LOGNORMAL:
            a, b = w.laws[law].a, w.laws[law].b
            for i in range(count):
                w.time[k, i] = lognormal(a, b, w.score[k, i])
        else:
            for i in range(count):
                w.time[k, i] = drawn_ahead(w.laws, w.values, law, w.ahead[SCORED[k], i], w.score[k, i], True)


@apart
def look_ahead(w: World, s: RunRecord, end: int) -> None:
    """Draw for the calls from the next one on, up to a block of them and before `end`."""
    count = min(BLOCK, end - s.row)
    first, n = s.row, w.callers.shape[0]
    for i in range(count):
        caller = first + i if s.attempt == 1 else int(w.who[s.attempts + 1 + first + i - w.who[1]])
        number = w.callers[NUMBER, caller] if n > 1 else caller
        if s.meets:
            _four(w.ahead, CALLER_AHEAD, i, number, 0, s.replication, s.of_caller)
        _four(w.ahead, MENU_AHEAD, i, number, s.place, s.replication, s.of_menu)
        _four(w.ahead, VISIT_AHEAD, i, number, s.place, s.replication, s.of_visit)
    if s.scores:
        _score(w.ahead, w.score, count)
    if s.menu_law >= 0:
        _times(w, s, count)
    s.ahead_from, s.ahead_to = first, first + count


@inline
def ahead_of(w: World, s: RunRecord, first: int) -> tuple[float, float, float, float]:
    """The four uniforms of the caller from a row of `ahead` on."""
    return (
        w.ahead[first, s.ahead],
        w.ahead[first + 1, s.ahead],
        w.ahead[first + 2, s.ahead],
        w.ahead[first + 3, s.ahead],
    )
