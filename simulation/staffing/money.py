"""What the days of a staffing cost: by measure of money, for all calls, a queue or an interval."""

from __future__ import annotations

from collections.abc import Mapping

from ivr.records.definitions.cost_measures import COSTS
from ivr.records.definitions.measure_type import Scope
from ivr.records.measures import ratio
from simulation.arrays import Ints

__all__ = ["as_paid", "costs_of"]


def costs_of(values: Ints, row: int = 0, scope: Scope = "overall") -> dict[str, float]:
    """The mean of each measure of money over days; empty if there are no prices.

    Parameters
    ----------
    values : numpy.ndarray
        i8[days, rows, columns]: the sums of each day.
    row : int
        Of what: all calls, a queue, an interval.
    scope : {"overall", "queue", "group", "interval"}
        What kind of row that is; only measures that make sense there are given.
    """
    sums = values[:, row].sum(axis=0)
    found = {measure.name: ratio(measure, sums) for measure in COSTS if scope in measure.scopes}
    return {name: float(number / of) for name, (number, of) in found.items() if of}


def as_paid(costs: Mapping[str, float], agents: float) -> dict[str, float]:
    """Measures of money with what agents are paid by shift in place of what their time on duty would cost.

    Parameters
    ----------
    costs : mapping of str to float
    agents : float
        What the shifts cost, paid breaks and overtime by contract included.

    Examples
    --------
    >>> as_paid({"cost_agents": 90.0, "cost": 100.0, "cost_per_call": 2.0, "net_value": 50.0}, 110.0)
    {'cost_agents': 110.0, 'cost': 120.0, 'cost_per_call': 2.4, 'net_value': 30.0}
    """
    if "cost_agents" not in costs or not costs.get("cost"):
        return dict(costs)
    more = agents - costs["cost_agents"]
    factor = 1 + more / costs["cost"]
    paid = {"cost_agents": agents, "cost": costs["cost"] + more}
    paid |= {name: costs[name] * factor for name in ("cost_per_call", "cost_per_served_call") if name in costs}
    paid |= {"net_value": costs["net_value"] - more} if "net_value" in costs else {}
    return {name: paid.get(name, value) for name, value in costs.items()}
