"""The result of a sweep: its cells, their figures, the frontier, and what each place does."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from flows.source.counted import counted
from flows.source.finding import Finding
from simulation.experiment.estimates import Estimate, estimate, influences
from simulation.experiment.result_rows import Row
from simulation.scenario.loaded import LoadedScenario
from simulation.sweeping.cell_sums import CellSums
from simulation.sweeping.effects import Effect, effects
from simulation.sweeping.frontier import OF_THE_ROSTER, Axes, best_cells, read_axes, read_figure
from simulation.sweeping.plan import Plan

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SweepResult"]

_DEFAULT = "cost,service_level"


@dataclass(frozen=True)
class SweepResult:
    """The cells of a sweep.

    Parameters
    ----------
    loaded : LoadedScenario
        The scenario, with the settings of all cells.
    plan : Plan
    sums : dict of int to CellSums
        What is known of each cell, by number; after Ctrl-C, of those finished by then.
    seed, replications : int
    engine : str
    stopped : {"all", "interrupted"}
    assumptions : tuple of str
    notes : tuple of Finding
        Warnings, such as a place that changes nothing.
    """

    loaded: LoadedScenario
    plan: Plan
    sums: dict[int, CellSums]
    seed: int
    replications: int
    engine: str
    stopped: Literal["all", "interrupted"] = "all"
    assumptions: tuple[str, ...] = ()
    notes: tuple[Finding, ...] = ()

    def __repr__(self) -> str:
        places = ", ".join(place.path for place in self.plan.places)
        return f"<{type(self).__name__} of {places}: {counted(len(self.sums), 'cell')}>"

    @cached_property
    def figures(self) -> dict[int, dict[str, Estimate]]:
        """Measures and agent-hours of each cell that could be simulated, by its number.

        Where the scenario states no ``costs``, the cost is that of the hours of its roster.
        """
        confidence = self.loaded.scenario.confidence
        return {
            cell: {"cost": Estimate(of.roster_cost), "agent_hours": Estimate(of.agent_hours)}
            | estimate(of.parts, confidence=confidence)
            for cell, of in sorted(self.sums.items())
            if of.parts
        }

    @property
    def problems(self) -> dict[int, tuple[Finding, ...]]:
        """Why cells could not be simulated, by their numbers."""
        return {cell: of.problems for cell, of in sorted(self.sums.items()) if of.problems}

    def name(self, cell: int) -> str:
        """A cell in words: its settings."""
        return ", ".join(self.plan.settings(cell))

    def frontier(self, figures: str = _DEFAULT) -> list[int]:
        """The cells that no other cell beats in two figures at once, from the best in the first.

        Parameters
        ----------
        figures : str
            Such as ``cost,service_level``.

        Raises
        ------
        UsageError
            If one is unknown, or neither more nor less of it is better.
        """
        return best_cells(self.figures, self.axes(figures))

    @staticmethod
    def axes(figures: str = _DEFAULT) -> Axes:
        """The two figures of a frontier."""
        return read_axes(figures)

    def cheapest_on_target(self) -> int | None:
        """The cell of least cost that reaches the target of the service level; None without one, or if none does."""
        target = self.loaded.scenario.service_level.target
        kept = [
            (of["cost"].mean, -of["service_level"].mean, cell)
            for cell, of in self.figures.items()
            if target is not None and "service_level" in of and of["service_level"].mean >= target
        ]
        return min(kept)[2] if kept else None

    def effects(self, figure: str = "service_level") -> list[Effect]:
        """What each place does to a figure, the largest effect first.

        Parameters
        ----------
        figure : str

        Returns
        -------
        list of Effect
            Empty if no cell has the figure, or if the cells cannot tell the places apart.

        Raises
        ------
        UsageError
            If there is no such figure.
        """
        read_figure(figure)
        cells = [cell for cell, of in self.figures.items() if figure in of]
        if not cells:
            return []
        means = np.array([self.figures[cell][figure].mean for cell in cells])
        moved = None
        confidence = self.loaded.scenario.confidence
        if figure not in OF_THE_ROSTER:
            each = [influences(self.sums[cell].parts, confidence=confidence).get(figure) for cell in cells]
            known = [one for one in each if one is not None]
            moved = np.stack(known) if len(known) == len(each) else None
        return effects(self.plan, cells, means, moved, confidence=confidence)

    @property
    def rows(self) -> list[Row]:
        """A row for each cell: its values, its figures with their intervals, and why it could not be simulated."""
        rows: list[Row] = []
        for cell, of in sorted(self.sums.items()):
            row: Row = {"cell": cell}
            for place, text in zip(self.plan.places, self.plan.cells[cell], strict=True):
                row[place.path] = _plain(text)
            for name, value in self.figures.get(cell, {}).items():
                row[name] = value.mean
                if value.half_width is not None:
                    row |= {
                        f"{name}_half_width": value.half_width,
                        f"{name}_low": value.low,
                        f"{name}_high": value.high,
                    }
            if of.problems:
                row["problem"] = "; ".join(one.message for one in of.problems)
            rows.append(row)
        return rows

    def tables(self, figures: str = _DEFAULT) -> dict[str, list[Row]]:
        """The cells, the frontier, and the effects on its two figures."""
        axes, rows = self.axes(figures), {int(str(row["cell"])): row for row in self.rows}
        of_effects: list[Row] = [
            {"figure": figure, **vars(one)} for figure in (axes.y, axes.x) for one in self.effects(figure)
        ]
        found: dict[str, list[Row]] = {
            "cells": list(rows.values()),
            "frontier": [rows[cell] for cell in self.frontier(figures)],
            "effects": of_effects,
        }
        return {name: table for name, table in found.items() if table}

    def to_pandas(self, table: str = "cells") -> pd.DataFrame:
        """Return one table.

        Parameters
        ----------
        table : {"cells", "frontier", "effects"}

        Raises
        ------
        ValueError
            If there is no such table.
        """
        import pandas as pd

        if table not in ("cells", "frontier", "effects"):
            raise ValueError(f"there is no table {table!r}; there are cells, frontier, effects")
        return pd.DataFrame(self.tables().get(table, []))

    def as_dict(self, figures: str = _DEFAULT, tornado: str = "") -> dict[str, Any]:
        """The JSON of ``ivr sweep --json``; see ``docs/sweeps.md``."""
        axes = self.axes(figures)
        inputs_of = dict.fromkeys((tornado or axes.y, axes.y, axes.x))
        return {
            "scenario": self.loaded.scenario.name,
            "engine": self.engine,
            "replications": self.replications,
            "seed": self.seed,
            "confidence": self.loaded.scenario.confidence,
            "target": self.loaded.scenario.service_level.target,
            "stopped": self.stopped,
            "sampled": self.plan.is_sample,
            "places": [
                {"path": place.path, "values": list(dict.fromkeys(cell[k] for cell in self.plan.cells))}
                for k, place in enumerate(self.plan.places)
            ],
            "cells": [
                {
                    "cell": cell,
                    "values": dict(zip((place.path for place in self.plan.places), self.plan.cells[cell], strict=True)),
                    "figures": {name: value.as_dict() for name, value in self.figures.get(cell, {}).items()},
                    "problems": [one.as_dict() for one in of.problems],
                }
                for cell, of in sorted(self.sums.items())
            ],
            "frontier": {"x": axes.x, "y": axes.y, "cells": self.frontier(figures)},
            "cheapest_on_target": self.cheapest_on_target(),
            "effects": {figure: [vars(one) for one in self.effects(figure)] for figure in inputs_of},
            "notes": [note.message for note in (*self.loaded.notes, *self.notes)],
        }


def _plain(text: str) -> object:
    """A plain number as a number, anything else as it is written."""
    try:
        number = float(text)
    except ValueError:
        return text
    if not math.isfinite(number):
        return text
    return int(number) if number.is_integer() and "." not in text else number
