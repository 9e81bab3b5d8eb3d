"""The graph for designers, on shipped flows."""

from __future__ import annotations

import networkx
import pytest

import flows
from flows.analysis.graph import FlowGraph
from flows.analysis.quickest_paths import quickest_paths
from flows.nodes.base import END
from tests.support.library import SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_nodes_and_edges_are_those_of_the_flow(name: str) -> None:
    flow = flows.load(name).flow
    made, own = flow.graph(), FlowGraph(flow)
    assert isinstance(made, networkx.DiGraph)
    assert {node: made.nodes[node]["type"] for node in made if node != END} == {
        node: of.type for node, of in flow.nodes.items()
    }
    wanted = {(e.source, e.target, e.outcome, e.needs, e.via) for exits in own.edges.values() for e in exits}
    assert {(*edge, data["needs"], data["via"]) for *edge, data in made.edges(keys=True, data=True)} == wanted
    assert (made.graph["name"], made.graph["start"]) == (flow.name, flow.start)
    assert {flow.start} | networkx.descendants(made, flow.start) >= own.reachable - {flow.fallback_node}


@pytest.mark.parametrize("name", SHIPPED)
def test_no_path_is_quicker_than_the_quickest_announced_one(name: str) -> None:
    """`reach` prefers the ordinary outcome of a split and steps over subflows: never quicker than the plain graph."""
    flow = flows.load(name).flow
    made = flow.graph()
    announced = networkx.subgraph_view(made, filter_edge=lambda *edge: made.edges[edge]["announced"])
    seconds = networkx.single_source_dijkstra_path_length(announced, flow.start, weight="weight")
    found = quickest_paths(flow)
    assert all(seconds[node] <= found[node].seconds + 1e-6 for node in seconds if node in found)


def test_attributes_by_hand() -> None:
    """\"For sales, press 1.\" is 4 words at 150 a minute, 1.6 s; then a second to decide, and half a second of gap."""
    flow = flows.load_text("""
ivr: 1
name: Line
start: main
keys: {0: bye}
nodes:
  main: {type: menu, choices: [{key: 1, label: sales, next: bye}], otherwise: bye}
  bye: {type: hangup, say: Goodbye.}
""").flow
    made = flow.graph()
    assert made.nodes["main"] == {"type": "menu", "say": "For sales, press 1.", "seconds": 1.6, "waits": "caller"}
    assert made.nodes["bye"]["waits"] == "end"
    sales, zero = made.edges["main", "bye", "1"], made.edges["main", "bye", "0"]
    assert (sales["key"], sales["presses"], sales["announced"]) == ("1", 1, True)
    assert sales["weight"] == pytest.approx(3.1)
    assert (zero["via"], zero["announced"]) == ("key", False)
    assert made.edges["main", "bye", "otherwise"]["key"] == ""
