"""The menu stage of many callers, compiled: what ``simulation.menus.sampled_walk`` does, draw for draw and bit for bit, in one pass a
step.

Held to it by a test on every shipped flow. Only the times that a distribution adds are still drawn by NumPy, because
their quantiles are.
"""

from __future__ import annotations

import math

import numpy as np

from flows.values.units import US_PER_S
from ivr.records.schema import outcome_code
from simulation.engines.kernel.jit import kept
from simulation.menus import sampled_walk as readable
from simulation.menus.caller_model import AHEAD, FIRST, HEAR_ALL, CallerModel
from simulation.menus.chain import CLOCK, HANGUP, KEYS, LISTEN, QUEUE
from simulation.menus.sampled_walk import MAX_STEPS, Callers, Menus
from simulation.sampling.streams import Streams
from simulation.tables.call_table import OFFERED

__all__ = ["walk"]

_WALKING = -2
_CONTAINED, _FAILED = outcome_code("contained"), outcome_code("failed")
_KEYS = len(KEYS)


def walk(
    rules: CallerModel,
    callers: Callers,
    streams: Streams,
    *,
    begin: np.ndarray | None = None,
    stage: str = "menu",
    record: bool = False,
) -> Menus:
    """Walk all callers to the end of their menus; parameters and result as of ``simulation.menus.sampled_walk.walk``, which keeps
    steps.
    """
    if record:
        return readable.walk(rules, callers, streams, begin=begin, stage=stage, record=True)
    chain, n = rules.chain, len(callers.arrived_us)
    position = np.full(n, chain.start, dtype=np.int32) if begin is None else begin.astype(np.int32)
    time_s, used = np.zeros(n), np.zeros(n)
    ending = np.full(n, _WALKING, dtype=np.int8)
    ending[position < 0] = _CONTAINED
    presses, zero_out = np.zeros(n, dtype=np.int16), np.zeros(n, dtype=np.bool_)
    active = np.flatnonzero(position >= 0)
    tables, wishes, column = _tables(rules), rules.goal_policy, callers.columns()
    edge, extra = np.empty(n, np.int16), np.empty(n, np.int16)
    leg = np.empty(n)
    for step in range(MAX_STEPS):
        active = active[: _arrive(active, position, time_s, ending, chain.kind, rules.whole_s, rules.at_end)]
        if not len(active):
            break
        u = streams.generator(f"{stage}/choice/{step}").random(n)
        timed = _choose(
            active,
            position,
            u,
            callers.arrived_us,
            column,
            callers.language,
            callers.kind_u,
            time_s,
            edge,
            leg,
            extra,
            *tables,
        )
        if timed:
            time_u = streams.generator(f"{stage}/time/{step}").random(n)
            time_u = time_u if len(active) == n else time_u[active]
            codes = extra[: len(active)]
            counts = np.bincount(codes)
            for code in np.flatnonzero(counts[1:]) + 1:
                rows = slice(len(active)) if counts[code] == len(active) else np.flatnonzero(codes == code)
                leg[rows] += rules.extras[code].quantile(time_u[rows])
        active = active[
            : _go_on(
                active,
                position,
                u,
                callers.staying,
                callers.intent,
                time_s,
                used,
                ending,
                presses,
                zero_out,
                edge,
                leg,
                rules.quits,
                rules.rate_per_s,
                rules.keys,
                rules.zero_edge,
                rules.serves,
                chain.to,
                rules.hung_up,
                rules.end_code,
                column,
                wishes.asked,
                wishes.told_no,
                wishes.leads,
                wishes.door,
                wishes.is_goal,
            )
        ]
    ending[ending == _WALKING] = _FAILED
    queue = np.where(ending == OFFERED, rules.queue[position], -1)
    return Menus(
        menu_us=np.rint(time_s * US_PER_S).astype(np.int64),
        ending=ending,
        queue=queue.astype(np.int16),
        position=position,
        key_presses=presses,
        zero_out=zero_out,
        heard_language=rules.heard_language[position],
    )


def _tables(rules: CallerModel) -> tuple[np.ndarray, ...]:
    """The columns that a choice reads, each of one type, so that the code is compiled once."""
    chain, openings = rules.chain, rules.opening_states
    return (
        chain.kind.astype(np.int8, copy=False),
        rules.hear_all.astype(float, copy=False),
        rules.key_ahead.astype(float, copy=False),
        rules.silent.astype(float, copy=False),
        rules.zero.astype(float, copy=False),
        rules.wrong.astype(float, copy=False),
        rules.quits.astype(float, copy=False),
        rules.drawn.astype(np.bool_, copy=False),
        rules.digits.astype(np.bool_, copy=False),
        rules.chance.astype(float, copy=False),
        rules.goal_policy.want,
        rules.want_language.astype(np.int8, copy=False),
        rules.silence.astype(np.int8, copy=False),
        rules.zero_edge.astype(np.int8, copy=False),
        rules.miss.astype(np.int8, copy=False),
        rules.clock_edge.astype(np.int8, copy=False),
        chain.key_edge.astype(np.int8, copy=False),
        rules.heard_s.astype(float, copy=False),
        rules.rest_s.astype(float, copy=False),
        rules.extra.astype(np.int16, copy=False),
        openings.changes_us.astype(np.int64, copy=False),
        openings.state_at.astype(np.int64, copy=False),
    )


@kept
def _arrive(active, position, time_s, ending, kind, whole_s, at_end):  # pragma: no cover - compiled
    """End the menus of those who have come to a queue or a hang-up; keep the others, and return how many."""
    kept = 0
    for i in active:
        at = position[i]
        if kind[at] == QUEUE:
            time_s[i] += whole_s[at]
            ending[i] = OFFERED
        elif kind[at] == HANGUP:
            time_s[i] += whole_s[at]
            ending[i] = at_end[at]
        else:
            active[kept] = i
            kept += 1
    return kept


@kept
def _drawn(chance, at, u):  # pragma: no cover - compiled
    """The edge in whose share the uniform falls."""
    edges = 0
    for j in range(chance.shape[1]):
        if u >= chance[at, j]:
            edges += 1
    return min(edges, chance.shape[1] - 1)


@kept
def _clip(x):  # pragma: no cover - compiled
    return min(max(x, 0.0), 1.0)


@kept
def _slip(key_edge, digits, miss, at, meant, u):  # pragma: no cover - compiled
    """Another key than meant, any alike; where digits are entered, something that is no such number."""
    if digits[at]:
        return miss[at] if miss[at] >= 0 else meant
    own = -1
    for k in range(_KEYS):
        if key_edge[at, k] == meant:
            own = k
            break
    other = min(int(u * (_KEYS - 1 if own >= 0 else _KEYS)), _KEYS - 1)
    if own >= 0 and other >= own:
        other += 1
    taken = key_edge[at, min(other, _KEYS - 1)]
    return taken if taken >= 0 else meant


@kept
def _choose(
    active,
    position,
    u,
    arrived_us,
    column,
    language,
    kind_u,
    time_s,
    edges,
    legs,
    extras,
    kind,
    hear_all,
    key_ahead,
    silent,
    zero,
    wrong,
    quits,
    drawn,
    digits,
    chance,
    want,
    want_language,
    silence,
    zero_edge,
    miss,
    clock_edge,
    key_edge,
    heard_s,
    rest_s,
    extra,
    changes_us,
    clock_at,
):  # pragma: no cover - compiled
    """For each active caller the edge taken, the seconds until then, and which distribution adds to them; whether any
    does.
    """
    timed = False
    for row in range(len(active)):
        i = active[row]
        at = position[i]
        unasked = False
        edge = 0
        heard = 0
        if drawn[at]:
            within = (
                u[i] / max(quits[at], 1e-12) if u[i] < quits[at] else (u[i] - quits[at]) / max(1 - quits[at], 1e-12)
            )
            edge = _drawn(chance, at, _clip(within))
            heard = edge
        elif kind[at] == CLOCK:
            clock = clock_at[0]
            if len(changes_us):
                now = arrived_us[i] + np.int64(np.rint(time_s[i] * US_PER_S))
                clock = clock_at[np.searchsorted(changes_us, now, side="right")]
            edge = clock_edge[clock, at]
            heard = edge
        elif kind[at] == LISTEN:
            wish = want[at, column[i]]
            if want_language[at, language[i]] > -2:
                wish = want_language[at, language[i]]
            means_silence = wish >= 0 and wish == silence[at]
            rest = _clip((u[i] - silent[at] - zero[at]) / max(1 - silent[at] - zero[at], 1e-12))
            if wish >= 0:
                edge = wish
            else:
                edge = _drawn(chance, at, rest)
                low = chance[at, edge - 1] if edge > 0 else 0.0
                rest = _clip((rest - low) / max(chance[at, edge] - low, 1e-12))
            heard = edge
            if rest < wrong[at] and not means_silence:
                edge = _slip(key_edge, digits, miss, at, edge, rest / max(wrong[at], 1e-12))
            unasked = silent[at] <= u[i] < silent[at] + zero[at]
            if unasked:
                edge = zero_edge[at]
                heard = edge
            if u[i] < silent[at]:
                edge = silence[at]
                heard = edge
        listens = FIRST
        if kind_u[i] < hear_all[at]:
            listens = HEAR_ALL
        elif kind_u[i] >= 1 - key_ahead[at]:
            listens = AHEAD
        edges[row] = edge
        legs[row] = heard_s[AHEAD if unasked else listens, at, heard] + rest_s[at, edge]
        extras[row] = extra[at, edge]
        if extras[row] > 0:
            timed = True
    return timed


@kept
def _go_on(
    active,
    position,
    u,
    staying,
    intent,
    time_s,
    used,
    ending,
    presses,
    zero_out,
    edges,
    legs,
    quits,
    rate_per_s,
    keys,
    zero_edge,
    serves,
    to,
    hung_up,
    end_code,
    column,
    asked,
    told_no,
    leads,
    door,
    is_goal,
):  # pragma: no cover - compiled
    """Let the time pass; move those who go on, keep them in `active`, and return how many they are."""
    kept = 0
    for row in range(len(active)):
        i = active[row]
        at = position[i]
        edge = edges[row]
        leg = legs[row]
        quitting = u[i] < quits[at]
        rate = rate_per_s[at]
        left_s = (staying[i] - used[i]) / rate if rate > 0 else math.inf
        gone = left_s < leg or quitting
        stay = leg if quitting else min(leg, left_s)
        time_s[i] += stay
        used[i] += rate * stay
        if gone:
            ending[i] = hung_up[at]
            continue
        if keys[at, edge] > 0:
            presses[i] += keys[at, edge]
            if edge == zero_edge[at]:
                zero_out[i] = True
        if serves[at, intent[i]]:
            ending[i] = _CONTAINED
        elif to[at, edge] < 0:
            ending[i] = end_code[at, edge]
        else:
            position[i] = to[at, edge]
            if is_goal[at, intent[i]]:
                column[i] = leads.shape[1] - 1
            elif asked[at] >= 0 and position[i] != door[at] and not leads[position[i], told_no[column[i], asked[at]]]:
                column[i] = told_no[column[i], asked[at]]
            active[kept] = i
            kept += 1
    return kept
