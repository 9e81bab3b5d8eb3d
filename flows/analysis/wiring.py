"""Every edge between nodes, taken from the nodes' own exits, so a new node type needs no change here.

Targets that are places in the conversation (``back``, ``repeat``, ``return``) are resolved to the nodes they can mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import compress
from operator import or_
from typing import Literal, NamedTuple

from flows.analysis.components import components
from flows.model.flow import Flow
from flows.nodes.base import END, FALLBACK, Here, Node, Wire
from flows.nodes.base_dialogue import NO_INPUT, Dialogue
from flows.nodes.subflow import CALL, RETURNED, Subflow
from flows.protocol.actions import WAITING, HangUp
from flows.source.document import Path

__all__ = ["Edge", "Hole", "Wiring", "reach_from"]

Needs = Literal["nothing", "silence", "caller", "world", "end"]
Via = Literal["wire", "key", "shared", "back", "repeat", "return", "fallback"]


class Edge(NamedTuple):
    """One edge from a node to the next.

    Parameters
    ----------
    source, target : str
        Node names; `target` is `flows.nodes.base.END` if the call ends.
    outcome : str
        The outcome that takes it, e.g. ``1``, ``otherwise``, ``closed``.
    needs : {"nothing", "silence", "caller", "world"}
        What must happen: nothing, a caller who stays silent, a caller who does something, or an outside event (the
        clock, an agent, another telephone). No edge needs "end"; `Wiring.awaits` has it for a hangup.
    via : {"wire", "key", "shared", "back", "repeat", "return", "fallback"}
        How the target is written: by name, by a global key, by attempts that questions share, as a place in the
        conversation, or not at all.
    path : tuple of str or int
        Where the target is in the document.
    """

    source: str
    outcome: str
    target: str
    needs: Needs
    via: Via
    path: Path

    @property
    def silent(self) -> bool:
        """Whether the call takes this edge without any action by the caller or outside event."""
        return self.needs in ("nothing", "silence")


class Hole(NamedTuple):
    """An exit that leads nowhere: `target` does not name a node, or is None if nothing is written."""

    node: str
    outcome: str
    target: str | None
    path: Path


@dataclass(frozen=True)
class Wiring:
    """The edges of a flow; each property is computed once, when first read.

    Parameters
    ----------
    flow : Flow

    Examples
    --------
    >>> from flows.model.load import load_text
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
                silent = isinstance(node, Dialogue) and wire.outcome == node.retry_exit(NO_INPUT)
                needed: Needs = "silence" if silent else awaits
                target, path = wire.target, ("nodes", name, *wire.path) if via not in ("key", "shared") else wire.path
                if target is None or target == FALLBACK:
                    if wire.required and target is None:
                        holes.append(Hole(name, wire.outcome, None, path))
                        continue
                    to = _unwired(node, self.flow, name, wire)
                    target = (self.flow.fallback_node or END) if to == FALLBACK else to
                    edges[name].append(
                        Edge(name, wire.outcome, target, needed, "fallback" if to == FALLBACK else "wire", path)
                    )
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
            first = self.flow.languages[0]
            states = (Here(self.flow, name, first, phase=phase) for phase in node.phases())
            offered = {outcome for here in states for outcome in node.outcomes(here)}
            for key, bound in self.flow.keys.items():
                if key in offered and key not in own:
                    yield Wire(key, bound.then, ("keys", key)), "key"
        if shared := self.flow.shared_attempts(name):
            path = ("attempts", node.counted_with, "next")
            yield Wire(f"all attempts of {node.counted_with}", shared.then, path), "shared"

    @cached_property
    def awaits(self) -> dict[str, Needs]:
        """What each node waits for, derived from its actions rather than its type."""
        first = self.flow.languages[0]
        found: dict[str, Needs] = {}
        for name, node in self.flow.nodes.items():
            if isinstance(node, Dialogue):
                found[name] = "caller"
            else:
                actions = node.enter(Here(self.flow, name, first, values=None))
                waits = actions[-1] if actions else None
                found[name] = (
                    "end" if isinstance(waits, HangUp) else "world" if isinstance(waits, WAITING) else "nothing"
                )
        return found

    @property
    def holes(self) -> tuple[Hole, ...]:
        """Exits that lead nowhere, in file order."""
        return tuple(self._wired[1]) + tuple(self._return_holes)

    @cached_property
    def broken(self) -> frozenset[str]:
        """Nodes with an exit that leads nowhere; problems that follow from them are not reported."""
        return frozenset(hole.node for hole in self.holes)

    @cached_property
    def subflows(self) -> dict[str, Subflow]:
        """The subflow nodes by name."""
        return {name: node for name, node in self.flow.nodes.items() if isinstance(node, Subflow)}

    @cached_property
    def bodies(self) -> dict[str, frozenset[str]]:
        """The nodes that each subflow node runs: from its first node to its returns, without inner subflows.

        A global key leaves every subflow, so its target is not included.
        """
        plain = self._wired[0]
        known: dict[str, frozenset[str]] = {}
        bodies: dict[str, frozenset[str]] = {}
        for name, node in self.subflows.items():
            if node.start in self.flow.nodes:
                if node.start not in known:
                    known[node.start] = frozenset(reach_from([node.start], lambda at: self._inside(at, plain)))
                bodies[name] = known[node.start]
        return bodies

    def _inside(self, name: str, plain: Mapping[str, list[Edge]]) -> Iterable[str]:
        node = self.flow.nodes[name]
        if isinstance(node, Subflow):
            return [w.target for w in node.wires() if w.outcome != CALL and w.target in self.flow.nodes]
        return [edge.target for edge in plain[name] if edge.target != END and edge.via != "key"]

    @cached_property
    def returns(self) -> dict[str, tuple[tuple[Edge, str], ...]]:
        """Every return to each subflow node: the edge from the returning node, and the label it returns with."""
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
        """``return`` exits that no subflow can reach."""
        inside = frozenset().union(*self.bodies.values())
        return [
            Hole(name, wire.outcome, word, wire.path)
            for name, places in self._wired[2].items()
            for wire, _, word in places
            if word.partition(" ")[0] == "return" and name not in inside
        ]

    @cached_property
    def exits(self) -> dict[str, tuple[Edge, ...]]:
        """Every exit of every node, each once; a ``back`` exit stands for all the edges that `leads` resolves it to."""
        plain, _, places = self._wired
        out = {name: list(edges) for name, edges in self._forward.items()} if places else plain
        for name, exits in places.items():
            for wire, needs, word in exits:
                if word == "repeat":
                    out[name].append(Edge(name, wire.outcome, name, needs, "repeat", wire.path))
                elif word == "back":
                    bits = self.before(name)
                    first = self.menus[(bits & -bits).bit_length() - 1] if bits else name
                    out[name].append(Edge(name, wire.outcome, first, needs, "back", wire.path))
        return {name: tuple(edges) for name, edges in out.items()}

    @cached_property
    def edges(self) -> Mapping[str, tuple[Edge, ...]]:
        """Every edge of every node; ``back``, ``repeat`` and ``return`` are resolved to where they can lead.

        In a densely connected flow, ``back`` alone produces millions of edges, so a node's edges are created when it is
        read. To walk over all nodes, use `exits`, which has one edge per written exit.
        """
        return _Edges(self) if self._before else self.exits

    def leads(self, exit_: Edge) -> tuple[str, ...]:
        """Where one of the `exits` leads: to its target or, for ``back``, to any menu that can come before."""
        if exit_.via == "back" and (bits := self.before(exit_.source)):
            return self.named(bits)
        return (exit_.target,)

    @cached_property
    def menus(self) -> list[str]:
        """The nodes to which ``back`` may lead, in file order."""
        return [name for name, node in self.flow.nodes.items() if node.keeps_place]

    @cached_property
    def bit(self) -> dict[str, int]:
        """A number with one bit set for each of `menus`, so that a set of menus is one number."""
        return {menu: 1 << place for place, menu in enumerate(self.menus)}

    def named(self, bits: int) -> tuple[str, ...]:
        """The menus whose `bit` is set, in file order."""
        return tuple(compress(self.menus, map("1".__eq__, bin(bits)[:1:-1])))

    def before(self, name: str) -> int:
        """The menus from which a node is reached with no other menu between, as `bit`s; 0 if nothing leads ``back``."""
        return self._before.get(name, 0)

    @cached_property
    def _forward(self) -> dict[str, list[Edge]]:
        """The edges written by name, and the edges out of subflows."""
        out = {name: list(edges) for name, edges in self._wired[0].items()}
        for edge in dict.fromkeys(edge for pairs in self.returns.values() for edge, _ in pairs if edge.target != END):
            out[edge.source].append(edge)
        return out

    @cached_property
    def _before(self) -> dict[str, int]:
        """The menus that lead to each node with no other menu between, as bits passed on together: a separate walk from
        each menu would take quadratic time in a densely connected flow."""
        if not any(word == "back" for exits in self._wired[2].values() for _, _, word in exits):
            return {}
        out, own = self._forward, self.bit
        before: dict[str, int] = {}
        for menu in self.menus:
            for edge in out[menu]:
                before[edge.target] = before.get(edge.target, 0) | own[menu]
        between = {name: [edge.target for edge in exits] for name, exits in out.items() if name not in own}
        for group in reversed(components(between)):  # each group after all that lead to it
            coming = reduce(or_, (before.get(name, 0) for name in group))
            for name in group:
                before[name] = coming
                for target in between[name]:
                    before[target] = before.get(target, 0) | coming
        return {name: bits & ~own.get(name, 0) for name, bits in before.items()}


class _Edges(Mapping[str, tuple[Edge, ...]]):
    """The edges of each node, created when they are read."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    def __getitem__(self, name: str) -> tuple[Edge, ...]:
        exits = self._wiring.exits[name]
        if not any(edge.via == "back" for edge in exits):
            return exits
        return tuple(edge._replace(target=target) for edge in exits for target in self._wiring.leads(edge))

    def __iter__(self) -> Iterator[str]:
        return iter(self._wiring.exits)

    def __len__(self) -> int:
        return len(self._wiring.exits)


def _unwired(node: Node, flow: Flow, name: str, wire: Wire) -> str:
    """Where an optional exit leads if it is not written."""
    if isinstance(node, Dialogue) and wire.outcome == "otherwise":
        return node.give_up_otherwise().to
    return node.next(Here(flow, name, flow.languages[0]), wire.outcome).to


def reach_from(names: Iterable[str], onward: Callable[[str], Iterable[str]]) -> list[str]:
    """`names`, and everything reachable from them through `onward`."""
    seen = dict.fromkeys(names)
    todo = list(seen)
    while todo:
        for target in onward(todo.pop()):
            if target not in seen:
                seen[target] = None
                todo.append(target)
    return list(seen)
