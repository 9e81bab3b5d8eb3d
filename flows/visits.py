"""How often a call comes to each node, by the shares that the flow states.

Callers choose by `share`; what is not stated is assumed, and the assumption is here: options without a share take what
the others leave in equal parts, cases of a split are equal unless chance decides, a call in closed hours has
`SHARE_CLOSED`, everyone enters what is asked for, every lookup finds, and every agent answers. Nobody is silent, presses a key that works everywhere, or hangs up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from flows.model import Flow
from flows.nodes.base import FALLBACK, Here, Node
from flows.nodes.hours import Type as Hours
from flows.nodes.menu import Type as Menu
from flows.nodes.split import Type as Split
from flows.nodes.subflow import CALL, RETURNED

__all__ = ["SHARE_CLOSED", "choice_shares", "visits_per_call"]

SHARE_CLOSED = 0.1
"""Assumed share of calls that come in closed hours."""

_ROUNDS = 1_000
_NEGLIGIBLE = 1e-9


def choice_shares(menu: Menu) -> dict[str, float]:
    """Share of a menu's callers by key; sums to 1.

    Examples
    --------
    >>> menu = Menu.model_validate({"type": "menu", "choices": [{"key": "1", "next": "a", "share": "0.5"},
    ...     {"key": "2", "next": "b"}, {"key": "3", "next": "c"}]})
    >>> choice_shares(menu)
    {'1': 0.5, '2': 0.25, '3': 0.25}
    """
    stated = sum(choice.share or 0.0 for choice in menu.choices)
    unstated = sum(choice.share is None for choice in menu.choices)
    each = max(0.0, 1.0 - stated) / unstated if unstated else 0.0
    if not stated and not each:
        return {choice.key: 1.0 / len(menu.choices) for choice in menu.choices}
    total = stated + each * unstated
    return {choice.key: (each if choice.share is None else choice.share) / total for choice in menu.choices}


def visits_per_call(flow: Flow) -> dict[str, float]:
    """Expected visits to each node in a call.

    Examples
    --------
    >>> from flows.load import load
    >>> round(visits_per_call(load("northwind").flow)["sales_menu"], 2)  # 0.9 open x 0.10, and who comes again
    0.1
    """
    if flow.start not in flow.nodes:
        return {}
    return {name: weight for name, weight in _Visits(flow).from_(flow.start).items() if name in flow.nodes}


class _Visits:
    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._back: dict[str, dict[str, float]] = {}
        self._out: dict[str, tuple[tuple[str, float], ...]] = {}

    def from_(self, start: str) -> dict[str, float]:
        """Visits of a call that begins at `start`; ways out of it (``return LABEL``) are counted as well."""
        total: dict[str, float] = {}
        wave = {start: 1.0}
        for _ in range(_ROUNDS):
            ahead: dict[str, float] = {}
            for name, weight in wave.items():
                total[name] = total.get(name, 0.0) + weight
                for to, share in self._ways(name):
                    ahead[to] = ahead.get(to, 0.0) + weight * share
            wave = {name: weight for name, weight in ahead.items() if weight > _NEGLIGIBLE}
            if not wave:
                break
        return total

    def _ways(self, name: str) -> tuple[tuple[str, float], ...]:
        if name not in self._flow.nodes:
            return ()
        if name not in self._out:
            node, here = self._flow.nodes[name], Here(self._flow, name, self._flow.languages[0])
            self._out[name] = tuple(self._leaving(node, here))
        return self._out[name]

    def _leaving(self, node: Node, here: Here) -> Iterator[tuple[str, float]]:
        for outcome, share in _shares(node, here).items():
            move = node.next(here, outcome)
            if move.to == here.name and move.phase:
                yield from ((to, share * part) for to, part in self._leaving(node, replace(here, phase=move.phase)))
                continue
            to = self._flow.fallback_node or "" if move.to == FALLBACK else move.to
            yield (here.name if to in ("repeat", "back") else to), share
            if move.call and outcome == CALL:
                for label, returned in self._returning(to).items():
                    yield node.next(here, label).to, share * returned

    def _returning(self, start: str) -> Mapping[str, float]:
        """Share of those who enter a subflow that comes back, by label."""
        if start not in self._back:
            self._back[start] = {}  # a subflow that calls itself is not followed twice
            inside = _Visits(self._flow)
            inside._back = self._back
            self._back[start] = {
                to.partition(" ")[2] or RETURNED: weight
                for to, weight in inside.from_(start).items()
                if to.partition(" ")[0] == "return"
            }
        return self._back[start]


def _shares(node: Node, here: Here) -> dict[str, float]:
    """Share of each outcome of a node."""
    if isinstance(node, Menu):
        return choice_shares(node)
    if usual := node.usual(here):
        return dict(usual)
    outcomes = node.outcomes(here)
    if isinstance(node, Hours):
        return {"open": 1.0 - SHARE_CLOSED, "closed": SHARE_CLOSED}
    if isinstance(node, Split):
        return {outcome: 1.0 / len(outcomes) for outcome in outcomes}
    return {outcomes[0]: 1.0} if outcomes else {}
