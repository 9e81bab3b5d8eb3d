"""From a log to a scenario in one step: estimated, stated, and checked on the log's own days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from flows.model.flow import Flow
from flows.model.load import load_text
from simulation.backtesting.own_days import OwnDays, check_own_days
from simulation.calibration.calibration import Calibration, calibrate
from simulation.calibration.from_counts import with_volumes
from simulation.calibration.scenario_data import ScenarioData, scenario_data
from simulation.call_logs.log import CallLog, IntervalReport

__all__ = ["FromLog", "flow_of", "from_log"]


@dataclass(frozen=True)
class FromLog:
    """What a log tells, and the scenario that is made of it.

    Parameters
    ----------
    found : Calibration
    data : ScenarioData
        With the pauses and the routing with which the log's own days come out.
    own : OwnDays or None
        These days, real beside simulated; None if that was not asked for, or there are no calls.
    flow : Flow
        That the scenario calls.
    """

    found: Calibration
    data: ScenarioData
    own: OwnDays | None
    flow: Flow


def from_log(
    log: CallLog,
    *,
    name: str,
    file: str,
    flow_file: str,
    flow: Flow | None = None,
    interval_s: float = 1800.0,
    volumes: IntervalReport | None = None,
    until: dt.date | None = None,
    check: bool = True,
    engine: str = "auto",
    on_compile: Callable[[], None] | None = None,
) -> FromLog:
    """Make a scenario from a log.

    Parameters
    ----------
    log : CallLog
    name : str
        What is simulated, for people.
    file, flow_file : str
        Where the scenario will be, and its flow as the scenario names it.
    flow : Flow, optional
        That flow, if there is one; else a minimal one is made.
    interval_s : float
        Length of an interval of the day.
    volumes : IntervalReport, optional
        How many call, and when, in place of the log.
    until : date, optional
        The last day of it to use.
    check : bool
        Whether to simulate the log's own days.
    engine : str
    on_compile : callable, optional
    """
    found = calibrate(log, interval_s=interval_s, flow=flow)
    if volumes is not None:
        found = with_volumes(found, volumes, until=until)
    data = scenario_data(found, name=name, flow_file=flow_file, flow=flow)
    called = flow or flow_of(data)
    own = None
    if check and found.calls:
        own = check_own_days(found, data, file, called, engine=engine, on_compile=on_compile)
        data = own.data
    return FromLog(found, data, own, called)


def flow_of(data: ScenarioData) -> Flow:
    """The minimal flow that was made with a scenario."""
    if data.flow is None:
        raise ValueError("the scenario was made for a flow that is there")
    return load_text(data.flow.text, str(data.data["flow"])).flow
