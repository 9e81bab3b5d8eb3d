"""Results of a simulation: measures with intervals, overall and by queue, group and interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flows.source.counted import counted
from flows.values.units import US_PER_S
from ivr.records.call_rows import call_rows
from ivr.records.measures import Sums
from ivr.records.tables import Records
from simulation.experiment.daily_measures import TargetDays, target_days
from simulation.experiment.day_spread import DaySpread, day_spread
from simulation.experiment.estimates import Estimate, estimate
from simulation.experiment.exact_values import ExactValues
from simulation.experiment.queue_levels import QueueLevel, queue_levels, within_words
from simulation.experiment.replicate import Stopped
from simulation.experiment.result_rows import TABLES, Row, result_rows
from simulation.scenario.loaded import LoadedScenario
from simulation.scenario.model import Precision

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RunResult"]


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """Results of a simulation.

    Parameters
    ----------
    loaded : LoadedScenario
    engine : str
        The engine that ran.
    seed : int
    parts : tuple of Sums
        One for each replication.
    exact : tuple of ExactValues
        Values from the closed formulas that the scenario, or a part of it, reduces to.
    assumptions : tuple of str
    records : Records or None
        All calls of all replications, if they were kept.
    stopped : str
        Why there are no more replications; see ``simulation.experiment.replicate``.
    precision : Precision or None
        The precision that was requested.
    """

    loaded: LoadedScenario
    engine: str
    seed: int
    parts: tuple[Sums, ...]
    exact: tuple[ExactValues, ...]
    assumptions: tuple[str, ...]
    records: Records | None = None
    stopped: Stopped = "all"
    precision: Precision | None = None

    def __repr__(self) -> str:
        runs = counted(len(self.parts), "replication")
        return f"<{type(self).__name__} {self.loaded.scenario.name!r}: {runs}, seed {self.seed}, {self.engine} engine>"

    @property
    def target_met(self) -> TargetDays | None:
        """The share of days on which the service level is met; None without a target."""
        scenario = self.loaded.scenario
        if scenario.service_level.target is None:
            return None
        return target_days(
            self.parts,
            target=scenario.service_level.target,
            confidence=scenario.confidence,
            dates=scenario.clock.day(scenario.reported.edges_us[:-1]),
        )

    @property
    def days(self) -> dict[str, DaySpread]:
        """How the days differ: what a tenth, half and nine tenths of them stay below."""
        scenario = self.loaded.scenario
        edges_us = scenario.reported.edges_us[:-1].tolist()
        return day_spread(self.parts, [scenario.clock.moment(at).date() for at in edges_us])

    @property
    def queue_levels(self) -> tuple[QueueLevel, ...]:
        """The service levels of the queues that have a threshold or a target of their own."""
        return queue_levels(self.parts, targets=self.loaded.scenario.own_targets, confidence=self._confidence)

    @property
    def within(self) -> str:
        """How soon callers should be answered, in words."""
        queues = self.parts[0].queues
        return within_words(self.loaded.scenario.service_level.threshold, self.queue_levels, of=len(queues))

    @property
    def measures(self) -> dict[str, Estimate]:
        """All measures overall, with the exact value if there is one."""
        return self._with_exact(
            estimate(self.parts, confidence=self._confidence), {k: v for e in self.exact for k, v in e.measures.items()}
        )

    @property
    def by_queue(self) -> dict[str, dict[str, Estimate]]:
        """Measures of each queue."""
        known: dict[str, dict[str, float]] = {}
        for answer in self.exact:
            for queue, values in answer.by_queue.items():
                known.setdefault(queue, {}).update(values)
        return {
            queue: self._with_exact(
                estimate(self.parts, queue=queue, confidence=self._confidence), known.get(queue, {})
            )
            for queue in self.parts[0].queues
        }

    @property
    def by_group(self) -> dict[str, dict[str, Estimate]]:
        """Measures of each agent group."""
        return {group: estimate(self.parts, group=group, confidence=self._confidence) for group in self.parts[0].groups}

    @property
    def by_interval(self) -> list[dict[str, Estimate]]:
        """Measures of each interval."""
        return [estimate(self.parts, interval=i, confidence=self._confidence) for i in range(self.parts[0].intervals)]

    @property
    def _confidence(self) -> float:
        return self.loaded.scenario.confidence

    @staticmethod
    def _with_exact(found: dict[str, Estimate], known: Mapping[str, float]) -> dict[str, Estimate]:
        return {name: replace(value, exact=known.get(name, value.exact)) for name, value in found.items()}

    def to_pandas(self, table: str = "intervals") -> pd.DataFrame:
        """Return one table of results; `TABLES` in ``simulation.experiment.result_rows`` lists them.

        Parameters
        ----------
        table : str
            ``"calls"``: one row for each call. ``"calls"``, ``"queue_intervals"`` and ``"group_intervals"`` need the
            calls: simulate with ``keep_calls=True``.

        Raises
        ------
        ValueError
            If there is no such table, or if it needs calls that were not kept.
        """
        import pandas as pd

        if table == "calls" and self.records is not None:
            return pd.DataFrame(call_rows(self.records)).convert_dtypes()
        found = self.tables()
        if table in found:
            return pd.DataFrame(found[table])
        if table in ("calls", *TABLES) and self.records is None:
            raise ValueError(f"the table {table!r} needs the calls; simulate with keep_calls=True")
        raise ValueError(f"there is no table {table!r}; there are {', '.join(('calls', *found))}")

    def tables(self) -> dict[str, list[Row]]:
        """All tables of results by name, as ``ivr simulate --tables`` writes them."""
        scenario = self.loaded.scenario
        edges_us = scenario.reported.edges_us
        return result_rows(
            self.parts,
            moments=[scenario.clock.moment(at) for at in edges_us.tolist()],
            edges_us=edges_us,
            records=self.records,
            confidence=self._confidence,
        )

    def as_dict(self) -> dict[str, Any]:
        """The JSON of ``ivr simulate --json``; see ``docs/planning.md``."""
        scenario = self.loaded.scenario

        def plain(values: Mapping[str, Estimate]) -> dict[str, Any]:
            return {name: value.as_dict() for name, value in values.items()}

        edges_us = scenario.reported.edges_us[:-1].tolist()
        starts = [{"start_s": at / US_PER_S, "start": scenario.clock.moment(at).isoformat()} for at in edges_us]
        return {
            "scenario": scenario.name,
            "engine": self.engine,
            "replications": len(self.parts),
            "stopped": self.stopped,
            "seed": self.seed,
            "confidence": scenario.confidence,
            "threshold_s": scenario.service_level.threshold,
            "target": scenario.service_level.target,
            "target_met": self.target_met.as_dict() if self.target_met else None,
            **({"currency": scenario.currency} if scenario.costs else {}),
            "queue_levels": {one.queue: one.as_dict() for one in self.queue_levels},
            "measures": plain(self.measures),
            "by_queue": {name: plain(values) for name, values in self.by_queue.items()},
            "by_group": {name: plain(values) for name, values in self.by_group.items()},
            "by_interval": [
                {**start, "measures": plain(values)} for start, values in zip(starts, self.by_interval, strict=True)
            ],
            "exact": [{"model": e.model, "note": e.note} for e in self.exact],
            "notes": [note.message for note in self.loaded.notes],
            "assumptions": list(self.assumptions),
        }
