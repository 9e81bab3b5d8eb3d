"""The legs of a way: what is heard at each place where a call goes on, and what the caller presses there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from flows.nodes._dialogue import NO_INPUT, NO_MATCH, Dialogue
from flows.nodes.base import Here, Move, Node
from flows.nodes.collect import Type as Collect
from flows.nodes.menu import Type as Menu
from flows.options import promised
from flows.protocol import Listen
from flows.timing import key_ahead_s

__all__ = ["Leg", "ways_on"]

_KEYPAD = frozenset("0123456789*#")


class Leg(NamedTuple):
    """One place on a way.

    Parameters
    ----------
    here : Here
        The node, and the part of its dialogue.
    outcome : str
    heard_s : float
        Seconds of speech (and of waiting, for silence) before a caller who wants `outcome` can act on it.
    presses : int
        Keys pressed, entered digits included.
    listens : bool
        Whether the caller acts here.
    """

    here: Here
    outcome: str
    heard_s: float
    presses: int
    listens: bool

    @property
    def keying_s(self) -> float:
        """Seconds of deciding and keying."""
        return key_ahead_s(self.presses) if self.listens else 0.0

    @property
    def first_s(self) -> float:
        """Seconds for a first-time caller who presses on hearing what he wants."""
        return self.heard_s + (key_ahead_s(self.presses) if self.listens else 0.0)


Way = tuple[str, Move, tuple[Leg, ...], bool]
"""One way on: the outcome, where it leads, its legs, and whether the caller is told of it."""


def ways_on(node: Node, here: Here) -> list[Way]:
    """Outcomes of a node: where each leads, its legs, and whether the caller is told of it.

    Examples
    --------
    >>> from flows.load import load_text
    >>> flow = load_text("{ivr: 1, name: L, start: hi, nodes: {hi: {type: play, say: Hi., next: bye}, bye: {type: hangup}}}").flow
    >>> [(outcome, move.to, legs[0].first_s) for outcome, move, legs, _ in ways_on(flow.nodes["hi"], Here(flow, "hi", "en-US"))]
    [('done', 'bye', 0.4)]
    """
    ways: list[Way] = []
    listens, heard_s = _listens(node, here), node.hearing(here)
    if isinstance(node, Dialogue):
        whole_s = heard_s("") if listens else node.heard_s(replace(here, phase=node.phases()[1]), "")
        silence_s = node.attempts * (whole_s + node.timeout)
        ways.append(("otherwise", node.give_up(), (Leg(here, "otherwise", silence_s, 0, False),), False))
    ways += _within(node, here, set(), heard_s, listens=listens)
    return ways


def _within(node: Node, here: Here, seen: set[str], heard_s: Callable[[str], float], *, listens: bool) -> list[Way]:
    """The outcomes that leave the node; each further part of its own dialogue is entered once, by the first way in."""
    ways: list[Way] = []
    told = promised(node, here)
    for outcome in node.outcomes(here):
        if outcome in (NO_INPUT, NO_MATCH):
            continue
        leg = Leg(here, outcome, heard_s(outcome), _presses(node, outcome) if listens else 0, listens)
        if outcome == "entered":
            confirming = replace(here, phase="confirm", values={node.into: "0" * _digits(node)} if isinstance(node, Collect) else {})
            confirm = Leg(confirming, "confirmed", node.heard_s(confirming, "confirmed"), 1, True)
            ways.append(("confirmed", node.next(here, "confirmed"), (leg, confirm), True))
            continue
        move = node.next(here, outcome)
        if move.phase and move.to == here.name:
            if move.phase not in seen:
                seen.add(move.phase)
                inner = replace(here, phase=move.phase)
                further = _within(node, inner, seen, node.hearing(inner), listens=_listens(node, inner))
                ways += [(label, after, (leg, *more), told) for label, after, more, told in further]
            continue
        ways.append((outcome, move, (leg,), outcome in told))
    return ways


def _listens(node: Node, here: Here) -> bool:
    """Whether the caller acts here: a part of a dialogue may go on by itself, or wait for another machine."""
    if not isinstance(node, Dialogue) or isinstance(node, Menu):
        return isinstance(node, Menu)  # what a menu says need not be put together to know
    actions = node.enter(here)
    return bool(actions) and isinstance(actions[-1], Listen)


def _presses(node: Node, outcome: str) -> int:
    if outcome in ("collected", "entered"):
        return _digits(node)
    return len(outcome) if _KEYPAD.issuperset(outcome) else 1


def _digits(node: Node) -> int:
    """Digits a caller enters: the middle of what is allowed."""
    return round(sum(node.digits) / 2) if isinstance(node, Collect) else 1
