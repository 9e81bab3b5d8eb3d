"""Searches for a cheaper staffing that still keeps the promise, one agent of a group and interval at a time.

Every round measures what one agent more or less does everywhere, then takes agents away where that costs least service
for its money, many at once while the promise holds, fewer when it breaks; then it exchanges: an agent more where it
helps most, for others where they are missed least. What is accepted has been simulated on all days. Atlason, Epelman
and Henderson (2008), "Optimizing call center staffing using simulation and analytic center cutting-plane methods",
Management Science 54, search by such effects too.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from simulation.arrays import Flags, Floats, Ints
from simulation.staffing.cover import Cover
from simulation.staffing.days import Days, Levels
from simulation.staffing.effects import changes
from simulation.staffing.score import Judge

__all__ = ["Search"]

_TINY = 1e-9
_SMALL = 4
"""With at most so many groups and intervals together, all staffings around the one found are tried."""
_REACH = 2
"""How many agents more or less of each are tried."""
_SIDEWAYS = 2
"""Rounds without a saving that only exchange agents, before the search ends."""
_TRIED = 10
"""Agents less that are tried in vain, one by one, before a round goes on to exchanges."""
_ADDS = 12
"""Agents more that a round tries as the beginning of an exchange."""
Cells = list[tuple[int, int]]


@dataclass
class _Round:
    """What one agent more or less does, as measured at the beginning of a round."""

    less: Floats
    """f8[groups, intervals, units]: what one agent less takes from the slack; NaN where there is none."""
    more: Floats
    """f8[groups, intervals, units]: what one agent more adds to it; NaN where the limit is reached."""
    barred: Flags
    """b1[groups, intervals]: cells from which nobody can be taken."""


@dataclass
class Search:
    """A search on some days.

    Parameters
    ----------
    days : Days
    judge : Judge
    cost : numpy.ndarray
        f8[groups, intervals]: what an agent costs in each interval.
    limits : numpy.ndarray
        i8[groups]: most agents of each group.
    cover : Cover
        Which queues must not be left without anybody.
    goes_on : callable
        Whether there is time left.
    """

    days: Days
    judge: Judge
    cost: Floats
    limits: Ints
    cover: Cover
    goes_on: Callable[[], bool]
    _broken: list[Levels] = field(default_factory=list)

    def kept(self, levels: Levels) -> bool:
        """Whether a staffing keeps the promise; fewer agents everywhere than one that does not do not either."""
        if not self.cover.complete(levels) or any(np.all(levels <= broken) for broken in self._broken):
            return False
        found = self.judge.kept(self.days.values(levels))
        if not found:
            self._broken = [one for one in self._broken if not np.all(one <= levels)] + [levels.copy()]
        return found

    def price(self, levels: Levels) -> float:
        """The cost of a staffing."""
        return float((levels * self.cost).sum())

    def scaled(self, levels: Levels, factor: float | Floats) -> Levels:
        """A staffing times a factor, or one for each interval, within the limits; no queue is left without anybody."""
        times = np.minimum(np.floor(levels * factor + 0.5).astype(np.int64), self.limits[:, None])
        return self.cover.added(times, self.cost)

    def improved(self, levels: Levels) -> Levels:
        """A staffing that keeps the promise and costs no more than this one, which keeps it."""
        sideways = 0
        while self.goes_on():
            found = self._round(levels)
            if self.price(found) > self.price(levels) - _TINY:
                nearby = self._nearby(found)
                sideways += 1
                if nearby is None and (sideways > _SIDEWAYS or np.array_equal(found, levels)):
                    return found
                found = found if nearby is None else nearby
            levels = found
        return levels

    def _nearby(self, levels: Levels) -> Levels | None:
        """A cheaper staffing among all that are close; only where there are few cells."""
        if levels.size > _SMALL:
            return None
        steps = np.array(list(itertools.product(range(-_REACH, _REACH + 1), repeat=levels.size)))
        saved = -(steps * self.cost.ravel()).sum(axis=1)
        for at in np.lexsort((np.abs(steps).sum(axis=1), -saved)).tolist():
            other = levels + steps[at].reshape(levels.shape)
            if saved[at] <= _TINY or not self.goes_on():
                return None
            if np.all((other >= 0) & (other <= self.limits[:, None])) and self.kept(other):
                return np.asarray(other)
        return None

    def repaired(self, levels: Levels) -> Levels | None:
        """A staffing with more agents that keeps the promise; None if the limits do not allow it."""
        if not self.kept(np.repeat(self.limits[:, None], levels.shape[1], axis=1)):
            return None
        levels = self.cover.added(levels, self.cost)
        while not self.kept(levels):
            values = self.days.values(levels)
            gains = self._effects(levels, self.judge.near(values), step=1)
            cells = list(self._that_help(gains, np.maximum(-self.judge.reach(values), 0.0)))
            # Where one agent more helps nobody, all are one more.
            levels = _with(levels, cells, 1) if cells else np.minimum(levels + 1, self.limits[:, None])
        return levels

    def helpful(self, levels: Levels, short: Floats) -> Cells:
        """Cells where one agent more helps most for its cost, until what is short of the promise is covered."""
        gains = self._effects(levels, self.judge.near(self.days.values(levels)), step=1)
        return list(self._that_help(gains, short))

    def _that_help(self, gains: Floats, short: Floats) -> Iterator[tuple[int, int]]:
        """Cells where one agent more helps most for its cost, until what is short is covered; each once."""
        gains = np.nan_to_num(gains, nan=0.0).clip(min=0)
        while short.max() > _TINY:
            worth = np.minimum(gains, short).sum(axis=2) / self.cost
            group, interval = np.unravel_index(int(np.argmax(worth)), worth.shape)
            if worth[group, interval] <= _TINY:
                return
            short = np.maximum(short - gains[group, interval], 0.0)
            gains[group, interval] = 0.0
            yield int(group), int(interval)

    def _effects(self, levels: Levels, near: Flags, *, step: int) -> Floats:
        kept = self.judge.telling(near, len(self.days))
        days, near = self.days.only(kept, levels), self.judge.near_of(near, kept)
        base = self.judge.slack(days.values(levels), near)
        found = np.full((*levels.shape, len(base)), np.nan)
        for group, interval, values in changes(days, levels, self.judge.layout, step=step, limits=self.limits):
            found[group, interval] = self.judge.slack(values, near) - base
        return found

    def _round(self, levels: Levels) -> Levels:
        near = self.judge.near(self.days.values(levels))
        less, more = self._effects(levels, near, step=-1), self._effects(levels, near, step=1)
        known = _Round(-less, more, np.isnan(less[..., 0]))
        levels = self._fewer(levels, known)
        return self._exchanged(levels, known)

    # -- fewer agents ------------------------------------------------------------------------------------------------

    def _fewer(self, levels: Levels, known: _Round) -> Levels:
        most, in_vain = levels.size, 0
        while self.goes_on() and in_vain < _TRIED:
            slack = self.judge.reach(self.days.values(levels))
            cells = list(self._missed_least(levels, known, slack))[:most] or self._single(levels, known)
            if not cells:
                break
            kept = self._kept_part(levels, cells)
            if kept:
                levels, in_vain = _with(levels, kept, -1), 0
            if len(kept) < len(cells):
                most = max(len(kept), 1)
                in_vain += not kept
                known.barred[next(cell for cell in cells if cell not in kept)] = True
        return levels

    def _kept_part(self, levels: Levels, cells: Cells) -> Cells:
        """The first of some agents that can all be taken away, by halving."""
        while cells and self.goes_on():
            other = _with(levels, cells, -1)
            if self.kept(other):
                return cells
            apart = self._away_from_broken(other, cells)
            # What breaks may also be far from all of them, hours later.
            cells = apart if 0 < len(apart) < len(cells) else cells[: len(cells) // 2]
        return []

    def _away_from_broken(self, levels: Levels, cells: Cells) -> Cells:
        """Where intervals are judged: the cells that are not near one in which the promise is broken."""
        if self.judge.target.per != "interval":
            return []
        short = np.flatnonzero(self.judge.reach(self.days.values(levels))[: self.judge.units] < -_TINY)
        at = set((short + levels.shape[1] - self.judge.layout.intervals).tolist())
        return [cell for cell in cells if not at & {cell[1] - 1, cell[1], cell[1] + 1}]

    def _missed_least(self, levels: Levels, known: _Round, slack: Floats) -> Iterator[tuple[int, int]]:
        """Cells whose agents are missed least for what they cost, while the slack lasts; each once."""
        slack = slack.copy()
        taken = known.barred | (levels == 0)
        while True:
            loss = np.nan_to_num(known.less, nan=np.inf)
            fits = np.all(loss <= slack + _TINY, axis=2) & ~taken
            if not fits.any():
                return
            weight = (loss.clip(min=0) / np.maximum(slack, 1e-4)).sum(axis=2) / self.cost
            group, interval = np.unravel_index(int(np.argmin(np.where(fits, weight, np.inf))), weight.shape)
            taken[group, interval] = True
            slack -= known.less[group, interval]
            yield int(group), int(interval)

    def _single(self, levels: Levels, known: _Round) -> Cells:
        """One more cell to try: the effects are averages, and a day may be luckier."""
        loss = np.nan_to_num(known.less, nan=np.inf).clip(min=0).sum(axis=2) / self.cost
        loss[known.barred | (levels == 0)] = np.inf
        cell = np.unravel_index(int(np.argmin(loss)), loss.shape)
        return [(int(cell[0]), int(cell[1]))] if np.isfinite(loss[cell]) else []

    # -- exchanges ---------------------------------------------------------------------------------------------------

    def _exchanged(self, levels: Levels, known: _Round) -> Levels:
        """One agent more somewhere, for others elsewhere that cost more, or as much and are missed less."""
        known.barred[:] = False
        gain = np.nan_to_num(known.more, nan=-np.inf)
        worth = gain.clip(min=0).sum(axis=2) / self.cost
        worth[np.isnan(known.more[..., 0])] = -np.inf
        order = np.argsort(-worth, axis=None, kind="stable")[:_ADDS]
        for place in order.tolist():
            group, interval = divmod(place, levels.shape[1])
            if not self.goes_on() or worth[group, interval] <= 0:
                break
            values = self.days.values(levels)
            slack = self.judge.reach(values) + gain[group, interval]
            more = _with(levels, [(group, interval)], 1)
            if more[group, interval] > self.limits[group]:
                continue
            barred = known.barred.copy()
            barred[group, interval] = True
            cells = list(self._missed_least(levels, _Round(known.less, known.more, barred), slack))
            while cells and self.goes_on():
                saved = sum(self.cost[cell] for cell in cells) - self.cost[group, interval]
                if saved < -_TINY:
                    break
                other = _with(more, cells, -1)
                if self._better(other, levels, saved):
                    levels = other
                    break
                cells = cells[:-1] if len(cells) < 4 else cells[: len(cells) // 2]
        return levels

    def _better(self, other: Levels, levels: Levels, saved: float) -> bool:
        """Whether the promise is kept for less, or by more for the same."""
        if not self.kept(other):
            return False
        if saved > _TINY:
            return True
        values, now = self.days.values(other), self.days.values(levels)
        near = self.judge.near(now)
        return float(self.judge.slack(values, near).sum()) > float(self.judge.slack(now, near).sum()) + 1e-6


def _with(levels: Levels, cells: Cells, step: int) -> Levels:
    other = levels.copy()
    for cell in cells:
        other[cell] += step
    return other
