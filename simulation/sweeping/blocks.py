"""The order in which cells are simulated, so that those with the same callers follow each other."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby

from simulation.sweeping.plan import Plan

__all__ = ["Block", "blocks"]

Block = tuple[tuple[int, tuple[str, ...]], ...]
"""Cells that one process simulates one after the other: their numbers and settings."""
_LARGEST = 32
_FEW = 4


def blocks(plan: Plan, wanted: Sequence[int], callers: Collection[int], workers: int) -> list[Block]:
    """Cut cells into blocks.

    Cells with the same callers follow each other. If there are many kinds of callers, each block is of one kind, so
    that each kind is drawn by one process; otherwise each cell is a block, and every process draws every kind.

    Parameters
    ----------
    plan : Plan
    wanted : sequence of int
        The cells to simulate.
    callers : collection of int
        Indices of the places that change the callers.
    workers : int

    Examples
    --------
    >>> from simulation.sweeping.plan import grid, read_places
    >>> plan = grid(read_places(["lines=10,20", "patience=1m,2m"]))
    >>> [[cell for cell, _ in block] for block in blocks(plan, range(4), {1}, 1)]
    [[0], [2], [1], [3]]
    """

    def kind(cell: int) -> tuple[str, ...]:
        return tuple(plan.cells[cell][k] for k in sorted(callers))

    first: dict[tuple[str, ...], int] = {}
    for cell in wanted:
        first.setdefault(kind(cell), len(first))
    ordered = sorted(wanted, key=lambda cell: (first[kind(cell)], cell))
    size = _LARGEST if len(first) >= _FEW * workers else 1
    found: list[Block] = []
    for _, same in groupby(ordered, key=kind):
        cells = [(cell, plan.settings(cell)) for cell in same]
        found += [tuple(cells[i : i + size]) for i in range(0, len(cells), size)]
    return found
