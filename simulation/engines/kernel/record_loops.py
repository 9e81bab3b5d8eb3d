"""One pass over the visits of a run, filling in what records add to them and checking conservation. Compiled.

The conventions are those of ``simulation.engines.results`` and ``simulation.engines.conservation``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ivr.records.schema import NONE, OUTCOMES, outcome_code, result_code
from simulation.engines.kernel.jit import part
from simulation.engines.kernel.state import Int8s, Int16s, Int64s

__all__ = ["calls_are_sound", "fill_visits", "times_are_sound"]

Bools = npt.NDArray[np.bool_]
Flags = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.integer[Any]]

_HANDLED, _HANDED_OVER, _UNREACHED, _CALLBACK, _JOINED, _UNJOINED = (
    result_code(name) for name in ("handled", "handed_over", "unreached", "callback", "joined", "unjoined")
)
_ENDED_HANDLED, _ENDED_CLOSED = outcome_code("handled"), outcome_code("closed")
_OUTCOMES = len(OUTCOMES)
_LAST, _EVER, _PROMISED, _CALLED_BACK = 1, 2, 4, 8


@part
def fill_visits(  # over 60 lines: half of them are its arrays
    call: Int64s,
    queue: Int16s,
    offered_us: Int64s,
    left_us: Int64s,
    result: Int8s,
    shift: Int64s,
    talk_us: Int64s,
    acw_us: Int64s,
    called_back: Bools,
    came: Int64s,
    agent_of: Int64s,
    group_of: Int16s,
    call_id: Int64s,
    seq: Int64s,
    answered_us: Int64s,
    agent: Int64s,
    group: Int16s,
    busy_us: Int64s,
    wrap_us: Int64s,
    flags: Flags,
) -> bool:  # pragma: no cover - compiled
    """Fill in the columns of visits and agents; return whether the visits can be true.

    `came` has the number of each call among those that came; empty if all came. `flags` tells of each call whether its
    last visit on the line was answered, and what else happened in its visits.
    """
    sound, before, count = True, NONE, 0
    for i in range(len(call)):
        count = count + 1 if call[i] == before else 0
        if call[i] < before:
            return False
        before = call[i]
        of = came[before] if len(came) else before
        call_id[i], seq[i] = of, count
        row, how = shift[i], result[i]
        if row == NONE:
            agent[i], group[i], answered_us[i] = NONE, NONE, NONE
        else:
            agent[i], group[i], answered_us[i] = agent_of[row], group_of[row], left_us[i]
            busy_us[row] += talk_us[i]
            wrap_us[row] += acw_us[i]
        taken = how in (_HANDLED, _HANDED_OVER, _UNREACHED, _JOINED)
        sound &= taken == (row != NONE) and left_us[i] >= offered_us[i]
        if called_back[i]:
            if how == _HANDLED:
                sound &= flags[of] & (_PROMISED | _CALLED_BACK) == _PROMISED
                flags[of] |= _CALLED_BACK
        elif how not in (_JOINED, _UNJOINED):
            flags[of] &= 255 - _LAST
            if how == _HANDLED:
                flags[of] |= _LAST | _EVER
            elif how == _CALLBACK:
                flags[of] |= _PROMISED
        goes_on = i + 1 < len(call) and call[i + 1] == call[i]
        if goes_on:
            free_us = left_us[i] + (0 if called_back[i] else talk_us[i])
            sound &= offered_us[i + 1] >= free_us or result[i + 1] in (_JOINED, _UNJOINED)
        if how == _HANDED_OVER:
            sound &= goes_on and queue[i + 1] == queue[i]
    return sound


@part
def calls_are_sound(
    arrived_us: Int64s, ended_us: Int64s, outcome: Int8s, flags: Flags, horizon_us: int
) -> bool:  # pragma: no cover - compiled
    """Whether each call has ended, not before it came, and as its visits tell."""
    sound = True
    for i in range(len(outcome)):
        how = outcome[i]
        sound &= 0 <= how < _OUTCOMES and ended_us[i] >= arrived_us[i]
        if how == _ENDED_HANDLED:
            sound &= flags[i] & _EVER > 0
        elif flags[i] & _LAST:
            sound &= how == _ENDED_CLOSED and ended_us[i] >= horizon_us
    return sound


@part
def times_are_sound(  # noqa: C901 - split up, the parts would pass the sorted arrays
    agent: Int64s,
    answered_us: Int64s,
    talk_us: Int64s,
    acw_us: Int64s,
    of: Int64s,
    busy_us: Int64s,
    wrap_us: Int64s,
    idle_us: Int64s,
    staffed_us: Int64s,
    agents: int,
) -> bool:  # pragma: no cover - compiled
    """Whether busy, wrap-up and idle time make up each agent's time on duty, and no agent serves two at a time."""
    left = np.zeros(agents, np.int64)
    for row in range(len(of)):
        left[of[row]] += staffed_us[row] - busy_us[row] - wrap_us[row] - idle_us[row]
    for i in range(agents):
        if left[i] != 0:
            return False
    # Sort the visits by agent, counting; then each agent's by time. They come nearly in order.
    first = np.zeros(agents + 1, np.int64)
    for i in range(len(agent)):
        if agent[i] != NONE:
            first[agent[i] + 1] += 1
    for i in range(agents):
        first[i + 1] += first[i]
    end = first[:-1].copy()
    begins, ends = np.empty(first[agents], np.int64), np.empty(first[agents], np.int64)
    for i in range(len(agent)):
        if agent[i] == NONE:
            continue
        begin, over = answered_us[i], answered_us[i] + talk_us[i] + acw_us[i]
        at = end[agent[i]]
        end[agent[i]] += 1
        while at > first[agent[i]] and (begins[at - 1] > begin or (begins[at - 1] == begin and ends[at - 1] > over)):
            begins[at], ends[at] = begins[at - 1], ends[at - 1]
            at -= 1
        begins[at], ends[at] = begin, over
    for i in range(agents):
        for at in range(first[i] + 1, first[i + 1]):
            if begins[at] < ends[at - 1]:
                return False
    return True
