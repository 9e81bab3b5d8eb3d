"""``Distribution.draw`` compiled, for one uniform at a time: equal to it in every bit.

A distribution is a record: its kind, up to two numbers, and a range of `values` or another record.
"""

from __future__ import annotations

import math

import numpy as np

from ivr.records.schema import NEVER
from simulation.drawing.elementary import exp, log, normal_quantile
from simulation.drawing.laws import KINDS
from simulation.drawing.state import Floats, LawRecord, RecordArray
from simulation.engines.kernel.jit import apart, inline
from simulation.sampling.base import BELOW_ONE
from simulation.sampling.gamma_table import LEAST_SCORE, STEPS_PER_SCORE

__all__ = ["LOGNORMAL", "drawn", "drawn_ahead", "drawn_apart", "lognormal", "whole_us"]

(
    _CONSTANT,
    _EXPONENTIAL,
    LOGNORMAL,
    _UNIFORM,
    _WEIBULL,
    _GAMMA,
    _HYPEREXPONENTIAL,
    _EMPIRICAL,
    _TRIANGULAR,
    _WITH_ZERO,
    _CAPPED,
    _MIXTURE,
) = range(len(KINDS))


@inline
def lognormal(mu: float, sigma: float, score: float) -> float:
    """The value with this normal quantile."""
    return exp(mu + sigma * score)


@inline
def _gamma(values: Floats, first: int, score: float) -> float:
    """`values` from `first` on: the four coefficients of each step (``simulation.sampling.gamma_table``)."""
    at = (score - LEAST_SCORE) * STEPS_PER_SCORE
    step = int(at)  # at is above 0
    x = at - step
    c = first + 4 * step
    return exp(values[c] + x * (values[c + 1] + x * (values[c + 2] + x * values[c + 3])))


@inline
def _part_of(values: Floats, first: int, count: int, u: float) -> int:
    """The part whose share holds `u`. `values` from `first` on: where each part begins, and 1."""
    which = 0
    while which < count - 1 and u >= values[first + which + 1]:
        which += 1
    return which


@inline
def _within(values: Floats, at: int, u: float) -> float:
    """How far `u` is through the part that begins at `values[at]`."""
    low = float(values[at])
    return min((u - low) / (float(values[at + 1]) - low), BELOW_ONE)


@inline
def _triangular(values: Floats, low: float, high: float, first: int, u: float) -> float:
    """`values` from `first` on: the share below the mode, and the two sides."""
    if u < values[first]:
        return low + math.sqrt(u * values[first + 1])
    return high - math.sqrt((1.0 - u) * values[first + 2])


@inline
def _hyperexponential(values: Floats, first: int, count: int, u: float) -> float:
    """`values` from `first` on: where the part of each mean begins, 1, and the means."""
    which = _part_of(values, first, count, u)
    mean = float(values[first + count + 1 + which])
    return -mean * log(1.0 - _within(values, first + which, u))


@inline
def _from_values(values: Floats, of: LawRecord, kind: int, u: float) -> float:
    """The value of a law that is written down as more than two numbers."""
    if kind == _HYPEREXPONENTIAL:
        return _hyperexponential(values, of.first, of.count, u)
    if kind == _TRIANGULAR:
        return _triangular(values, of.a, of.b, of.first, u)
    return float(values[of.first + min(int(u * of.count), of.count - 1)])


@inline
def drawn_ahead(laws: RecordArray[LawRecord], values: Floats, law: int, u: float, score: float, scored: bool) -> float:
    """The value of a caller with uniform `u`, whose normal quantile may be known: `score`, if it is `scored`."""
    most = math.inf
    while laws[law].kind >= _WITH_ZERO:
        if laws[law].kind == _CAPPED:
            most = min(most, laws[law].a)
        elif laws[law].kind == _MIXTURE:
            first, count = laws[law].first, laws[law].count
            which = _part_of(values, first, count, u)
            u, scored = _within(values, first + which, u), False
            law = int(values[first + count + 1 + which])
            continue
        else:
            share = laws[law].a
            if u < share or share >= 1.0:
                return min(0.0, most)
            u, scored = min((u - share) / (1.0 - share), BELOW_ONE), False
        law = laws[law].first
    of = laws[law]
    kind = of.kind
    if not scored and kind in (LOGNORMAL, _GAMMA):
        score = normal_quantile(u)
    if kind == _CONSTANT:
        value = of.a
    elif kind == _EXPONENTIAL:
        value = -of.a * log(1.0 - u)
    elif kind == LOGNORMAL:
        value = lognormal(of.a, of.b, score)
    elif kind == _UNIFORM:
        value = of.a + of.b * u
    elif kind == _WEIBULL:
        value = of.a * exp(log(-log(1.0 - u)) / of.b)
    elif kind == _GAMMA:
        value = _gamma(values, of.first, score) * of.a
    else:
        value = _from_values(values, of, kind, u)
    return min(value, most)


@inline
def drawn(laws: RecordArray[LawRecord], values: Floats, law: int, u: float) -> float:
    """The value of a caller with uniform `u`."""
    return drawn_ahead(laws, values, law, u, 0.0, False)


@apart
def drawn_apart(laws: RecordArray[LawRecord], values: Floats, law: int, u: float) -> float:
    """The same, for draws that few callers make: not compiled into each place."""
    return drawn(laws, values, law, u)


@inline
def whole_us(seconds: float) -> int:
    """Whole microseconds, rounded half to even; NEVER for anything that long."""
    us = seconds * 1e6
    return NEVER if us >= NEVER else int(np.rint(us))
