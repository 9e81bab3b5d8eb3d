"""The verdict of a back-test: which figures fit, which do not, and which input explains it, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from flows.display.numbers import count, duration, share
from simulation.backtest.backtest import Backtest, Change, Spread
from simulation.backtest.figures import FIGURES

__all__ = ["Judged", "judged", "verdict"]

_POINTS = {"abandonment": 0.02, "no_wait": 0.05, "in_time": 0.05}
_RATIO = {"wait_p80_s": 0.15, "wait_p95_s": 0.15, "mean_wait_s": 0.15, "talk_s": 0.05, "offered": 0.05}
_SECONDS = 5.0
"""Times that differ by less fit, whatever their ratio."""
_EXPLAINS = 0.2
_DIFFERS = 0.03
_WHAT = {"arrivals": "calls", "talk": "talk", "agents": "agents", "patience": "patience"}


@dataclass(frozen=True)
class Judged:
    """One figure, real beside simulated.

    Parameters
    ----------
    name : str
    real : float
    said : Spread
    fits : bool
        Whether the mean of the runs is near enough: abandonment within 2 points, other shares within 5, quantiles and
        mean of waits within 15 %, calls and talk within 5 %. Or whether the real figure is within what chance makes.
    inside : bool
        Whether the real figure lies where 95 % of simulated days lie.
    """

    name: str
    real: float
    said: Spread
    fits: bool
    inside: bool

    @property
    def words(self) -> str:
        """By how much it misses: ``3.2 points too low``, ``18 % too high``."""
        if self.name in _POINTS:
            points = (self.said.mean - self.real) * 100
            return f"{abs(points):.1f} points too {'high' if points > 0 else 'low'}"
        ratio = self.said.mean / self.real - 1 if self.real else math.inf
        if math.isinf(ratio):
            return f"{_written(self.name, self.said.mean)} where there was none"
        return f"{abs(ratio) * 100:.0f} % too {'high' if ratio > 0 else 'low'}"


def judged(real: Mapping[str, float], said: Mapping[str, Spread]) -> tuple[Judged, ...]:
    """Judge every figure that both have.

    >>> judged({"abandonment": 0.142}, {"abandonment": Spread(0.145, 0.13, 0.16)})[0].fits
    True
    """
    found = []
    for name in FIGURES:
        if name not in real or name not in said:
            continue
        one, other = real[name], said[name]
        if name in _POINTS:
            fits = abs(other.mean - one) <= _POINTS[name]
        else:
            near = abs(other.mean - one) <= _SECONDS and FIGURES[name].kind == "time"
            fits = near or abs(other.mean - one) <= _RATIO[name] * one
        inside = other.low <= one <= other.high
        found.append(Judged(name, one, other, fits or inside, inside))
    return tuple(found)


def verdict(of: Backtest) -> tuple[str, ...]:
    """Sentences: whether the forecast fits, what explains a miss, and whether it fits with the inputs asked for."""
    forecast = judged(of.real.whole, of.forecast.whole)
    if not forecast:
        return ("There are no calls to compare.",)
    sentences = [_fit("The forecast", forecast)]
    sentences += _explained(of)
    if of.use:
        with_own = f"With the {_and([_WHAT[name] for name in of.use])} of these days, the scenario"
        sentences.append(_fit(with_own, judged(of.real.whole, of.chosen.whole)))
    if of.all_own and not all(one.fits for one in judged(of.real.whole, of.all_own)):
        left = judged(of.real.whole, of.all_own)
        sentences.append(
            f"Even with all inputs of these days, {_missed(left)}: the scenario leaves something out that matters here,"
            " such as priorities, transfers or agents who help out."
        )
    return tuple(sentences)


def _fit(who: str, found: tuple[Judged, ...]) -> str:
    wrong = [one for one in found if not one.fits]
    if not wrong:
        return f"{who} fits: every figure is near what it was, or within what chance makes."
    right = [FIGURES[one.name].title.lower() for one in found if one.fits]
    return f"{who} misses: {_missed(found)}." + (
        f" {_and(right).capitalize()} {'fits' if len(right) == 1 else 'fit'}." if right else ""
    )


def _missed(found: tuple[Judged, ...]) -> str:
    return "; ".join(
        f"{FIGURES[one.name].title.lower()} {_written(one.name, one.said.mean)} where it was"
        f" {_written(one.name, one.real)} ({one.words})"
        for one in found
        if not one.fits
    )


def _explained(of: Backtest) -> list[str]:
    if not of.changes or all(one.fits for one in judged(of.real.whole, of.forecast.whole)):
        return []
    sentences = []
    for change in of.changes:
        if change.closes < _EXPLAINS:
            continue
        words = _change(change, of)
        closed = (
            f"that explains {share(min(change.closes, 1.0))} of the miss"
            if change.closes < 0.995
            else "that explains it"
        )
        now = change.figures.get("abandonment")
        after = f": abandonment {share(now.mean)} with it alone" if now else ""
        sentences.append(f"{words}; {closed}{after}.")
    return sentences or ["No single input explains the miss."]


def _change(change: Change, of: Backtest) -> str:
    ratio = change.ratio
    if math.isnan(ratio) or abs(ratio - 1) < _DIFFERS:
        one = change.name in ("talk", "patience")
        return f"The {_WHAT[change.name]} of these days differ{'s' if one else ''} in detail"
    percent = f"{abs(ratio - 1) * 100:.0f} %"
    if change.name == "talk":
        real, said = of.real.whole.get("talk_s", 0.0), of.forecast.whole["talk_s"].mean
        longer = "longer" if ratio > 1 else "shorter"
        return f"Talk was {percent} {longer} than in the scenario ({duration(real)} instead of {duration(said)})"
    more = "more" if ratio > 1 else "fewer"
    what = "calls came" if change.name == "arrivals" else "agent-hours were on duty"
    return f"{percent} {more} {what} than in the scenario"


def _and(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _written(name: str, value: float) -> str:
    kind = FIGURES[name].kind
    return share(value) if kind == "share" else duration(value) if kind == "time" else count(round(value))
