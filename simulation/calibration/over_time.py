"""How many spans of time are open at each moment, and for how long in all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation.arrays import Floats, Ints, Times

__all__ = ["OpenSpans"]


@dataclass(frozen=True)
class OpenSpans:
    """Spans of time that may overlap, by the number that are open.

    Parameters
    ----------
    at_us : numpy.ndarray
        i8[n]. Moments at which the number changes, in order.
    count : numpy.ndarray
        i8[n]. The number from each of them on.
    """

    at_us: Times
    count: Ints

    @classmethod
    def of(cls, begin_us: Times, end_us: Times) -> OpenSpans:
        """Count spans.

        >>> spans = OpenSpans.of(np.array([0, 5]), np.array([8, 10]))
        >>> spans.before(np.array([0, 5, 8, 20])).tolist()
        [0, 1, 2, 0]
        >>> spans.within(np.array([4]), np.array([9])).tolist()  # one from 4 to 5, two to 8, one to 9
        [8.0]
        """
        at = np.concatenate([begin_us, end_us])
        order = np.argsort(at, kind="stable")
        step = np.repeat(np.array([1, -1]), [len(begin_us), len(end_us)])
        return cls(at[order], np.cumsum(step[order]))

    def before(self, at_us: Times) -> Ints:
        """The number open just before each moment."""
        if not len(self.at_us):
            return np.zeros(np.shape(at_us), np.int64)
        k = np.searchsorted(self.at_us, at_us, side="left")
        return np.asarray(np.where(k > 0, self.count[np.maximum(k - 1, 0)], 0))

    def within(self, from_us: Times, to_us: Times) -> Floats:
        """The sum of the times that spans are open in each period, microseconds."""
        return self._upto(to_us) - self._upto(from_us)

    def _upto(self, at_us: Times) -> Floats:
        if not len(self.at_us):
            return np.zeros(np.shape(at_us))
        passed = np.append(0.0, np.cumsum(self.count[:-1] * np.diff(self.at_us)))
        k = np.maximum(np.searchsorted(self.at_us, at_us, side="right") - 1, 0)
        return np.asarray(passed[k] + self.count[k] * np.maximum(at_us - self.at_us[k], 0))
