"""What a simulated cell leaves: whole numbers, from which every measure is made, small enough to be kept and sent."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from flows.source.finding import Finding
from ivr.records.measures import WAIT_BOUNDS_S, Sums
from simulation.arrays import Ints

__all__ = ["CellSums"]

_SHAPE = ("queues", "groups", "interval_us", "threshold_us", "short_us", "callback_us", "thresholds_us")


@dataclass(frozen=True, eq=False)
class CellSums:
    """The sums of all replications of a cell, without those of intervals, and waits overall.

    Parameters
    ----------
    parts : tuple of Sums
        One for each replication; none if the cell could not be simulated.
    agent_hours, roster_cost : float
        Of the agents on the roster, expected; by the price of their hours.
    problems : tuple of Finding
        Why the cell could not be simulated.
    """

    parts: tuple[Sums, ...] = ()
    agent_hours: float = 0.0
    roster_cost: float = 0.0
    problems: tuple[Finding, ...] = ()

    @staticmethod
    def small(of: Sums) -> Sums:
        """The sums of a replication without intervals, waits by queue and times in the menu."""
        rows = 1 + len(of.queues) + len(of.groups)
        return Sums(
            of.values[:rows], of.waits[:1], of.longest_wait_us[:1], np.zeros(0, np.int64), of.queues, of.groups, 0,
            *(getattr(of, name) for name in _SHAPE[2:]),
        )  # fmt: skip

    def packed(self) -> bytes:
        """The cell as bytes: equal cells have equal bytes."""
        head: dict[str, Any] = {
            "agent_hours": self.agent_hours, "roster_cost": self.roster_cost,
            "problems": [{**asdict(one), "fix": None} for one in self.problems], "replications": len(self.parts),
        }  # fmt: skip
        body = b""
        if self.parts:
            first = self.parts[0]
            head |= {name: getattr(first, name) for name in _SHAPE} | {"columns": first.values.shape[1]}
            numbers = [
                np.concatenate([part.values.ravel(), part.waits.ravel(), part.longest_wait_us]) for part in self.parts
            ]
            body = np.stack(numbers).astype("<i8").tobytes()
        return zlib.compress(json.dumps(head).encode() + b"\n" + body, 1)

    @classmethod
    def unpacked(cls, data: bytes) -> CellSums:
        """The cell that was packed."""
        text, _, body = zlib.decompress(data).partition(b"\n")
        head = json.loads(text)
        problems = tuple(Finding(**one) for one in head["problems"])
        if not head["replications"]:
            return cls((), head["agent_hours"], head["roster_cost"], problems)
        shape = {name: tuple(head[name]) if isinstance(head[name], list) else head[name] for name in _SHAPE}
        rows, columns = 1 + len(shape["queues"]) + len(shape["groups"]), head["columns"]
        numbers: Ints = np.frombuffer(body, "<i8").reshape(head["replications"], -1).astype(np.int64)
        bins, size = len(WAIT_BOUNDS_S) + 1, rows * columns
        of_bins = size + bins
        own: list[Any] = [shape[name] for name in _SHAPE[2:]]
        parts = []
        for row in numbers:
            values, waits = row[:size].reshape(rows, columns), row[size:of_bins].reshape(1, bins)
            none = np.zeros(0, np.int64)
            parts.append(Sums(values, waits, row[of_bins:], none, shape["queues"], shape["groups"], 0, *own))
        return cls(tuple(parts), head["agent_hours"], head["roster_cost"], problems)
