"""A scenario in words: what a report says was simulated."""

from __future__ import annotations

from pathlib import Path

from flows.display.numbers import count, duration, share
from simulation.scenario.loaded import LoadedScenario
from simulation.scenario.model import Scenario
from simulation.workload.draw_callers import arriving

__all__ = ["inputs"]


def inputs(loaded: LoadedScenario) -> list[tuple[str, str]]:
    """The scenario in words, for a report.

    Parameters
    ----------
    loaded : LoadedScenario

    Returns
    -------
    list of (name, value)
    """
    scenario = loaded.scenario
    arrivals = arriving(scenario, Path(loaded.document.file).parent)
    calls = arrivals.expected_calls(scenario.horizon_us)
    agents = [(name, _agents(scenario, name)) for name in scenario.groups]
    found = [
        ("Flow", scenario.flow),
        ("Start", f"{scenario.start:%A %d %B %Y, %H:%M} ({scenario.clock.zone})"),
        ("Horizon", duration(scenario.horizon)),
        ("Calls expected", count(round(calls))),
        ("Intents", ", ".join(f"{name} {share(i.share)}" for name, i in scenario.intents.items())),
        ("Agents", "; ".join(f"{name}: {text}" for name, text in agents)),
        ("Routing", scenario.routing.policy.replace("_", " ")),
        ("Lines", "unlimited" if scenario.lines is None else count(scenario.lines)),
        ("At the end", "queues are served" if scenario.at_end == "drain" else "queues are cleared"),
    ]
    if scenario.staff_factor != 1:
        found.append(("Staff factor", f"{scenario.staff_factor:g}"))
    if loaded.notes:
        found.append(("Worth knowing", "; ".join(note.message for note in loaded.notes)))
    return found


def _agents(scenario: Scenario, name: str) -> str:
    group = scenario.groups[name]
    if group.shifts:
        return f"{len(group.shifts)} shifts"
    low, high = min(group.agents), max(group.agents)
    return f"{low}" if low == high else f"{low} to {high}"
