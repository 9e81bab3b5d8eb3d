"""When calls were waiting: spans of time, and questions about them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation.arrays import Times

__all__ = ["Spans"]


@dataclass(frozen=True)
class Spans:
    """Spans of time that do not overlap, in order.

    Parameters
    ----------
    begin_us, end_us : numpy.ndarray
        i8[n].
    """

    begin_us: Times
    end_us: Times

    @classmethod
    def union(cls, begin_us: Times, end_us: Times) -> Spans:
        """Where any of the given spans is.

        >>> spans = Spans.union(np.array([0, 5, 20]), np.array([8, 10, 25]))
        >>> spans.begin_us.tolist(), spans.end_us.tolist()
        ([0, 20], [10, 25])
        """
        if not len(begin_us):
            return cls(np.zeros(0, np.int64), np.zeros(0, np.int64))
        order = np.argsort(begin_us, kind="stable")
        begin, end = begin_us[order], np.maximum.accumulate(end_us[order])
        first = np.append(True, begin[1:] > end[:-1])
        last = np.append(first[1:], True)
        return cls(begin[first], end[last])

    def within(self, from_us: Times, to_us: Times) -> Times:
        """How much of each period is inside the spans, microseconds."""
        return self._upto(to_us) - self._upto(from_us)

    def _upto(self, at_us: Times) -> Times:
        if not len(self.begin_us):
            return np.zeros(np.shape(at_us), np.int64)
        before = np.concatenate([[0], np.cumsum(self.end_us - self.begin_us)])
        k = np.searchsorted(self.begin_us, at_us, side="right")
        inside = np.where(k > 0, np.minimum(at_us, self.end_us[k - 1]) - self.begin_us[k - 1], 0)
        return np.asarray(before[np.maximum(k - 1, 0)] * (k > 0) + inside)

    def last_before(self, at_us: Times) -> Times:
        """The last moment before each that is inside a span; a very early one if there is none."""
        k = np.searchsorted(self.begin_us, at_us, side="left")
        if not len(self.begin_us):
            return np.full(np.shape(at_us), -(2**62))
        return np.asarray(np.where(k > 0, np.minimum(self.end_us[np.maximum(k - 1, 0)], at_us), -(2**62)))
