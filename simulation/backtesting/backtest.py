"""Back-tests a scenario: what it says of days that have already been, beside what they were."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flows.display.numbers import duration
from flows.nodes.queue import Queue
from flows.source.finding import Finding, IvrError, usage_error
from simulation.backtesting.chatting import chatting, inputs_tried
from simulation.backtesting.explain import Change, changes
from simulation.backtesting.judged import Judged, judged
from simulation.backtesting.ready_again import with_balanced_pauses
from simulation.backtesting.retimed import INPUTS, as_scenario, inputs_of, retimed, with_inputs
from simulation.backtesting.simulated import Cut, Figures, cut_of, simulate_days
from simulation.backtesting.spread import Simulated, Spread, spread_of
from simulation.backtesting.told import as_told, inputs_told, refuse_untold
from simulation.backtesting.tolerance import TOLERANCE, Limit
from simulation.calibration.calibration import Calibration, calibrate
from simulation.calibration.outages import LeftOut
from simulation.calibration.relabelled import with_priorities
from simulation.calibration.rings import Rings
from simulation.calibration.scenario_data import ScenarioData, scenario_data
from simulation.calibration.talks_at_once import TalksAtOnce
from simulation.call_logs.log import CallLog
from simulation.call_logs.record_folder import write_records
from simulation.experiment.replicate import Progress
from simulation.scenario.loaded import LoadedScenario

__all__ = ["Backtest", "backtest"]


MOST_INTERVALS = 10_000


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
    further : tuple of Change
        One more input replaced besides those of `use`, where the scenario misses with these.
    all_own : dict of str to Spread
        With all inputs of the test days; empty where one cannot be taken from them.
    tolerance : dict of str to Limit
        How near each figure must be.
    chatting : tuple of str
        Groups whose agents have several chats in hand: talk and agents cannot be taken from the test days.
    at_once : TalksAtOnce or None
        Where agents of the test days talk to several callers at once, and the scenario has no chats.
    rings : Rings or None
        Where the log does not say who answered, and calls of the test days waited though nobody talked or waited.
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
    further: tuple[Change, ...]
    all_own: dict[str, Spread]
    tolerance: Mapping[str, Limit]
    chatting: tuple[str, ...] = ()
    at_once: TalksAtOnce | None = None
    rings: Rings | None = None

    @property
    def judged(self) -> tuple[Judged, ...]:
        """Every figure over all days, with the inputs of `use`."""
        return judged(self.real.whole, self.chosen.whole, self.tolerance)

    @property
    def judged_forecast(self) -> tuple[Judged, ...]:
        """Every figure over all days, of the scenario alone."""
        return judged(self.real.whole, self.forecast.whole, self.tolerance)

    @property
    def fits(self) -> bool:
        """Whether every figure does, with the inputs of `use`."""
        return all(one.fits for one in self.judged)

    @property
    def misses(self) -> bool:
        """Whether a figure is beyond its tolerance and beyond chance, with the inputs of `use`."""
        return any(one.misses for one in self.judged)


def backtest(
    loaded: LoadedScenario,
    log: CallLog,
    *,
    use: Sequence[str] = (),
    replications: int = 20,
    seed: int = 1,
    engine: str = "auto",
    explain: bool = True,
    tolerance: Mapping[str, Limit] = TOLERANCE,
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
        Inputs to take from the test days: ``arrivals`` (or ``volumes``), ``talk``, ``agents``, ``patience``.
    replications, seed : int
    engine : str
    explain : bool
        Whether to replace one input after the other, to find which explains a miss.
    tolerance : mapping of str to Limit
        How near each figure must be.
    progress, on_compile : callable, optional

    Raises
    ------
    IvrError
        When the log tells no waits, scenario and log have no queue in common, or an input of `use` cannot be taken
        from the test days.
    UsageError
        When there is no such input, or the test covers too many days.
    """
    used = inputs_of(use)
    refuse_untold(log)
    inputs = inputs_told(inputs_tried(loaded, used), log)
    test = calibrate(log, interval_s=loaded.scenario.interval, flow=loaded.flow)
    _not_too_long(test, loaded)
    own = scenario_data(test, name=loaded.scenario.name, flow_file=loaded.scenario.flow, flow=loaded.flow)
    _same_queues(loaded, test)
    days = test.days
    data = retimed(loaded, days.dates[0], days.count)
    own = _moved(own, test, loaded)
    cut = Cut(as_scenario(data, loaded.document.file, loaded.flow).scenario.clock, test.kept, days.interval_s)
    real = as_told(cut_of(log.records, cut), log)
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "records"
        write_records(with_priorities(log, test.head_start), trace)

        def made(inputs: tuple[str, ...], own: ScenarioData) -> LoadedScenario:
            return as_scenario(with_inputs(data, own, inputs, trace=trace), loaded.document.file, loaded.flow)

        if inputs == INPUTS and (explain or "agents" in used):
            own = with_balanced_pauses(
                own, test.staff.pauses, partial(made, INPUTS), cut, real,
                replications=replications, engine=engine, on_compile=on_compile,
            )  # fmt: skip
        runs = _Runs(partial(made, own=own), cut, replications, seed, engine, progress, on_compile)
        singly = {name: (name,) for name in inputs} if explain else {}
        together = [INPUTS] if explain and inputs == INPUTS else []
        runs.add([(), *([used] if used else []), *singly.values(), *together])
        forecast, chosen = Simulated.of(runs.found[()]), Simulated.of(runs.found[used])
        besides = {name: tuple(one for one in INPUTS if one in (*used, name)) for name in inputs if name not in used}
        wrong = not all(one.fits for one in judged(real.whole, chosen.whole, tolerance))
        besides = besides if explain and used and wrong else {}
        runs.add(list(besides.values()))
    return Backtest(
        name=loaded.scenario.name,
        dates=days.dates,
        kept=tuple(bool(k) for k in test.kept),
        left_out=test.left_out,
        interval_s=days.interval_s,
        replications=replications,
        use=used,
        real=real,
        forecast=forecast,
        chosen=chosen,
        changes=changes(runs.of(singly), data, own, real, forecast),
        further=changes(runs.of(besides), data, own, real, chosen),
        all_own=spread_of([run.whole for run in runs.found[INPUTS]]) if together else {},
        tolerance=tolerance,
        chatting=chatting(loaded),
        at_once=None if chatting(loaded) else test.at_once,
        rings=test.staff.rings,
    )


class _Runs:
    """Runs of the test days with some inputs replaced; the same callers as far as inputs are the same."""

    def __init__(
        self,
        made: Callable[[tuple[str, ...]], LoadedScenario],
        cut: Cut,
        replications: int,
        seed: int,
        engine: str,
        progress: Progress | None,
        on_compile: Callable[[], None] | None,
    ) -> None:
        self.made, self.cut, self.replications, self.seed, self.engine = made, cut, replications, seed, engine
        self.progress, self.on_compile = progress, on_compile
        self.found: dict[tuple[str, ...], Sequence[Figures]] = {}

    def add(self, variants: Sequence[tuple[str, ...]]) -> None:
        """Simulate the days with each of some sets of inputs, unless that is done."""
        new = [one for one in dict.fromkeys(variants) if one not in self.found]
        total = (len(self.found) + len(new)) * self.replications
        for variant in new:
            done = len(self.found) * self.replications

            def shown(step: int, _: int, done: int = done) -> None:
                if self.progress:
                    self.progress(done + step, total)

            self.found[variant] = simulate_days(
                self.made(variant),
                self.cut,
                replications=self.replications,
                seed=self.seed,
                engine=self.engine,
                progress=shown,
                on_compile=self.on_compile,
            )

    def of(self, named: Mapping[str, tuple[str, ...]]) -> dict[str, Sequence[Figures]]:
        """The runs of some sets of inputs, by name."""
        return {name: self.found[variant] for name, variant in named.items()}


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
    made = as_scenario({**own.data, "flow": loaded.scenario.flow}, loaded.document.file, loaded.flow)
    data = retimed(made, test.days.dates[0], test.days.count)
    return ScenarioData(data, own.notes, own.assumed, own.flow)
