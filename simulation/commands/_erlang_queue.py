"""What ``ivr erlang`` is asked about, and the formulas' answers."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from flows.source.finding import LimitError

if TYPE_CHECKING:
    from simulation.theory import Answer

__all__ = ["Asked"]


@dataclasses.dataclass(frozen=True)
class Asked:
    """A queue, and what it has to reach; what is None is asked.

    Parameters
    ----------
    model : {"b", "c", "a"}
    arrivals_per_hour : float or None
    aht_s : float
    patience_s : float or None
    agents : int or None
    target : float or None
    within_s : float
    shrinkage : float
        Share of the time of people who are scheduled in which they take no calls.
    occupancy : float or None
        The most.
    """

    model: str
    arrivals_per_hour: float | None
    aht_s: float
    patience_s: float | None
    agents: int | None
    target: float | None
    within_s: float
    shrinkage: float = 0.0
    occupancy: float | None = None

    @property
    def load(self) -> float:
        """Erlangs."""
        return (self.arrivals_per_hour or 0.0) * self.aht_s / 3600

    def answer(self, agents: int, arrivals_per_hour: float | None = None) -> Answer:
        """What the formula says."""
        from simulation.theory import erlang_a, erlang_b, erlang_c

        rate = self.arrivals_per_hour if arrivals_per_hour is None else arrivals_per_hour
        assert rate is not None
        if self.patience_s is not None:
            return erlang_a(
                arrivals_per_hour=rate,
                aht_s=self.aht_s,
                agents=agents,
                patience_s=self.patience_s,
                within_s=self.within_s,
            )
        if self.model == "c":
            return erlang_c(arrivals_per_hour=rate, aht_s=self.aht_s, agents=agents, within_s=self.within_s)
        return erlang_b(arrivals_per_hour=rate, aht_s=self.aht_s, agents=agents)

    def fewest(self) -> int:
        """The fewest agents that reach the target."""
        from simulation.theory import fewest_agents
        from simulation.theory.answer import check

        check(arrivals_per_hour=(self.arrivals_per_hour or 0.0, "positive"), aht_s=(self.aht_s, "positive"))
        of_lines = self.model == "b"
        return fewest_agents(
            self.answer,
            load=self.load,
            service_level=None if of_lines else self.target,
            blocking=self.target if of_lines else None,
            occupancy=self.occupancy,
            waits_for_ever=self.model == "c",
        )

    def most(self) -> float:
        """The most callers an hour that the agents serve as the target asks."""
        from simulation.theory import most_callers
        from simulation.theory.answer import check

        agents = self.agents or 0
        check(agents=(agents, "whole"), aht_s=(self.aht_s, "positive"))
        of_lines = self.model == "b"
        return most_callers(
            lambda rate: self.answer(agents, rate),
            agents=agents,
            aht_s=self.aht_s,
            service_level=None if of_lines else self.target,
            blocking=self.target if of_lines else None,
            occupancy=self.occupancy,
            waits_for_ever=self.model == "c",
        )

    def near(self, agents: int) -> dict[int, Answer | None]:
        """The answers for a number of agents, one less and one more; None where the queue would grow for ever."""
        found: dict[int, Answer | None] = {}
        for number in range(max(agents - 1, 1), agents + 2):
            try:
                found[number] = self.answer(number)
            except LimitError:
                found[number] = None
        return found
