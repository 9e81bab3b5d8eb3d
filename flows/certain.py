"""What is certain at a node: what every way from the beginning to it has passed.

A forward must-analysis (Aho, Lam, Sethi & Ullman 2006, section 9.2.5: the meet is intersection). A subflow counts by
what all its ways from start to return have in common, so that two calls of one subflow do not blur each other.
``back`` and ``repeat`` lead where the call already was and take nothing away, so they are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flows.graph import Edge, FlowGraph
from flows.nodes.base import END

__all__ = ["certain"]


def certain(graph: FlowGraph, gain: Callable[[Edge], Iterable[str]]) -> dict[str, frozenset[str]]:
    """For each node a call can come to, the tokens that every way to it has gained.

    Parameters
    ----------
    graph : FlowGraph
    gain : callable
        The tokens a call gains by taking an edge, e.g. the names of the values it sets.

    Examples
    --------
    >>> from flows.load import load_text
    >>> text = "{ivr: 1, name: L, start: a, nodes: {a: {type: set, values: {x: 1}, next: b}, b: {type: hangup}}}"
    >>> certain(FlowGraph(load_text(text).flow), lambda edge: [edge.source])["b"]
    frozenset({'a'})
    """
    return _Analysis(graph, gain).run()


class _Analysis:
    def __init__(self, graph: FlowGraph, gain: Callable[[Edge], Iterable[str]]) -> None:
        self._graph, self._gain = graph, gain
        self._bit: dict[str, int] = {}
        self._summaries: dict[str, dict[tuple[str, str], int]] = {}

    def run(self) -> dict[str, frozenset[str]]:
        start = self._graph.flow.start
        if start not in self._graph.flow.nodes:
            return {}
        known = self._solve(start, inside=False)
        names = {1 << place: token for token, place in self._bit.items()}
        return {node: frozenset(t for bit, t in names.items() if bits & bit) for node, bits in known.items()}

    def _bits(self, edge: Edge) -> int:
        bits = 0
        for token in self._gain(edge):
            bits |= 1 << self._bit.setdefault(token, len(self._bit))
        return bits

    def _solve(self, entry: str, *, inside: bool) -> dict[str, int]:
        """Bits at each node reached from `entry`; `inside` a subflow inner calls are stepped over, not entered."""
        graph, known, todo = self._graph, {entry: 0}, [entry]

        def arrive(target: str, bits: int) -> None:
            if target not in known or known[target] & bits != known[target]:
                known[target] = known[target] & bits if target in known else bits
                todo.append(target)

        while todo:
            name = todo.pop()
            held = known[name]
            for edge in graph.edges[name]:
                if edge.via in ("back", "repeat", "return") or edge.target == END:
                    continue
                if not (inside and name in graph.bodies):
                    arrive(edge.target, held | self._bits(edge))
            if name in graph.bodies:
                for (target, _), bits in self._summary(name).items():
                    arrive(target, held | bits)
        return known

    def _summary(self, name: str) -> dict[tuple[str, str], int]:
        """What every way through a subflow gains, by where it comes back to and with which label."""
        start = self._graph.flow.nodes[name].start  # type: ignore[attr-defined]
        if name not in self._summaries:
            self._summaries[name] = {}  # a subflow that calls itself finds nothing here; S011 tells of it
            inner = self._solve(start, inside=True)
            found: dict[tuple[str, str], int] = {}
            for edge, label in self._graph.returns[name]:
                if edge.source in inner and edge.target != END:
                    bits = inner[edge.source] | self._bits(edge)
                    found[edge.target, label] = found.get((edge.target, label), bits) & bits
            self._summaries[name] = found
        return self._summaries[name]
