"""Expected visits to each node per call, from the shares stated in the flow.

Callers choose by `share`. Anything not stated is assumed and listed by `flows.analysis.assumptions`: options without a
share split the remainder equally; cases of a split and answers of a lookup are equally likely unless the split has
shares; `SHARE_CLOSED` of calls arrive in closed hours; `SHARE_LEAVES` of callers hang up once they are served or a
message leads them back to a menu. All callers enter what is asked for, no lookup fails, every agent answers, and
nobody stays silent or presses a global key.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from flows.analysis.components import cycles
from flows.model.flow import Flow
from flows.nodes.base import FALLBACK, Here, Node
from flows.nodes.hours import Hours
from flows.nodes.lookup import Lookup
from flows.nodes.menu import Menu
from flows.nodes.split import Split
from flows.nodes.subflow import CALL, RETURNED, Subflow
from flows.protocol.http_answer import FAILURE

__all__ = ["SHARE_CLOSED", "SHARE_LEAVES", "choice_shares", "outcome_shares", "some_hang_up", "visits_per_call"]

SHARE_CLOSED = 0.1
"""Assumed share of calls that arrive in closed hours."""
SHARE_LEAVES = 0.8
"""Assumed share of callers who hang up once they are served, or when a message leads them back to a menu."""

_ROUNDS = 1_000
_NEGLIGIBLE, _NEGLIGIBLE_BACK = 1e-9, 1e-6
"""Share of calls below which a path is dropped; larger if something leads ``back``, because each path to a menu is then
followed separately."""
_REMEMBERED = 4
"""How many menus a call remembers for going back through them one by one."""
_SERVED = frozenset({"contained", "handled", "voicemail", "callback", "transferred_out"})
"""Outcomes of a call in which the caller got what they called for."""


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


def outcome_shares(node: Node, here: Here) -> dict[str, float]:
    """Share of each outcome of a node among the calls that reach it; sums to 1 if the node has any.

    Parameters
    ----------
    node : Node
    here : Here

    Examples
    --------
    A lookup's named answers are equally likely, and it does not fail:

    >>> from flows.model.load import load_text
    >>> text = ("{ivr: 1, name: L, start: ask, nodes: {bye: {type: hangup}, ask: {type: lookup, failure: bye,"
    ...     "url: 'https://example.com/x', on: {found: bye, not_found: bye}}}}")
    >>> flow = load_text(text).flow
    >>> outcome_shares(flow.nodes["ask"], Here(flow, "ask", "en-US"))
    {'found': 0.5, 'not_found': 0.5}
    """
    if isinstance(node, Menu):
        return choice_shares(node)
    outcomes = node.outcomes(here)
    if isinstance(node, Lookup):
        return _alike(node.named_answers or (FAILURE,))
    if usual := node.usual(here):
        return dict(usual)
    if isinstance(node, Hours):
        return {"open": 1.0 - SHARE_CLOSED, "closed": SHARE_CLOSED}
    return _alike(outcomes) if isinstance(node, Split) else _alike(outcomes[:1])


def _alike(outcomes: Sequence[str]) -> dict[str, float]:
    return {outcome: 1.0 / len(outcomes) for outcome in outcomes}


def visits_per_call(flow: Flow, *, leaves: float = SHARE_LEAVES) -> dict[str, float]:
    """Expected visits to each node in a call.

    Parameters
    ----------
    flow : Flow
    leaves : float
        Share, 0..1, of callers who hang up once they are served, or when anything but a menu key leads them back to an
        earlier menu.

    Returns
    -------
    dict of node to float
        Only nodes that some call reaches.

    Examples
    --------
    All callers hear the message; 20 % of them stay for the menu again, and so on: 1 / (1 - 0.2).

    >>> from flows.model.load import load_text
    >>> text = ("{ivr: 1, name: L, start: main, nodes: {"
    ...     "hours: {type: play, say: We are open., serves: true, next: main},"
    ...     "main: {type: menu, choices: [{key: 1, label: hours, next: hours}], otherwise: hours}}}")
    >>> round(visits_per_call(load_text(text).flow)["main"], 6)
    1.25
    """
    if flow.start not in flow.nodes:
        return {}
    total: dict[str, float] = {}
    for place, weight in _Visits(flow, leaves).from_(flow.start).items():
        if place.node in flow.nodes:
            total[place.node] = total.get(place.node, 0.0) + weight
    return total


def some_hang_up(flow: Flow, names: Iterable[str]) -> bool:
    """Whether callers at one of these nodes are served or led back to a menu, and those who stay reach a menu.

    Examples
    --------
    >>> from flows.model.load import load
    >>> flow = load("northwind").flow
    >>> some_hang_up(flow, flow.nodes), some_hang_up(flow, ["main"])
    (True, False)
    """
    walk = _Visits(flow, SHARE_LEAVES)
    return any(
        way.share > 0 and ((way.served and way.to in walk.before_menus) or walk.leads_back(name, way.to))
        for name in names
        for way in walk.ways(name)
    )


class _Place(NamedTuple):
    """The state of a call: a node or a return (``return LABEL``), the menus passed (if anything leads ``back``), and
    whether the callers who are done have already hung up since the last menu."""

    node: str
    menus: tuple[str, ...] = ()
    left: bool = False


class _Way(NamedTuple):
    """One exit of a node: target, share, whether callers were served before it, and whether some have hung up."""

    to: str
    share: float
    served: bool = False
    left: bool = False


class _Visits:
    def __init__(self, flow: Flow, leaves: float) -> None:
        self._flow, self._leaves = flow, leaves
        self._returns: dict[str, dict[tuple[str, bool], float]] = {}
        self._out: dict[str, tuple[_Way, ...]] = {}
        self._goes_back = any(wire.target == "back" for node in flow.nodes.values() for wire in node.wires())

    @cached_property
    def _leads_to(self) -> dict[str, list[str]]:
        """Where callers go from each node; subflows are entered and left."""
        flow, found = self._flow, {}
        for name, node in flow.nodes.items():
            here = Here(flow, name, flow.languages[0])
            if isinstance(node, Subflow) or len(node.phases()) > 1:
                targets: Iterable[str | None] = (wire.target for wire in node.wires())
            else:
                targets = (node.next(here, outcome).to for outcome in outcome_shares(node, here))
            found[name] = [target for target in targets if target in flow.nodes]
        return found

    @cached_property
    def before_menus(self) -> frozenset[str]:
        """The menus, and everything that leads callers to one: nodes, and returns from subflows."""
        into: dict[str, list[str]] = {}
        for name, targets in self._leads_to.items():
            for target in targets:
                into.setdefault(target, []).append(name)
        found = {name for name, node in self._flow.nodes.items() if node.keeps_place}
        todo = list(found)
        while todo:
            new = [name for name in into.get(todo.pop(), ()) if name not in found]
            found.update(new)
            todo += new
        outs = {way.to for name in self._flow.nodes for way in self.ways(name) if way.to.partition(" ")[0] == "return"}
        return frozenset(found | outs | {"back"})

    @cached_property
    def _depth(self) -> dict[str, int]:
        """Fewest steps from the start to each node."""
        depth = {self._flow.start: 0}
        todo = deque(depth)
        while todo:
            name = todo.popleft()
            for target in self._leads_to[name]:
                if target not in depth:
                    depth[target] = depth[name] + 1
                    todo.append(target)
        return depth

    @cached_property
    def _circle(self) -> dict[str, int]:
        """By node, a number identifying the cycle (component) it belongs to."""
        return {name: number for number, part in enumerate(cycles(self._leads_to)) for name in part}

    def from_(self, start: str) -> dict[_Place, float]:
        """Expected visits in a call that begins at `start`, including its returns."""
        total: dict[_Place, float] = {}
        onward: dict[_Place, list[tuple[_Place, float]]] = {}
        wave = {self._entered(_Place(""), start, left=False): 1.0}
        for _ in range(_ROUNDS):
            ahead: dict[_Place, float] = {}
            for place, weight in wave.items():
                total[place] = total.get(place, 0.0) + weight
                if place not in onward:
                    onward[place] = [self._onward(place, way) for way in self.ways(place.node)]
                for to, share in onward[place]:
                    ahead[to] = ahead.get(to, 0.0) + weight * share
            least = _NEGLIGIBLE_BACK if self._goes_back else _NEGLIGIBLE
            wave = {place: weight for place, weight in ahead.items() if weight > least}
            if not wave:
                break
        return total

    def _onward(self, place: _Place, way: _Way) -> tuple[_Place, float]:
        """Where an exit leads, and the share of callers who take it after some hang up (at most once per menu)."""
        to, name = way.to, place.node
        if to == "back":
            before = place.menus[:-1] if place.menus[-1:] == (name,) else place.menus
            to = before[-1] if before else name
        left = place.left or way.left
        if (way.served or self.leads_back(name, way.to)) and not left:
            return self._entered(place, to, left=True), way.share * (1.0 - self._leaves)
        return self._entered(place, to, left=left), way.share

    def leads_back(self, name: str, to: str) -> bool:
        """Whether a node other than a menu leads back to a menu the callers came from."""
        nodes = self._flow.nodes
        if nodes[name].keeps_place or to not in nodes or not nodes[to].keeps_place:
            return to == "back" and not nodes[name].keeps_place
        circle, depth = self._circle, self._depth
        return name in circle and circle[name] == circle.get(to) and depth.get(to, 0) < depth.get(name, 0)

    def _entered(self, place: _Place, to: str, *, left: bool) -> _Place:
        menu = to in self._flow.nodes and self._flow.nodes[to].keeps_place
        menus = place.menus
        if menu and self._goes_back:
            menus = (*(menus[: menus.index(to)] if to in menus else menus), to)[-_REMEMBERED:]
        return _Place(to, menus, left and not menu)

    def ways(self, name: str) -> tuple[_Way, ...]:
        if name not in self._flow.nodes:
            return ()
        if name not in self._out:
            node, here = self._flow.nodes[name], Here(self._flow, name, self._flow.languages[0])
            self._out[name] = tuple(self._leaving(node, here))
        return self._out[name]

    def _leaving(self, node: Node, here: Here) -> Iterator[_Way]:
        for outcome, share in outcome_shares(node, here).items():
            move = node.next(here, outcome)
            if move.to == here.name and move.phase:
                yield from (
                    way._replace(share=share * way.share)
                    for way in self._leaving(node, replace(here, phase=move.phase))
                )
                continue
            to = self._flow.fallback_node or "" if move.to == FALLBACK else move.to
            yield _Way(here.name if to == "repeat" else to, share, move.outcome in _SERVED)
            if move.call and outcome == CALL:
                for (label, left), returned in self._returning(to).items():
                    yield _Way(node.next(here, label).to, share * returned, left=left)

    def _returning(self, start: str) -> Mapping[tuple[str, bool], float]:
        """Share of callers entering a subflow who return from it, by label and whether some have hung up before."""
        if start not in self._returns:
            self._returns[start] = {}  # a subflow that calls itself is not followed twice
            inside = _Visits(self._flow, self._leaves)
            inside._returns = self._returns
            found: dict[tuple[str, bool], float] = {}
            for place, weight in inside.from_(start).items():
                word, _, label = place.node.partition(" ")
                if word == "return":
                    at = label or RETURNED, place.left
                    found[at] = found.get(at, 0.0) + weight
            self._returns[start] = found
        return self._returns[start]
