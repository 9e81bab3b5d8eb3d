"""Judges figures: real beside simulated, and whether they are as near as the tolerance asks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from flows.display.numbers import count, duration, share
from simulation.backtesting.figures import FIGURES
from simulation.backtesting.spread import Spread
from simulation.backtesting.tolerance import TOLERANCE, Limit, near

__all__ = ["Judged", "judged", "written"]


@dataclass(frozen=True)
class Judged:
    """One figure, real beside simulated.

    Parameters
    ----------
    name : str
    real : float
    said : Spread
    limit : Limit
        How far the mean of the runs may be from the real figure.
    """

    name: str
    real: float
    said: Spread
    limit: Limit

    @property
    def fits(self) -> bool:
        """Whether the mean of the runs is within the limit."""
        return near(self.name, self.limit, self.real, self.said.mean)

    @property
    def inside(self) -> bool:
        """Whether the real figure lies where 95 % of simulated days lie: then chance may make the difference."""
        return self.said.low <= self.real <= self.said.high

    @property
    def misses(self) -> bool:
        """Whether the days contradict the scenario: beyond the limit, and not where 95 % of simulated days lie."""
        return not self.fits and not self.inside

    @property
    def off(self) -> str:
        """The difference with its sign: ``+3.2 points``, ``-18 %``."""
        if FIGURES[self.name].kind == "share":
            return f"{(self.said.mean - self.real) * 100:+.1f} points"
        if not self.real:
            return f"+{written(self.name, self.said.mean)}"
        return f"{(self.said.mean / self.real - 1) * 100:+.0f} %"

    @property
    def words(self) -> str:
        """By how much it misses: ``3.2 points too low``, ``18 % too high``."""
        if FIGURES[self.name].kind != "share" and not self.real:
            return f"{written(self.name, self.said.mean)} where there was none"
        return f"{self.off.lstrip('+-')} too {'high' if self.said.mean > self.real else 'low'}"

    @property
    def mark(self) -> str:
        """In words: ``fits``, ``misses``, ``within chance`` where days are too few to tell, or ``not judged``."""
        if math.isinf(self.limit.most):
            return "not judged"
        return "fits" if self.fits else "within chance" if self.inside else "misses"


def judged(
    real: Mapping[str, float], said: Mapping[str, Spread], tolerance: Mapping[str, Limit] = TOLERANCE
) -> tuple[Judged, ...]:
    """Judge every figure that both have.

    >>> judged({"abandonment": 0.142}, {"abandonment": Spread(0.145, 0.13, 0.16)})[0].fits
    True
    """
    return tuple(
        Judged(name, real[name], said[name], tolerance[name]) for name in FIGURES if name in real and name in said
    )


def written(name: str, value: float) -> str:
    """A figure with its unit.

    >>> written("abandonment", 0.142), written("mean_wait_s", 75.0)
    ('14.2 %', '1 min 15 s')
    """
    kind = FIGURES[name].kind
    return share(value) if kind == "share" else duration(value) if kind == "time" else count(round(value))
