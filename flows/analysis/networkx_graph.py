"""A flow as a networkx graph, for designers who ask their own questions of it."""

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
    """A flow as a networkx graph: a directed graph in which two nodes may be joined by several outcomes.

    The graph has the attributes ``name``, ``language`` and ``start`` (the first node).

    A node of the graph is a node of the flow, by its name; one more, the empty string, is the end of the call where an
    exit leads to none. Its attributes:

    ====================  ==========================================================================
    ``type`` : str        node type, as ``menu``; ``end`` for the end of the call
    ``say`` : str         what is said when a call enters it, in the language
    ``seconds`` : float   how long that takes
    ``waits`` : str       what it waits for: ``caller``, ``world`` (the clock, an agent, another
                          telephone), ``nothing``, or ``end`` where the call ends
    ====================  ==========================================================================

    An edge is one exit, keyed by its outcome; ``back`` gives an edge to every menu that it can mean. Its attributes:

    ====================  ==========================================================================
    ``outcome`` : str     what takes it: ``1``, ``otherwise``, ``closed``
    ``key`` : str         the key that a caller presses for it; else empty
    ``weight`` : float    seconds from the moment a first-time caller enters the node until they leave
                          it by this exit
    ``presses`` : int     key presses for it; a number that is entered is one
    ``announced`` : bool  whether the caller is told of it
    ``needs`` : str       what must happen: ``nothing``, ``silence``, ``caller``, ``world``
    ``via`` : str         how it is written: ``wire`` (by name), ``key`` (one that works everywhere),
                          ``back``, ``repeat``, ``return`` (from a subflow), ``fallback``
    ====================  ==========================================================================

    Parameters
    ----------
    flow : Flow
    language : str
        Whose words and seconds; default: the flow's first language.

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
