"""What a log tells about the time from the end of a talk until the agent is ready for the next.

While a call waits that an agent could take, they are not ready; the moment at which they take it is the moment at which
they are. Nothing else is seen of them, and what is seen must not depend on the time that is sought: who gets ready soon
is also asked for soon. So a time counts from the end of the talk as long as no call came that another agent might have
taken in their place; from then on, only while calls wait: whoever is not ready at the beginning of a wait (left
truncation) is ready at the moment they take it, or later than its end (right censoring). Klein and Moeschberger (2003),
"Survival Analysis", sections 3.2 to 3.4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation.arrays import Flags, Floats, Times
from simulation.calibration.waiting_times import Spans

__all__ = ["Gaps", "ReadyTimes", "ready_times"]


@dataclass(frozen=True)
class Gaps:
    """Times between two talks of an agent on duty.

    Parameters
    ----------
    end_us, begin_us : numpy.ndarray
        i8[n]. End of one talk and beginning of the next.
    wait_us : numpy.ndarray
        i8[n]. How long the caller of the next had waited.
    alone : numpy.ndarray
        b1[n]. Whether no other agent could have taken the next call, had it come without a wait.
    """

    end_us: Times
    begin_us: Times
    wait_us: Times
    alone: Flags


@dataclass(frozen=True)
class ReadyTimes:
    """Times until agents were ready again, seconds.

    Parameters
    ----------
    exact_s : numpy.ndarray
        f8[n]. Times that are known, because a call was waiting until then.
    later_s : numpy.ndarray
        f8[m]. Times that were longer than this.
    low_s, high_s : numpy.ndarray
        f8[k]. Bounds of others: agents were not ready as long as calls waited, and were when the next call came.
    entered_s : numpy.ndarray
        f8[l]. Of some of the exact and the longer ones: they count only because they were longer than this.
    """

    exact_s: Floats
    later_s: Floats
    low_s: Floats
    high_s: Floats
    entered_s: Floats


def ready_times(gaps: Gaps, chosen_us: Times, waiting: Spans, *, none_us: float) -> ReadyTimes:
    """See when agents are ready.

    Parameters
    ----------
    gaps : Gaps
    chosen_us : numpy.ndarray
        i8[n]. When calls came that more than one agent might have taken, or that another took at once, in order.
    waiting : Spans
        When calls waited that these agents could take.
    none_us : float
        Waits of up to so many microseconds count as none.

    Examples
    --------
    An agent ends a talk at 0 s. A call comes at 10 s and another agent takes it; the next comes at 40 s, waits, and is
    taken by the first at 55 s: they were not ready at 41.5 s, when it counts as one that waits, and were at 55 s.

    >>> s = 1_000_000
    >>> gap = Gaps(np.array([0]), np.array([55 * s]), np.array([15 * s]), np.array([False]))
    >>> found = ready_times(gap, np.array([10 * s]), Spans.union(np.array([40 * s]), np.array([55 * s])), none_us=1.5e6)
    >>> found.exact_s.tolist(), found.entered_s.tolist(), found.later_s.tolist()
    ([55.0], [41.5], [])
    """
    end, begin = gaps.end_us, gaps.begin_us
    waited = gaps.wait_us > none_us
    following = np.append(chosen_us, 2**62)[np.searchsorted(chosen_us, end, side="right")]
    others = following < begin
    low = np.clip(waiting.last_before(np.minimum(following, begin)) - end, 0, begin - end)
    exact = ~others & waited
    between = ~others & ~waited & gaps.alone
    later = ~exact & ~between & (low > 0)
    again = _seen_again(gaps, np.where(others, following, 2**62), waiting, round(none_us))
    took = again.until_us == begin[again.gap]
    took &= waited[again.gap]
    since = end[again.gap]
    return ReadyTimes(
        np.concatenate([(begin - end)[exact], (again.until_us - since)[took]]) / 1e6,
        np.concatenate([low[later], (again.until_us - since)[~took]]) / 1e6,
        low[between] / 1e6,
        # Whoever was ready within a second and a half of the call counts as one who did not let it wait.
        (begin - end - gaps.wait_us)[between] / 1e6 + none_us / 1e6,
        (again.from_us - since) / 1e6,
    )


@dataclass(frozen=True)
class _Again:
    """Waits in gaps, after a call that another agent took."""

    gap: np.ndarray
    from_us: Times
    until_us: Times


def _seen_again(gaps: Gaps, from_us: Times, waiting: Spans, none_us: int) -> _Again:
    """The waits of each gap after a moment, cut to it; each from the moment on at which it counts as one."""
    first = np.searchsorted(waiting.end_us, from_us, side="right")
    count = np.maximum(np.searchsorted(waiting.begin_us, gaps.begin_us, side="left") - first, 0)
    gap = np.repeat(np.arange(len(count)), count)
    wait = np.arange(len(gap)) - np.repeat(np.cumsum(count) - count, count) + first[gap]
    begin = np.maximum(waiting.begin_us[wait] + none_us, from_us[gap])
    end = np.minimum(waiting.end_us[wait], gaps.begin_us[gap])
    seen = end > begin
    return _Again(gap[seen], begin[seen], end[seen])
