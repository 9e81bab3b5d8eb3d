"""Infers from answers when agents are on duty, and when they are ready again after a talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from flows.values.units import US_PER_S
from simulation.arrays import Flags, Floats, Ints, Times
from simulation.calibration.agents import Answers
from simulation.calibration.over_time import OpenSpans
from simulation.calibration.ready_times import Gaps, ReadyTimes, ready_times
from simulation.calibration.waiting_times import Spans
from simulation.clock.local_time import DAY_US

__all__ = ["Beside", "Stretches", "duty_edges", "seen_ready", "stretches_of"]

_AWAY_S = 900.0
_LONG_AWAY_S = 4 * 3600.0
_EVIDENCE_S = 45.0
_EVIDENCE_CALLS = 4
_EACH_IDLE = 3
NO_WAIT = 1.5
"""Waits of up to so many units of the log count as none."""
_HOURS = 24
_ENOUGH = 30
_EDGE_CALLS = 10


@dataclass(frozen=True)
class Stretches:
    """Stretches of duty, and the gaps between two talks inside them.

    Parameters
    ----------
    answers : Answers
    first, last : numpy.ndarray
        i8[n]. The first and the last answer of each stretch.
    before : numpy.ndarray
        i8[m]. The answer before each gap; the one after it is the next.
    """

    answers: Answers
    first: Ints
    last: Ints
    before: Ints

    @property
    def on_us(self) -> Times:
        """The first answer of each."""
        return self.answers.at_us[self.first]

    @property
    def off_us(self) -> Times:
        """The end of the last talk of each."""
        return self.answers.until_us[self.last]


@dataclass(frozen=True)
class Beside:
    """All who take the same calls, these agents among them.

    Parameters
    ----------
    present, talking : OpenSpans
    taken_us : numpy.ndarray
        i8[n]. When they answered calls without a wait, in order.
    later_us : numpy.ndarray
        i8[m]. When they answered calls that were not their first of a stretch, in order.
    """

    present: OpenSpans
    talking: OpenSpans
    taken_us: Times
    later_us: Times

    @classmethod
    def of(cls, groups: Sequence[Stretches], *, unit_us: int) -> Beside:
        """From the stretches of groups that share queues."""

        def joined(parts: list[Times]) -> Times:
            return np.concatenate(parts) if parts else np.zeros(0, np.int64)

        at = joined([one.answers.at_us for one in groups])
        return cls(
            OpenSpans.of(joined([one.on_us for one in groups]), joined([one.off_us for one in groups])),
            OpenSpans.of(at, joined([one.answers.until_us for one in groups])),
            np.sort(at[joined([one.answers.wait_us for one in groups]) <= NO_WAIT * unit_us]),
            np.sort(joined([np.delete(one.answers.at_us, one.first) for one in groups])),
        )

    def free(self, at_us: Times) -> Ints:
        """How many were on duty and did not talk, just before each moment."""
        return self.present.before(at_us) - self.talking.before(at_us)


def stretches_of(answers: Answers, waiting: Spans) -> Stretches:
    """Infer when agents who serve the same queues are on duty.

    Parameters
    ----------
    answers : Answers
        Those of these agents.
    waiting : Spans
        When calls of their queues waited.

    Notes
    -----
    Between two answers an agent is idle, at work after the call, pauses, or is away. As long as a call waits that they
    could take, they are not ready. A gap of more than a quarter of an hour is a time away if in it calls waited for
    three quarters of a minute, or the agents beside them began so many calls that an idle agent would have been chosen:
    three for each agent who was idle, when calls go to any of these alike (1 in 20 is not chosen then), and at least 4.
    """
    same = answers.agent[1:] == answers.agent[:-1]
    end, begin = answers.until_us[:-1], answers.at_us[1:]
    gap_us = begin - end
    very_long = gap_us > _LONG_AWAY_S * US_PER_S
    rough = _cut(answers, same & ~very_long)
    present = OpenSpans.of(rough.on_us, rough.off_us)
    talking = OpenSpans.of(answers.at_us, answers.until_us)
    length = np.maximum(gap_us, 1)
    idle = (present.within(end, end + length) - talking.within(end, end + length)) / length - 1
    begun = np.sort(answers.at_us)
    others = np.searchsorted(begun, begin, side="left") - np.searchsorted(begun, end, side="right")
    seen = others >= np.maximum(_EVIDENCE_CALLS, _EACH_IDLE * idle)
    seen |= waiting.within(end, np.maximum(begin, end)) > _EVIDENCE_S * US_PER_S
    away = (gap_us > _AWAY_S * US_PER_S) & seen
    return _cut(answers, same & ~away & ~very_long)


def _cut(answers: Answers, joined: Flags) -> Stretches:
    """Stretches of answers that are joined to the next."""
    cut = np.ones(len(answers.agent) + 1, dtype=bool)
    cut[1:-1] = ~joined
    gaps = joined & (answers.at_us[1:] >= answers.until_us[:-1])
    return Stretches(answers, np.flatnonzero(cut[:-1]), np.flatnonzero(cut[1:]), np.flatnonzero(gaps))


def seen_ready(of: Stretches, beside: Beside, waiting: Spans, days: Flags | None = None, *, unit_us: int) -> ReadyTimes:
    """When these agents are ready again after a talk; only in gaps that are kept."""
    before = of.before if days is None else of.before[days]
    answers = of.answers
    begin = answers.at_us[before + 1]
    free = beside.free(begin)
    gaps = Gaps(answers.until_us[before], begin, answers.wait_us[before + 1], free <= 1)
    several = beside.free(waiting.begin_us) > 1
    chosen = np.sort(np.concatenate([beside.taken_us, waiting.begin_us[several]]))
    return ready_times(gaps, chosen, waiting, none_us=NO_WAIT * unit_us)


def duty_edges(
    of: Stretches, beside: Beside, waiting: Spans, offered_us: Times, ready_s: float, *, unit_us: int
) -> tuple[Times, Times]:
    """When agents come on duty and go off: before their first answer, and at some time after their last.

    Parameters
    ----------
    of : Stretches
    beside : Beside
    waiting : Spans
        When calls of their queues waited.
    offered_us : numpy.ndarray
        i8[n]. When calls of their queues came, in order.
    ready_s : float
        Mean time until ready again.
    unit_us : int
        Resolution of the log.

    Returns
    -------
    on_us, off_us : numpy.ndarray

    Notes
    -----
    Whose first call had waited came at that moment. Others had been idle, as long on average as agents are idle at that
    hour before a call that does not wait, and not while a call waited. Those who take the first calls of the day,
    before anybody takes a second, came when the line opened. Duty ends at any moment of a cycle of talk, work and idle
    time alike: of a talk of L s and a gap with mean g and mean square h, (L^2 + 2 L g + h) / (2 (L + g)) s have passed
    then on average (Ross, "Introduction to probability models", section 7.7). Nobody is on duty before the line opens
    or after it closes.
    """
    answers = of.answers
    openings = _Openings.of(offered_us)
    gap_s = (answers.at_us[of.before + 1] - answers.until_us[of.before]) / US_PER_S
    hour = _hour(answers.at_us[of.before + 1])
    on, none_us = of.on_us, NO_WAIT * unit_us
    none = answers.wait_us[of.before + 1] <= none_us
    idle_s = _by_hour(hour[none], np.maximum(gap_s[none] - ready_s, 0.0))[_hour(on)]
    came = np.where(answers.wait_us[of.first] <= none_us, _came(on, idle_s, openings, beside, waiting), on)
    begin = answers.at_us[of.last]
    talk_s = (answers.until_us[of.last] - begin) / US_PER_S
    mean, square = (_by_hour(hour, values)[_hour(begin)] for values in (gap_s, gap_s**2))
    passed_s = (talk_s**2 + 2 * talk_s * mean + square) / np.maximum(2 * (talk_s + mean), 1e-9)
    left = np.minimum(begin + (passed_s * US_PER_S).astype(np.int64), np.maximum(openings.closes(begin), begin + 1))
    again = np.append(answers.agent[of.first[1:]] == answers.agent[of.first[:-1]], False)
    left = np.where(again, np.minimum(left, np.append(came[1:], 2**62)), left)
    return came, np.maximum(left, on + 1)


def _came(on_us: Times, idle_s: Floats, openings: _Openings, beside: Beside, waiting: Spans) -> Times:
    """When agents came whose first call did not wait."""
    opens = openings.opens(on_us)
    second = np.append(beside.later_us, 2**62)[np.searchsorted(beside.later_us, opens, side="left")]
    came = on_us - (idle_s * US_PER_S).astype(np.int64)
    came = np.where(on_us <= second, np.minimum(came, opens), came)
    return np.minimum(np.maximum(came, np.maximum(opens, waiting.last_before(on_us))), on_us)


def _hour(at_us: Times) -> Ints:
    return np.asarray(at_us % DAY_US * _HOURS // DAY_US, dtype=np.int64)


def _by_hour(hour: Ints, values: Floats) -> Floats:
    """The mean by hour of the day, with the hours beside it; of all hours where these have few values."""
    sums, count = np.bincount(hour, values, _HOURS), np.bincount(hour, minlength=_HOURS)
    near, of_near = (x + np.roll(x, 1) + np.roll(x, -1) for x in (sums, count))
    overall = float(values.mean()) if len(values) else 0.0
    return np.asarray(np.where(of_near >= _ENOUGH, near / np.maximum(of_near, 1), overall))


@dataclass(frozen=True)
class _Openings:
    """When a line is open: calls that are more than four hours apart are of two openings.

    It opens one usual time between calls before the first of them, and closes one after the last.
    """

    first_us: Times
    opens_us: Times
    closes_us: Times

    @classmethod
    def of(cls, offered_us: Times) -> _Openings:
        edges = np.flatnonzero(np.diff(offered_us) > _LONG_AWAY_S * US_PER_S) + 1
        begin, end = np.append(0, edges), np.append(edges, len(offered_us))
        many = np.minimum(end - begin, _EDGE_CALLS)
        first, last, steps = offered_us[begin], offered_us[end - 1], np.maximum(many - 1, 1)
        return cls(
            first,
            first - (offered_us[begin + many - 1] - first) // steps,
            last + (last - offered_us[end - many]) // steps,
        )

    def opens(self, at_us: Times) -> Times:
        return self.opens_us[self._at(at_us)]

    def closes(self, at_us: Times) -> Times:
        return self.closes_us[self._at(at_us)]

    def _at(self, at_us: Times) -> Ints:
        return np.maximum(np.searchsorted(self.first_us, at_us, side="right") - 1, 0)
