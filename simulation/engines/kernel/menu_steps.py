"""Steps of the menu walk for all callers at once: whose menu ends, what they choose, how they go on. Compiled."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from flows.values.units import US_PER_S
from ivr.records.schema import outcome_code
from simulation.engines.kernel.jit import part
from simulation.menus.caller_model import AHEAD, FIRST, HEAR_ALL
from simulation.menus.chain import CLOCK, HANGUP, KEYS, LISTEN, QUEUE
from simulation.tables.call_table import OFFERED

__all__ = ["arrive_at_ends", "choose", "go_on"]

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]
Ints = npt.NDArray[np.integer[Any]]

_CONTAINED = outcome_code("contained")
_KEYS = len(KEYS)


@part
def arrive_at_ends(
    active: Int64s, position: Ints, time_s: Floats, ending: Ints, kind: Ints, whole_s: Floats, at_end: Ints
) -> int:  # pragma: no cover - compiled
    """End the menus of callers who have reached a queue or a hang-up; keep the others and return their number."""
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


@part
def _drawn(chance: Floats, at: int, u: float) -> int:  # pragma: no cover - compiled
    """The edge whose share contains `u`."""
    edges = 0
    last: int = chance.shape[1] - 1
    for j in range(last + 1):
        if u >= chance[at, j]:
            edges += 1
    return min(edges, last)


@part
def _clip(x: float) -> float:  # pragma: no cover - compiled
    return min(max(x, 0.0), 1.0)


@part
def _slip(
    key_edge: Ints, digits: npt.NDArray[np.bool_], miss: Ints, at: int, meant: int, u: float
) -> int:  # pragma: no cover - compiled
    """A wrong key, each equally likely; where digits are entered, a number that does not match."""
    if digits[at]:
        other_number: int = miss[at] if miss[at] >= 0 else meant
        return other_number
    own = -1
    for k in range(_KEYS):
        if key_edge[at, k] == meant:
            own = k
            break
    other = min(int(u * (_KEYS - 1 if own >= 0 else _KEYS)), _KEYS - 1)
    if own >= 0 and other >= own:
        other += 1
    taken: int = key_edge[at, min(other, _KEYS - 1)]
    return taken if taken >= 0 else meant


@part
def choose(  # noqa: C901 - split up, each branch would pass a dozen arrays
    active: Int64s,
    position: Ints,
    u: Floats,
    arrived_us: Int64s,
    column: Ints,
    language: Ints,
    kind_u: Floats,
    time_s: Floats,
    edges: Ints,
    legs: Floats,
    extras: Ints,
    kind: Ints,
    hear_all: Floats,
    key_ahead: Floats,
    silent: Floats,
    zero: Floats,
    wrong: Floats,
    quits: Floats,
    drawn: npt.NDArray[np.bool_],
    digits: npt.NDArray[np.bool_],
    chance: Floats,
    want: Ints,
    want_language: Ints,
    silence: Ints,
    zero_edge: Ints,
    miss: Ints,
    clock_edge: Ints,
    key_edge: Ints,
    heard_s: Floats,
    rest_s: Floats,
    extra: Ints,
    changes_us: Int64s,
    state_at: Int64s,
) -> bool:  # pragma: no cover - compiled
    """For each active caller: the edge taken, the seconds until then, the distribution that adds to these seconds.

    Returns whether any distribution adds to them.
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
            state = state_at[0]
            if len(changes_us):
                now = arrived_us[i] + np.int64(np.rint(time_s[i] * US_PER_S))
                state = state_at[np.searchsorted(changes_us, now, side="right")]
            edge = clock_edge[state, at]
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


@part
def go_on(  # over 60 lines: half of them are its arrays
    active: Int64s,
    position: Ints,
    u: Floats,
    staying: Floats,
    intent: Ints,
    time_s: Floats,
    used: Floats,
    ending: Ints,
    presses: Ints,
    zero_out: npt.NDArray[np.bool_],
    edges: Ints,
    legs: Floats,
    quits: Floats,
    rate_per_s: Floats,
    keys: Ints,
    zero_edge: Ints,
    serves: npt.NDArray[np.bool_],
    to: Ints,
    hung_up: Ints,
    end_code: Ints,
    column: Ints,
    asked: Ints,
    told_no: Ints,
    leads: npt.NDArray[np.bool_],
    door: Ints,
    is_goal: npt.NDArray[np.bool_],
) -> int:  # pragma: no cover - compiled
    """Advance the time; move the callers who go on, keep them in `active` and return their number."""
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
