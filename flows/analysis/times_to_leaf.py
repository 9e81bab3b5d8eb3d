"""The time it takes to reach a leaf: mean and 90th percentile over callers.

Callers on the quickest path differ in two ways: whether they press a key on hearing their option or hear the whole
prompt first, and how many prompts they leave unanswered and so hear again. Callers who know the line key ahead: they
skip every prompt that a key cuts short, but stay silent as often. The times of each leg come from
`flows.analysis.leg_time`; reactions take their mean. Callers who never press a key, or press a wrong one, do not take
this path.

With the shares in `flows.speech.timing` there are finitely many times, so mean and percentile are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flows.analysis.leg_time import Listener
from flows.analysis.path_legs import Leg
from flows.nodes.base_dialogue import NO_INPUT, Dialogue
from flows.speech.timing import SHARE_HEAR_ALL, SHARE_KEY_AHEAD, SHARE_SILENT

__all__ = ["LeafTime", "ahead_time", "first_time"]

Times = dict[float, float]
"""Probability by seconds."""

_MOST = 4_000
_CELL_S = 0.1
_NEVER = 1e-12


@dataclass(frozen=True)
class LeafTime:
    """Seconds from the start of the call until a leaf begins, over callers who reach it.

    Parameters
    ----------
    mean_s : float
    p90_s : float
        The shortest time within which at least 90 % of them reach it.
    """

    mean_s: float
    p90_s: float


def first_time(legs: Sequence[Leg]) -> LeafTime:
    """Time for first-time callers: `SHARE_HEAR_ALL` / (1 - `SHARE_KEY_AHEAD`) of them hear the whole prompt first.

    Examples
    --------
    A message of 0.8 s, then the leaf: all callers reach it after 0.8 s.

    >>> from flows.model.load import load_text
    >>> from flows.analysis.quickest_paths import leaves
    >>> text = "{ivr: 1, name: L, start: hi, nodes: {hi: {type: play, say: Hi there., next: bye}, bye: {type: hangup}}}"
    >>> first_time(leaves(load_text(text).flow)[0].legs)
    LeafTime(mean_s=0.8, p90_s=0.8)
    """
    hears_all = SHARE_HEAR_ALL / (1 - SHARE_KEY_AHEAD)
    return _summed([(1 - hears_all, _walked(legs, "option")), (hears_all, _walked(legs, "whole"))])


def ahead_time(legs: Sequence[Leg]) -> LeafTime:
    """Time for callers who know the line and key ahead."""
    return _summed([(1.0, _walked(legs, "nothing"))])


def _walked(legs: Iterable[Leg], listens: Listener) -> Times:
    """The distribution of the sum of independent legs."""
    total: Times = {0.0: 1.0}
    for leg in legs:
        step = _leg(leg, listens)
        ahead: Times = {}
        for so_far, chance in total.items():
            for more, share in step.items():
                at = round(so_far + more, 6)
                ahead[at] = ahead.get(at, 0.0) + chance * share
        total = ahead if len(ahead) <= _MOST else _coarser(ahead)
    return total


def _leg(leg: Leg, listens: Listener) -> Times:
    """The distribution of one leg: a key is pressed on attempt 1, 2, ..., with silence before that."""
    here = leg.here
    node = here.flow.nodes[here.name]
    if not leg.listens or not isinstance(node, Dialogue):
        return {leg.first_s: 1.0}
    found: Times = {}
    lost_s, chance = 0.0, 1.0 - SHARE_SILENT
    while True:
        hears_s = node.hearing(here)
        time = leg.time._replace(whole_s=hears_s(""), heard_s=hears_s(leg.outcome))
        found[lost_s + time.seconds(listens)] = chance
        lost_s += time.whole_s + node.timeout
        chance *= SHARE_SILENT
        again = node.next(here, NO_INPUT) if NO_INPUT in node.outcomes(here) else None
        if again is None or again.to != here.name or again.phase != here.phase or again.attempt <= here.attempt:
            break
        here = here.asked(again)
    come = sum(found.values())
    return {seconds: share / come for seconds, share in found.items()}


def _coarser(times: Times) -> Times:
    """Fewer times with the same mean: times within the same tenth of a second are merged."""
    cells: dict[int, tuple[float, float]] = {}
    for seconds, share in times.items():
        if share > _NEVER:
            chance, weighed = cells.get(int(seconds / _CELL_S), (0.0, 0.0))
            cells[int(seconds / _CELL_S)] = chance + share, weighed + share * seconds
    return {weighed / chance: chance for chance, weighed in cells.values()}


def _summed(kinds: Sequence[tuple[float, Times]]) -> LeafTime:
    times = sorted((seconds, weight * chance) for weight, of in kinds for seconds, chance in of.items())
    mean_s = sum(seconds * chance for seconds, chance in times)
    below = 0.0
    for seconds, chance in times:
        below += chance
        if below >= 0.9 - 1e-9:
            return LeafTime(round(mean_s, 6), seconds)
    return LeafTime(round(mean_s, 6), times[-1][0])
