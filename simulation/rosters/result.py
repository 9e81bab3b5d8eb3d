"""A roster that keeps a promise: what it costs against what is needed, and how often it keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simulation.rosters.roster import Roster
from simulation.scenario.shift_kinds import clock_text
from simulation.staffing.result import Measured, StaffingResult

__all__ = ["RosterResult"]


@dataclass(frozen=True)
class RosterResult:
    """A roster, and the staffing it began with.

    Parameters
    ----------
    staffing : StaffingResult
    roster : Roster
    measured : Measured
        The roster on fresh days; its hours are those paid.
    raised : int or None
        How often cover was raised until the promise was kept; None if it was not.
    saved : float
        Cost of the shifts that could be left out then.
    simulated_days : int
        For the roster.
    """

    staffing: StaffingResult
    roster: Roster
    measured: Measured
    raised: int | None
    saved: float
    simulated_days: int

    @property
    def overcover(self) -> float:
        """What the roster costs beyond the staffing: shifts and breaks do not fit it exactly."""
        return self.roster.cost - self.staffing.found.cost

    @property
    def unproven(self) -> float:
        """What a cheaper roster for the same cover could save at most; 0 if this is proven the cheapest."""
        return self.roster.cost - self.roster.bound

    def as_dict(self) -> dict[str, Any]:
        """The JSON of ``ivr staff --shifts``: that of the staffing, and the roster."""
        return self.staffing.as_dict() | {
            "roster": {
                "shifts": self.roster.rows,
                "cost": self.roster.cost,
                "cost_needed": self.staffing.found.cost,
                "least_cost": self.roster.bound,
                "paid_hours": self.roster.paid_hours,
                "people": self.roster.people,
                "on_duty": {group: cover.tolist() for group, cover in self.roster.cover.items()},
                "slot_minutes": self.roster.problem.step,
                "first_slot": clock_text(self.roster.problem.first),
                "measured": self.measured.as_dict(),
                "keeps_the_promise": self.raised is not None,
                "raised": self.raised,
                "saved": self.saved,
                "simulated_days": self.simulated_days,
            }
        }
