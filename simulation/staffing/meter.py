"""Counts the simulated days of a search, says whether there is time for more, and tells how far it is."""

from __future__ import annotations

import time

from simulation.experiment.replicate import Progress

__all__ = ["STEPS", "Meter"]

STEPS = 1000
"""In how many steps the progress of a search is told."""


class Meter:
    """Counts simulated days.

    Nobody knows beforehand when a search ends. So it is told as if it took all its time, and what is left when it ends
    earlier is spread over the measurements, whose number is known: the progress never jumps, and ends when all is done.

    Parameters
    ----------
    most : int
        Days that the search simulates at most.
    progress : callable, optional
        Called with steps done and `STEPS`.
    deadline : float, optional
        By ``time.monotonic``.

    Examples
    --------
    >>> told = []
    >>> meter = Meter(8, lambda done, total: told.append(done), None)
    >>> meter.later = 2
    >>> for _ in range(4):
    ...     meter()
    >>> meter.measures()  # half of the search was enough
    >>> meter(), meter(), told
    (None, None, [100, 200, 300, 400, 700, 1000])
    """

    def __init__(self, most: int, progress: Progress | None, deadline: float | None) -> None:
        self.done, self.most, self.stage = 0, most, most
        # Days that the measurements simulate, and those that it takes, about, to add agents until others hold too.
        self.later, self.mending = 0, 0
        self.in_time = True
        self._progress, self._deadline = progress, deadline
        self._told, self._searched, self._reached = 0.0, -1, 0.0

    def __call__(self) -> None:
        self.done += 1
        self._told = max(self._told, self._share())
        if self._progress:
            self._progress(round(STEPS * self._told), STEPS)

    def goes_on(self) -> bool:
        """Whether this stage of the search may simulate further."""
        self.in_time = self.done < self.stage and (self._deadline is None or time.monotonic() < self._deadline)
        return self.in_time

    def measures(self) -> None:
        """The search is over: only the measurements are left."""
        self._searched, self._reached = self.done, self._told

    def _share(self) -> float:
        searching = self.most + self.mending
        if self._searched < 0:
            return min(self.done, searching) / max(searching + self.later, 1)
        measured = min((self.done - self._searched) / max(self.later, 1), 1.0)
        return self._reached + (1 - self._reached) * measured
