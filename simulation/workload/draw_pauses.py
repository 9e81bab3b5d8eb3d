"""Draws the pauses that agents make at any time, and cuts them out of their rows of the staff table as breaks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from flows.values.units import US_PER_S
from simulation.arrays import Ints, Times
from simulation.sampling.elementary import log
from simulation.sampling.streams import LANES, Streams
from simulation.scenario.duty import Pauses

__all__ = ["pauses_at_any_time", "with_pauses"]

_AGENT, _ON, _OFF, _REST, _TO_BREAK = 0, 2, 3, 4, 5


def with_pauses(rows: Ints, pauses: Pauses | None, group: str, first: int, horizon_us: int, streams: Streams) -> Ints:
    """Rows of a group's agents without their pauses.

    A pause is a break: it waits for the current call, and lasts as long from then on. One that begins during another
    is none, and one that goes on beyond the end of a row ends with it.

    Parameters
    ----------
    rows : numpy.ndarray
        i8[rows, 6]: agent, group, on, off, length of the break before, whether a break follows.
    pauses : Pauses or None
    group : str
        Its name, which is part of the address of the draws.
    first : int
        The number of its first agent.
    horizon_us : int
    streams : Streams
    """
    if pauses is None or not pauses.per_hour or not len(rows):
        return rows
    team = int(rows[:, _AGENT].max()) - first + 1
    begin, length = pauses_at_any_time(pauses, group, team, horizon_us, streams)
    cut = [part for row in rows.tolist() for part in _cut(row, begin[row[_AGENT] - first], length[row[_AGENT] - first])]
    return np.array(cut, dtype=np.int64).reshape(-1, rows.shape[1])


def pauses_at_any_time(pauses: Pauses, group: str, team: int, horizon_us: int, streams: Streams) -> tuple[Times, Times]:
    """When each agent of a group would begin to pause, and for how long: i8[agents, pauses], beyond the horizon too.

    Times of pauses do not depend on shifts, so that agents keep theirs in every what-if.
    """
    agents, gaps, lengths, drawn = np.arange(team), [], [], 0
    passed = np.zeros(team)
    while drawn == 0 or passed.min() * US_PER_S < horizon_us:
        u = streams.uniforms(f"pauses/{group}", agents, draw=drawn)
        for lane in range(0, LANES, 2):
            gaps.append(-log(1.0 - u[:, lane]) * 3600 / pauses.per_hour)
            lengths.append(pauses.length.draw(u[:, lane + 1]))
            passed += gaps[-1]
        drawn += 1
    begin = np.cumsum(np.array(gaps), axis=0).T
    return np.rint(begin * US_PER_S).astype(np.int64), np.rint(np.array(lengths).T * US_PER_S).astype(np.int64)


def _cut(row: list[int], begin: Times, length: Times) -> Iterator[list[int]]:
    """The parts of a row between the pauses that begin in it."""
    on, off, rest = row[_ON], row[_OFF], row[_REST]
    inside = np.flatnonzero((begin > on) & (begin < off) & (length > 0))
    for k in inside.tolist():
        at, until = int(begin[k]), int(begin[k] + length[k])
        if at <= on:
            continue  # during the pause before
        goes_on = until < off
        yield [*row[:_ON], on, at, rest, 1 if goes_on else row[_TO_BREAK]]
        if not goes_on:
            return
        on, rest = until, int(length[k])
    yield [*row[:_ON], on, off, rest, row[_TO_BREAK]]
