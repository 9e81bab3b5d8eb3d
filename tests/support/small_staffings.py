"""Small lines whose best staffing can be found by trying all of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from simulation.loading.load import load_scenario
from simulation.scenario.loaded import LoadedScenario
from simulation.staffing.cover import Cover
from simulation.staffing.days import Days, Levels
from simulation.staffing.finder import Effort, Finder
from simulation.staffing.search import Search
from simulation.staffing.target import Target
from tests.support.small_scenarios import write
from tests.support.texts import SURE, flow, scenario

_MENU = """
  main:
    type: menu
    attempts: 1
    otherwise: bye
    choices: [{key: 1, label: sales, next: a}, {key: 2, label: help, next: b}, {key: 3, label: bills, next: c}]
  a: {type: queue, queue: sales}
  b: {type: queue, queue: help}
  c: {type: queue, queue: bills}
  bye: {type: hangup}
"""


def skills(folder: Path, groups: dict[str, str], *, shares: Sequence[float], **parts: str) -> LoadedScenario:
    """A line with three queues: sales, help and bills, called by these shares of 60 callers an hour."""
    goals = dict(zip("abc", shares, strict=True))
    usual = {"horizon": "1h", "interval": "1h", "arrivals": "{kind: constant, per_hour: 60}", "patience": "never"}
    text = scenario(
        intents={f"to {goal}": f"{{share: {share}, goal: {goal}}}" for goal, share in goals.items()},
        behaviour=SURE,
        talk="{exponential: 3m}",
        groups=groups,
        **(usual | parts),
    )
    return load_scenario(write(folder, flow(_MENU), text))


@contextmanager
def searching(loaded: LoadedScenario, target: Target, *, days: int, most: int) -> Iterator[Search]:
    """A search on some days, with at most so many agents of each group."""
    from simulation.experiment.runner import Runner

    level = loaded.scenario.service_level.model_copy(update={"threshold": target.threshold_s})
    loaded = replace(loaded, scenario=loaded.scenario.model_copy(update={"service_level": level}))
    runner = Runner.of(loaded)
    with ThreadPoolExecutor(2) as pool:
        finder = Finder(loaded, runner, target, Effort(days=days), 1, pool, {}, None)
        limits = np.full(len(loaded.scenario.groups), most)
        drawn = Days.draw(runner, days, 1, pool, lambda: None)
        alone = Cover.nowhere(runner.routing, finder.cost.shape[1])
        yield Search(drawn, finder.judge, finder.cost, limits, alone, lambda: True)


def cheapest(search: Search, ranges: Sequence[range]) -> Levels:
    """The cheapest staffing of one interval that keeps the promise, by trying all, the cheapest first.

    Those with fewer agents everywhere than one that does not keep it are left out.
    """
    every = sorted(itertools.product(*ranges), key=lambda agents: float(np.dot(agents, search.cost[:, 0])))
    broken: list[tuple[int, ...]] = []
    for agents in every:
        if any(all(a <= b for a, b in zip(agents, other, strict=True)) for other in broken):
            continue
        levels = np.array(agents)[:, None]
        if search.judge.kept(search.days.values(levels)):
            return levels
        broken.append(agents)
    raise AssertionError("none of them keeps the promise")
