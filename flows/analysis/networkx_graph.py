"""A flow as a networkx graph, for designers who want to run their own analyses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.analysis.graph import FlowGraph
from flows.analysis.path_legs import ways_on
from flows.model.flow import Flow
from flows.nodes.base import END, Here
from flows.protocol.actions import Say

if TYPE_CHECKING:
    import networkx

__all__ = ["graph_of"]

_KEYPAD = frozenset("0123456789*#")


def graph_of(flow: Flow, language: str = "") -> networkx.MultiDiGraph[str]:
    """A flow as a networkx graph: directed, with one edge per outcome, so two nodes may be joined by several.

    The graph has the attributes ``name``, ``language`` and ``start`` (the first node).

    Each node of the flow is a node of the graph, under its name; if an exit ends the call, one more node, the empty
    string, stands for the end. Node attributes:

    ====================  ==========================================================================
    ``type`` : str        node type, e.g. ``menu``; ``end`` for the end of the call
    ``say`` : str         what is said when a call enters it, in the given language
    ``seconds`` : float   how long that takes
    ``waits`` : str       what it waits for: ``caller``, ``world`` (the clock, an agent, another
                          telephone), ``nothing``, or ``end`` if the call ends
    ====================  ==========================================================================

    An edge is one exit, keyed by its outcome; ``back`` gives an edge to every menu it can mean. Edge attributes:

    ====================  ==========================================================================
    ``outcome`` : str     the outcome that takes it: ``1``, ``otherwise``, ``closed``
    ``key`` : str         the key that a caller presses to take it, or empty
    ``weight`` : float    seconds from when a first-time caller enters the node until they leave by
                          this exit
    ``presses`` : int     key presses to take it; entering a number counts as one
    ``announced`` : bool  whether it is announced to the caller
    ``needs`` : str       what must happen: ``nothing``, ``silence``, ``caller``, ``world``
    ``via`` : str         how it is written: ``wire`` (by name), ``key`` (a global key), ``back``,
                          ``repeat``, ``return`` (from a subflow), ``fallback``
    ====================  ==========================================================================

    Parameters
    ----------
    flow : Flow
    language : str
        Language of the words and seconds; default: the flow's first language.

    Returns
    -------
    networkx.MultiDiGraph

    Examples
    --------
    >>> import networkx
    >>> from flows.model.load import load
    >>> graph = graph_of(load("northwind").flow)
    >>> graph.nodes["main"]["type"], graph.edges["main", "billing_menu", "1"]["key"]
    ('menu', '1')
    >>> networkx.shortest_path(graph, "greeting", "main", weight="weight")
    ['greeting', 'choose_language', 'office_hours', 'main']
    """
    import networkx

    wiring, tag = FlowGraph(flow), language or flow.languages[0]
    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(name=flow.name, language=tag, start=flow.start)
    for name, node in flow.nodes.items():
        here = Here(flow, name, tag, values=None)
        said = [action.text for action in node.enter(here) if isinstance(action, Say)]
        graph.add_node(
            name, type=node.type, say=" ".join(said), seconds=node.heard_s(here, ""), waits=wiring.awaits[name]
        )
        ways = {outcome: (legs, told) for outcome, _, legs, told in ways_on(node, here)}
        for edge in wiring.edges[name]:
            if edge.target == END:
                graph.add_node(END, type="end", say="", seconds=0.0, waits="end")
            legs, told = ways.get(edge.outcome, ((), False))
            graph.add_edge(name, edge.target, edge.outcome)
            graph.edges[name, edge.target, edge.outcome].update(
                outcome=edge.outcome,
                key=edge.outcome if edge.outcome in _KEYPAD else "",
                weight=sum(leg.first_s for leg in legs),
                presses=sum(leg.presses for leg in legs),
                announced=told,
                needs=edge.needs,
                via=edge.via,
            )
    return graph
