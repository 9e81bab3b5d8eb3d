"""A scenario and its run in words, for a report."""

from __future__ import annotations

from pathlib import Path

from flows.display.numbers import count, duration, share
from simulation.experiment.run_result import RunResult
from simulation.report.text_blocks import STOPPED
from simulation.scenario.loaded import LoadedScenario
from simulation.scenario.model import Scenario
from simulation.workload.build_arrivals import build_arrivals

__all__ = ["inputs", "outcome_of"]


def inputs(loaded: LoadedScenario) -> list[tuple[str, str]]:
    """Return the scenario in words.

    Parameters
    ----------
    loaded : LoadedScenario

    Returns
    -------
    list of (name, value)
    """
    scenario = loaded.scenario
    arrivals = build_arrivals(scenario, Path(loaded.document.file).parent)
    calls = arrivals.expected_calls(scenario.horizon_us)
    shares = arrivals.average_shares(scenario.horizon_us).tolist()
    agents = [(name, _agents(scenario, name)) for name in scenario.groups]
    found = [
        ("Flow", scenario.flow),
        ("Start", f"{scenario.start:%A %d %B %Y, %H:%M} ({scenario.clock.zone})"),
        ("Horizon", duration(scenario.horizon)),
        ("Calls expected", count(round(calls))),
        ("Intents", ", ".join(f"{name} {share(of)}" for name, of in zip(scenario.intents, shares, strict=True))),
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
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def outcome_of(result: RunResult) -> list[tuple[str, str]]:
    """Return the run in words: replications and why it stopped, engine, warm-up, how often the target is met."""
    scenario, runs = result.loaded.scenario, count(len(result.parts))
    found = [
        ("Replications", f"{runs}: {STOPPED[result.stopped]}" if result.stopped in STOPPED else runs),
        ("Engine", result.engine),
    ]
    if scenario.warm_up:
        found.append(("Warm-up", f"the first {duration(scenario.warm_up)}, simulated but not counted"))
    days = result.target_met
    if days is not None and days.days > 1:
        found.append(("Target met", f"on {share(days.share)} of days ({share(days.low)} to {share(days.high)})"))
    return found
