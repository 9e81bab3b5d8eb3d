"""Days that start empty: independent replications, or days stratified by how busy they are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ivr.records.schema import NONE
from ivr.records.tables import Records
from simulation.validation.long_runs import controlled_mean
from simulation.validation.target import Sample

__all__ = ["Days", "day_figures", "figures_by_type"]

_AWT_US = 20_000_000


class Days:
    """Figures of days, one row per day.

    Parameters
    ----------
    rows : sequence of mapping of str to float
        As returned by `day_figures`, plus the draws used as controls.
    controls : mapping of str to float
        Maps a column to its known expectation; its effect is removed by regression.
    stratified_by : numpy.ndarray, optional
        The uniforms of stratified days. Their standard error is that of collapsed strata: a day is paired with the
        next busier one, and half the squared difference of a pair is its variance (Cochran, "Sampling techniques",
        section 5A.12).

    Examples
    --------
    >>> days = Days([{"handled": 8, "offered": 10}, {"handled": 10, "offered": 10}])
    >>> days.ratio("handled", "offered")
    Sample(mean=0.9, error=0.1)
    """

    def __init__(
        self,
        rows: Sequence[Mapping[str, float]],
        *,
        controls: Mapping[str, float] | None = None,
        stratified_by: NDArray[np.float64] | None = None,
    ) -> None:
        self.columns = {name: np.array([row[name] for row in rows], dtype=float) for name in rows[0]}
        self.controls = np.zeros((len(rows), 0))
        if controls:
            self.controls = np.column_stack([self.columns[name] / expected - 1 for name, expected in controls.items()])
        self.order = None if stratified_by is None else np.argsort(stratified_by)

    def ratio(self, top: str, bottom: str | float = 1.0) -> Sample:
        """Ratio of the averages of two columns, or of a column and a number."""
        tops = self.columns[top]
        bottoms = self.columns[bottom] if isinstance(bottom, str) else np.full(len(tops), float(bottom))
        ratio = float(tops.mean() / bottoms.mean())
        rest = (tops - ratio * bottoms) / bottoms.mean()
        if self.order is None:
            off = controlled_mean(rest, self.controls)
            return Sample(ratio + off.mean, off.error)
        pairs = rest[self.order][: len(rest) // 2 * 2].reshape(-1, 2)
        return Sample(ratio, math.sqrt(float(np.sum(np.diff(pairs, axis=1) ** 2))) / len(rest))


def day_figures(records: Records) -> dict[str, float]:
    """Figures of one day: callers, minutes waited, and the busy and staffed minutes of the first group.

    Agents whose shift ends with the day count as staffed until the last call has ended.
    """
    visits, agents = records.visits, records.agents
    wait = visits["left_us"] - visits["offered_us"]
    handled = visits["agent"] != NONE
    first, talks = agents["group"] == 0, visits["group"] == 0
    ends = visits["answered_us"] + visits["talk_us"]
    before = np.minimum(ends, records.horizon_us) - np.minimum(visits["answered_us"], records.horizon_us)
    last_us = max(int(records.calls["ended_us"].max(initial=0)), records.horizon_us)
    off_us = np.where(agents["off_us"] < records.horizon_us, agents["off_us"], last_us)
    return {
        "offered": len(wait),
        "handled": int(handled.sum()),
        "lost": int((~handled).sum()),
        "within": int((handled & (wait <= _AWT_US)).sum()),
        "waits below": int((wait < _AWT_US).sum()),
        "counted": len(wait) - int((~handled & (wait <= _AWT_US)).sum()),
        "minutes waited": float(wait.sum()) / 60e6,
        "minutes to answer": float(wait[handled].sum()) / 60e6,
        "busy": float(agents["busy_us"][first].sum()) / 60e6,
        "busy in hours": float(before[handled & talks].sum()) / 60e6,
        "staffed": float((off_us - agents["on_us"])[first].sum()) / 60e6,
    }


def figures_by_type(
    records: Records,
    types: Sequence[str],
    groups: Sequence[str],
    within_us: Sequence[int],
    before_us: NDArray[np.int64] | int = 0,
) -> dict[str, float]:
    """Figures of one day by type of call, and how long each group talks.

    Parameters
    ----------
    records : Records
    types, groups : sequence of str
        In the order of intents (and queues) and of groups.
    within_us : sequence of int
        By type, when an answer is in time.
    before_us : numpy.ndarray, optional
        i8[visits]. What callers waited at earlier attempts.

    Returns
    -------
    dict of str to float
        ``arrived, TYPE``; of those served ``served``, ``within`` (in time), ``minutes`` of talk and minutes ``waited``;
        and ``busy, GROUP``, microseconds.
    """
    visits, agents = records.visits, records.agents
    wait, served = visits["left_us"] - visits["offered_us"] + before_us, visits["agent"] != NONE
    row: dict[str, float] = {}
    for number, (name, limit) in enumerate(zip(types, within_us, strict=True)):
        own = served & (visits["queue"] == number)
        row[f"arrived, {name}"] = int((records.calls["intent"] == number).sum())
        row[f"served, {name}"] = int(own.sum())
        row[f"within, {name}"] = int((own & (wait < limit)).sum())
        row[f"minutes, {name}"] = float(visits["talk_us"][own].sum()) / 60e6
        row[f"waited, {name}"] = float(wait[own].sum()) / 60e6
    for number, name in enumerate(groups):
        row[f"busy, {name}"] = float(agents["busy_us"][agents["group"] == number].sum())
    return row
