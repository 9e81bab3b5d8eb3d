"""Builds the outbound work of each group: the numbers that its agents dial when nobody waits for them."""

from __future__ import annotations

import numpy as np

from ivr.records.schema import NEVER
from simulation.sampling.purposes import NUMBER_ANSWERS, NUMBER_RING, NUMBER_TALK, NUMBER_WORK, OUTBOUND
from simulation.sampling.streams import Streams
from simulation.scenario import duty
from simulation.scenario.model import Scenario
from simulation.tables.call_table import microseconds
from simulation.tables.outbound import Numbers, Outbound

__all__ = ["build_outbound"]


def build_outbound(scenario: Scenario, streams: Streams | None = None) -> tuple[Outbound | None, ...]:
    """Return the outbound work of each group, None for those that have none.

    Parameters
    ----------
    scenario : Scenario
    streams : Streams, optional
        Those of the replication; default: those of the first.

    Examples
    --------
    >>> from simulation.loading.load import load_scenario
    >>> build_outbound(load_scenario("power_outage").scenario)
    (None, None, None)
    """
    of_day = streams or Streams(scenario.seed)
    return tuple(
        None if group.outbound is None else _work(name, group.outbound, of_day)
        for name, group in scenario.groups.items()
    )


def _work(name: str, stated: duty.Outbound, streams: Streams) -> Outbound:
    def draw(begin: int, end: int) -> Numbers:
        u = streams.uniforms(f"{OUTBOUND}/{name}", np.arange(begin, end))
        return Numbers(
            ring_us=microseconds(stated.ring.draw(u[:, NUMBER_RING])),
            reached=u[:, NUMBER_ANSWERS] < stated.answered,
            talk_us=microseconds(stated.talk.draw(u[:, NUMBER_TALK])),
            acw_us=microseconds(stated.after_call_work.draw(u[:, NUMBER_WORK])),
        )

    return Outbound(draw, stated.calls if isinstance(stated.calls, int) else NEVER, stated.keep_idle)
