"""Judges a staffing by the sums of its days: how far every part of the promise is kept, on the stated share of days."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from ivr.records.measures import MEASURES, ratio
from simulation.arrays import Flags, Floats, Ints
from simulation.staffing.target import Target

__all__ = ["NEAR", "ROUNDING", "Judge", "Layout"]

ROUNDING = 1e-9
"""By so much a share may miss a promise: it is only rounded."""
_BAND = 0.1
"""Days around the one that decides, as a share of all, over which effects are averaged."""
NEAR = 2 * _BAND
"""About so large a share of days is near the one that decides."""
_NOT_THERE = 9.0
"""The margin of a day without callers: they are all in time."""


@dataclass(frozen=True)
class Layout:
    """Where things are in the sums of a day.

    Parameters
    ----------
    queues, groups : tuple of str
    dates : numpy.ndarray
        i8[intervals]. The calendar day of each interval, ascending.
    """

    queues: tuple[str, ...]
    groups: tuple[str, ...]
    dates: Ints

    @property
    def first_interval(self) -> int:
        """The row of the first interval."""
        return 1 + len(self.queues) + len(self.groups)

    @property
    def intervals(self) -> int:
        """How many intervals are counted."""
        return len(self.dates)

    @property
    def several_days(self) -> bool:
        """Whether the horizon has several dates."""
        return bool(self.dates[-1] > self.dates[0])


@dataclass(frozen=True)
class Judge:
    """Judges sums by a target. A unit is what is judged by itself: the day, an interval, a queue.

    Parameters
    ----------
    target : Target
    layout : Layout
    """

    target: Target
    layout: Layout

    def _rows(self, values: Ints) -> Ints:
        """i8[samples, units, columns] of sums i8[days, rows, columns]."""
        at, first = self.layout, self.layout.first_interval
        if self.target.per == "interval":
            return values[:, first:]
        if self.target.per == "queue":
            return values[:, 1 : 1 + len(at.queues)]
        if not at.several_days:
            return values[:, :1]
        begins = [first + int(i) for i in np.unique(at.dates, return_index=True)[1]]
        days = [values[:, i:j].sum(axis=1) for i, j in itertools.pairwise([*begins, values.shape[1]])]
        return np.concatenate(days)[:, None, :]

    @property
    def units(self) -> int:
        """How many units there are."""
        return {"day": 1, "interval": self.layout.intervals, "queue": len(self.layout.queues)}[self.target.per]

    def levels(self, values: Ints) -> Floats:
        """f8[samples, units]: service levels; 1 where nobody called."""
        number, of = ratio(MEASURES["service_level"], self._rows(values))
        return np.divide(number, of, out=np.ones_like(number), where=of > 0)

    def margins(self, values: Ints) -> Floats:
        """f8[samples, units]: by how much the promise is kept; below 0 where it is broken."""
        rows, target = self._rows(values), self.target
        wanted = np.full(self.units, target.level)
        if target.per == "queue":
            wanted = np.array([target.own_levels.get(queue, target.level) for queue in self.layout.queues])
        number, of = ratio(MEASURES["service_level"], rows)
        there = of > 0
        margin = np.where(there, number / np.where(there, of, 1.0) - wanted, _NOT_THERE)
        if target.most_abandoned is not None:
            number, of = ratio(MEASURES["abandonment"], rows)
            gone = np.divide(number, of, out=np.zeros_like(number), where=of > 0)
            margin = np.minimum(margin, target.most_abandoned - gone)
        return np.asarray(margin)

    def allowed(self, margins: Floats) -> Ints:
        """i8[units]: on how many days the promise may be broken."""
        days = (margins < _NOT_THERE / 2).sum(axis=0)
        most = np.floor((1 - self.target.confidence) * days + ROUNDING).astype(np.int64)
        return np.asarray(np.clip(most, 0, np.maximum(days - 1, 0)))

    def reach(self, values: Ints) -> Floats:
        """f8[units + occupancies]: the margin on the day that decides, and how far agents are from too busy."""
        margins = self.margins(values)
        decides = self.allowed(margins)[None, :]
        decided: Floats = np.take_along_axis(np.sort(margins, axis=0), decides, axis=0)[0]
        return np.concatenate([decided, self._spare(values)])

    def _spare(self, values: Ints) -> Floats:
        """By how much agents are less busy than they may be."""
        most, at = self.target.most_occupied, self.layout
        if most is None:
            return np.zeros(0)
        total = values.sum(axis=0)
        rows = {
            "day": total[:1],
            "interval": total[at.first_interval :],
            "queue": total[1 + len(at.queues) : at.first_interval],
        }[self.target.per]
        busy, staffed = ratio(MEASURES["occupancy"], rows)
        return most - np.divide(busy, staffed, out=np.zeros_like(busy), where=staffed > 0)

    def kept(self, values: Ints) -> bool:
        """Whether the promise is kept."""
        return bool(np.all(self.reach(values) >= -ROUNDING))

    def on_target(self, values: Ints) -> Flags:
        """b1[samples, units]: whether the promise is kept, day by day."""
        return np.asarray(self.margins(values) >= -ROUNDING)

    def met(self, values: Ints) -> list[list[list[bool]]]:
        """By unit and replication: on which of its days with callers the promise is kept."""
        margins = self.margins(values)
        several = margins.reshape(-1, len(values), self.units)  # dates, replications, units
        return [
            [
                [margin >= -ROUNDING for margin in days if margin < _NOT_THERE / 2]
                for days in several[:, :, unit].T.tolist()
            ]
            for unit in range(self.units)
        ]

    def near(self, values: Ints) -> Flags:
        """b1[samples, units]: the days around the one that decides."""
        margins = self.margins(values)
        days = len(margins)
        order = np.argsort(np.argsort(margins, axis=0, kind="stable"), axis=0, kind="stable")
        return np.asarray(np.abs(order - self.allowed(margins)) <= max(2, round(_BAND * days)))

    def telling(self, near: Flags, days: int) -> Flags:
        """b1[days]: the replications of which `slack` reads anything; the others need not be simulated for it."""
        if self.target.most_occupied is not None:
            return np.ones(days, dtype=np.bool_)
        return np.asarray(near.reshape(-1, days, self.units).any(axis=(0, 2)))

    def near_of(self, near: Flags, kept: Flags) -> Flags:
        """b1[samples, units] of only some replications."""
        return np.asarray(near.reshape(-1, len(kept), self.units)[:, kept].reshape(-1, self.units))

    def slack(self, values: Ints, near: Flags) -> Floats:
        """f8[units + occupancies]: like `reach`, averaged over the days that are near the one that decides."""
        margins = np.where(near, self.margins(values), 0.0).sum(axis=0) / near.sum(axis=0)
        return np.concatenate([margins, self._spare(values)])
