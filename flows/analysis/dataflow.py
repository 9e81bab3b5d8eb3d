"""Facts that hold on every path from the start to a node.

A forward must-analysis (Aho, Lam, Sethi & Ullman 2006, section 9.2.5: the meet is intersection). A subflow is
summarised by what all its paths from start to return have in common, so that its calls are kept apart.
``back`` and ``repeat`` return to places the call has already been and remove no facts, so they are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from flows.analysis.graph import Edge, FlowGraph
from flows.nodes.base import END
from flows.nodes.set import Set
from flows.nodes.split import Split
from flows.speech.prompt import placeholders

__all__ = ["PathFacts", "facts_on_all_paths", "values_on_all_paths"]

Gain = Callable[[Edge], Iterable[str]]


@dataclass(frozen=True)
class PathFacts:
    """The facts that hold at each node that a call can reach.

    Parameters
    ----------
    known : mapping of node to frozenset of str
        The facts gained on every path to the node.
    """

    known: Mapping[str, frozenset[str]]
    _onward: Callable[[str], Iterable[tuple[Edge, frozenset[str]]]]
    _start: str
    _reached: dict[str, dict[str, Edge | None]] = field(default_factory=dict, repr=False, compare=False)

    def path_without(self, target: str, fact: str) -> tuple[Edge, ...]:
        """A path to `target`, with the fewest nodes, that never gains `fact`; empty if there is none."""
        if fact not in self._reached:
            self._reached[fact] = self._without(fact)
        reached = self._reached[fact]
        way: list[Edge] = []
        edge = reached.get(target)
        while edge is not None:
            way.append(edge)
            edge = reached[edge.source]
        return tuple(reversed(way))

    def _without(self, fact: str) -> dict[str, Edge | None]:
        """The edge by which each node is first reached without gaining `fact`, found in one walk."""
        reached: dict[str, Edge | None] = {self._start: None}
        todo = [self._start]
        for name in todo:
            for edge, gained in self._onward(name):
                if edge.target not in reached and fact not in gained:
                    reached[edge.target] = edge
                    todo.append(edge.target)
        return reached


def facts_on_all_paths(graph: FlowGraph, gain: Gain) -> PathFacts:
    """The facts that hold on every path to each node that a call can reach.

    Parameters
    ----------
    graph : FlowGraph
    gain : callable
        The facts that a call gains by taking an edge, e.g. the names of the values it sets.

    Returns
    -------
    PathFacts

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> text = "{ivr: 1, name: L, start: a, nodes: {a: {type: set, values: {x: 1}, next: b}, b: {type: hangup}}}"
    >>> facts_on_all_paths(FlowGraph(load_text(text).flow), lambda edge: [edge.source]).known["b"]
    frozenset({'a'})
    """
    analysis = _Analysis(graph, gain)
    return PathFacts(analysis.run(), analysis.onward, graph.flow.start)


class _Analysis:
    def __init__(self, graph: FlowGraph, gain: Gain) -> None:
        self._graph, self._gain = graph, gain
        self._bit: dict[str, int] = {}
        self._summaries: dict[str, dict[tuple[str, str], int]] = {}
        self._inside: dict[str, dict[str, int]] = {}
        self._met: set[str] = set()
        self._under_way: list[str] = []
        self._gains: dict[str, list[tuple[Edge, int]]] = {}

    def run(self) -> dict[str, frozenset[str]]:
        if self._graph.flow.start not in self._graph.flow.nodes:
            return {}
        solved = self._solve(self._graph.flow.start, inside=False)
        facts = {bits: self._facts(bits) for bits in set(solved.values())}
        return {node: facts[bits] for node, bits in solved.items()}

    def onward(self, name: str) -> Iterator[tuple[Edge, frozenset[str]]]:
        """The edges from a node with the facts each gains; subflows are both entered and stepped over."""
        for edge, bits in self._onward(name, inside=False):
            yield edge, self._facts(bits)

    def _facts(self, bits: int) -> frozenset[str]:
        return frozenset(fact for fact, place in self._bit.items() if bits >> place & 1) if bits else frozenset()

    def _bits(self, edge: Edge) -> int:
        bits = 0
        for fact in self._gain(edge):
            bits |= 1 << self._bit.setdefault(fact, len(self._bit))
        return bits

    def _onward(self, name: str, *, inside: bool) -> list[tuple[Edge, int]]:
        """The edges from a node and what they gain; inside a subflow, inner calls are stepped over, not entered."""
        if name not in self._gains:
            self._gains[name] = [(edge, self._bits(edge)) for edge in self._graph.onward[name]]
        if name not in self._graph.bodies:
            return self._gains[name]
        over = [
            (Edge(name, label, target, "nothing", "return", ()), bits)
            for (target, label), bits in self._summary(name).items()
        ]
        return over if inside else self._gains[name] + over

    def _solve(self, entry: str, *, inside: bool) -> dict[str, int]:
        """Iterate over the nodes in reverse postorder of a depth-first walk: few edges run against it, so few rounds
        are needed (Aho et al., section 9.6.7)."""
        order: list[str] = []
        ahead = {entry: self._ahead(entry, inside=inside)}
        walk = [(entry, iter(ahead[entry]))]
        while walk:
            for target, _ in walk[-1][1]:
                if target not in ahead:
                    ahead[target] = self._ahead(target, inside=inside)
                    walk.append((target, iter(ahead[target])))
                    break
            else:
                order.append(walk.pop()[0])
        order.reverse()
        known, changed = {entry: 0}, set(order)
        while changed:
            now, changed = changed, set()
            for name in order:
                if name not in now and name not in changed:
                    continue
                changed.discard(name)
                here = known[name]
                for target, gained in ahead[name]:
                    bits = here | gained
                    before = known.get(target)
                    if before is None:
                        known[target] = bits
                    elif before & ~bits:
                        known[target] = before & bits
                        changed.add(target)
        return known

    def _ahead(self, name: str, *, inside: bool) -> list[tuple[str, int]]:
        return [(edge.target, bits) for edge, bits in self._onward(name, inside=inside)]

    def _summary(self, name: str) -> dict[tuple[str, str], int]:
        """The facts gained on every path through a subflow, by return target and label."""
        self._met.add(name)
        if name not in self._summaries:
            self._summaries[name] = {}  # a subflow that calls itself finds nothing here; rule S011 reports it
            inner = self._solved_inside(name)
            found: dict[tuple[str, str], int] = {}
            for edge, label in self._graph.returns[name]:
                if edge.source in inner and edge.target != END:
                    bits = inner[edge.source] | self._bits(edge)
                    found[edge.target, label] = found.get((edge.target, label), bits) & bits
            self._summaries[name] = found
        return self._summaries[name]

    def _solved_inside(self, name: str) -> dict[str, int]:
        """The facts within a subflow; cached for all subflows with the same first node unless one is recursive."""
        start = self._graph.subflows[name].start
        if start not in self._inside:
            self._under_way.append(name)
            before, self._met = self._met, set()
            inner = self._solve(start, inside=True)
            self._under_way.pop()
            if not self._met & {*self._under_way, name}:
                self._inside[start] = inner
            self._met |= before
            return inner
        return self._inside[start]


def values_on_all_paths(graph: FlowGraph) -> PathFacts:
    """The values that are set on every path to each node.

    A branch of a `split` implies more than its own value: the value must have been set to match, so everything known
    where it was set is known too. So if ``signed_on: "yes"`` is set together with a balance, it later implies the
    balance.

    Parameters
    ----------
    graph : FlowGraph

    Returns
    -------
    PathFacts
        Its facts are names of values.

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> text = "{ivr: 1, name: L, start: a, nodes: {a: {type: set, values: {x: 1}, next: b}, b: {type: hangup}}}"
    >>> values_on_all_paths(FlowGraph(load_text(text).flow)).known["b"]
    frozenset({'x'})
    """
    nodes = graph.flow.nodes
    writers: dict[str, list[str]] = {}
    for name, node in nodes.items():
        for value in node.writes():
            writers.setdefault(value, []).append(name)
    found: PathFacts | None = None
    before: Mapping[str, frozenset[str]] | None = None
    while found is None or found.known != before:
        before = found.known if found else None
        found = facts_on_all_paths(graph, partial(_gain, graph, writers, before))
        if not any(isinstance(node, Split) for node in nodes.values()):
            break
    return found


def _gain(
    graph: FlowGraph, writers: Mapping[str, list[str]], known: Mapping[str, frozenset[str]] | None, edge: Edge
) -> Iterable[str]:
    node = graph.flow.nodes[edge.source]
    if not isinstance(node, Split):
        sets = node.writes_on(edge.outcome)
        return sets if sets and edge.needs != "silence" and edge.via in ("wire", "fallback", "return") else ()
    named = {node.value} if edge.outcome != "otherwise" and node.value else set()
    if not known or node.value not in known.get(edge.source, ()):
        return named
    matching = [name for name in writers[node.value] if name in known and _may_set(graph, name, node, edge.outcome)]
    sure = [known[name] | set(graph.flow.nodes[name].writes()) for name in matching]
    return named | frozenset.intersection(*map(frozenset, sure)) if sure else named


def _may_set(graph: FlowGraph, name: str, split: Split, case: str) -> bool:
    """Whether a node may set the split's value to something that matches `case`."""
    node = graph.flow.nodes[name]
    if not isinstance(node, Set) or placeholders(node.values[split.value]):
        return True
    return split.case_of(node.values[split.value]) == case
