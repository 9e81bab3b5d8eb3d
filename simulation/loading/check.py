"""Checks that a scenario fits its flow: names exist, shares sum to 1, lists are as long as the day."""

from __future__ import annotations

from flows.display.numbers import duration
from flows.model.flow import Flow
from flows.source.document import Document
from flows.source.finding import Finding
from flows.values.time_zones import keeps_winter_time
from ivr.answering.check_routing import check_routing
from ivr.answering.routing import queue_specs
from ivr.records.definitions.all_measures import MEASURES
from simulation.loading.check_arrivals import ArrivalChecks
from simulation.loading.check_callers import CallerChecks
from simulation.loading.check_floor import FloorChecks
from simulation.loading.check_shifts import check_shift_kinds, check_shifts_of
from simulation.loading.check_times import local_times
from simulation.loading.checks import Checks
from simulation.scenario.model import Scenario
from simulation.scenario.routing import group_specs

__all__ = ["check"]

MAX_HORIZON_S = 366 * 86_400
MAX_INTERVALS = 10_000
_INTERVALS = (("30m", 1_800.0), ("1h", 3_600.0), ("2h", 7_200.0), ("1d", 86_400.0))
"""Usual intervals; the last one fits a horizon of a year."""


def check(scenario: Scenario, flow: Flow, document: Document) -> tuple[Finding, ...]:
    """Check a scenario against its flow.

    Parameters
    ----------
    scenario : Scenario
    flow : Flow
    document : Document
        The scenario as read, to locate findings.

    Returns
    -------
    tuple of Finding
        Errors: X001 an unknown name, X002 shares that do not sum to 1, X003 a list of the wrong length, X004 a queue
        that nobody serves, X005 a value out of range. Warnings: X010 a local time that the clock shows twice or skips,
        X011 calls of a trace that are left out, X012 a full queue without an exit.
    """
    callers, floor = CallerChecks(scenario, flow, document), FloorChecks(scenario, flow, document)
    arriving = ArrivalChecks(scenario, flow, document)
    _horizon(callers)
    if callers.found:  # the checks below count intervals
        return tuple(callers.found)
    _zone(callers)
    local_times(callers)
    _estimation(callers)
    _agent_hours(callers)
    for part in (arriving.arrivals, arriving.switches, callers.intents, callers.behaviour, floor.queues, floor.lengths):
        part()
    check_routing(floor, scenario.routing, queue_specs(flow), group_specs(scenario))
    floor.found += check_shift_kinds(scenario.shifts, document)
    floor.found += check_shifts_of(scenario.shifts, scenario, document) if scenario.shifts else ()
    if not (arriving.wrong or callers.wrong or floor.wrong):
        floor.staffed()
    return (*arriving.found, *callers.found, *floor.found)


def _horizon(checks: Checks) -> None:
    scenario = checks.scenario
    if not 1 <= scenario.horizon <= MAX_HORIZON_S:
        checks.add(
            "X005",
            f"a horizon of {duration(scenario.horizon)} is not between a second and a year",
            ("horizon",),
            hint="write for example horizon: 12h; independent days are better run as replications",
        )
    elif scenario.interval < 1 or scenario.horizon / max(scenario.interval, 1e-9) > MAX_INTERVALS:
        least = next(name for name, interval_s in _INTERVALS if scenario.horizon / interval_s <= MAX_INTERVALS)
        checks.add(
            "X005",
            f"an interval of {scenario.interval:g} s cuts the horizon into more than {MAX_INTERVALS:,}",
            ("interval",),
            hint=f"write 'interval: {least}', or a longer one",
        )


def _agent_hours(checks: Checks) -> None:
    """Check that, once there are prices, an hour of every agent has one."""
    scenario = checks.scenario
    free = [name for name, group in scenario.groups.items() if "cost_per_hour" not in group.model_fields_set]
    if scenario.costs is not None and free:
        checks.add(
            "X005",
            f"costs does not say what an hour of an agent costs in {', '.join(free)}",
            ("costs",),
            of_key=True,
            hint="write 'agent_hour: 28' under costs, or a cost_per_hour in each group",
        )


def _zone(checks: Checks) -> None:
    wrong, hint = keeps_winter_time(checks.scenario.zone) if checks.scenario.zone else ("", "")
    if wrong:
        checks.note("X005", f"{checks.scenario.zone!r} {wrong}", ("zone",), hint=hint)


def _estimation(checks: Checks) -> None:
    scenario = checks.scenario
    if scenario.warm_up >= scenario.horizon:
        checks.add(
            "X005",
            f"a warm-up of {duration(scenario.warm_up)} leaves nothing of a horizon of {duration(scenario.horizon)}",
            ("warm_up",),
            hint="write a shorter warm-up or a longer horizon",
        )
    if scenario.precision:
        checks.unknown("measure", scenario.precision.measure, MEASURES, ("precision", "measure"), of_key=False)
