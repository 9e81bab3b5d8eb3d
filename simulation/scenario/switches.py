"""When a switch of the line is on, as stated in a scenario."""

from __future__ import annotations

from pydantic import Field

from flows.values.scalars import Duration
from simulation.scenario.field_types import Part, When

__all__ = ["SwitchedOn"]


class SwitchedOn(Part):
    """A stretch of time in which a switch of the flow is on.

    Parameters
    ----------
    at : time of day, or date and time
        When it is turned on; a time of day is on the first day of the horizon.
    over : duration
        How long it stays on.

    Examples
    --------
    >>> SwitchedOn.model_validate({"at": "10:30", "over": "2h"})
    SwitchedOn(at=630, over=7200.0)
    """

    at: When
    over: Duration = Field(gt=0)
