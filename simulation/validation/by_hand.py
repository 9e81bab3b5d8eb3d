"""Values worked out by hand for small scenarios, and what ``ivr simulate`` gives for them.

A case is a scenario in ``simulation.validation.scenarios``, read and run like any other. If times are constant and
shares are 0 or 1, its figures are exact; if anything is drawn, they are expectations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from simulation.experiment.estimates import Estimate, student_t
from simulation.experiment.run import simulate
from simulation.experiment.run_result import RunResult
from simulation.experiment.runner import Runner
from simulation.loading.load import load_scenario
from simulation.scenario.loaded import LoadedScenario
from simulation.validation.target import Sample, Target

__all__ = ["SCENARIOS", "certain", "drawn", "exact", "measured"]

SCENARIOS = Path(__file__).parent / "scenarios"
_DECIMALS = 9
Key = tuple[str, str]


def certain(scenario: str, place: str, why: str, **values: float) -> tuple[Target, ...]:
    """Return targets that are certain: an engine must match every decimal.

    Parameters
    ----------
    scenario : str
        Name of its file, without extension.
    place : str
        ``all calls``, or ``queue NAME``, ``group NAME``, ``interval N`` (from 1).
    why : str
        How the values are derived.
    **values : float
        Value by name of the measure.

    Examples
    --------
    >>> certain("full", "queue first", "four callers come to it", offered=4)[0].case
    'full, queue first'
    """
    return tuple(
        Target(case=f"{scenario}, {place}", quantity=name, value=value, decimals=_DECIMALS, source=why, error_below=0.0)
        for name, value in values.items()
    )


def drawn(scenario: str, place: str, why: str, **values: tuple[float, float]) -> tuple[Target, ...]:
    """Return targets that are expectations: each a value and the largest standard error that still makes it a test.

    >>> drawn("split", "all calls", "three in ten", containment=(0.3, 0.01))[0].error_below
    0.01
    """
    of = certain(scenario, place, why, **{name: value for name, (value, _) in values.items()})
    return tuple(replace(target, error_below=values[target.quantity][1]) for target in of)


def measured(targets: Sequence[Target], engine: str) -> dict[Key, Sample]:
    """Return what a run with this engine measures for each target; certain targets have standard error 0."""
    found: dict[Key, Sample] = {}
    for scenario, of in _by_scenario(targets).items():
        result = simulate(_loaded(scenario), engine=engine, workers=1)
        for target in of:
            value = _at(result, target).get(target.quantity)
            found[target.key] = (
                Sample(float("nan"), 0.0) if value is None else _sample(value, result, known=not target.error_below)
            )
    return found


def exact(targets: Sequence[Target]) -> dict[Key, float]:
    """Return the exact values that ``ivr simulate`` prints, for the targets that have one."""
    found: dict[Key, float] = {}
    for scenario, of in _by_scenario(targets).items():
        for answer in Runner.of(_loaded(scenario), engine="reference").result([], seed=1).exact:
            for target in of:
                known = _exact_at(answer.measures, answer.by_queue, target)
                if target.quantity in known:
                    found[target.key] = known[target.quantity]
    return found


def _by_scenario(targets: Sequence[Target]) -> dict[str, list[Target]]:
    found: dict[str, list[Target]] = {}
    for target in targets:
        found.setdefault(target.case.partition(", ")[0], []).append(target)
    return found


def _loaded(scenario: str) -> LoadedScenario:
    return load_scenario(SCENARIOS / f"{scenario}.yaml")


def _place(target: Target) -> tuple[str, str]:
    """Kind and name of the place."""
    kind, _, name = target.case.partition(", ")[2].partition(" ")
    return kind, name


def _at(result: RunResult, target: Target) -> Mapping[str, Estimate]:
    kind, name = _place(target)
    match kind:
        case "queue":
            return result.by_queue[name]
        case "group":
            return result.by_group[name]
        case "interval":
            return result.by_interval[int(name) - 1]
    return result.measures


def _exact_at(
    overall: Mapping[str, float], by_queue: Mapping[str, Mapping[str, float]], target: Target
) -> Mapping[str, float]:
    kind, name = _place(target)
    if kind == "queue":
        return by_queue.get(name, {})
    return overall if kind == "all" else {}


def _sample(value: Estimate, result: RunResult, *, known: bool) -> Sample:
    if known:
        return Sample(value.mean, 0.0)
    if value.half_width is None:
        return Sample(value.mean, float("nan"))
    return Sample(value.mean, value.half_width / student_t(result.loaded.scenario.confidence, len(result.parts) - 1))
