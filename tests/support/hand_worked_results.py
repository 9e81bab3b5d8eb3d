"""Results of runs and comparisons, for calls worked out by hand."""

from __future__ import annotations

from dataclasses import replace

from simulation.experiment.compare import ComparisonResult
from simulation.experiment.estimates import paired_difference
from simulation.experiment.run_result import RunResult
from tests.support.hand_worked_calls import parts
from tests.support.small_scenarios import one_queue


def by_hand(tmp_path, *waits, **more):
    loaded = one_queue(tmp_path)
    return RunResult(
        loaded=loaded, engine="reference", seed=1, parts=tuple(parts(*waits)), exact=(), assumptions=(), **more
    )


def compared(tmp_path, base, other, change=lambda part: part):
    results = {"plan": by_hand(tmp_path, *base), "other": by_hand(tmp_path, *other)}
    results["other"] = replace(results["other"], parts=tuple(map(change, results["other"].parts)))
    return ComparisonResult(
        results, {"other": paired_difference(results["other"].parts, results["plan"].parts)}, same_callers=True
    )
