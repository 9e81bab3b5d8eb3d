"""The frontier of a sweep: cells that no other cell beats in two figures at once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from flows.source.document import nearest
from flows.source.finding import usage_error
from ivr.records.measures import MEASURES, QUANTILES
from simulation.experiment.estimates import Estimate

__all__ = ["OF_THE_ROSTER", "Axes", "best_cells", "read_axes", "read_figure"]

OF_THE_ROSTER = {"agent_hours": "Agent-hours"}
"""Figures that the roster alone decides, and their titles."""


@dataclass(frozen=True)
class Axes:
    """Two figures, and of each whether more is better.

    Examples
    --------
    >>> read_axes("cost,service_level")
    Axes(x='cost', y='service_level', more_x=False, more_y=True)
    """

    x: str
    y: str
    more_x: bool
    more_y: bool


def read_axes(text: str) -> Axes:
    """Read two figures, such as ``cost,service_level``.

    Raises
    ------
    UsageError
        X005, if there are not two, or one is unknown, or neither more nor less of it is better.
    """
    names = [name.strip() for name in text.split(",")]
    if len(names) != 2 or names[0] == names[1]:
        raise usage_error("X005", f"--frontier {text!r}: name two figures", "for example --frontier cost,service_level")
    for name in names:
        read_figure(name)
        if _better(name) is None:
            raise usage_error(
                "X005",
                f"--frontier {text!r}: neither more nor less {name} is better",
                f"there are agent_hours, {', '.join(name for name in MEASURES if MEASURES[name].better)}",
            )
    return Axes(names[0], names[1], bool(_better(names[0])), bool(_better(names[1])))


def read_figure(name: str) -> str:
    """Reject unknown figures.

    Raises
    ------
    UsageError
        X005, with the closest name.

    Examples
    --------
    >>> read_figure("agent_hours")
    'agent_hours'
    """
    known = (*OF_THE_ROSTER, *MEASURES, *QUANTILES)
    if name not in known:
        near = nearest(name, known)
        hint = f"did you mean {near!r}?" if near else f"there are {', '.join(known)}"
        raise usage_error("X005", f"there is no figure {name!r}", hint)
    return name


def _better(name: str) -> bool | None:
    """Whether more is better; None if neither is."""
    if name in OF_THE_ROSTER or name in QUANTILES:
        return False
    return {"higher": True, "lower": False}.get(MEASURES[name].better or "")


def best_cells(figures: Mapping[int, Mapping[str, Estimate]], axes: Axes) -> list[int]:
    """The cells of the frontier, from the best in x to the best in y.

    A cell is on it if every other cell is worse in one of the two; of cells that are equal in both, the first. Cells
    without one of the figures are left out.

    Parameters
    ----------
    figures : mapping of int to mapping of str to Estimate
        Figures of each cell.
    axes : Axes

    Examples
    --------
    >>> axes = read_axes("cost,service_level")
    >>> cells = {i: {"cost": Estimate(c), "service_level": Estimate(s)}
    ...          for i, (c, s) in enumerate([(10, 0.8), (12, 0.7), (12, 0.9), (10, 0.8)])}
    >>> best_cells(cells, axes)
    [0, 2]
    """
    points = sorted(
        (of[axes.x].mean * (-1 if axes.more_x else 1), of[axes.y].mean * (-1 if axes.more_y else 1), cell)
        for cell, of in figures.items()
        if axes.x in of and axes.y in of
    )
    found: list[int] = []
    best = math.inf
    for _, y, cell in points:
        if y < best:
            found.append(cell)
            best = y
    return found
