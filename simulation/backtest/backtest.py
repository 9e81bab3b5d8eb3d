"""Back-tests a scenario: what it says of days that have already been, beside what they were."""

from __future__ import annotations

import datetime as dt
import math
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from flows.display.numbers import duration
from flows.nodes.queue import Queue
from flows.source.finding import Finding, IvrError, usage_error
from simulation.backtest.figures import FIGURES
from simulation.backtest.retimed import INPUTS, as_scenario, retimed, with_inputs
from simulation.backtest.simulated import Cut, Figures, cut_of, simulate_days
from simulation.calibration.calibration import Calibration, calibrate
from simulation.calibration.outages import LeftOut
from simulation.calibration.relabelled import with_priorities
from simulation.calibration.scenario_data import ScenarioData, scenario_data
from simulation.call_logs.log import CallLog
from simulation.call_logs.record_folder import write_records
from simulation.experiment.replicate import Progress
from simulation.scenario.loaded import LoadedScenario

__all__ = ["Backtest", "Change", "Spread", "backtest"]


MOST_INTERVALS = 10_000


@dataclass(frozen=True)
class Spread:
    """What simulated runs say of a figure: their mean, and where 95 % of such days would lie."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Change:
    """One input of the test days beside that of the scenario.

    Parameters
    ----------
    name : str
        Of INPUTS.
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


@dataclass(frozen=True)
class Backtest:
    """A scenario against real days.

    Parameters
    ----------
    name : str
    dates : tuple of date
    kept : tuple of bool
    left_out : tuple of LeftOut
    interval_s : float
    replications : int
    use : tuple of str
        Inputs taken from the test days.
    real : Figures
    forecast : Simulated
        The scenario alone.
    chosen : Simulated
        With the inputs of `use`; the forecast when there are none.
    changes : tuple of Change
        One input replaced at a time, the one that explains most of the miss first.
    all_own : dict of str to Spread
        With all inputs of the test days.
    """

    name: str
    dates: tuple[dt.date, ...]
    kept: tuple[bool, ...]
    left_out: tuple[LeftOut, ...]
    interval_s: float
    replications: int
    use: tuple[str, ...]
    real: Figures
    forecast: Simulated
    chosen: Simulated
    changes: tuple[Change, ...]
    all_own: dict[str, Spread]


@dataclass(frozen=True)
class Simulated:
    """Figures of several runs of the same days."""

    whole: dict[str, Spread]
    by_day: tuple[dict[str, Spread], ...]
    by_time: tuple[dict[str, Spread], ...]
    by_queue: dict[str, dict[str, Spread]]

    @classmethod
    def of(cls, runs: Sequence[Figures]) -> Simulated:
        """The spread of every figure over the runs."""
        return cls(
            _spread([run.whole for run in runs]),
            tuple(_spread([run.by_day[i] for run in runs]) for i in range(len(runs[0].by_day))),
            tuple(_spread([run.by_time[i] for run in runs]) for i in range(len(runs[0].by_time))),
            {name: _spread([run.by_queue[name] for run in runs]) for name in runs[0].by_queue},
        )


def _spread(found: Sequence[Mapping[str, float]]) -> dict[str, Spread]:
    spreads = {}
    for name in FIGURES:
        values = np.array([one[name] for one in found if name in one])
        if len(values):
            low, high = np.quantile(values, (0.025, 0.975), method="median_unbiased")
            spreads[name] = Spread(float(values.mean()), float(low), float(high))
    return spreads


def backtest(
    loaded: LoadedScenario,
    log: CallLog,
    *,
    use: Sequence[str] = (),
    replications: int = 20,
    seed: int = 1,
    engine: str = "auto",
    explain: bool = True,
    progress: Progress | None = None,
    on_compile: Callable[[], None] | None = None,
) -> Backtest:
    """Simulate the days of a log, and compare.

    Parameters
    ----------
    loaded : LoadedScenario
        The scenario, fitted on other days.
    log : CallLog
        The calls of the test days.
    use : sequence of str
        Inputs to take from the test days: ``arrivals``, ``talk``, ``agents``, ``patience``.
    replications, seed : int
    engine : str
    explain : bool
        Whether to replace one input after the other, to find which explains a miss.
    progress, on_compile : callable, optional

    Raises
    ------
    IvrError
        When scenario and log have no queue in common.
    """
    test = calibrate(log, interval_s=loaded.scenario.interval)
    _not_too_long(test, loaded)
    own = scenario_data(test, name=loaded.scenario.name, flow_file=loaded.scenario.flow, flow=loaded.flow)
    _same_queues(loaded, test)
    days = test.days
    data = retimed(loaded, days.dates[0], days.count)
    own = _moved(own, test, loaded)
    cut = Cut(as_scenario(data, loaded.document.file).scenario.clock, test.kept, days.interval_s)
    real = cut_of(log.records, cut)
    variants: list[tuple[str, ...]] = [()]
    variants += [tuple(use)] if use else []
    variants += [(one,) for one in INPUTS] + [INPUTS] if explain else []
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "records"
        write_records(with_priorities(log, test.head_start), trace)
        made = {
            variant: as_scenario(with_inputs(data, own, variant, trace=trace), loaded.document.file)
            for variant in dict.fromkeys(variants)
        }
        found = _runs(made, cut, replications, seed, engine, progress, on_compile)
    forecast = Simulated.of(found[()])
    chosen = Simulated.of(found[tuple(use)]) if use else forecast
    return Backtest(
        name=loaded.scenario.name,
        dates=days.dates,
        kept=tuple(bool(k) for k in test.kept),
        left_out=test.left_out,
        interval_s=days.interval_s,
        replications=replications,
        use=tuple(use),
        real=real,
        forecast=forecast,
        chosen=chosen,
        changes=_changes(found, data, own, real, forecast) if explain else (),
        all_own=_spread([run.whole for run in found[INPUTS]]) if explain else {},
    )


def _runs(
    made: Mapping[tuple[str, ...], LoadedScenario],
    cut: Cut,
    replications: int,
    seed: int,
    engine: str,
    progress: Progress | None,
    on_compile: Callable[[], None] | None,
) -> dict[tuple[str, ...], Sequence[Figures]]:
    """The figures of every variant, with the same callers as far as inputs are the same."""
    found: dict[tuple[str, ...], Sequence[Figures]] = {}
    for variant, loaded in made.items():
        done, total = len(found) * replications, len(made) * replications

        def shown(step: int, _: int, done: int = done, total: int = total) -> None:
            if progress:
                progress(done + step, total)

        found[variant] = simulate_days(
            loaded, cut, replications=replications, seed=seed, engine=engine, progress=shown, on_compile=on_compile
        )
    return found


def _changes(
    found: Mapping[tuple[str, ...], Sequence[Figures]],
    data: Mapping[str, object],
    own: ScenarioData,
    real: Figures,
    forecast: Simulated,
) -> tuple[Change, ...]:
    """Each input replaced alone, the one that closes most of the miss first."""
    gap = miss(real.whole, forecast.whole)
    changes = []
    for name in INPUTS:
        spread = _spread([run.whole for run in found[(name,)]])
        closes = 1 - miss(real.whole, spread) / gap if gap > 1e-9 else 0.0
        changes.append(Change(name, _ratio(name, data, own, real, forecast), spread, closes))
    return tuple(sorted(changes, key=lambda change: -change.closes))


def miss(real: Mapping[str, float], said: Mapping[str, Spread]) -> float:
    """How far a simulation is from what happened: each figure by the miss that would matter."""
    total = 0.0
    for name, matters in (("abandonment", 0.02), ("no_wait", 0.05)):
        if name in real and name in said:
            total += abs(said[name].mean - real[name]) / matters
    for name in ("wait_p80_s", "wait_p95_s", "mean_wait_s"):
        if name in real and name in said:
            total += abs(math.log((said[name].mean + 5) / (real[name] + 5))) / 0.15
    return total


def _not_too_long(test: Calibration, loaded: LoadedScenario) -> None:
    most = MOST_INTERVALS // test.days.a_day
    if test.days.count > most:
        raise usage_error(
            "X005",
            f"{test.days.count} days of {duration(test.days.interval_s)} intervals are more than {MOST_INTERVALS:,}",
            f"choose at most {most} days with --from and --to",
        )


def _same_queues(loaded: LoadedScenario, test: Calibration) -> None:
    known = {node.queue for node in loaded.flow.nodes.values() if isinstance(node, Queue)}
    there = set(test.records.names["queue"])
    if there and not there & known:
        raise IvrError(
            Finding(
                code="K011",
                severity="error",
                message=f"the records have the queues {', '.join(sorted(there))}; the scenario has"
                f" {', '.join(sorted(known))}",
                file=loaded.document.file,
                hint="name the records that the scenario was calibrated from, or a scenario of the same queues",
            )
        )


def _moved(own: ScenarioData, test: Calibration, loaded: LoadedScenario) -> ScenarioData:
    """The test days' own scenario over exactly these days."""
    made = as_scenario({**own.data, "flow": loaded.scenario.flow}, loaded.document.file)
    data = retimed(made, test.days.dates[0], test.days.count)
    return ScenarioData(data, own.notes, own.assumed, own.flow)


def _ratio(name: str, data: Mapping[str, object], own: ScenarioData, real: Figures, forecast: Simulated) -> float:
    """How an input of the test days differs from the scenario's."""
    if name == "arrivals":
        return _safe(real.whole.get("offered", 0.0), forecast.whole["offered"].mean if forecast.whole else 0.0)
    if name == "talk":
        said = forecast.whole.get("talk_s")
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
