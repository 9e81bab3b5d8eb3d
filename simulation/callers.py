"""The call table of a scenario: everything random about every call, drawn before any engine runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ivr.record_schema import NEVER, NONE
from simulation.arrivals import ArrivalProcess, processes
from simulation.behaviour import Rules, rules
from simulation.distributions import Distribution
from simulation.menu_chain import LISTEN, MenuChain, menu_chain
from simulation.scenario import Scenario
from simulation.scenario_file import LoadedScenario
from simulation.streams import Streams
from simulation.tables import OFFERED, CallTable, microseconds
from simulation.walk import Callers, Menus, walk

__all__ = ["Prepared", "arrival_process", "call_table", "callers_of", "prepare", "walked_path"]

US = 1_000_000


@dataclass(frozen=True)
class Prepared:
    """A scenario with all that its replications share.

    Parameters
    ----------
    loaded : LoadedScenario
    rules : Rules
    arrivals : ArrivalProcess
    """

    loaded: LoadedScenario
    rules: Rules
    arrivals: ArrivalProcess

    @property
    def scenario(self) -> Scenario:
        """The scenario itself."""
        return self.loaded.scenario

    @property
    def horizon_us(self) -> int:
        """Length of the period in which calls arrive, microseconds."""
        return round(self.scenario.horizon * US)


def prepare(loaded: LoadedScenario, *, chain: MenuChain | None = None) -> Prepared:
    """Make what all replications of a scenario share.

    Parameters
    ----------
    loaded : LoadedScenario
    chain : MenuChain, optional
        Of the same flow, when it has been tabulated already.

    Raises
    ------
    ScenarioError
        When the scenario asks for what cannot be simulated.
    """
    scenario = loaded.scenario
    chain = chain or menu_chain(loaded.flow)
    return Prepared(loaded, rules(scenario, chain, loaded.document), arrival_process(scenario, Path(loaded.document.file).parent))


def arrival_process(scenario: Scenario, folder: Path) -> ArrivalProcess:
    """The arrival process of a scenario; files are relative to `folder`."""
    arrivals, known = scenario.arrivals, processes()
    if arrivals.kind == "constant":
        made = known["constant"](per_hour=arrivals.per_hour[0])
    elif arrivals.kind == "csv":
        made = known["csv_counts"](file=folder / arrivals.file, interval_s=scenario.interval, column=arrivals.column)
    elif arrivals.calls:
        made = known["per_interval"].of_counts(arrivals.calls, interval_s=scenario.interval)  # type: ignore[attr-defined]
    else:
        made = known["per_interval"](per_hour=arrivals.per_hour, interval_s=scenario.interval)
    return known["gamma_busy"](of=made, alpha=arrivals.busyness.gamma) if arrivals.busyness else made


def callers_of(prepared: Prepared, streams: Streams, *, busy_u: float | None = None) -> Callers:
    """Who calls in one replication, and what they bring with them.

    Parameters
    ----------
    prepared : Prepared
    streams : Streams
        Of the replication.
    busy_u : float, optional
        The uniform of the day's busyness; see ``ArrivalProcess``.
    """
    rules = prepared.rules
    arrived = prepared.arrivals.times_us(streams.generator("arrivals"), prepared.horizon_us, busy_u=busy_u)
    n = len(arrived)
    return Callers(
        arrived_us=arrived, intent=_drawn(streams.generator("intent").random(n), rules.intent_share),
        language=_drawn(streams.generator("language").random(n), rules.language_share),
        kind_u=streams.generator("listening").random(n), staying=streams.generator("staying").standard_exponential(n))


def call_table(
    prepared: Prepared, streams: Streams, *, busy_u: float | None = None, paths: bool = False,
) -> CallTable:
    """Draw the calls of one replication.

    Parameters
    ----------
    prepared : Prepared
    streams : Streams
        Of the replication. Every purpose has a stream of its own and every caller his own place in it, so that
        changing one thing about a scenario leaves all other draws as they were.
    busy_u : float, optional
        The uniform of the day's busyness.
    paths : bool
        Whether to name each caller's path through the menus.
    """
    rules = prepared.rules
    callers = callers_of(prepared, streams, busy_u=busy_u)
    menus = walk(rules, callers, streams, record=paths)
    offered = menus.ending == OFFERED
    interval = np.minimum(callers.arrived_us // round(prepared.scenario.interval * US), prepared.scenario.intervals - 1)
    talk, column = _talk(prepared, streams, menus, interval)
    limit, limit_ending = _limits(rules, callers, streams, menus)
    code, names = _paths(rules, menus) if paths else (np.full(len(offered), NONE), ())
    return CallTable.of(
        arrived_us=callers.arrived_us, intent=callers.intent, language=menus.heard_language, path=code, menu_us=menus.menu_us,
        key_presses=menus.key_presses, ending=menus.ending, queue=menus.queue,
        patience_us=_drawn_times(prepared, "patience", streams, menus, interval, default=NEVER),
        talk_us=talk, talk_column=column, acw_us=_drawn_times(prepared, "after_call_work", streams, menus, interval, default=0),
        limit_us=limit, limit_ending=limit_ending, zero_out=menus.zero_out, intents=rules.intents, languages=rules.languages,
        paths=names, queues=rules.queues)


def _drawn(u: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Which of the shares each uniform falls in."""
    cumulative = np.cumsum(shares) / np.sum(shares)
    return np.minimum(np.searchsorted(cumulative, u, side="right"), len(shares) - 1).astype(np.int16)


def _by_quantile(of: Sequence[Distribution], u: np.ndarray, interval: np.ndarray) -> np.ndarray:
    if len(of) == 1:
        return of[0].quantile(u)
    values = np.zeros(len(u))
    for i in np.unique(interval):
        values[interval == i] = of[i].quantile(u[interval == i])
    return values


def _drawn_times(
    prepared: Prepared, what: str, streams: Streams, menus: Menus, interval: np.ndarray, *, default: int,
) -> np.ndarray:
    """One time a caller, from the caller's own uniform and the distribution of the queue joined."""
    u = streams.generator(what).random(len(interval))
    times = np.full(len(u), default, dtype=np.int64)
    for code, queue in enumerate(prepared.rules.queues):
        of = prepared.scenario.times(what, queue)  # type: ignore[arg-type]
        rows = np.flatnonzero(menus.queue == code)
        if of and len(rows):
            times[rows] = np.minimum(microseconds(_by_quantile(of, u[rows], interval[rows])), NEVER)
    return times


def _talk(prepared: Prepared, streams: Streams, menus: Menus, interval: np.ndarray) -> tuple[np.ndarray, tuple[int, ...]]:
    """Talk times, a column for each way in which groups differ."""
    scenario, queues = prepared.scenario, prepared.rules.queues
    of_group = [tuple(scenario.talk_of(queue, group) for queue in queues) for group in scenario.groups]
    ways = list(dict.fromkeys(of_group))
    u = streams.generator("talk").random(len(interval))
    talk = np.zeros((len(u), len(ways)), dtype=np.int64)
    for column, way in enumerate(ways):
        for code, of in enumerate(way):
            rows = np.flatnonzero(menus.queue == code)
            if of and len(rows):
                talk[rows, column] = microseconds(_by_quantile(of, u[rows], interval[rows]))
    return talk, tuple(ways.index(way) for way in of_group)


def _limits(rules: Rules, callers: Callers, streams: Streams, menus: Menus) -> tuple[np.ndarray, np.ndarray]:
    """The flow's longest wait, and what becomes of the call then: those callers walk on from the time-out."""
    offered = menus.queue >= 0
    limit = np.where(offered, rules.limit_us[menus.position], NEVER)
    begin = np.where(offered & (limit < NEVER), rules.timeout[menus.position], -1)
    after = walk(rules, callers, streams, begin=begin, stage="after_limit")
    return limit, after.ending


def walked_path(rules: Rules, position: Sequence[int], edge: Sequence[int]) -> str:
    """A path in words: what the caller chose at each place that listens, and where the menu ended.

    Parameters
    ----------
    rules : Rules
    position, edge : sequence of int
        The steps of one caller; edge -1 where he hung up.
    """
    chain = rules.chain
    words = []
    for at, k in zip(position, edge):
        if k < 0:
            words.append(f"{chain.node(at)} hung_up")
        elif chain.kind[at] == LISTEN:
            words.append(f"{chain.node(at)} {chain.label[at][k]}")
    return " > ".join(words)


def _paths(rules: Rules, menus: Menus) -> tuple[np.ndarray, tuple[str, ...]]:
    """A code of the path of each caller, and the paths by code."""
    way = np.zeros(len(menus.ending), dtype=np.int64)  # 0 = no step yet
    trail: list[tuple[int, int, int]] = [(0, -1, -1)]
    for active, at, edge in menus.steps:
        key = (way[active] * len(rules.chain.states) + at) * 128 + edge + 1
        unique, first, inverse = np.unique(key, return_index=True, return_inverse=True)
        trail_from = len(trail)
        trail += [(int(way[active[i]]), int(at[i]), int(edge[i])) for i in first]
        way[active] = trail_from + inverse
    names: dict[str, int] = {}
    code = np.zeros(len(way), dtype=np.int32)
    ends = way * len(rules.chain.states) + menus.position
    for end in np.unique(ends):
        last, position = divmod(int(end), len(rules.chain.states))
        at, edge = [], []
        while last:
            last, here, k = trail[last]
            at.append(here)
            edge.append(k)
        text = walked_path(rules, at[::-1], edge[::-1])
        if rules.queue[position] >= 0:
            text = f"{text} > {rules.chain.node(position)}".removeprefix(" > ")
        code[ends == end] = names.setdefault(text, len(names))
    return code, tuple(names)
