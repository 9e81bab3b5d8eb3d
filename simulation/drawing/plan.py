"""What the compiled drawing reads of a scenario, built once for all its replications."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ivr.interpreter.chain import PASSED_ON
from ivr.records.schema import NEVER, outcome_code
from simulation.arrays import Floats, Ints, Times
from simulation.drawing.columns import CODES, SHORTS, WHOLES
from simulation.drawing.laws import KINDS, Laws
from simulation.drawing.state import EDGE, OPTION, PLACE, QUEUE, RUN
from simulation.menus.caller_model import CallerModel
from simulation.menus.sampled_walk import listens_differently, may_hang_up
from simulation.sampling.distributions import Distribution, Gamma, Lognormal
from simulation.sampling.purposes import AGAIN, AGENT, CALLER, FLOOR, MENU, VISIT, WAITING
from simulation.sampling.streams import hashed
from simulation.scenario.calling_again import CallingAgain, calling_again
from simulation.scenario.model import Scenario
from simulation.scenario.routing import first_queue_nodes
from simulation.tables.columns import TRIED_AGAIN
from simulation.workload.arrivals.base import Busyness, Expected
from simulation.workload.build_call_table import Prepared
from simulation.workload.draw_patience_and_talk import pause_columns, talk_columns
from simulation.workload.visit_exits import CLOSED, keys_by_position, talks_lead_on

__all__ = ["Plan", "plan"]

Structs = npt.NDArray[np.void]
Array = npt.NDArray[Any]
_OF = {
    "urgency": ("urgency",),
    "limit": ("limit_us", "limit_delay_us", "limit_ending", "limit_next", "limit_keys"),
    "full": ("full_delay_us", "full_ending", "full_next", "full_keys"),
    "talk_exit": ("talk_delay_us", "talk_keys"),
    "ring": ("ring_us", "reached_at"),
    "repeat": ("repeat_after_us",),
    "pick": ("agent_draw",),
    "patience": ("patience_us",),
    "work": ("acw_us",),
}
"""The columns that are drawn if a scenario has something; without it they have the same value in all rows."""
_PURPOSES = (CALLER, MENU, VISIT, WAITING, FLOOR, AGAIN, AGENT)


@dataclass(frozen=True)
class Plan:
    """What all replications share.

    Parameters
    ----------
    prepared : Prepared
    horizon_us : int
    run : numpy.ndarray
        The record ``RUN`` at the beginning.
    tables : dict of str to numpy.ndarray
        The fields of ``World`` that no replication changes.
    talk_column : tuple of int
    """

    prepared: Prepared
    horizon_us: int
    run: Structs
    tables: dict[str, Array]
    talk_column: tuple[int, ...]

    @cached_property
    def again(self) -> tuple[CallingAgain, ...]:
        """Who calls again, by intent; empty if nobody does."""
        return calling_again(self.prepared.scenario)

    @cached_property
    def on_usual_days(self) -> tuple[Floats, Expected | None]:
        """On average days: the shares of intents in each period, added up, and the calls expected by when."""
        return cumulative_rows(self.prepared.arrivals.wants.share), self.expected()

    def expected(self, busyness: Busyness = 1.0) -> Expected | None:
        """The calls expected by when; None if they do not arrive by a Poisson process."""
        made: Callable[..., Expected] | None = getattr(self.prepared.arrivals.process, "expected", None)
        return None if made is None else made(self.horizon_us, busyness)

    @cached_property
    def drawn(self) -> tuple[tuple[str, str, int], ...]:
        """The columns that are drawn: name, and the field of ``World`` and the row in which they are."""
        s = self.run[0]
        missing = {name for has, names in _OF.items() if not s[f"has_{has}"] for name in names}
        if not (s["has_talk_exit"] or s["has_transfer"]):
            missing.add("talk_next")
        fields = (("whole", WHOLES[:-1]), ("short", SHORTS), ("code", CODES))
        return tuple(
            (name, field, row) for field, names in fields for row, name in enumerate(names) if name not in missing
        )

    @cached_property
    def pause_column(self) -> tuple[int, ...]:
        """By agent group, which of the columns of pauses it has."""
        return pause_columns(self.prepared.scenario)[1]

    @cached_property
    def retry_outcomes(self) -> tuple[int, ...]:
        """After which outcomes callers try again."""
        again = self.prepared.scenario.behaviour.retry
        return tuple(outcome_code(name) for name in again.on) if again else TRIED_AGAIN

    @cached_property
    def urgencies(self) -> tuple[float, ...]:
        """What an urgency adds to the priority of a queue."""
        return tuple(self.prepared.model.urgencies.tolist())

    def may_go_on(self) -> bool:
        """Whether any call may join a second queue."""
        s = self.run[0]
        return bool(s["has_limit"] or s["has_full"] or s["has_talk_exit"] or s["has_transfer"])


def plan(prepared: Prepared) -> Plan | None:
    """Return what the compiled drawing reads of a scenario; None if it cannot draw a distribution or conferences."""
    scenario, model = prepared.scenario, prepared.model
    if any(times.conference for times in scenario.queues.values()):
        return None
    laws = Laws()
    try:
        keys, keys_of = _keys(scenario, model, laws)
        places, edges = _places(model, keys_of), _edges(model, laws)
        queues, transfers = _queues(prepared, laws)
        times, talk_column = _times(scenario, model, laws)
        run = _run(prepared, laws, times, keys, transfers)
        of_steps = np.bincount(edges["extra"].ravel()[edges["extra"].ravel() > 0])
        run[0]["menu_law"] = np.argmax(of_steps) - 1 if len(of_steps) else -1
    except KeyError:
        return None
    s = run[0]
    tables: dict[str, Array] = {
        "places": places,
        "edges": edges,
        "at": _at(model, s),
        "links": _links(model, times, s),
        "moments": _moments(model, scenario, s),
        "queues": queues,
        "options": np.concatenate([keys, transfers]),
    }
    queues["transfer_from"] += len(keys)
    queues["transfer_to"] += len(keys)
    s["language_share"] = laws.keep(cumulative(model.language_share))
    tables |= {"laws": laws.records(), "values": laws.values()}
    horizon_us = prepared.horizon_us
    return Plan(
        prepared, horizon_us, run, {name: np.ascontiguousarray(table) for name, table in tables.items()}, talk_column
    )


def _at(model: CallerModel, s: Any) -> Ints:
    """i1[positions, columns]: what depends on the position and on one thing more."""
    policy = model.goal_policy
    parts = {
        "want": policy.want,
        "want_language": model.want_language,
        "key_edge": model.chain.key_edge,
        "clock_edge": model.clock_edge.T,
        "urgency": np.searchsorted(model.urgencies, model.urgency),
        "is_goal": policy.is_goal,
        "serves": model.serves,
        "leads": policy.leads,
    }
    for name, first in zip(parts, np.cumsum([0, *(part.shape[1] for part in parts.values())]), strict=False):
        s[name] = first
    return np.concatenate([part.astype(np.int8) for part in parts.values()], axis=1)


def _links(model: CallerModel, times: Ints, s: Any) -> Ints:
    told_no, passed_on = model.goal_policy.told_no, _passed_on(model)
    s["told_no"], s["asked"] = 0, told_no.shape[1]
    s["passed_on"], s["positions"] = told_no.size, passed_on.shape[1]
    s["times"] = told_no.size + passed_on.size
    s["shares"] = s["times"] + times.size
    shares = model.chance_of * len(model.chain.states)
    return np.concatenate([part.astype(np.int32).ravel() for part in (told_no, passed_on, times, shares)])


def _moments(model: CallerModel, scenario: Scenario, s: Any) -> Times:
    openings = model.opening_states
    s["changes"], s["states"] = 0, len(openings.changes_us)
    s["edges"] = len(openings.changes_us) + len(openings.state_at)
    return np.concatenate([openings.changes_us, openings.state_at, scenario.cut.edges_us]).astype(np.int64)


def cumulative(shares: Floats) -> Floats:
    """Shares, added up, as parts of all."""
    return np.asarray(np.cumsum(shares) / np.sum(shares))


def cumulative_rows(shares: Floats) -> Floats:
    """The shares of each row, added up, as parts of all of the row."""
    return np.stack([cumulative(row) for row in shares])


def signed(key: int) -> int:
    """The same 64 bits as a number with a sign."""
    return key - 2**64 if key >= 2**63 else key


def _run(prepared: Prepared, laws: Laws, times: Ints, keys: Structs, transfers: Structs) -> Structs:
    scenario, model, rules = prepared.scenario, prepared.model, prepared.queue_rules
    retry, queues = scenario.behaviour.retry, len(model.queues)
    again = calling_again(scenario)
    run = np.zeros(1, RUN)
    s = run[0]
    for purpose in _PURPOSES:
        s[f"of_{purpose}"] = signed(hashed(purpose))
    s["start"], s["nothing"] = model.chain.start, model.goal_policy.nothing
    s["listens"], s["hangs_up"] = listens_differently(model), may_hang_up(model)
    s["several_intents"], s["several_languages"] = len(model.intents) - 1, len(model.languages) - 1
    s["attempts"] = max((of.attempts for of in again), default=1)
    s["keeps_patience"] = retry is None or retry.patience == "keep"
    s["has_repeat"] = any(of.share_handled and of.attempts > 1 for of in again)
    rows = [(of.share, of.handled_from, laws.number(of.after), laws.number(of.after_handled)) for of in again]
    s["again"] = laws.keep(rows)
    s["intervals"], s["talk_columns"] = times.shape[1], len(times) // queues - 2
    s["has_urgency"] = len(model.urgencies) > 1
    s["has_limit"] = len(keys) > 1 or model.limit_us.min(initial=NEVER) < NEVER
    s["has_full"] = any(rule.capacity < NEVER for rule in rules)
    s["has_talk_exit"] = talks_lead_on(model)
    s["has_transfer"] = len(transfers) > 1
    s["has_chance"] = any(rule.needs_chance for rule in rules)
    s["has_ring"] = any(queue.callback for queue in scenario.queues.values())
    s["has_pick"] = scenario.routing.at_random
    pauses, _ = pause_columns(scenario)
    s["pause_columns"] = len(pauses)
    s["pause_shares"] = laws.keep(np.array([of.after_calls for of in pauses]))
    s["pause_laws"] = laws.keep(np.array([float(laws.number(of.length)) for of in pauses]))
    s["has_patience"], s["has_work"] = (times[:queues] >= 0).any(), (times[queues : 2 * queues] >= 0).any()
    s["has_talk"] = (times[2 * queues :] >= 0).any()
    s["meets"] = any(s[name] for name in ("several_intents", "several_languages", "listens", "hangs_up"))
    s["scores"] = any(KINDS[kind] in (Lognormal, Gamma) for kind in laws.records()["kind"])
    return run


def _places(model: CallerModel, keys_of: dict[int, tuple[int, int]]) -> Structs:
    chain, policy = model.chain, model.goal_policy
    places = np.zeros(len(chain.states), PLACE)
    for name in ("drawn", "silence", "zero_edge", "digits", "miss", "hung_up", "whole_s", "rate_per_s", "quits"):
        places[name] = getattr(model, name)
    for name in ("silent", "zero", "wrong", "hear_all", "at_end", "queue"):
        places[name] = getattr(model, name)
    places["outcomes"] = [len(labels) for labels in chain.label]
    places["kind"], places["asked"], places["door"] = chain.kind, policy.asked, policy.door
    places["key_ahead_from"], places["language"], places["limit"] = (
        1 - model.key_ahead,
        model.heard_language,
        model.limit_us,
    )
    for exit_, label in (("timeout", "timeout"), ("full", "full"), ("answered", "answered")):
        places[f"{exit_}_to"], places[f"{exit_}_ending"] = -1, CLOSED
        if label in model.exit_to:
            places[f"{exit_}_to"], places[f"{exit_}_ending"] = model.exit_to[label], model.exit_code[label]
            if exit_ != "answered":
                places[f"{exit_}_keys"] = model.exit_keys[label]
    for at, (first, end) in keys_of.items():
        places[at]["keys_from"], places[at]["keys_to"] = first, end
    return places


def _edges(model: CallerModel, laws: Laws) -> Structs:
    """The edges, position by position, once for each set of shares: only those differ."""
    edges = np.zeros(model.chance.shape, EDGE)
    edges["to"], edges["keys"], edges["ending"] = model.chain.to, model.keys, model.end_code
    edges["chance"], edges["rest_s"] = model.chance, model.rest_s
    edges["first_s"], edges["hear_all_s"], edges["ahead_s"] = model.heard_s
    used = np.unique(model.extra)
    law = np.zeros(len(model.extras), np.int64)
    for code in used[used > 0].tolist():
        law[code] = laws.number(model.extras[code]) + 1  # 0 = nothing is added
    edges["extra"] = law[model.extra]
    return edges.reshape(-1, model.chain.to.shape[1])


def _keys(scenario: Scenario, model: CallerModel, laws: Laws) -> tuple[Structs, dict[int, tuple[int, int]]]:
    rows: list[tuple[int, int, int, int, float]] = []
    ranges = {}
    for at, keys in keys_by_position(scenario, model).items():
        first = len(rows)
        for label, share, after in keys:
            to, code, presses = model.exit_to[label][at], model.exit_code[label][at], model.exit_keys[label][at]
            rows.append((laws.number(after), int(to), int(code), int(presses), share))
        ranges[at] = (first, len(rows))
    return np.array([*rows, (0, 0, 0, 0, 0.0)], OPTION), ranges


def _queues(prepared: Prepared, laws: Laws) -> tuple[Structs, Structs]:
    scenario, names = prepared.scenario, prepared.model.queues
    queues = np.zeros(len(names), QUEUE)
    transfers: list[tuple[int, int, int, int, float]] = []
    for q, name, rule in zip(queues, names, prepared.queue_rules, strict=True):
        stated = scenario.queues.get(name)
        q["limited"], q["ring"] = rule.capacity < NEVER, -1
        q["transfer_from"] = len(transfers)
        if stated:
            transfers += [(0, names.index(transfer.to), 0, 0, transfer.share) for transfer in stated.transfer]
        q["transfer_to"] = len(transfers)
        if stated and stated.callback:
            offer = stated.callback
            missed = (1 - offer.answered) ** np.arange(1, offer.attempts + 1)
            q["ring"], q["attempts"], q["missed"] = laws.number(offer.ring), offer.attempts, laws.keep(missed)
    return queues, np.array([*transfers, (0, 0, 0, 0, 0.0)], OPTION)


def _passed_on(model: CallerModel) -> Ints:
    """i4[queue, position]: where a caller waits who is transferred to a queue."""
    nodes = first_queue_nodes(model.chain.flow)
    found = np.full((len(model.queues), len(model.chain.states)), -1, np.int32)
    for queue, name in enumerate(model.queues):
        label = PASSED_ON + nodes.get(name, "")
        if label in model.exit_to:
            found[queue] = model.exit_to[label]
    return found


def _times(scenario: Scenario, model: CallerModel, laws: Laws) -> tuple[Ints, tuple[int, ...]]:
    """i4[rows, intervals]: the law of patience, then of after-call work, then of talk, by queue; -1 for none."""
    columns, talk_column = talk_columns(scenario, model)
    stated: list[tuple[Distribution, ...] | None] = [scenario.times("patience", queue) for queue in model.queues]
    stated += [scenario.times("after_call_work", queue) for queue in model.queues]
    stated += [of for by_queue in columns for of in by_queue]
    intervals = scenario.intervals if any(of and len(of) > 1 for of in stated) else 1
    table = np.full((len(stated), intervals), -1, np.int32)
    for row, of in zip(table, stated, strict=True):
        if of:
            numbers = np.array([laws.number(one) for one in of])
            row[:] = numbers if len(of) == 1 else numbers[scenario.places(len(of))]
    return table, talk_column
