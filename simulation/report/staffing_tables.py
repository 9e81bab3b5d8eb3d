"""A staffing as tables: the plan, what callers meet, one agent more or less, and today's staffing."""

from __future__ import annotations

import math
from collections.abc import Sequence

from simulation.experiment.result_rows import Row
from simulation.rosters.result import RosterResult
from simulation.staffing.result import InInterval, Measured, StaffingResult

__all__ = ["staffing_tables"]


def staffing_tables(found: StaffingResult, made: RosterResult | None = None) -> dict[str, Sequence[Row]]:
    """The tables that ``ivr staff --tables`` writes.

    Parameters
    ----------
    found : StaffingResult
    made : RosterResult, optional
        The roster for it.

    Returns
    -------
    dict of str to sequence of Row
        ``plan``: a row for each interval, a column for each group, agents. ``intervals``: what callers meet in each,
        and with prices what it costs. ``queues``, with prices: what the calls of each queue cost, without agents.
        ``one_agent``: what one agent more or less does. ``against_today``: the plan and the scenario's own agents.
        With a roster also ``roster``, a row for each shift, and ``on_duty``: who of them takes calls all through each
        interval.
    """
    together, own = found.levels.sum(axis=0).tolist(), found.own_levels.sum(axis=0).tolist()
    plan: list[Row] = [
        {"from": start, **{name: levels[i] for name, levels in found.by_group.items()}, "all": together[i],
         "today": own[i]}
        for i, start in enumerate(found.starts)
    ]  # fmt: skip
    tables: dict[str, Sequence[Row]] = {
        "plan": plan,
        "intervals": [_interval(of) for of in found.found.by_interval],
        "one_agent": [_known(one.as_dict()) for one in found.one_agent],
        "against_today": [
            _whole("plan", found.found),
            *([_whole("roster", made.measured)] if made else []),
            _whole("today", found.today),
        ],
    }
    if found.found.costs_by_queue:
        tables["queues"] = [{"queue": name, **costs} for name, costs in found.found.costs_by_queue.items()]
    return tables | _of_roster(made) if made else tables


def _interval(of: InInterval) -> Row:
    figures = of.as_dict()
    return _known(figures | figures.pop("costs", {}))


def _of_roster(made: RosterResult) -> dict[str, Sequence[Row]]:
    levels = made.roster.levels(made.staffing.loaded.scenario)
    on_duty: list[Row] = [
        {"from": start, **{name: int(of[i]) for name, of in levels.items()}}
        for i, start in enumerate(made.staffing.starts)
    ]
    return {"roster": made.roster.rows, "on_duty": on_duty}


def _whole(name: str, of: Measured) -> Row:
    days = of.days_on_target
    return _known(
        {
            "staffing": name,
            "agent_hours": of.hours,
            "cost": of.cost,
            "days_on_target": days.share,
            "days_on_target_low": days.low,
            "days_on_target_high": days.high,
            "service_level": of.service_level,
            "abandonment": of.abandonment,
            "occupancy": of.occupancy,
        }
    )


def _known(row: Row) -> Row:
    return {name: value for name, value in row.items() if not (isinstance(value, float) and math.isnan(value))}
