"""Exact values for scenarios, or parts of them, that reduce to a model with a closed formula.

The menu stage is solved exactly if opening hours do not change. The floor is recognised as M/M/n, M/M/n+M, M/M/n+G,
M/M/n with priorities, or the network of menu, lines and agents. These are steady states: they are given only for
constant arrivals and staffing over a horizon so long that starting empty matters little; the note says how little.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypedDict

import numpy as np

from flows.source.finding import LimitError
from ivr.records.schema import NEVER
from ivr.routing import RoutingTable
from simulation import theory
from simulation.menus.caller_model import CallerModel
from simulation.menus.chain import QUEUE
from simulation.menus.exact_solution import MenuAnswer, menu_answer
from simulation.sampling.distributions import Constant, Distribution, Exponential, Lognormal, Triangular, Uniform
from simulation.scenario.calling_again import calling_again
from simulation.tables.checks import StaffTable
from simulation.workload.build_call_table import Prepared

__all__ = ["ExactValues", "exact_values"]

LONG = 20
"""How many relaxation times the horizon must last for a comparison with the steady state."""
_NOBODY = 1e-12
_NO_MENU_S = 1e-6
"""The network's formula needs some time in the menu; this is negligible."""


@dataclass(frozen=True)
class ExactValues:
    """Exact values of some measures.

    Parameters
    ----------
    model : str
        For example ``"Erlang A (M/M/n+M)"``.
    measures : mapping of str to float
    by_queue : mapping of queue to mapping of str to float
    note : str
        What the values are, and how far a correct simulation may be from them.
    """

    model: str
    measures: Mapping[str, float]
    by_queue: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    note: str = ""


def exact_values(prepared: Prepared, staff: StaffTable, routing: RoutingTable) -> tuple[ExactValues, ...]:
    """Return the exact values of a scenario; most scenarios have none.

    Parameters
    ----------
    prepared : Prepared
    staff : StaffTable
    routing : RoutingTable
    """
    if len(prepared.model.opening_states.states) > 1:
        return ()
    arrivals = prepared.scenario.arrivals
    if arrivals.kind in ("trace", "history") or arrivals.surges or calling_again(prepared.scenario):
        return ()  # callers are not drawn by the intents' shares
    menu = menu_answer(prepared.model)
    found = [_of_the_menu(prepared, menu)]
    floor = _floor(prepared, menu, staff, routing)
    return tuple(found + ([floor] if floor else []))


def _of_the_menu(prepared: Prepared, menu: MenuAnswer) -> ExactValues:
    values = {"menu_s": menu.menu_s, "share_zero_out": menu.share_zero_out}
    if not menu.offered or not _keys_later(prepared):  # how many callers press them depends on the floor
        values["key_presses"] = menu.key_presses
    if not _leads_on(prepared):  # else some callers end there after waiting in a queue
        values["containment"] = menu.outcome.get("contained", 0.0)
        values["share_abandoned_in_menu"] = menu.outcome.get("abandoned_in_menu", 0.0)
    return ExactValues("absorbing Markov chain", values, note="exact for the menus, whatever happens on the floor")


def _leads_on(prepared: Prepared) -> bool:
    """Whether a caller may return to the menus from a queue without talking to an agent."""
    rules = prepared.model
    room = any(rule.capacity < NEVER for rule in prepared.queue_rules)
    return bool((rules.limit_us < NEVER).any()) or room or bool(prepared.scenario.behaviour.while_waiting)


def _keys_later(prepared: Prepared) -> bool:
    """Whether a caller may press a key after joining a queue: to leave it, in the menus after it, or after a talk."""
    rules = prepared.model
    if prepared.scenario.behaviour.while_waiting:
        return True
    room = np.array([rule.capacity < NEVER for rule in prepared.queue_rules])
    may = {"timeout": rules.limit_us < NEVER, "full": (rules.queue >= 0) & room[rules.queue]}
    to = rules.chain.to
    ahead = np.zeros(len(to), dtype=bool)
    for label, at in rules.exit_to.items():
        if not label.startswith("key "):
            ahead[at[(at >= 0) & may.get(label, at >= 0)]] = True
    while True:
        reached = ahead.copy()
        onward = to[ahead & (rules.chain.kind != QUEUE)]
        reached[onward[onward >= 0]] = True
        if np.array_equal(reached, ahead):
            return bool(rules.keys[ahead & (rules.chain.kind != QUEUE)].any())
        ahead = reached


class _Load(TypedDict):
    arrivals_per_hour: float
    aht_s: float
    agents: int


@dataclass(frozen=True)
class _Floor:
    """A floor where all agents are alike and all offered callers are served alike."""

    per_hour: float
    queues: dict[str, float]
    aht_s: float
    patience: Distribution | None
    agents: int
    priorities: tuple[float, ...]

    @property
    def load(self) -> _Load:
        """The parameters common to all formulas."""
        return {"arrivals_per_hour": self.per_hour, "aht_s": self.aht_s, "agents": self.agents}


def _floor(prepared: Prepared, menu: MenuAnswer, staff: StaffTable, routing: RoutingTable) -> ExactValues | None:
    alike = _alike(prepared, menu, staff, routing)
    if alike is None:
        return None
    lines, general = prepared.scenario.lines, prepared.scenario.service_level.threshold
    within = {prepared.scenario.own_thresholds.get(queue, general) for queue in alike.queues}
    if len(within) > 1:
        return None  # the formulas have one threshold
    within_s = within.pop()
    rate = prepared.scenario.arrivals.per_hour[0]
    note = _steady_enough(alike, prepared, menu)
    if not note:
        return None
    one_class = len(set(alike.priorities)) == 1
    try:
        if lines is not None:
            if not one_class or not isinstance(alike.patience, Exponential | None):
                return None
            answer = theory.menu_lines_agents(
                arrivals_per_hour=rate,
                menu_s=max(menu.menu_s, _NO_MENU_S),
                share_to_agents=menu.offered,
                aht_s=alike.aht_s,
                agents=alike.agents,
                lines=lines,
                patience_s=alike.patience.mean if alike.patience else None,
                within_s=within_s,
            )
            return ExactValues("menu, lines and agents (product form)", answer.as_dict(), note=note)
        if not one_class:
            return None if alike.patience else _priorities(alike, note)
        if alike.patience is None:
            return ExactValues(
                "Erlang C (M/M/n)", theory.erlang_c(**alike.load, within_s=within_s).as_dict(), note=note
            )
        if isinstance(alike.patience, Exponential):
            answer = theory.erlang_a(**alike.load, patience_s=alike.patience.mean, within_s=within_s)
            return ExactValues("Erlang A (M/M/n+M)", answer.as_dict(), note=note)
        patience = _patience(alike.patience)
        if patience is None:
            return None
        return ExactValues(
            f"M/M/n+G, {alike.patience.kind} patience",
            theory.mmn_plus_g(**alike.load, patience=patience, within_s=within_s).as_dict(),
            note=note,
        )
    except LimitError:
        return None  # the queue grows without bound: there is no steady state


def _priorities(alike: _Floor, note: str) -> ExactValues:
    classes = sorted(set(alike.priorities), reverse=True)
    of = dict(zip(alike.queues, alike.priorities, strict=True))
    rates = [sum(rate for queue, rate in alike.queues.items() if of[queue] == level) for level in classes]
    answer = theory.priorities_mmn(arrivals_per_hour=rates, aht_s=alike.aht_s, agents=alike.agents)
    wait = dict(zip(classes, answer.mean_wait_s, strict=True))
    by_queue = {
        queue: {"mean_wait_s": wait[of[queue]], "wait_probability": answer.wait_probability} for queue in alike.queues
    }
    mean = sum(rate * wait[level] for level, rate in zip(classes, rates, strict=True)) / sum(rates)
    values = {"wait_probability": answer.wait_probability, "occupancy": answer.occupancy, "mean_wait_s": mean}
    return ExactValues(f"M/M/n with {len(classes)} priorities", values, by_queue, note)


def _alike(prepared: Prepared, menu: MenuAnswer, staff: StaffTable, routing: RoutingTable) -> _Floor | None:
    scenario, rules = prepared.scenario, prepared.model
    if (
        scenario.arrivals.kind != "constant"
        or scenario.arrivals.weekdays
        or scenario.arrivals.busyness
        or len(prepared.arrivals.wants.share) > 1
        or not menu.offered * scenario.arrivals.per_hour[0]
    ):
        return None
    if len(staff.agent) == 0 or staff.on_us.any() or (staff.off_us != prepared.horizon_us).any():
        return None
    offered = {queue: share for queue, share in menu.queue.items() if share > _NOBODY}
    codes = [rules.queues.index(queue) for queue in offered]
    groups = sorted(set(staff.group.tolist()))
    names = list(scenario.groups)
    for q in codes:
        for g in groups:
            if routing.rank[q][g] is None or routing.after_us[q][g] or routing.pull[q][g] != routing.pull[codes[0]][g]:
                return None
    if any(routing.keep_idle) or any(routing.weight_per_s[q] for q in codes) or "time_in_system" in routing.order:
        return None
    talk = {scenario.talk_of(queue, names[g]) for queue in offered for g in groups}
    wrap = {scenario.times("after_call_work", queue) for queue in offered}
    patience = {scenario.times("patience", queue) for queue in offered}
    joined = np.isin(rules.queue, codes)
    limited = rules.limit_us[joined] < NEVER
    if (
        len(np.unique(rules.urgency[joined])) > 1
        or (staff.speed != 1).any()
        or any(
            group.shrinkage or group.fractional or group.outbound or group.pauses or group.chats
            for group in scenario.groups.values()
        )
    ):
        return None
    if scenario.behaviour.while_waiting or any(
        times.transfer or times.conference for times in scenario.queues.values()
    ):
        return None
    if any(rule.capacity < NEVER or rule.needs_chance for rule in prepared.queue_rules) or _talk_leads_to_a_queue(
        rules
    ):
        return None
    if len(talk) > 1 or wrap != {(Constant(0.0),)} or len(patience) > 1 or limited.any():
        return None
    [times], [bears] = talk, patience
    if not times or len(times) > 1 or not isinstance(times[0], Exponential) or (bears and len(bears) > 1):
        return None
    own = bears[0] if bears and bears[0].mean < math.inf else None
    rate = scenario.arrivals.per_hour[0]
    return _Floor(
        rate * menu.offered,
        {queue: rate * share for queue, share in offered.items()},
        times[0].mean,
        own,
        len(staff.agent),
        tuple(routing.priority[q] for q in codes),
    )


def _talk_leads_to_a_queue(rules: CallerModel) -> bool:
    """Whether callers can reach a queue after a talk."""
    answered = rules.exit_to.get("answered")
    todo = [] if answered is None else answered[answered >= 0].tolist()
    seen: set[int] = set()
    while todo:
        here = todo.pop()
        if here not in seen:
            seen.add(here)
            if rules.queue[here] >= 0:
                return True
            todo += [to for to in rules.chain.to[here].tolist() if to >= 0]
    return False


def _steady_enough(alike: _Floor, prepared: Prepared, menu: MenuAnswer) -> str:
    """Return a note on starting empty, or nothing if the horizon is too short for a steady state.

    A stable birth-death queue in which nobody hangs up forgets its start at the rate (sqrt(n mu) - sqrt(lambda))^2
    (Morse 1958, "Queues, Inventories and Maintenance", chapter 6); if callers hang up, at least at min(mu, theta).
    """
    rate, busy = alike.per_hour / 3600, alike.agents / alike.aht_s
    if alike.patience is None and prepared.scenario.lines is None:
        gap = (math.sqrt(busy) - math.sqrt(rate)) ** 2 if busy > rate else 0.0
        relaxation_s = max(1 / gap, alike.aht_s) if gap else math.inf
    else:
        relaxation_s = max(alike.aht_s, alike.patience.mean if alike.patience else alike.aht_s, menu.menu_s)
    if prepared.scenario.horizon < LONG * relaxation_s:
        return ""
    percent = 100 * relaxation_s / prepared.scenario.horizon
    return f"steady state; the simulated period starts empty, which moves waits by roughly {percent:.2g} %"


def _patience(of: Distribution) -> theory.Patience | None:
    return of if isinstance(of, Lognormal | Triangular | Uniform | Constant) else None
