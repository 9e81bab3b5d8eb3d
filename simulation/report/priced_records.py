"""Costs of records by the prices of a scenario, as far as the records know what is paid for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from flows.source.document import nearest
from flows.source.finding import usage_error
from ivr.records.costs import priced
from ivr.records.measures import Sums
from ivr.records.tables import Records
from simulation.experiment.estimates import Estimate
from simulation.experiment.result_rows import Row
from simulation.report.data import ReportData
from simulation.report.scenario_in_words import prices_in_words
from simulation.scenario.loaded import LoadedScenario

__all__ = ["PricedRecords", "priced_records"]

_Value = TypeVar("_Value")

_OF_SHIFTS = ("cost_overtime", "overtime_hours")
_OF_AGENTS = ("cost_agents", *_OF_SHIFTS)


@dataclass(frozen=True)
class PricedRecords:
    """Sums with costs, and what the records do not know.

    Parameters
    ----------
    part : Sums
    currency : str
    prices : str
        The prices in words.
    unknown : tuple of str
        Measures that the records cannot give; the cost is without them.
    notes : tuple of str
        What is not in the costs, and why.
    """

    part: Sums
    currency: str
    prices: str
    unknown: tuple[str, ...]
    notes: tuple[str, ...]

    def shown(self, report: ReportData) -> ReportData:
        """The report with its prices and notes, without what the records do not know."""

        def known(of: Mapping[str, Estimate]) -> dict[str, Estimate]:
            return _without(of, self.unknown)

        return replace(
            report,
            currency=self.currency,
            cost_notes=self.notes,
            inputs=(*report.inputs, ("Prices", self.prices)),
            overall=known(report.overall),
            by_queue={name: known(of) for name, of in report.by_queue.items()},
            by_group={name: known(of) for name, of in report.by_group.items()},
            by_interval=tuple(map(known, report.by_interval)),
            by_day=tuple((date, known(of)) for date, of in report.by_day),
            by_time=tuple(replace(one, measures=known(one.measures)) for one in report.by_time),
        )

    def rows(self, tables: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
        """Tables of results without what the records do not know."""
        return {name: [_without(row, self.unknown) for row in rows] for name, rows in tables.items()}


def priced_records(
    part: Sums, records: Records, prices: LoadedScenario, *, edges_us: NDArray[np.int64], selected: bool
) -> PricedRecords:
    """Return what records cost by the prices of a scenario.

    Parameters
    ----------
    part : Sums
        Of these records.
    records : Records
        One replication, or several together.
    prices : LoadedScenario
        Its ``costs`` and the ``cost_per_hour`` of its groups count; its flow and its callers do not matter.
    edges_us : numpy.ndarray of int64, shape (intervals + 1,)
        Where intervals begin, and where the last one ends.
    selected : bool
        Whether the records are a part of others, whose agents' time is therefore not known.

    Raises
    ------
    UsageError
        X005, if the scenario states no costs, or does not have a group whose agents were on duty.
    """
    scenario, file = prices.scenario, prices.document.file
    if scenario.prices is None or scenario.costs is None:
        raise usage_error(
            "X005",
            f"the scenario {file} states no prices",
            "add them to it, for example costs: {agent_hour: 30, lost_call: 3}",
        )
    on_duty = _on_duty(records)
    for group in on_duty:
        if group not in scenario.groups:
            near = nearest(group, list(scenario.groups))
            hint = f"it has {near!r}; " if near else f"it has {', '.join(scenario.groups)}; "
            raise usage_error(
                "X005",
                f"agents of the group {group!r} were on duty, and the scenario {file} has no such group",
                f"{hint}name the scenario with the groups of these records",
            )
    return PricedRecords(
        part=priced(part, records, scenario.prices, edges_us=edges_us),
        currency=scenario.currency,
        prices=prices_in_words(scenario, scenario.costs),
        unknown=_OF_SHIFTS if on_duty else _OF_AGENTS,
        notes=(_note(known=bool(on_duty), selected=selected),),
    )


def _on_duty(records: Records) -> list[str]:
    """The groups whose agents have time on duty."""
    agents = records.agents
    codes = np.unique(agents["group"][agents["off_us"] > agents["on_us"]])
    return [records.names["group"][code] for code in codes.tolist()]


def _note(*, known: bool, selected: bool) -> str:
    if known:
        return (
            "An agent's time on duty within the period is paid at the agent-hour; overtime has no price of its own, as"
            " records do not say when shifts were to end."
        )
    if selected:
        return "The cost is without agents: their hours are not known for a part of the calls."
    return "The cost is without agents: these records do not say when agents were on duty."


def _without(of: Mapping[str, _Value], names: Collection[str]) -> dict[str, _Value]:
    return {name: value for name, value in of.items() if name not in names}
