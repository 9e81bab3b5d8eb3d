"""Which input matters: the effect of each place on a figure, with the other places as they are on average."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulation.arrays import Floats
from simulation.experiment.estimates import student_t
from simulation.sweeping.plan import Place, Plan

__all__ = ["Effect", "effects"]


@dataclass(frozen=True)
class Effect:
    """What a place does to a figure.

    Parameters
    ----------
    path : str
    low, high : str
        The values between which it is measured: the smallest and the largest; in a list of other things than numbers,
        those with the smallest and the largest figure.
    mean : float
        The figure with `high` minus that with `low`, averaged over the values of the other places.
    half_width : float or None
        Of its interval over replications, which all cells share; None if it is unknown.
    share : float
        Share of the differences between cells, as variance, that this place explains by itself.
    """

    path: str
    low: str
    high: str
    mean: float
    half_width: float | None
    share: float


def effects(
    plan: Plan, cells: Sequence[int], means: Floats, influences: Floats | None, *, confidence: float = 0.95
) -> list[Effect]:
    """Return the effect of each place on a figure, the largest first.

    Parameters
    ----------
    plan : Plan
    cells : sequence of int
        The cells whose figure is known.
    means : numpy.ndarray
        f8[cells]. The figure in each of them.
    influences : numpy.ndarray or None
        f8[cells, replications]. How far each replication moves the figure of each cell
        (``simulation.experiment.estimates.influences``).
    confidence : float

    Returns
    -------
    list of Effect
        Empty if the cells cannot tell the places apart.

    Notes
    -----
    Least squares on an additive model: one level for each value in a grid, a straight line over each range in a sample.
    In a whole grid this is the difference of the means over all cells with a value. All cells have the same
    replications, so the interval is that of paired differences. Saltelli et al. (2008), "Global Sensitivity Analysis",
    section 1.2.5 (regression) and chapter 2 (designs).
    """
    design, columns = _design(plan, cells)
    if len(cells) < design.shape[1] or np.linalg.matrix_rank(design) < design.shape[1]:
        return []
    solve = np.linalg.pinv(design)
    found = solve @ means
    spread = float(np.var(means))
    result = []
    for place, (texts, own) in zip(plan.places, columns, strict=True):
        low, high, contrast = _contrast(place, texts, own, found, plan.is_sample)
        weights = contrast @ solve
        half = None
        if influences is not None and influences.shape[1] > 1:
            moved = weights @ influences
            count = len(moved)
            half = student_t(confidence, count - 1) * math.sqrt(float(moved @ moved) / (count - 1) / count)
        part = design[:, own] @ found[own]
        share = float(np.var(part)) / spread if spread > 0 else 0.0
        result.append(Effect(place.path, low, high, float(weights @ means), half, min(share, 1.0)))
    return sorted(result, key=lambda one: -abs(one.mean))


_Columns = list[tuple[tuple[str, ...], list[int]]]


def _design(plan: Plan, cells: Sequence[int]) -> tuple[Floats, _Columns]:
    """The additive model: a row for each cell, and for each place its values and columns."""
    made: list[Floats] = [np.ones(len(cells))]
    columns: _Columns = []
    for k, place in enumerate(plan.places):
        stated = [plan.cells[cell][k] for cell in cells]
        texts = tuple(dict.fromkeys(plan.cells[cell][k] for cell in range(len(plan.cells))))
        if plan.is_sample and not place.values.listed:
            numbers = np.array([place.values.number(text) or 0.0 for text in stated])
            first, last = place.values.number(place.values.text(0)) or 0.0, place.values.number(_last(place)) or 0.0
            own = [(numbers - first) / (last - first)]
            texts = (place.values.text(0), _last(place))
        else:
            own = [np.array([float(text == level) for text in stated]) for level in texts[1:]]
        columns.append((texts, list(range(len(made), len(made) + len(own)))))
        made += own
    return np.stack(made, axis=1), columns


def _last(place: Place) -> str:
    return place.values.text(place.values.count - 1)


def _contrast(
    place: Place, texts: tuple[str, ...], own: list[int], found: Floats, is_sample: bool
) -> tuple[str, str, Floats]:
    """The values that are compared, and the weights of the model's columns."""
    contrast = np.zeros(len(found))
    if is_sample and not place.values.listed:
        contrast[own[0]] = 1.0
        return texts[0], texts[1], contrast
    levels = [0.0, *found[own].tolist()]
    numbers = [place.values.number(text) for text in texts]
    order = levels if any(number is None for number in numbers) else [number or 0.0 for number in numbers]
    low, high = order.index(min(order)), len(order) - 1 - order[::-1].index(max(order))
    for level, sign in ((low, -1.0), (high, 1.0)):
        if level:
            contrast[own[level - 1]] += sign
    return texts[low], texts[high], contrast
