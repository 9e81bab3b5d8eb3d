"""Checks how calls arrive: rates, files of calls, surges, weekdays and busy days."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path as FilePath

import numpy as np

from flows.source.counted import counted
from flows.source.document import Path, nearest
from flows.source.finding import ScenarioError
from simulation.loading.checks import Checks
from simulation.workload.arrivals.trace import Trace
from simulation.workload.build_arrivals import calls_by_profile, read_counts, read_trace, surge_at_us
from simulation.workload.busy_days import correlations
from simulation.workload.read_history import read_history

__all__ = ["ArrivalChecks"]

MAX_CALLS = 5_000_000


def _about(calls: float) -> str:
    return f"{calls:,.0f}" if calls < 1e15 else f"{calls:.3g}"


class ArrivalChecks(Checks):
    """Findings about arrivals."""

    def arrivals(self) -> None:
        """Check rates, files of calls, weekdays, surges and busyness."""
        arrivals, expected = self.scenario.arrivals, 0.0
        for name in ("per_hour", "calls"):
            rates = getattr(arrivals, name)
            for i, rate in enumerate(rates):
                if not 0 <= rate < math.inf:
                    path = ("arrivals", name, i)
                    self.add(
                        "X005",
                        f"{name} is {rate:g}; a rate of calls is 0 or more",
                        path,
                        hint="write 0 where nobody calls",
                    )
            if arrivals.kind == "per_interval" and rates:
                self.fits_intervals(f"arrivals.{name}", len(rates), ("arrivals", name), one_for_all=False)
            hours = self.scenario.horizon_us / 1e6 if arrivals.kind == "constant" else self.scenario.interval
            expected += math.fsum(rates) * (hours / 3600 if name == "per_hour" else 1)
            if len(rates) == self.scenario.intervals_a_day and arrivals.kind == "per_interval":
                expected *= self.scenario.intervals / len(rates)
        if arrivals.kind in ("csv", "history", "trace"):
            expected += self._file()
        if arrivals.kind == "profile":
            expected += self._profile()
        self._weekdays_and_surges()
        self._busyness()
        expected = expected * max([1.0, *arrivals.weekdays.values()]) + math.fsum(
            surge.calls for surge in arrivals.surges
        )
        if expected > MAX_CALLS:
            self.add(
                "X005",
                f"{_about(expected)} calls a replication are more than {MAX_CALLS:,}",
                ("arrivals",),
                hint="simulate a shorter horizon",
            )

    def _file(self) -> float:
        """Expected calls from the file of arrivals."""
        scenario, arrivals = self.scenario, self.scenario.arrivals
        folder = FilePath(self.document.file).parent
        try:
            if arrivals.kind == "trace":
                return self._trace(read_trace(scenario, folder))
            if arrivals.kind == "history":
                return read_history(scenario, folder).expected_calls(scenario.horizon_us)
            rates = read_counts(scenario, folder).process.per_hour
        except ScenarioError as error:
            inside = [f for f in error.findings if f.line or (folder / arrivals.file).exists()]
            self.found.extend(inside)
            if not inside:
                self.add(
                    "X001",
                    f"{arrivals.file!r} cannot be read",
                    ("arrivals", "file"),
                    hint=f"the path is relative to {self.document.file}",
                )
            return 0.0
        self.fits_intervals(f"{arrivals.file}", len(rates), ("arrivals", "file"), one_for_all=False)
        return math.fsum(rates) * scenario.interval / 3600

    def _profile(self) -> float:
        """Expected calls from the profile and the totals of dates."""
        scenario, arrivals = self.scenario, self.scenario.arrivals
        before, path = len(self.found), ("arrivals", "daily")
        self.fits_intervals("arrivals.profile", len(arrivals.profile), ("arrivals", "profile"), one_for_all=False)
        if not sum(arrivals.profile):
            hint = "write how the calls of a day fall on its intervals"
            self.add("X005", "the profile is 0 throughout", ("arrivals", "profile"), hint=hint)
        days = int(scenario.clock.day(scenario.cut.edges_us[-2])) + 1
        dates = [scenario.clock.first_day + dt.timedelta(days=day) for day in range(days)]
        missing = [date for date in dates if arrivals.dated and date not in arrivals.dated]
        if missing:
            hint = "add a row for it; write 0 where nobody calls"
            self.add("X003", f"there is no total for {missing[0]}", ("arrivals", "dated"), hint=hint)
        if arrivals.daily and len(arrivals.daily) not in (1, days):
            given, wanted = counted(len(arrivals.daily), "value"), counted(days, "date")
            hint = f"give {counted(days, 'value')}, or one for all"
            self.add("X003", f"arrivals.daily has {given}; the horizon has {wanted}", path, hint=hint)
        return float(calls_by_profile(scenario).sum()) if len(self.found) == before else 0.0

    def _trace(self, trace: Trace) -> float:
        horizon_us, file, clock = self.scenario.horizon_us, self.scenario.arrivals.file, self.scenario.clock
        calls, all_calls = trace.expected_calls(horizon_us), len(trace.arrived_us)
        if not calls and all_calls:
            self.add(
                "X005",
                f"no call of {file!r} arrives within the horizon; "
                f"the first is at {clock.moment(trace.arrived_us[0]):%Y-%m-%d %H:%M}",
                ("arrivals", "file"),
                hint="let start and zone be those of the first call"
                + (", or write shift: to_start" if FilePath(trace.file).is_dir() else ""),
            )
        elif calls < all_calls:
            before, after = trace.outside(horizon_us)
            self.note(
                "X011",
                f"in {file!r} {counted(before + after, 'call is', 'calls are')} left out of {all_calls:,}:"
                f" {before:,} before the horizon, {after:,} after it",
                ("arrivals", "file"),
                hint="let start and horizon hold them all",
            )
        if trace.later_attempts:
            self.note(
                "X011",
                f"in {file!r} {counted(trace.later_attempts, 'call is', 'calls are')} left out: second or later"
                " attempts",
                ("arrivals", "file"),
                hint="state behaviour: {retry: ...} for callers who call again",
            )
        self._stamps(trace)
        for name in sorted(set(trace.wanted(horizon_us)) - {"", *self.scenario.intents}):
            near = nearest(name, list(self.scenario.intents))
            hint = f"did you mean {near!r}?" if near else "name it under intents, with its goal"
            self.add(
                "X001",
                f"callers of {self.scenario.arrivals.file!r} want {name!r}, which is not an intent of the scenario",
                ("arrivals", "file"),
                hint=hint,
            )
        return calls

    def _stamps(self, trace: Trace) -> None:
        """Report time stamps of a trace that do not name exactly one moment."""
        stamps, file = trace.stamps, self.scenario.arrivals.file
        hint = "write moments with their offset, like 2026-11-01 01:30-05:00"
        if stamps.twice:
            taken = "rows after the step back are the second" if stamps.ordered else "each is taken for the first"
            self.note(
                "X010",
                f"in {file!r} {counted(stamps.twice, 'call has a time', 'calls have times')} that the clock shows twice"
                f", from line {stamps.line}; {taken}",
                ("arrivals", "file"),
                hint=hint,
            )
        if stamps.skipped:
            self.note(
                "X010",
                f"in {file!r} {counted(stamps.skipped, 'call has a time', 'calls have times')} that the clock skips"
                f", from line {stamps.line}; each is taken for the moment at which clocks go forward",
                ("arrivals", "file"),
                hint=hint,
            )

    def _weekdays_and_surges(self) -> None:
        scenario = self.scenario
        for i, surge in enumerate(scenario.arrivals.surges):
            path: Path = ("arrivals", "surges", i)
            at_s = surge_at_us(scenario, surge) / 1e6
            if not 0 <= at_s < scenario.horizon_us / 1e6:
                end = scenario.clock.moment(scenario.horizon_us)
                self.add(
                    "X005",
                    "the surge begins outside the horizon",
                    (*path, "at"),
                    hint=f"choose a moment from {scenario.start:%Y-%m-%d %H:%M} to before {end:%Y-%m-%d %H:%M}",
                )
            for name in surge.intents:
                self.unknown("intent", name, scenario.intents, (*path, "intents", name))
            if surge.intents:
                self.sums_to_one("the surge's intents", surge.intents, (*path, "intents"))

    def switches(self) -> None:
        """Check that the flow has the switches that are turned on."""
        for name in self.scenario.switches:
            self.unknown("switch", name, self.flow.switches, ("switches", name))

    def _busyness(self) -> None:
        busyness, intents = self.scenario.arrivals.busyness, self.scenario.intents
        if busyness is None:
            return
        path: Path = ("arrivals", "busyness")
        before = len(self.found)
        for name in busyness.gamma if isinstance(busyness.gamma, dict) else ():
            self.unknown("intent", name, intents, (*path, "gamma", name))
        if isinstance(busyness.correlation, dict):
            for one, row in busyness.correlation.items():
                self.unknown("intent", one, intents, (*path, "correlation", one))
                for other in row:
                    self.unknown("intent", other, intents, (*path, "correlation", one, other))
                    if one == other:
                        self.add(
                            "X005",
                            f"{one!r} is correlated with itself",
                            (*path, "correlation", one, other),
                            of_key=True,
                            hint="name two different intents",
                        )
        if busyness.correlation is None or len(self.found) > before:
            return
        lowest = float(np.linalg.eigvalsh(correlations(busyness.correlation, tuple(intents))).min())
        if lowest < -1e-9:
            self.add(
                "X005",
                "days cannot be correlated like this: the matrix of correlations is not positive semidefinite",
                (*path, "correlation"),
                hint="weaken the correlations that pull apart; one for all pairs of k intents is at least -1/(k-1)",
            )
