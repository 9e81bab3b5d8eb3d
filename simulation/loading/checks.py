"""What all checks of a scenario share: findings and their places; checks of names, sums and lengths."""

from __future__ import annotations

import math
from collections.abc import Mapping

from flows.model.flow import Flow
from flows.source import checks
from flows.source.counted import counted
from flows.source.document import Document, Path
from simulation.scenario.model import Scenario

__all__ = ["Checks"]


class Checks(checks.Checks):
    """The findings of one scenario, family by family.

    Parameters
    ----------
    scenario : Scenario
    flow : Flow
    document : Document
        The scenario as read, to locate findings.
    """

    def __init__(self, scenario: Scenario, flow: Flow, document: Document) -> None:
        super().__init__(document)
        self.scenario, self.flow = scenario, flow

    def sums_to_one(self, what: str, shares: Mapping[str, float], path: Path) -> bool:
        """Add X002 unless shares sum to 1; return whether they do."""
        total = math.fsum(shares.values())
        fits = abs(total - 1) <= 1e-6
        if not fits:
            self.add(
                "X002",
                f"the shares of {what} sum to {total:.6g}, not to 1",
                path,
                of_key=True,
                hint=f"{'add' if total < 1 else 'take away'} {abs(1 - total):.6g} somewhere",
            )
        return fits

    def fits_intervals(self, what: str, length: int, path: Path, *, one_for_all: bool = True) -> None:
        """Add X003 unless a list has one value for each interval, for those of a day, or (`one_for_all`) for all."""
        intervals, a_day = self.scenario.intervals, self.scenario.intervals_a_day
        if length not in (intervals, a_day) and not (one_for_all and length == 1):
            repeated = f", or {a_day} of a day that repeats" if a_day != intervals else ""
            jumps = ", for clocks change in it" if self.scenario.clock_changes else ""
            given, wanted, stretches = (
                counted(n, word) for n, word in ((length, "value"), (intervals, "value"), (intervals, "interval"))
            )
            self.add(
                "X003",
                f"{what} has {given}; the horizon has {stretches} of {self.scenario.interval / 60:g} min{jumps}",
                path,
                hint=f"give {wanted}{repeated}",
            )
