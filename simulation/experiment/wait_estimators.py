"""How accurate the wait estimators are, each measured on the simulated waits of the same callers.

The results show which one live calls should announce.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ivr.records.schema import result_code
from simulation.engines.results import EngineResult
from simulation.experiment.replicate import Effort, Progress, Stopped, replicate
from simulation.experiment.run import require_whole
from simulation.experiment.runner import Runner
from simulation.scenario.loaded import LoadedScenario
from simulation.tables.queue_rules import ESTIMATORS

__all__ = ["EstimatorError", "EstimatorResult", "error_sums", "measure_estimators"]

_WAITS, _WAIT_S, _ERROR_S, _SQUARE_S2, _ABSOLUTE_S, _LATE = range(6)
LATE_S = 60.0
"""Waits this much longer than announced are counted separately: callers complain about those."""


@dataclass(frozen=True)
class EstimatorError:
    """How one estimator performed for one queue.

    Parameters
    ----------
    estimator : str
    waits : int
        Number of answered callers who had to wait.
    mean_wait_s : float
        Their mean wait.
    bias_s : float
        Mean of estimate minus wait; above 0 means the estimate is too long.
    rmse_s, absolute_s : float
        Root mean square and mean absolute error.
    share_late : float
        Share of callers who waited more than a minute longer than estimated.
    """

    estimator: str
    waits: int
    mean_wait_s: float
    bias_s: float
    rmse_s: float
    absolute_s: float
    share_late: float

    def as_dict(self) -> dict[str, Any]:
        """The JSON of this estimator's errors."""
        return dict(vars(self))


@dataclass(frozen=True)
class EstimatorResult:
    """Errors by queue, smallest root mean square error first.

    Parameters
    ----------
    by_queue : mapping of str to tuple of EstimatorError
        Empty for a queue where nobody waited.
    replications : int
    engine : str
    stopped : str
        Why there are no more replications; see ``simulation.experiment.replicate``.
    """

    by_queue: Mapping[str, tuple[EstimatorError, ...]]
    replications: int
    engine: str
    stopped: Stopped = "all"

    def as_dict(self) -> dict[str, Any]:
        """The JSON of ``ivr estimators --json``."""
        return {
            "engine": self.engine,
            "replications": self.replications,
            "stopped": self.stopped,
            "by_queue": {queue: [error.as_dict() for error in errors] for queue, errors in self.by_queue.items()},
        }


def error_sums(found: EngineResult, *, queues: int) -> NDArray[np.float64]:
    """Return sums over the answered callers who had to wait, f8[queues, estimators, 6]; sums of runs can be added.

    Callers who hung up are left out: how long they would have waited is unknown.
    """
    visits, estimates = found.visits, found.estimates
    assert estimates is not None, "run the engine with estimates=True"
    answered = np.isin(visits["result"], [result_code("handled"), result_code("handed_over")])
    rows = np.flatnonzero(answered & (estimates[:, 0] >= 0))
    queue = visits["queue"][rows]
    wait_s = (visits["left_us"] - visits["offered_us"])[rows] * 1e-6
    total = np.zeros((queues, len(ESTIMATORS), 6))
    for k in range(len(ESTIMATORS)):
        error_s = estimates[rows, k] * 1e-6 - wait_s
        for i, values in enumerate(
            (np.ones(len(rows)), wait_s, error_s, error_s**2, np.abs(error_s), error_s < -LATE_S)
        ):
            total[:, k, i] = np.bincount(queue, values, queues)
    return total


def measure_estimators(
    loaded: LoadedScenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    engine: str = "auto",
    workers: int | None = None,
    progress: Progress | None = None,
    on_compile: Callable[[], None] | None = None,
) -> EstimatorResult:
    """Simulate a scenario and compare each estimator with callers' actual waits.

    Parameters
    ----------
    loaded : LoadedScenario
    replications, seed : int, optional
        Default: those of the scenario.
    engine, workers, progress, on_compile : optional
        As in ``simulation.experiment.run.simulate``.

    Notes
    -----
    Ibrahim and Whitt (2009), "Real-time delay estimation based on delay history", Manufacturing & Service Operations
    Management 11(3): the mean squared error is the criterion.
    """
    scenario = loaded.scenario
    replications = scenario.replications if replications is None else replications
    seed = scenario.seed if seed is None else seed
    require_whole(replications, seed)
    runner = Runner.of(loaded, engine=engine, on_compile=on_compile)
    queues = runner.routing.queues

    def one(replication: int, busy_u: float) -> NDArray[np.float64]:
        return error_sums(
            runner.found(runner.calls(seed, replication, busy_u), runner.staff_of(seed, replication), estimates=True),
            queues=len(queues),
        )

    done = replicate(
        one, Effort(replications=replications, workers=runner.workers(workers)), seed=seed, progress=progress
    )
    total = sum(done.results[1:], done.results[0])
    return EstimatorResult(
        {queue: _errors(total[q]) for q, queue in enumerate(queues)}, len(done.results), runner.engine, done.stopped
    )


def _errors(of_queue: Sequence[NDArray[np.float64]]) -> tuple[EstimatorError, ...]:
    errors = [
        EstimatorError(
            name,
            waits=int(row[_WAITS]),
            mean_wait_s=float(row[_WAIT_S] / row[_WAITS]),
            bias_s=float(row[_ERROR_S] / row[_WAITS]),
            rmse_s=math.sqrt(row[_SQUARE_S2] / row[_WAITS]),
            absolute_s=float(row[_ABSOLUTE_S] / row[_WAITS]),
            share_late=float(row[_LATE] / row[_WAITS]),
        )
        for name, row in zip(ESTIMATORS, of_queue, strict=True)
        if row[_WAITS]
    ]
    return tuple(sorted(errors, key=lambda error: (error.rmse_s, ESTIMATORS.index(error.estimator))))
