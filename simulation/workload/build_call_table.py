"""Builds the call table of a scenario: everything random about every call, drawn before any engine runs.

This is the definition. ``simulation.drawing`` draws the same table, equal in every cell, in one compiled pass.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from flows.model.flow import Flow
from ivr.records.schema import NEVER, NONE, outcome_code
from simulation.arrays import Ints, Times
from simulation.menus.build_caller_model import build_caller_model
from simulation.menus.caller_model import CallerModel
from simulation.menus.chain import MenuChain, menu_chain
from simulation.menus.name_steps import name_steps
from simulation.menus.path_names import name_paths
from simulation.menus.sampled_walk import Callers, Menus, may_hang_up, walk
from simulation.sampling.elementary import log
from simulation.sampling.purposes import (
    AGAIN,
    CALLER,
    PATIENCE,
    STAYING,
    VISIT,
    place,
)
from simulation.sampling.streams import Streams
from simulation.scenario.calling_again import calling_again
from simulation.scenario.loaded import LoadedScenario
from simulation.scenario.model import Scenario
from simulation.scenario.routing import passing_on
from simulation.tables.call_table import CallTable, Column
from simulation.tables.queue_rules import QueueRule
from simulation.workload.build_arrivals import ScenarioArrivals, build_arrivals
from simulation.workload.build_queue_rules import build_queue_rules
from simulation.workload.busy_days import BusyU
from simulation.workload.draw_callers import draw_callers
from simulation.workload.draw_calls_again import CallsAgain, draw_calls_again
from simulation.workload.draw_patience_and_talk import pause_columns, talk_columns
from simulation.workload.draw_queue_visits import QueueVisits, draw_queue_visits, joined

__all__ = ["Prepared", "build_call_table", "prepare"]

_LONG_US = 2**55


@dataclass(frozen=True)
class Prepared:
    """A scenario with everything that its replications share.

    Parameters
    ----------
    loaded : LoadedScenario
    model : CallerModel
    arrivals : ScenarioArrivals
    queue_rules : tuple of QueueRule
    """

    loaded: LoadedScenario
    model: CallerModel
    arrivals: ScenarioArrivals
    queue_rules: tuple[QueueRule, ...]

    @property
    def scenario(self) -> Scenario:
        """The scenario itself."""
        return self.loaded.scenario

    @property
    def horizon_us(self) -> int:
        """Length of the period in which calls arrive, microseconds."""
        return self.scenario.horizon_us

    def draw_callers(self, streams: Streams, *, busy_u: BusyU | None = None) -> Callers:
        """Draw the callers of one replication, those of surges last.

        Parameters
        ----------
        streams : Streams
            Those of the replication.
        busy_u : float or numpy.ndarray, optional
            The uniform of the first day's busyness, or of the first days'.
        """
        return draw_callers(self.arrivals, self.model, streams, self.horizon_us, busy_u=busy_u)


@dataclass(frozen=True)
class _Tabulated:
    """What a chain depends on."""

    digest: str
    passing_on: tuple[tuple[str, tuple[str, ...]], ...]
    flow: Flow = field(compare=False)


@lru_cache(maxsize=8)
def _chain(of: _Tabulated) -> MenuChain:
    return menu_chain(of.flow, passing_on=dict(of.passing_on))


def prepare(loaded: LoadedScenario) -> Prepared:
    """Build what all replications of a scenario share.

    Scenarios whose flows mean the same and whose agents transfer to the same queues share one chain.

    Parameters
    ----------
    loaded : LoadedScenario

    Raises
    ------
    ScenarioError
        When the scenario cannot be simulated.
    """
    scenario = loaded.scenario
    chain = _chain(_Tabulated(loaded.flow.digest, tuple(passing_on(scenario, loaded.flow).items()), loaded.flow))
    arrivals = build_arrivals(scenario, Path(loaded.document.file).parent)
    return Prepared(
        loaded,
        build_caller_model(scenario, chain, loaded.document, arrivals.average_shares(scenario.horizon_us)),
        arrivals,
        build_queue_rules(scenario, loaded.flow),
    )


@dataclass(frozen=True)
class _Attempt:
    """The k-th attempts of all callers who make one.

    `patience_us` has a value for every caller: the patience they would bring to the next attempt.
    """

    caller: Ints
    arrived_us: Times
    menus: Menus
    visits: QueueVisits
    path: Ints
    patience_us: Times
    after: CallsAgain | None = None


def build_call_table(
    prepared: Prepared,
    streams: Streams,
    *,
    busy_u: BusyU | None = None,
    paths: bool = False,
) -> CallTable:
    """Draw the calls of one replication.

    Parameters
    ----------
    prepared : Prepared
    streams : Streams
        Those of the replication. Every purpose has its own key and every caller their own number, so that a change to
        one thing in a scenario leaves all other draws unchanged.
    busy_u : float or numpy.ndarray, optional
        The uniform of the first day's busyness, or of the first days'.
    paths : bool
        Whether to name each caller's path through the menus, and keep its steps.
    """
    scenario = prepared.scenario
    callers = prepared.draw_callers(streams, busy_u=busy_u)
    # Callers are drawn with surges last; the table is sorted by arrival.
    order = np.argsort(callers.arrived_us, kind="stable")
    names: dict[str, int] = {}
    attempts = [_attempt(prepared, streams, callers, order, names if paths else None)]
    again = calling_again(scenario)
    for number in range(2, max((of.attempts for of in again), default=1) + 1):
        after = draw_calls_again(
            again, callers.intent, streams.uniforms(AGAIN, callers.numbers, place=place(number)), number
        )
        still = attempts[-1].caller[after.calls[attempts[-1].caller]]
        if not len(still):
            break
        attempts.append(
            _attempt(
                prepared,
                streams,
                callers,
                still,
                names if paths else None,
                number=number,
                after=after,
                before=attempts[-1],
            )
        )
    return _table(prepared, callers, attempts, tuple(names), keep_steps=paths)


def _attempt(
    prepared: Prepared,
    streams: Streams,
    callers: Callers,
    who: Ints,
    names: dict[str, int] | None,
    *,
    number: int = 1,
    after: CallsAgain | None = None,
    before: _Attempt | None = None,
) -> _Attempt:
    scenario, model, n = prepared.scenario, prepared.model, len(callers.arrived_us)
    begin = None
    if before is not None and after is not None:
        # When callers call again depends on the floor; opening hours are looked up as if they had not waited.
        begin = np.full(n, -1, dtype=np.int32)
        begin[who] = model.chain.start
        at_us = callers.arrived_us.copy()
        at_us[before.caller] = (
            before.arrived_us
            + before.menus.menu_us[before.caller]
            + np.minimum(after.looked_up_us, _LONG_US)[before.caller]
        )
        staying = callers.staying
        if may_hang_up(model):
            staying = -log(1.0 - streams.uniforms(CALLER, callers.numbers, place=place(number))[:, STAYING])
        callers = replace(callers, arrived_us=at_us, staying=staying)
    menus = walk(model, callers, streams, begin=begin, place=place(number), record=names is not None)
    keeps = scenario.behaviour.retry is None or scenario.behaviour.retry.patience == "keep"
    kept_us = before.patience_us if before is not None and keeps else None
    patience_u = streams.uniforms(VISIT, callers.numbers, place=place(1 if keeps else number))[:, PATIENCE]
    visits = draw_queue_visits(
        scenario,
        model,
        prepared.queue_rules,
        streams,
        callers,
        active=who,
        position=menus.position,
        joins=menus.queue >= 0,
        at_us=callers.arrived_us + menus.menu_us,
        patience_u=patience_u,
        attempt=number,
        kept_us=kept_us,
    )
    patience_us = np.full(n, NONE) if kept_us is None else kept_us.copy()
    offered = menus.queue[who] >= 0
    patience_us[who[offered]] = visits.columns["patience_us"][: len(who)][offered]
    path = np.broadcast_to(np.int32(NONE), n) if names is None else name_paths(model, menus, names)
    return _Attempt(who, callers.arrived_us[who], menus, visits, path, patience_us, after)


def _table(
    prepared: Prepared, callers: Callers, attempts: list[_Attempt], paths: tuple[str, ...], *, keep_steps: bool
) -> CallTable:
    """All attempts in one table: first attempts by arrival, then later ones, then further queue visits."""
    scenario, model = prepared.scenario, prepared.model
    counts = [len(one.caller) for one in attempts]
    calls = sum(counts)
    first, further, visits = np.cumsum([0, *counts]), calls, []
    for one in attempts:
        visits.append(one.visits.moved(further=further))
        further += len(one.visits.columns["queue"]) - one.visits.callers
    columns = {
        name: joined(
            [part[name][:n] for part, n in zip(visits, counts, strict=True)]
            + [part[name][n:] for part, n in zip(visits, counts, strict=True)]
        )
        for name in visits[0]
    }
    who = joined([one.caller for one in attempts])
    retry, retry_after = np.broadcast_to(NONE, calls), np.broadcast_to(0, calls)
    repeat_after = np.broadcast_to(NEVER, calls)
    if len(attempts) > 1:
        retry, retry_after, repeat_after = retry.copy(), retry_after.copy(), repeat_after.copy()
    for k, later in enumerate(attempts[1:], 1):
        row = np.full(len(callers.arrived_us), NONE)
        row[later.caller] = first[k] + np.arange(counts[k])
        before = slice(first[k - 1], first[k])
        retry[before] = row[attempts[k - 1].caller]
        if later.after is not None:
            calls_none = retry[before] == NONE
            retry_after[before] = np.where(calls_none, 0, later.after.retry_us[attempts[k - 1].caller])
            repeat_after[before] = np.where(calls_none, NEVER, later.after.repeat_us[attempts[k - 1].caller])

    steps = None
    if keep_steps:
        walks = []
        for k, one in enumerate(attempts):
            row = np.full(len(callers.arrived_us), NONE)
            row[one.caller] = first[k] + np.arange(counts[k])
            walks.append((one.menus, row))
        steps = name_steps(model, walks)

    def of_menus(name: str) -> Column:
        return joined([getattr(one.menus, name)[one.caller] for one in attempts])

    common = scenario.behaviour.retry
    return CallTable.of(
        arrived_us=joined([attempts[0].arrived_us, np.full(calls - counts[0], NEVER)]),
        intent=callers.intent[who],
        language=of_menus("heard_language"),
        path=np.broadcast_to(NONE, calls) if not paths else joined([one.path[one.caller] for one in attempts]),
        menu_us=of_menus("menu_us"),
        key_presses=of_menus("key_presses"),
        ending=of_menus("ending"),
        zero_out=of_menus("zero_out"),
        attempt=1 if len(attempts) == 1 else np.repeat(np.arange(1, len(attempts) + 1), counts),
        retry=retry,
        retry_after_us=retry_after,
        repeat_after_us=repeat_after,
        retry_outcomes=[outcome_code(name) for name in common.on] if common else None,
        talk_column=talk_columns(scenario, model)[1],
        pause_column=pause_columns(scenario)[1],
        urgencies=model.urgencies.tolist() or [0.0],
        intents=model.intents,
        languages=model.languages,
        paths=paths,
        queues=model.queues,
        steps=steps,
        **columns,
    )
