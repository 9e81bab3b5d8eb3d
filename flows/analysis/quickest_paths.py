"""Quickest paths: how soon a first-time caller reaches each node, in seconds, key presses and menus.

Costs come from `flows.analysis.leg_time`: what must be heard before the caller can act, then the decision and the
keys. A subflow counts as one step, so that calling it from two places does not create a shortcut between them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from flows.analysis.path_legs import Leg, ways_on
from flows.model.flow import Flow
from flows.nodes.base import END, FALLBACK, Here, Node
from flows.nodes.base_dialogue import Dialogue
from flows.nodes.hours import Hours
from flows.nodes.split import Split
from flows.nodes.subflow import CALL, RETURNED
from flows.nodes.switch import Switch
from flows.protocol.actions import Book, Dial, Enqueue, HangUp, Pay, Record

__all__ = ["Leaf", "Paths", "QuickestPath", "leaves", "ordinary", "quickest_paths"]

_PEOPLE_AND_BOXES = (Enqueue, Dial, Record, Book, Pay)


class QuickestPath(NamedTuple):
    """The quickest path to a node.

    Parameters
    ----------
    seconds : float
        Expected time until the node begins.
    presses : int
        Key presses on the path; entering a number counts as one.
    levels : int
        Menus passed.
    source, outcome : str
        The last step: its node and that node's outcome; empty for the first node.
    """

    seconds: float
    presses: int
    levels: int
    source: str
    outcome: str


@dataclass(frozen=True)
class Leaf:
    """A node where callers get what they called for: a queue, another telephone, a message box, a callback, a
    payment or an answer.

    Parameters
    ----------
    node : str
    way : tuple of (node, outcome)
        The steps at which the caller chooses, from the first node onwards.
    quickest : QuickestPath
    legs : tuple of Leg
        Everything heard and pressed along the path, for `flows.analysis.times_to_leaf`.
    """

    node: str
    way: tuple[tuple[str, str], ...]
    quickest: QuickestPath
    legs: tuple[Leg, ...] = ()


_Cost = tuple[int, int, float, int, int]
"""The cost of a path, compared in this order: unannounced steps, steps for particular callers, seconds, presses and
levels."""


class _Step(NamedTuple):
    """One exit: the outcome, the target (a node or ``return LABEL``), its cost, and what is heard and pressed."""

    outcome: str
    to: str
    cost: _Cost
    legs: tuple[Leg, ...] = ()


def quickest_paths(flow: Flow, language: str = "") -> dict[str, QuickestPath]:
    """The quickest path to every reachable node.

    Unannounced exits (`flows.analysis.announced_options.promised`: silence, unannounced keys, exits of queues,
    failures) count only if nothing else leads to a node. So do the cases of a split and closed hours: the typical
    caller takes ``otherwise`` and finds the line ``open``.

    Parameters
    ----------
    flow : Flow
    language : str
        Language of the caller; default: the flow's first.

    Returns
    -------
    dict of str to QuickestPath
        By node name, soonest first.

    Examples
    --------
    "Hi there." is 2 words, 0.8 s; no key is pressed.

    >>> from flows.model.load import load_text
    >>> text = "{ivr: 1, name: L, start: hi, nodes: {hi: {type: play, say: Hi there., next: bye}, bye: {type: hangup}}}"
    >>> quickest_paths(load_text(text).flow)["bye"]
    QuickestPath(seconds=0.8, presses=0, levels=0, source='hi', outcome='done')
    """
    return _reached(flow, _Steps(flow, language or flow.languages[0])) if flow.start in flow.nodes else {}


def _reached(flow: Flow, steps: _Steps) -> dict[str, QuickestPath]:
    walked = _walk(flow.start, steps, inside=False)
    return {
        node: QuickestPath(seconds, presses, levels, source, outcome)
        for node, ((_, _, seconds, presses, levels), source, outcome) in walked.items()
        if node in flow.nodes
    }


def _walk(
    start: str, steps: _Steps, *, inside: bool, without: Collection[str] = ()
) -> dict[str, tuple[_Cost, str, str]]:
    """Dijkstra from `start`: cost, source and outcome by target; `inside` a subflow, inner subflows are one step.

    No path leads on from a node in `without`.
    """
    found: dict[str, tuple[_Cost, str, str]] = {}
    order = count()
    todo: list[tuple[_Cost, int, str, str, str]] = [((0, 0, 0.0, 0, 0), next(order), start, "", "")]
    while todo:
        cost, _, name, source, outcome = heappop(todo)
        if name in found:
            continue
        found[name] = cost, source, outcome
        if name in without:
            continue
        untold, particular, seconds, presses, levels = cost
        for outcome, to, (unsaid, by_value, took_s, keys, level), _ in steps.of(name, inside=inside):
            if to not in found:
                total = (untold + unsaid, particular + by_value, seconds + took_s, presses + keys, levels + level)
                heappush(todo, (total, next(order), to, name, outcome))
    return found


class _Steps:
    """The exits of each node with their costs; costs through subflows are refined until none gets cheaper."""

    def __init__(self, flow: Flow, tag: str) -> None:
        self._flow = flow
        self._plain: dict[str, list[_Step]] = {}
        self._calls: dict[str, str] = {}
        for name, node in flow.nodes.items():
            self._plain[name] = self._all(name, node, Here(flow, name, tag, values=None))
        self._backs: dict[str, dict[str, _Cost]] = {start: {} for start in self._calls.values()}
        changed = bool(self._backs)
        while changed:
            changed = False
            for start, known in self._backs.items():
                back = {
                    to.partition(" ")[2] or RETURNED: cost
                    for to, (cost, _, _) in _walk(start, self, inside=True).items()
                    if _is_return(to)
                }
                changed = changed or back != known
                self._backs[start] = back

    def _all(self, name: str, node: Node, here: Here) -> list[_Step]:
        steps: list[_Step] = []
        nodes, level, usual = self._flow.nodes, int(node.keeps_place), ordinary(node)
        for outcome, move, legs, told in ways_on(node, here):
            to = (self._flow.fallback_node or END) if move.to == FALLBACK else move.to
            if to in nodes or _is_return(to):
                seconds, presses = legs[0].first_s, legs[0].presses
                for leg in legs[1:]:
                    seconds, presses = seconds + leg.first_s, presses + leg.presses
                steps.append(
                    _Step(
                        outcome,
                        to,
                        (int(not told), int(bool(usual) and outcome != usual), seconds, presses, level),
                        legs,
                    )
                )
            if move.call and to in nodes:
                self._calls[name] = to
        return steps

    def of(self, name: str, *, inside: bool) -> Iterable[_Step]:
        """The steps from a node; `inside` a subflow, an inner subflow is stepped over, not entered."""
        called = self._calls.get(name)
        return self._plain.get(name, ()) if called is None else self._around(name, called, inside=inside)

    def _around(self, name: str, called: str, *, inside: bool) -> Iterator[_Step]:
        yield from (step for step in self._plain[name] if not inside or step.outcome != CALL)
        node, here = self._flow.nodes[name], Here(self._flow, name, self._flow.languages[0])
        for label, cost in self._backs[called].items():
            after = node.next(here, label).to
            if after in self._flow.nodes or _is_return(after):
                yield _Step(label, after, cost)

    def passed(self, way: Iterable[tuple[str, str]], within: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
        """The steps along a path, including those inside subflows; a recursive subflow is expanded once."""
        for name, outcome in way:
            called = self._calls.get(name)
            if called is None or outcome == CALL:
                yield name, outcome
                continue
            if called in within:
                continue
            walked = {to: (source, label) for to, (_, source, label) in _walk(called, self, inside=True).items()}
            back = next(to for to in walked if _is_return(to) and (to.partition(" ")[2] or RETURNED) == outcome)
            yield from self.passed(_way(walked, back), within | {called})

    def legs(self, passed: Iterable[tuple[str, str]]) -> Iterator[Leg]:
        """What is heard and pressed at each step."""
        for name, outcome in passed:
            yield from next((step.legs for step in self._plain[name] if step.outcome == outcome), ())


def ordinary(node: Node) -> str:
    """The outcome of a node for the typical caller, where the others are for particular callers or hours.

    Empty if every outcome is typical.
    """
    if isinstance(node, Hours):
        return "open"
    if isinstance(node, Switch):
        return "off"
    return "otherwise" if isinstance(node, Split) and (node.value or node.list) else ""


def _is_return(target: str) -> bool:
    return target.partition(" ")[0] == "return"


def leaves(flow: Flow, language: str = "") -> tuple[Leaf, ...]:
    """The leaves of a flow, slowest to reach first.

    Parameters
    ----------
    flow : Flow
    language : str
        Language of the caller; default: the flow's first.

    Examples
    --------
    >>> from flows.model.load import load
    >>> {leaf.node: leaf.quickest.levels for leaf in leaves(load("northwind").flow)}["office_address"]
    2
    """
    if flow.start not in flow.nodes:
        return ()
    paths = Paths(flow, language)
    found, tag = paths.found, paths.language
    names = [name for name in found if _serves(flow, name, tag)]
    served = set(names)
    for name in found:
        actions = flow.nodes[name].enter(Here(flow, name, tag))
        ends = bool(actions) and isinstance(actions[-1], HangUp)
        if ends and not any(node in served for node, _ in paths.way(name)):
            names.append(name)
    return tuple(paths.to(name) for name in sorted(names, key=lambda name: (-found[name].seconds, name)))


class Paths:
    """The quickest paths of a flow in one language, step by step.

    Parameters
    ----------
    flow : Flow
        Its first node must exist.
    language : str
        Language of the caller; default: the flow's first.

    Examples
    --------
    >>> from flows.model.load import load
    >>> paths = Paths(load("northwind").flow)
    >>> paths.to("office_address").way[-2:]
    (('main', '4'), ('service_menu', '3'))
    >>> [paths.promises(menu, {"office_address"}, without={"main"}) for menu in ("service_menu", "tech_menu")]
    [True, False]
    """

    def __init__(self, flow: Flow, language: str = "") -> None:
        self._flow, self.language = flow, language or flow.languages[0]
        self._steps = _Steps(flow, self.language)
        self.found = _reached(flow, self._steps)
        self._last = {name: (way.source, way.outcome) for name, way in self.found.items()}

    def way(self, name: str) -> tuple[tuple[str, str], ...]:
        """The steps to a node that is reached, each a node and its outcome; a subflow is one step."""
        return _way(self._last, name)

    def to(self, name: str) -> Leaf:
        """The way to a node that is reached, and what is heard on it, inside subflows too."""
        passed = tuple(self._steps.passed(self.way(name)))
        return Leaf(name, _choices(self._flow, passed), self.found[name], tuple(self._steps.legs(passed)))

    def onward(self, name: str) -> dict[str, str]:
        """Where each exit of a node leads, by outcome: a node, or ``return LABEL``."""
        return {step.outcome: step.to for step in self._steps.of(name, inside=False)}

    def promises(self, start: str, ends: Collection[str], without: Collection[str] = ()) -> bool:
        """Whether announced options lead from a node to one of `ends`, without going on from some others."""
        walked = _walk(start, self._steps, inside=False, without=without)
        return start not in without and any(to in ends and cost[0] == 0 for to, (cost, _, _) in walked.items())


def _serves(flow: Flow, name: str, tag: str) -> bool:
    node = flow.nodes[name]
    last = [action for phase in node.phases() for action in node.enter(Here(flow, name, tag, phase=phase))[-1:]]
    return bool(getattr(node, "serves", False)) or any(isinstance(action, _PEOPLE_AND_BOXES) for action in last)


def _way(last: Mapping[str, tuple[str, str]], name: str) -> tuple[tuple[str, str], ...]:
    """The steps to a node or return, given the last step to each."""
    way: list[tuple[str, str]] = []
    seen: set[str] = set()
    while name not in seen and last[name][0]:
        seen.add(name)
        way.append(last[name])
        name = last[name][0]
    return tuple(reversed(way))


def _choices(flow: Flow, way: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((node, outcome) for node, outcome in way if isinstance(flow.nodes[node], Dialogue))
