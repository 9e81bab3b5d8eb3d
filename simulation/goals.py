"""Which way a caller who wants something goes: the likeliest to lead there, and of those the quickest."""

from __future__ import annotations

import numpy as np

__all__ = ["FAR", "LOST", "MIN_CHANCE", "likeliest"]

FAR = 1e12
"""Cost, in seconds, of what a caller cannot do."""
LOST = 1e5
"""Cost, in seconds, of a call that ends without its goal: far more than any way through the menus."""
MIN_CHANCE = 1e-3
"""A goal that is reached with a smaller chance counts as out of reach."""
MAX_SWEEPS = 400


def likeliest(
    cost: np.ndarray, to: np.ndarray, share: np.ndarray, drawn: np.ndarray, is_goal: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """The edge on the likeliest, then quickest way to each goal (-1: none), and where a goal can be reached at all.

    Value iteration (Bellman 1957, "Dynamic Programming") for all goals at once: a caller chooses the best edge, a draw
    averages over its own, and a call that ends elsewhere costs `LOST` seconds.

    Parameters
    ----------
    cost : numpy.ndarray
        f8[positions, edges], seconds; `FAR` where an edge cannot be taken.
    to : numpy.ndarray
        i4[positions, edges], -1 where the call ends.
    share : numpy.ndarray
        f8[positions, edges]: chances where a draw decides.
    drawn : numpy.ndarray
        b1[positions]: a draw decides, not the caller.
    is_goal : numpy.ndarray
        b1[positions, goals].

    Returns
    -------
    edge : numpy.ndarray
        i1[positions, goals].
    reaches : numpy.ndarray
        b1[positions, goals].

    Examples
    --------
    Edge 0 ends the call, edge 1 leads to the goal at position 1.

    >>> edge, reaches = likeliest(np.ones((2, 2)), np.array([[-1, 1], [-1, -1]]), np.ones((2, 2)),
    ...                           np.array([False, False]), np.array([[False], [True]]))
    >>> edge[0].tolist(), reaches.ravel().tolist()
    ([1], [True, True])
    """
    away = np.where(is_goal, 0.0, LOST)
    target, ends = np.maximum(to, 0), (to < 0)[:, :, None]
    for _ in range(MAX_SWEEPS):
        through = cost[:, :, None] + np.where(ends, LOST, away[target])
        best = through.min(axis=1)
        best[drawn] = (share[drawn][:, :, None] * np.minimum(through[drawn], LOST)).sum(axis=1)
        best = np.where(is_goal, 0.0, np.minimum(best, LOST))
        settled = np.abs(best - away).max() < 0.01
        away = best
        if settled:
            break
    reaches = away < LOST * (1 - MIN_CHANCE)
    return np.where(reaches, through.argmin(axis=1), -1).astype(np.int8), reaches
