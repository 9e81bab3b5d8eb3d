"""A scenario and its run in words, for a report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flows.display.numbers import count, duration, money, share
from ivr.records.costs import Prices
from simulation.experiment.run_result import RunResult
from simulation.report.text_blocks import STOPPED
from simulation.scenario.costs import Costs
from simulation.scenario.loaded import LoadedScenario
from simulation.scenario.model import Scenario
from simulation.workload.build_arrivals import build_arrivals

__all__ = ["inputs", "outcome_of", "prices_in_words"]


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
    if scenario.costs:
        found.append(("Prices", prices_in_words(scenario, scenario.costs)))
    if loaded.notes:
        found.append(("Worth knowing", "; ".join(note.message for note in loaded.notes)))
    return found


def prices_in_words(scenario: Scenario, costs: Costs) -> str:
    """What is stated to cost something, or to be worth something."""
    said = [f"an hour of an agent: {_one_or_each(scenario.hourly)}"]
    said += [f"overtime x {costs.overtime_factor:g}"] if costs.overtime_factor != 1 else []
    if costs.lost_call:
        said.append(f"a lost call: {_one_or_each(costs.lost_call)}")
    prices = scenario.prices or Prices()
    said += [
        f"{what} {money(of)}"
        for what, of in (
            ("a minute of a line", prices.trunk_minute),
            ("a minute in the menu", prices.self_service_minute),
            ("worth of a handled call", prices.handled_call),
            ("worth of a contained call", prices.contained_call),
        )
        if of
    ]
    return f"{'; '.join(said)}{f' ({costs.currency})' if costs.currency else ''}"


def _one_or_each(prices: Mapping[str, float]) -> str:
    """One price if all are alike, else each by name."""
    if len(set(prices.values())) == 1 and (len(prices) > 1):
        return money(next(iter(prices.values())))
    return ", ".join(f"{name.replace('_', ' ')} {money(of)}" for name, of in prices.items())


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
