"""Which input explains a miss: each is replaced by that of the test days, and the rest of the miss is measured."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simulation.backtesting.simulated import Figures
from simulation.backtesting.spread import Simulated, Spread, spread_of
from simulation.calibration.scenario_data import ScenarioData

__all__ = ["Change", "changes", "excess", "miss"]


@dataclass(frozen=True)
class Change:
    """One input of the test days beside that of the scenario.

    Parameters
    ----------
    name : str
        Of ``INPUTS``.
    ratio : float
        Test days by scenario: calls, mean talk, hours on duty, median patience.
    figures : dict of str to Spread
        What the scenario says when this input is the test days' own.
    closes : float
        Share of the miss that it closes; below 0 when the miss grows.
    """

    name: str
    ratio: float
    figures: dict[str, Spread]
    closes: float


def changes(
    found: Mapping[str, Sequence[Figures]],
    data: Mapping[str, object],
    own: ScenarioData,
    real: Figures,
    before: Simulated,
) -> tuple[Change, ...]:
    """What each input closes of a miss, the one that closes most first.

    Parameters
    ----------
    found : mapping
        The runs with each input replaced.
    data : mapping
        The scenario's document.
    own : ScenarioData
        What was estimated from the test days.
    real : Figures
    before : Simulated
        Without the replacements.
    """
    gap = miss(real.whole, before.whole)
    made = []
    for name, runs in found.items():
        spread = spread_of([run.whole for run in runs])
        closes = 1 - miss(real.whole, spread) / gap if gap > 1e-9 else 0.0
        made.append(Change(name, _ratio(name, data, own, real, before), spread, closes))
    return tuple(sorted(made, key=lambda change: -change.closes))


def miss(real: Mapping[str, float], said: Mapping[str, Spread]) -> float:
    """How far a simulation is from what happened: each figure by the miss that would matter."""
    return sum(abs(part) for part in _parts(real, {name: one.mean for name, one in said.items()}))


def excess(real: Mapping[str, float], said: Mapping[str, float]) -> float:
    """How much busier a simulation is than what happened: as `miss`, and below 0 where it is idler.

    Examples
    --------
    One point more of abandonment is half of what would matter, and 5 points more without a wait are all of it.

    >>> round(excess({"abandonment": 0.1, "no_wait": 0.5}, {"abandonment": 0.11, "no_wait": 0.55}), 9)
    -0.5
    """
    return sum(_parts(real, said))


def _parts(real: Mapping[str, float], said: Mapping[str, float]) -> list[float]:
    """By figure, how much busier the simulation is, in misses that would matter."""
    found = []
    for name, matters in (("abandonment", 0.02), ("no_wait", -0.05)):
        if name in real and name in said:
            found.append((said[name] - real[name]) / matters)
    for name in ("wait_p80_s", "wait_p95_s", "mean_wait_s"):
        if name in real and name in said:
            found.append(math.log((said[name] + 5) / (real[name] + 5)) / 0.15)
    return found


def _ratio(name: str, data: Mapping[str, object], own: ScenarioData, real: Figures, before: Simulated) -> float:
    """How an input of the test days differs from the scenario's."""
    if name == "arrivals":
        return _safe(real.whole.get("offered", 0.0), before.whole["offered"].mean if before.whole else 0.0)
    if name == "talk":
        said = before.whole.get("talk_s")
        return _safe(real.whole.get("talk_s", 0.0), said.mean if said else 0.0)
    if name == "agents":
        return _safe(_hours(own.data), _hours(data))
    return math.nan


def _hours(data: Mapping[str, object]) -> float:
    groups = data.get("groups", {})
    total = 0.0
    for group in groups.values() if isinstance(groups, Mapping) else ():
        agents = group.get("agents") if isinstance(group, Mapping) else None
        total += sum(float(n) for n in agents) if isinstance(agents, list) else 0.0
    return total


def _safe(one: float, other: float) -> float:
    return one / other if other else math.nan
