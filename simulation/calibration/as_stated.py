"""Estimates as a scenario states them: distributions, shares and lists as plain data."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from simulation.sampling.distributions import (
    Constant,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Hyperexponential,
    Lognormal,
    Uniform,
    Weibull,
    WithZero,
)

__all__ = ["count_list", "rounded_shares", "seconds", "stated"]


def seconds(value: float) -> str:
    """A time with its unit, to four digits.

    >>> seconds(123.456), seconds(1234.56), seconds(0.0), seconds(8.216)
    ('123.5s', '1235s', '0s', '8.22s')
    """
    places = max(0, 3 - math.floor(math.log10(value)) - 1) if value > 0 else 0
    places = min(max(places, 0 if value >= 1000 else 1 if value >= 100 else 2), 3)
    text = f"{value:.{places}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "s"


def stated(of: Distribution) -> dict[str, Any]:
    """A distribution as a scenario states it.

    >>> stated(Lognormal(196.07, 1.0234))
    {'lognormal': {'mean': '196.1s', 'cv': '1.023'}}
    >>> stated(WithZero(0.05, Exponential(60.0)))
    {'mix': [{'share': '0.05', 'constant': '0s'}, {'share': '0.95', 'exponential': '60s'}]}
    """
    match of:
        case Constant():
            return {"constant": seconds(of.value)}
        case Exponential():
            return {"exponential": seconds(of.mean)}
        case Lognormal():
            return {"lognormal": {"mean": seconds(of.mean), "cv": _number(of.cv)}}
        case Gamma():
            return {"gamma": {"mean": seconds(of.mean), "alpha": _number(of.alpha)}}
        case Weibull():
            return {"weibull": {"mean": seconds(of.mean), "shape": _number(of.shape)}}
        case Erlang():
            return {"erlang": {"mean": seconds(of.mean), "phases": str(of.phases)}}
        case Uniform():
            return {"uniform": {"low": seconds(of.low), "high": seconds(of.high)}}
        case Empirical():
            return {"empirical": [_number(value) for value in of.values]}
        case Hyperexponential():
            shares = rounded_shares({str(i): share for i, share in enumerate(of.shares)})
            return {
                "mix": [
                    {"share": share, "exponential": seconds(mean)}
                    for share, mean in zip(shares.values(), of.means, strict=True)
                ]
            }
        case WithZero():
            shares = rounded_shares({"none": of.share_zero, "other": 1 - of.share_zero})
            return {
                "mix": [
                    {"share": shares["none"], "constant": "0s"},
                    {"share": shares["other"], **stated(of.other)},
                ]
            }
    return {"exponential": seconds(of.mean)}


def _number(value: float) -> str:
    return f"{value:.4g}" if abs(value) < 1e4 else f"{value:.0f}"


def rounded_shares(shares: Mapping[str, float], places: int = 4) -> dict[str, str]:
    """Shares that are rounded and still sum to 1, the largest taking what is left.

    >>> rounded_shares({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3})
    {'a': '0.3334', 'b': '0.3333', 'c': '0.3333'}
    """
    unit = 10**places
    total = sum(shares.values()) or 1.0
    whole = {name: round(share / total * unit) for name, share in shares.items()}
    if whole:
        most = max(whole, key=lambda name: whole[name])
        whole[most] += unit - sum(whole.values())
    return {name: f"{count / unit:.{places}f}".rstrip("0").rstrip(".") or "0" for name, count in whole.items()}


def count_list(values: Sequence[float]) -> list[str]:
    """Expected calls of intervals.

    >>> count_list([0.0, 12.345, 120.4])
    ['0', '12.3', '120']
    """
    return [f"{value:.0f}" if value >= 100 or value == 0 else f"{value:.3g}" for value in values]
