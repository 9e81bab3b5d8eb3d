"""The walk of one caller through the menus: ``simulation.menus.sampled_walk.walk``, compiled."""

from __future__ import annotations

import math

import numpy as np

from flows.values.units import US_PER_S
from ivr.records.schema import outcome_code
from simulation.drawing.columns import MENU_AHEAD
from simulation.drawing.philox import philox, uniform
from simulation.drawing.quantiles import drawn_ahead
from simulation.drawing.state import Int64s, RunRecord, World
from simulation.engines.kernel.jit import inline
from simulation.menus.chain import CLOCK, HANGUP, KEYS, LISTEN, QUEUE
from simulation.menus.sampled_walk import MAX_STEPS
from simulation.tables.columns import OFFERED

__all__ = ["before", "walk"]

_CONTAINED, _FAILED = outcome_code("contained"), outcome_code("failed")
_KEYS = len(KEYS)


@inline
def before(moments: Int64s, first: int, end: int, now: int) -> int:
    """How many of some sorted moments are not after now."""
    low = first
    while low < end:
        middle = (low + end) >> 1
        if moments[middle] <= now:
            low = middle + 1
        else:
            end = middle
    return low - first


@inline
def _clip(x: float) -> float:
    return min(max(x, 0.0), 1.0)


@inline
def _by_share(w: World, s: RunRecord, at: int, u: float) -> int:
    """The edge whose share contains `u`; shares are cumulative."""
    edge = 0
    for i in range(w.places[at].outcomes - 1):  # without a jump that the processor would have to guess
        edge += u >= w.edges[at + s.shares_from, i].chance
    return edge


@inline
def _slip(w: World, s: RunRecord, at: int, meant: int, u: float) -> int:
    """A wrong key, each equally likely; where digits are entered, a number that does not match."""
    if w.places[at].digits:
        return w.places[at].miss if w.places[at].miss >= 0 else meant
    own = -1
    for k in range(_KEYS):
        if w.at[at, s.key_edge + k] == meant:
            own = k
            break
    other = min(int(u * (_KEYS - 1 if own >= 0 else _KEYS)), _KEYS - 1)
    if own >= 0 and other >= own:
        other += 1
    taken = w.at[at, s.key_edge + min(other, _KEYS - 1)]
    return taken if taken >= 0 else meant


@inline
def _listen(w: World, s: RunRecord, at: int, column: int, u: float) -> tuple[int, int, bool]:
    """The edge taken, the edge listened for, and whether 0 was pressed unasked."""
    p = w.places[at]
    wish = int(w.at[at, s.want + column])
    spoken = int(w.at[at, s.want_language + s.language])
    if spoken > -2:
        wish = spoken
    means_silence = wish >= 0 and wish == p.silence
    rest = _clip((u - p.silent - p.zero) / max(1 - p.silent - p.zero, 1e-12))
    if wish >= 0:
        edge = wish
    else:
        edge = _by_share(w, s, at, rest)
        low = w.edges[at + s.shares_from, edge - 1].chance if edge > 0 else 0.0
        rest = _clip((rest - low) / max(w.edges[at + s.shares_from, edge].chance - low, 1e-12))
    heard = edge
    if rest < p.wrong and not means_silence:
        edge = _slip(w, s, at, edge, rest / max(p.wrong, 1e-12))
    unasked = p.silent <= u < p.silent + p.zero
    if unasked:
        edge = p.zero_edge
        heard = edge
    if u < p.silent:
        edge = p.silence
        heard = edge
    return edge, heard, unasked


@inline
def walk(  # noqa: C901 - split up, each part would pass all the arrays
    w: World, s: RunRecord, number: int, way: int, begin: int, column: int, at_us: int
) -> tuple[int, int, int, int, bool]:
    """Walk the caller to the end of the menus: microseconds, ending, last position, keys pressed, whether 0 was."""
    c0, c2, k0, k1 = np.uint64(number), np.uint64(s.place + way), np.uint64(s.replication), np.uint64(s.of_menu)
    position, time_s, used, presses, zero_out = begin, 0.0, 0.0, 0, False
    third, fourth = np.uint64(0), np.uint64(0)
    for step in range(MAX_STEPS):
        at = position
        p = w.places[at]
        if p.kind == QUEUE:
            return int(np.rint((time_s + p.whole_s) * US_PER_S)), OFFERED, at, presses, zero_out
        if p.kind == HANGUP:
            return int(np.rint((time_s + p.whole_s) * US_PER_S)), p.at_end, at, presses, zero_out
        ahead = step < 2 and way == 0
        if ahead:
            u, time_u = w.ahead[MENU_AHEAD + 2 * step, s.ahead], w.ahead[MENU_AHEAD + 2 * step + 1, s.ahead]
        elif step & 1:
            u, time_u = uniform(third), uniform(fourth)
        else:
            first, second, third, fourth = philox(c0, np.uint64(step >> 1), c2, k0, k1)
            u, time_u = uniform(first), uniform(second)
        edge, heard, unasked = 0, 0, False
        if p.drawn:
            within = u
            if p.quits > 0:  # a division takes as long as the rest
                within = _clip(u / max(p.quits, 1e-12) if u < p.quits else (u - p.quits) / max(1 - p.quits, 1e-12))
            edge = _by_share(w, s, at, within)
            heard = edge
        elif p.kind == CLOCK:
            passed = before(w.moments, s.changes, s.states, at_us + int(np.rint(time_s * US_PER_S)))
            edge = int(w.at[at, s.clock_edge + w.moments[s.states + passed]])
            heard = edge
        elif p.kind == LISTEN:
            edge, heard, unasked = _listen(w, s, at, column, u)
        e, listened = w.edges[at, edge], w.edges[at, heard]
        if unasked or (s.kind_u >= p.key_ahead_from and not s.kind_u < p.hear_all):
            leg = listened.ahead_s + e.rest_s
        elif s.kind_u < p.hear_all:
            leg = listened.hear_all_s + e.rest_s
        else:
            leg = listened.first_s + e.rest_s
        if e.extra > 0:
            if ahead and e.extra - 1 == s.menu_law:
                leg += w.time[step, s.ahead]
            else:
                score = w.score[step, s.ahead] if ahead else 0.0
                leg += drawn_ahead(w.laws, w.values, e.extra - 1, time_u, score, ahead)
        quitting = u < p.quits
        left_s = (s.staying - used) / p.rate_per_s if p.rate_per_s > 0 else math.inf
        gone = left_s < leg or quitting
        stay = leg if quitting else min(leg, left_s)
        time_s += stay
        used += p.rate_per_s * stay
        if gone:
            return int(np.rint(time_s * US_PER_S)), p.hung_up, at, presses, zero_out
        if e.keys > 0:
            presses += e.keys
            if edge == p.zero_edge:
                zero_out = True
        if w.at[at, s.serves + s.intent]:
            return int(np.rint(time_s * US_PER_S)), _CONTAINED, at, presses, zero_out
        if e.to < 0:
            return int(np.rint(time_s * US_PER_S)), e.ending, at, presses, zero_out
        position = e.to
        if w.at[at, s.is_goal + s.intent]:
            column = s.nothing
        elif p.asked >= 0 and position != p.door:
            told = int(w.links[s.told_no + column * s.asked + p.asked])
            if not w.at[position, s.leads + told]:
                column = told
    return int(np.rint(time_s * US_PER_S)), _FAILED, position, presses, zero_out
