"""A scenario ready to run: its tables, its engine and its replications."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from flows.source.finding import usage_error
from flows.values.units import US_PER_S
from ivr.records.costs import Prices
from ivr.records.costs import priced as readable_priced
from ivr.records.measures import Sums
from ivr.records.measures import sums as readable_sums
from ivr.records.tables import Records
from ivr.routing import RoutingTable
from simulation.engines.contract import engine as engine_named
from simulation.engines.contract import has_kernel
from simulation.engines.results import EngineResult, Finish, records_of
from simulation.engines.results import finish as readable_finish
from simulation.experiment.assumptions import assumptions
from simulation.experiment.exact_values import exact_values
from simulation.experiment.replicate import Stopped
from simulation.experiment.run_result import RunResult
from simulation.sampling.streams import Streams
from simulation.scenario.loaded import LoadedScenario
from simulation.scenario.routing import routing_table
from simulation.tables.checks import CallTable, StaffTable
from simulation.workload.build_call_table import Prepared, build_call_table, prepare
from simulation.workload.build_queue_rules import build_queue_rules
from simulation.workload.build_staff_table import Staff
from simulation.workload.busy_days import BusyU

__all__ = ["Runner", "require_workers"]


@dataclass(frozen=True)
class Runner:
    """One scenario, ready to run any of its replications."""

    prepared: Prepared
    engine: str
    staff: StaffTable
    agents: Staff
    routing: RoutingTable
    keep_calls: bool = False
    sums: Callable[..., Sums] = readable_sums
    """Reduces records to sums: the readable function or the compiled one."""
    finish: Finish = readable_finish
    """Makes the tables of visits and agents: the readable function or the compiled one."""
    draw: Callable[..., CallTable] | None = None
    """Draws calls, compiled, from streams and a uniform; None if the readable drawing is to do it."""
    priced: Callable[..., Sums] = readable_priced
    """Adds what calls and agents cost: the readable function or the compiled one."""
    prices: Prices | None = None
    """What calls and agents cost; None if sums hold no money."""

    @classmethod
    def of(
        cls,
        loaded: LoadedScenario,
        *,
        engine: str = "auto",
        keep_calls: bool = False,
        on_compile: Callable[[], None] | None = None,
    ) -> Runner:
        """Return a runner for a scenario.

        The kernel is loaded here; if it has to be compiled first, `on_compile` is called.
        """
        if engine == "auto":
            engine = "kernel" if has_kernel() else "reference"
        engine_named(engine)  # raises before any work is done
        sums, finish, priced, draw = readable_sums, readable_finish, readable_priced, None
        prepared, agents = prepare(loaded), Staff.of(loaded.scenario)
        if engine == "kernel":
            from simulation.drawing.draw import drawing
            from simulation.engines.kernel.cost_sums import priced
            from simulation.engines.kernel.measure_sums import sums
            from simulation.engines.kernel.record_visits import finish

            draw = drawing(prepared)
        made = cls(
            prepared,
            engine,
            agents.table(),
            agents,
            routing_table(loaded.scenario, loaded.flow),
            keep_calls,
            sums,
            finish,
            draw,
            priced,
            loaded.scenario.prices,
        )
        if engine == "kernel":
            from simulation.engines.kernel.warm_up import warm_up

            warm_up(on_compile, also=None if draw is None else draw.load)
        return made

    def sharing_calls(self, loaded: LoadedScenario) -> Runner:
        """The runner of a scenario that draws the same calls; see ``simulation.experiment.same_tables``."""
        agents, rules = Staff.of(loaded.scenario), build_queue_rules(loaded.scenario, loaded.flow)
        return replace(
            self,
            prepared=replace(self.prepared, loaded=loaded, queue_rules=rules),
            staff=agents.table(),
            agents=agents,
            routing=routing_table(loaded.scenario, loaded.flow),
            prices=loaded.scenario.prices,
        )

    def workers(self, wanted: int | None) -> int:
        """The number of threads: as requested, or one per processor if the engine can use them."""
        require_workers(wanted)
        # The reference engine is pure Python, so more threads would only wait for each other.
        return wanted or (os.cpu_count() or 1 if self.engine == "kernel" else 1)

    def calls(self, seed: int, replication: int, busy_u: BusyU) -> CallTable:
        """The calls of one replication."""
        streams = Streams(seed, replication)
        if self.draw is None or self.keep_calls:  # only the readable drawing names paths
            return build_call_table(self.prepared, streams, busy_u=busy_u, paths=self.keep_calls)
        return self.draw(streams, busy_u=busy_u)

    def staff_of(self, seed: int, replication: int) -> StaffTable:
        """The agents of one replication: all of them, or those whom chance lets be there; and their dials."""
        if not self.agents.vary:
            return self.staff
        return self.agents.table(Streams(seed, replication))

    def found(self, calls: CallTable, staff: StaffTable | None = None, *, estimates: bool = False) -> EngineResult:
        """Run the engine on the calls of one replication."""
        scenario = self.prepared.scenario
        return engine_named(self.engine).run(
            calls,
            self.staff if staff is None else staff,
            self.routing,
            lines=scenario.lines,
            horizon_us=self.prepared.horizon_us,
            at_end=scenario.at_end,
            queue_rules=self.prepared.queue_rules,
            estimates=estimates,
        )

    def replication(self, calls: CallTable, staff: StaffTable | None = None) -> tuple[Sums, Records]:
        """Run one replication; its records are checked for conservation."""
        scenario = self.prepared.scenario
        staff = self.staff if staff is None else staff
        found = self.found(calls, staff)
        records = records_of(
            found,
            calls,
            staff,
            horizon_us=self.prepared.horizon_us,
            finish=self.finish,
        )
        part = self.sums(
            records,
            threshold_us=round(scenario.service_level.threshold * US_PER_S),
            interval_us=round(scenario.interval * US_PER_S),
            callback_us=round(scenario.service_level.callback_within * US_PER_S),
            from_us=round(scenario.warm_up * US_PER_S),
            edges_us=scenario.reported.edges_us,
            own_threshold_us={queue: round(s * US_PER_S) for queue, s in scenario.own_thresholds.items()},
        )
        if self.prices is not None:
            part = self.priced(
                part,
                records,
                self.prices,
                edges_us=scenario.reported.edges_us,
                from_us=round(scenario.warm_up * US_PER_S),
                shift_ends_us=staff.shift_ends_us,
            )
        return part, records

    def result(
        self,
        parts: Sequence[Sums],
        seed: int,
        records: Records | None = None,
        *,
        stopped: Stopped = "all",
    ) -> RunResult:
        """The result of several replications."""
        loaded = self.prepared.loaded
        return RunResult(
            loaded=loaded,
            engine=self.engine,
            seed=seed,
            parts=tuple(parts),
            exact=exact_values(self.prepared, self.staff, self.routing),
            assumptions=assumptions(loaded.scenario, self.prepared.model.chain),
            records=records,
            stopped=stopped,
        )


def require_workers(wanted: int | None) -> None:
    """Reject an invalid number of threads or processes.

    Raises
    ------
    UsageError
        X005, with what is allowed.
    """
    if wanted is not None and wanted < 1:
        raise usage_error("X005", f"{wanted} workers; there must be at least one", "for example --workers 2")
