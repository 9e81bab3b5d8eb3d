"""What calls cost and what they are worth, as stated in a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, field_validator

from ivr.records.costs import Prices
from ivr.records.schema import OUTCOMES
from simulation.scenario.field_types import Part

__all__ = ["LOST", "Costs", "with_agent_hour"]

LOST = ("blocked", "turned_away", "abandoned", "abandoned_in_menu", "failed")
"""A call that ended so is lost, unless the scenario prices outcomes one by one."""
_NOT_LOST = ("handled", "contained")

_MOST = 1_000_000
Price = Annotated[float, Field(ge=0, le=_MOST, allow_inf_nan=False)]


class Costs(Part):
    """What things cost, all in one currency; what is not stated costs nothing.

    Parameters
    ----------
    currency : str
        Its name, as it stands beside the figures, such as USD.
    agent_hour : float
        An hour of an agent on duty, for groups that state no `cost_per_hour` of their own.
    overtime_factor : float
        On the agent-hour, for work after the end of a shift.
    lost_call : float, or mapping of outcome to float
        A call that nobody served: one price for calls blocked, turned away, abandoned, hung up in the menu or failed,
        or a price for each outcome.
    trunk_minute : float
        A minute of a telephone line in use: in the menu, waiting and talking.
    self_service_minute : float
        A minute of a caller in the menu.
    handled_call : float
        What a call is worth that an agent handled.
    contained_call : float
        What a call is worth that the menu served alone; default: as much as a handled one.
    """

    currency: str = Field(default="", max_length=12, description="name of the currency, such as USD")
    agent_hour: Annotated[float, Field(gt=0, le=_MOST, allow_inf_nan=False)] | None = Field(
        default=None, description="an hour of an agent; groups may state their own cost_per_hour"
    )
    overtime_factor: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] = Field(
        default=1.0, description="on the agent-hour, for work after the end of a shift"
    )
    lost_call: dict[str, Price] = Field(default={}, description="one price for lost calls, or by outcome")
    trunk_minute: Price = Field(default=0.0, description="a minute of a telephone line in use")
    self_service_minute: Price = Field(default=0.0, description="a minute of a caller in the menu")
    handled_call: Price = Field(default=0.0, description="what a handled call is worth")
    contained_call: Price | None = Field(
        default=None, description="what a call is worth that the menu served alone; default: as a handled one"
    )

    @field_validator("lost_call", mode="before")
    @classmethod
    def _one_price(cls, value: Any) -> Any:
        if isinstance(value, dict):
            for outcome in value:
                if outcome in _NOT_LOST or outcome not in OUTCOMES:
                    allowed = ", ".join(name for name in OUTCOMES if name not in _NOT_LOST)
                    raise ValueError(
                        f"{outcome!r} is not how a call is lost; write one price for all, or a price for some of"
                        f" {allowed}"
                    )
            return value
        try:
            fits = 0 <= float(value) <= _MOST
        except (TypeError, ValueError):
            fits = False
        if not fits:
            raise ValueError(
                f"{str(value)!r} is not a price; write a number from 0, such as 3, or {{abandoned: 3, blocked: 5}}"
            )
        return dict.fromkeys(LOST, value)

    def prices(self, agent_hour: Mapping[str, float]) -> Prices:
        """The prices by which records are judged, with the agent-hour of each group."""
        return Prices(
            agent_hour=agent_hour,
            overtime_factor=self.overtime_factor,
            lost_call=self.lost_call,
            trunk_minute=self.trunk_minute,
            self_service_minute=self.self_service_minute,
            handled_call=self.handled_call,
            contained_call=self.handled_call if self.contained_call is None else self.contained_call,
        )


def with_agent_hour(data: Any) -> Any:
    """Return a scenario's data with the agent-hour filled in for groups that state no cost of their own.

    >>> with_agent_hour({"costs": {"agent_hour": "30"}, "groups": {"desk": {"agents": "5"}}})["groups"]
    {'desk': {'agents': '5', 'cost_per_hour': '30'}}
    """
    if not isinstance(data, dict) or not isinstance(data.get("groups"), dict):
        return data
    hour = data["costs"].get("agent_hour") if isinstance(data.get("costs"), dict) else None
    try:
        if hour is None or not 0 < float(hour) <= _MOST:
            return data
    except (TypeError, ValueError):  # told where it is written
        return data
    groups = {
        name: {**group, "cost_per_hour": hour} if isinstance(group, dict) and "cost_per_hour" not in group else group
        for name, group in data["groups"].items()
    }
    return {**data, "groups": groups}
