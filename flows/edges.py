"""Every way from node to node, worked out from the nodes' own wires, so that a new node type needs no word here.

What is written as a place in the conversation (``back``, ``repeat``, ``return``) is resolved to the nodes it can mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress
from typing import Literal, NamedTuple

from flows.document import Path
from flows.model import Flow
from flows.nodes._dialogue import Dialogue
from flows.nodes.base import END, FALLBACK, Here, Node, Wire
from flows.nodes.subflow import CALL, RETURNED
from flows.nodes.subflow import Type as Subflow
from flows.protocol import WAITING, HangUp

__all__ = ["Edge", "Hole", "Wiring", "reach_from"]

Needs = Literal["nothing", "silence", "caller", "world", "end"]
Via = Literal["wire", "key", "back", "repeat", "return", "fallback"]


class Edge(NamedTuple):
    """One way from a node to the next.

    Parameters
    ----------
    source, target : str
        Node names; `target` is `flows.nodes.base.END` when the call ends.
    outcome : str
        The outcome that takes it, e.g. ``1``, ``otherwise``, ``closed``.
    needs : {"nothing", "silence", "caller", "world"}
        What must happen: nothing at all, a caller who stays silent, a caller who does something, or the world outside
        (the clock, an agent, another telephone). No edge needs "end": it is what `FlowGraph.awaits` says of a hangup.
    via : {"wire", "key", "back", "repeat", "return", "fallback"}
        How the target is written: by name, by a key that works everywhere, as a place in the conversation, or not.
    path : tuple of str or int
        Where the target stands in the document.
    """

    source: str
    outcome: str
    target: str
    needs: Needs
    via: Via
    path: Path

    @property
    def silent(self) -> bool:
        """Whether the call goes this way without the caller or the world doing anything."""
        return self.needs in ("nothing", "silence")


class Hole(NamedTuple):
    """An exit that leads nowhere: `target` is the name of no node, or None where nothing is written."""

    node: str
    outcome: str
    target: str | None
    path: Path


@dataclass(frozen=True)
class Wiring:
    """The ways of a flow; each part is worked out once, when first asked for.

    Parameters
    ----------
    flow : Flow

    Examples
    --------
    >>> from flows.load import load_text
    >>> text = "{ivr: 1, name: L, start: hi, nodes: {hi: {type: play, say: Hi., next: bye}, bye: {type: hangup}}}"
    >>> [(edge.outcome, edge.target) for edge in Wiring(load_text(text).flow).edges["hi"]]
    [('done', 'bye')]
    """

    flow: Flow

    @cached_property
    def _wired(self) -> tuple[dict[str, list[Edge]], list[Hole], dict[str, list[tuple[Wire, Needs, str]]]]:
        """Edges with a named target, holes, and the exits that are places in the conversation."""
        edges: dict[str, list[Edge]] = {}
        holes: list[Hole] = []
        places: dict[str, list[tuple[Wire, Needs, str]]] = {}
        for name, node in self.flow.nodes.items():
            edges[name] = []
            awaits = self.awaits[name]
            for wire, via in self._exits(name, node):
                needed: Needs = "silence" if awaits == "caller" and wire.outcome == "otherwise" else awaits
                target, path = wire.target, ("nodes", name, *wire.path) if via != "key" else wire.path
                if target is None or target == FALLBACK:
                    if wire.required and target is None:
                        holes.append(Hole(name, wire.outcome, None, path))
                        continue
                    to = _unwired(node, self.flow, name, wire)
                    target = (self.flow.fallback_node or END) if to == FALLBACK else to
                    edges[name].append(Edge(name, wire.outcome, target, needed, "fallback" if to == FALLBACK else "wire", path))
                elif target in self.flow.nodes:
                    edges[name].append(Edge(name, wire.outcome, target, needed, via, path))
                elif target.partition(" ")[0] in ("back", "repeat", "return"):
                    places.setdefault(name, []).append((Wire(wire.outcome, target, path), needed, target))
                else:
                    holes.append(Hole(name, wire.outcome, target, path))
        return edges, holes, places

    def _exits(self, name: str, node: Node) -> Iterable[tuple[Wire, Via]]:
        wires = node.wires()
        for wire in wires:
            if not isinstance(node, Subflow) or wire.outcome == CALL:
                yield wire, "wire"
        if isinstance(node, Dialogue) and self.flow.keys:
            own = {wire.outcome for wire in wires}
            here = Here(self.flow, name, self.flow.languages[0])
            offered = {outcome for phase in node.phases() for outcome in node.outcomes(replace(here, phase=phase))}
            for key, bound in self.flow.keys.items():
                if key in offered and key not in own:
                    yield Wire(key, bound.then, ("keys", key)), "key"

    @cached_property
    def awaits(self) -> dict[str, Needs]:
        """What each node waits for, read off its actions and not off its type."""
        first = self.flow.languages[0]
        found: dict[str, Needs] = {}
        for name, node in self.flow.nodes.items():
            if isinstance(node, Dialogue):
                found[name] = "caller"
            else:
                actions = node.enter(Here(self.flow, name, first))
                waits = actions[-1] if actions else None
                found[name] = "end" if isinstance(waits, HangUp) else "world" if isinstance(waits, WAITING) else "nothing"
        return found

    @property
    def holes(self) -> tuple[Hole, ...]:
        """Exits that lead nowhere, in the order of the file."""
        return tuple(self._wired[1]) + tuple(self._return_holes)

    @cached_property
    def broken(self) -> frozenset[str]:
        """Nodes with an exit that leads nowhere; what follows from them is not worth telling."""
        return frozenset(hole.node for hole in self.holes)

    @cached_property
    def bodies(self) -> dict[str, frozenset[str]]:
        """The nodes that belong to each subflow node: from its start until it returns, without inner subflows.

        A key that works everywhere leaves every subflow, so what it leads to does not belong.
        """
        plain = self._wired[0]
        known: dict[str, frozenset[str]] = {}
        bodies: dict[str, frozenset[str]] = {}
        for name, node in self.flow.nodes.items():
            if isinstance(node, Subflow) and node.start in self.flow.nodes:
                if node.start not in known:
                    known[node.start] = frozenset(reach_from([node.start], lambda at: self._inside(at, plain)))
                bodies[name] = known[node.start]
        return bodies

    def _inside(self, name: str, plain: Mapping[str, list[Edge]]) -> Iterable[str]:
        node = self.flow.nodes[name]
        if isinstance(node, Subflow):
            return [w.target for w in node.wires() if w.outcome != CALL and w.target in self.flow.nodes]  # type: ignore[misc]
        return [edge.target for edge in plain[name] if edge.target != END and edge.via != "key"]

    @cached_property
    def returns(self) -> dict[str, tuple[tuple[Edge, str], ...]]:
        """Every way back to each subflow node: the edge (from the returning node on) and the label it comes with."""
        places = self._wired[2]
        found: dict[str, tuple[tuple[Edge, str], ...]] = {}
        for name, body in self.bodies.items():
            wires = {wire.outcome: wire.target for wire in self.flow.nodes[name].wires()}
            back: list[tuple[Edge, str]] = []
            for inner, exits in places.items():
                for wire, needs, word in exits if inner in body else ():
                    if word.partition(" ")[0] == "return":
                        label = word.partition(" ")[2] or RETURNED
                        target = wires.get(label, wires.get(RETURNED)) if label != CALL else None
                        if target in self.flow.nodes:
                            back.append((Edge(inner, wire.outcome, str(target), needs, "return", wire.path), label))
                        else:
                            back.append((Edge(inner, wire.outcome, END, needs, "return", wire.path), label))
            found[name] = tuple(back)
        return found

    @cached_property
    def _return_holes(self) -> list[Hole]:
        """``return`` where no subflow can be under way."""
        inside = frozenset().union(*self.bodies.values())
        return [
            Hole(name, wire.outcome, word, wire.path)
            for name, places in self._wired[2].items()
            for wire, _, word in places
            if word.partition(" ")[0] == "return" and name not in inside
        ]

    @cached_property
    def edges(self) -> dict[str, tuple[Edge, ...]]:
        """Every way out of every node; ``back``, ``repeat`` and ``return`` are resolved to where they can lead."""
        plain, _, places = self._wired
        out = {name: list(edges) for name, edges in plain.items()}
        for edge in dict.fromkeys(edge for pairs in self.returns.values() for edge, _ in pairs if edge.target != END):
            out[edge.source].append(edge)
        before = self._menus_before(out) if any(w == "back" for p in places.values() for _, _, w in p) else {}
        for name, exits in places.items():
            for wire, needs, word in exits:
                if word == "repeat":
                    out[name].append(Edge(name, wire.outcome, name, needs, "repeat", wire.path))
                elif word == "back":
                    for menu in before.get(name) or (name,):
                        out[name].append(Edge(name, wire.outcome, menu, needs, "back", wire.path))
        return {name: tuple(edges) for name, edges in out.items()}

    def _menus_before(self, out: Mapping[str, list[Edge]]) -> dict[str, list[str]]:
        """For each node the menus from which it is reached with no other menu between, in the order of the file.

        The menus that have come to a node so far are the bits of one number, so that they go on together: a walk from
        each menu would take the square of a flow in which everything leads to everything.
        """
        menus = [name for name, node in self.flow.nodes.items() if node.keeps_place]
        own = {menu: 1 << place for place, menu in enumerate(menus)}
        before: dict[str, int] = {}
        todo = dict.fromkeys(menus)
        while todo:
            name = next(iter(todo))  # whoever has waited longest, so that much has come together there
            del todo[name]
            coming = own.get(name) or before[name]
            for edge in out[name]:
                known = before.get(edge.target, 0)
                if edge.target != END and coming & ~known:
                    before[edge.target] = known | coming
                    if edge.target not in own:
                        todo[edge.target] = None
        return {name: _chosen(menus, bits & ~own.get(name, 0)) for name, bits in before.items()}


def _chosen(names: list[str], bits: int) -> list[str]:
    """The names whose bit is set."""
    return list(compress(names, map("1".__eq__, bin(bits)[:1:-1])))


def _unwired(node: Node, flow: Flow, name: str, wire: Wire) -> str:
    """Where an exit goes that is not written and need not be."""
    if isinstance(node, Dialogue) and wire.outcome == "otherwise":
        return node.give_up().to
    return node.next(Here(flow, name, flow.languages[0]), wire.outcome).to


def reach_from(names: Iterable[str], onward: Callable[[str], Iterable[str]]) -> list[str]:
    """`names` and everything that `onward` leads to from them."""
    seen = dict.fromkeys(names)
    todo = list(seen)
    while todo:
        for target in onward(todo.pop()):
            if target not in seen:
                seen[target] = None
                todo.append(target)
    return list(seen)
