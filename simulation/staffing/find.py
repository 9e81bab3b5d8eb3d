"""Finds the staffing of least cost that keeps a promise on the stated share of days."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

from simulation.experiment.replicate import Progress
from simulation.experiment.runner import Runner
from simulation.scenario.loaded import LoadedScenario
from simulation.staffing.finder import Effort, Finder
from simulation.staffing.result import StaffingResult
from simulation.staffing.target import Target

__all__ = ["find_staffing"]


def find_staffing(
    loaded: LoadedScenario,
    target: Target,
    *,
    effort: Effort = Effort(),  # noqa: B008  frozen
    at_most: Mapping[str, int] | None = None,
    progress: Progress | None = None,
    on_compile: Callable[[], None] | None = None,
) -> StaffingResult:
    """Find the agents of each group and interval that keep a promise at the least cost.

    Parameters
    ----------
    loaded : LoadedScenario
        Its own agents only serve for comparison, and as one of the starts.
    target : Target
    effort : Effort
    at_most : mapping of str to int, optional
        By group, the most agents at a time.
    progress : callable, optional
        Called with how many of 1,000 steps are done, and 1,000.
    on_compile : callable, optional
        Called if the kernel has to be compiled first.

    Returns
    -------
    StaffingResult

    Raises
    ------
    LimitError
        P001, if no staffing within the limits keeps the promise, with what to relax and by how much.

    Notes
    -----
    All staffings meet the same callers, on days that are as busy as those of a run. The first search looks at three
    tenths of the days, the second at all; what it finds must also keep the promise on twice as many other days
    (or as many as it is measured on), or agents are added until it does. The share of days is measured on a third set.
    """
    scenario = loaded.scenario
    level = scenario.service_level.model_copy(update={"threshold": target.threshold_s})
    loaded = replace(loaded, scenario=scenario.model_copy(update={"service_level": level}))
    runner = Runner.of(loaded, engine=effort.engine, on_compile=on_compile)
    seed = scenario.seed if effort.seed is None else effort.seed
    with _threads(runner.workers(effort.workers)) as pool:
        return Finder(loaded, runner, target, effort, seed, pool, dict(at_most or {}), progress).result()


@contextmanager
def _threads(workers: int) -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(workers, thread_name_prefix="staffing")
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
