"""A scenario made from what was estimated, with comments that say where each value comes from, and what is assumed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flows.model.flow import Flow
from simulation.calibration.as_stated import seconds
from simulation.calibration.calibration import Calibration
from simulation.calibration.making import Making
from simulation.calibration.minimal_flow import MinimalFlow
from simulation.calibration.state_arrivals import arrivals, intents
from simulation.calibration.state_callers import behaviour, patience, talk
from simulation.calibration.state_floor import groups, rest

__all__ = ["ScenarioData", "scenario_data"]


@dataclass(frozen=True)
class ScenarioData:
    """A scenario made from a log.

    Parameters
    ----------
    data : dict
        As the file states it.
    notes : dict of path to str
        Comments, by the key they are about.
    assumed : tuple of str
        What the log cannot tell.
    flow : MinimalFlow or None
        The flow that was made; None when one was given.
    """

    data: dict[str, Any]
    notes: dict[tuple[str, ...], str]
    assumed: tuple[str, ...]
    flow: MinimalFlow | None


def scenario_data(of: Calibration, *, name: str, flow_file: str, flow: Flow | None = None) -> ScenarioData:
    """Make a scenario.

    Parameters
    ----------
    of : Calibration
    name : str
        What is simulated, for people.
    flow_file : str
        The flow's file, as the scenario names it.
    flow : Flow, optional
        That file, if there is one; else a minimal flow is made.
    """
    making = Making(of, flow)
    days = making.days()
    begin = of.days.dates[days[0]]
    making.data |= {
        "name": name,
        "flow": flow_file,
        "start": f"{begin:%Y-%m-%d} 00:00",
        "zone": of.records.zone or "UTC",
    }
    making.data |= {"horizon": f"{len(days)}d", "interval": seconds(of.days.interval_s)}
    if of.records.zone in ("", "UTC"):
        making.note("the log's own clock, taken as it stands; give --zone if clocks change", "zone")
    arrivals(making, days)
    intents(making)
    behaviour(making)
    talk(making)
    patience(making)
    groups(making, days)
    rest(making)
    return ScenarioData(making.data, making.notes, tuple(making.assumed), making.made)
