"""Path segments: what the caller hears and presses at each node.

Segments are called legs, as in ``docs/seconds.md``.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import NamedTuple

from flows.analysis.announced_options import promised
from flows.analysis.leg_time import LegTime, leg_times, waits_for
from flows.nodes.base import Here, Move, Node
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH, Dialogue
from flows.nodes.base_listening import only_spoken
from flows.protocol.actions import Action, Listen, Record

__all__ = ["Leg", "ways_on"]


class Leg(NamedTuple):
    """One segment of a path.

    Parameters
    ----------
    here : Here
        The node, and the part of its dialogue.
    outcome : str
    time : LegTime
        Seconds and keys; if silence leads through several attempts, the total for all of them.
    """

    here: Here
    outcome: str
    time: LegTime

    @property
    def listens(self) -> bool:
        """Whether the caller acts here, which cuts the prompt short."""
        return self.time.presses

    @property
    def presses(self) -> int:
        """Key presses; entering a number counts as one."""
        return self.time.act.presses

    @property
    def first_s(self) -> float:
        """Seconds for a first-time caller who presses a key on hearing what they want."""
        return self.time.seconds()


Way = tuple[str, Move, tuple[Leg, ...], bool]
"""One exit: the outcome, where it leads, its legs, and whether it is announced to the caller."""


def ways_on(node: Node, here: Here) -> list[Way]:
    """The exits of a node: where each leads, its legs, and whether it is announced to the caller.

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> text = "{ivr: 1, name: L, start: hi, nodes: {hi: {type: play, say: Hi., next: bye}, bye: {type: hangup}}}"
    >>> flow = load_text(text).flow
    >>> found = ways_on(flow.nodes["hi"], Here(flow, "hi", "en-US"))
    >>> [(outcome, move.to, legs[0].first_s) for outcome, move, legs, _ in found]
    [('done', 'bye', 0.4)]
    """
    here = here if here.values is None else replace(here, values=None)
    ways: list[Way] = []
    waits = waits_for(node, here)
    if isinstance(node, Dialogue):
        asked = here if isinstance(waits, Listen) else replace(here, phase=node.phases()[1])
        ways += _given_up(node, asked, waits)
    ways += _within(node, here, waits, set())
    return ways


def _given_up(node: Dialogue, asked: Here, waits: Action | None) -> list[Way]:
    """The exits after the last attempt, in a phase of the node that listens: silence throughout, and wrong keys
    throughout if they lead elsewhere.
    """
    exits = {node.retry_exit(reason): reason for reason in (NO_MATCH, NO_INPUT)}  # silence if both lead to one exit
    told = promised(node, asked, waits)
    return [
        (label, node.give_up(reason), (_failing_throughout(node, asked, reason),), label in told)
        for label, reason in exits.items()
    ]


def _failing_throughout(node: Dialogue, asked: Here, reason: str) -> Leg:
    """Silence, or a wrong key, at every attempt."""
    states = (asked, *(node.after(asked, reason, times) for times in range(1, node.most(reason))))
    if reason == NO_INPUT:
        took_s = sum(node.heard_s(here, "") + node.timeout for here in states)
        return Leg(asked, "otherwise", LegTime.said(took_s))
    legs = [leg_times(node, here, waits_for(node, here))(NO_MATCH) for here in states]
    return Leg(asked, "otherwise", LegTime.said(sum(leg.seconds() for leg in legs)))


def _within(node: Node, here: Here, waits: Action | None, seen: set[str]) -> list[Way]:
    """The outcomes that leave the node; each later phase of its dialogue is entered once, by the first outcome."""
    ways: list[Way] = []
    inner: list[Way] = []
    time = leg_times(node, here, waits)
    told: Collection[str] = (
        ("recorded",) if isinstance(waits, Record) else promised(node, here, waits)
    )  # leaving no message is never announced
    for outcome in node.outcomes(here):
        if outcome in (NO_INPUT, NO_MATCH) or only_spoken(outcome):
            continue
        leg = Leg(here, outcome, time(outcome))
        move = node.next(here, outcome)
        if move.phase and move.to == here.name:
            if move.phase not in seen:
                seen.add(move.phase)
                inside = replace(here, phase=move.phase)
                further = _within(node, inside, waits_for(node, inside), seen)
                inner += [(label, after, (leg, *more), told) for label, after, more, told in further]
            continue
        ways.append((outcome, move, (leg,), outcome in told))
    return ways + inner
