"""Sums of whole numbers by cell, exact and in one pass."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ivr.records.columns import ColumnArray

__all__ = ["exact_sums", "running"]

_EXACT = 2.0**53
"""Integers below this are exact in floating point, and so are their sums while those stay below it."""


def exact_sums(cells: NDArray[np.int64], values: ColumnArray, size: int) -> NDArray[np.int64]:
    """Sums of values by cell, without rounding.

    Parameters
    ----------
    cells : numpy.ndarray
        int64, shape (n,), each 0..size-1.
    values : numpy.ndarray
        Integers or booleans, shape (n,).
    size : int

    Returns
    -------
    numpy.ndarray
        int64, shape (size,).

    Examples
    --------
    >>> exact_sums(np.array([0, 1, 1]), np.array([5, 2**60, 3]), 2).tolist() == [5, 2**60 + 3]
    True
    """
    if not len(values):
        return np.zeros(size, np.int64)
    if values.dtype == bool:
        return np.bincount(cells[values], minlength=size)
    if max(abs(int(values.max())), abs(int(values.min()))) * len(values) < _EXACT:
        return np.bincount(cells, values, size).astype(np.int64)
    total = np.zeros(size, np.int64)
    np.add.at(total, cells, values)  # an order of magnitude slower
    return total


def running(since: NDArray[np.int64], edges: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the sum of ``max(edge - since, 0)`` at each edge, in one pass over the moments.

    Parameters
    ----------
    since : numpy.ndarray of int64, shape (n,)
    edges : numpy.ndarray of int64, shape (m,)
        Ascending.

    Returns
    -------
    numpy.ndarray of int64, shape (m,)

    Examples
    --------

    >>> running(np.array([3, 8]), np.array([0, 5, 10])).tolist()
    [0, 2, 9]
    """
    first_edge = np.searchsorted(edges, since, side="left")
    inside = first_edge < len(edges)
    first = first_edge[inside]
    count = np.bincount(first, minlength=len(edges))
    ahead = exact_sums(first, edges[first] - since[inside], len(edges))
    passed = np.diff(edges, prepend=edges[:1]) * (np.cumsum(count) - count)  # what ran before the edge goes on up to it
    return np.cumsum(passed + ahead)
