"""The graph of a flow: hand-worked flows, and random ones against networkx."""

from __future__ import annotations

import random

import networkx
import pytest

from flows.analysis.dataflow import facts_on_all_paths, values_on_all_paths
from flows.analysis.graph import FlowGraph
from flows.model.load import load, load_text
from flows.nodes.base import END
from tests.support import texts


def graph(nodes: str, *, head: str = "") -> FlowGraph:
    return FlowGraph(load_text(texts.flow(nodes, start="a", more=head)).flow)


def edges(made: FlowGraph, name: str) -> list[tuple[str, str, str, str]]:
    return [(e.outcome, e.target, e.needs, e.via) for e in made.edges[name]]


SUBFLOW = """
  a: {type: subflow, start: ask, on: {failed: bye}, next: b}
  b: {type: subflow, start: ask, next: c}
  ask: {type: collect, say: PIN?, into: pin, digits: 4, otherwise: return failed, next: return}
  c: {type: play, say: Done., next: bye}
  bye: {type: hangup}
"""


def test_edges_say_what_they_need() -> None:
    made = graph(
        """
  a: {type: play, say: Hello., next: main}
  main:
    type: menu
    choices: [{key: 1, label: sales, next: open}, {key: 2, label: again, next: repeat}]
    otherwise: box
  open: {type: hours, hours: office, on: {open: desk, closed: box}}
  desk: {type: queue, queue: desk, max_wait: 5m, while_waiting: {pound: box}, on: {timeout: box}}
  box: {type: voicemail, box: x}
""",
        head='keys: {0: desk, star: back}\nhours: {office: {zone: UTC, mon: "08:00-09:00"}}\nqueues: {desk: {}}\n',
    )
    assert edges(made, "a") == [("done", "main", "nothing", "wire")]
    assert edges(made, "main") == [
        ("1", "open", "caller", "wire"),
        ("otherwise", "box", "silence", "wire"),
        ("0", "desk", "caller", "key"),
        ("2", "main", "caller", "repeat"),
        ("*", "main", "caller", "back"),  # no menu before it: back stays
    ]
    assert edges(made, "open") == [("open", "desk", "world", "wire"), ("closed", "box", "world", "wire")]
    # answered and not wired: the call ends with the agent; full and closed are not wired: the fallback, which is 0
    assert edges(made, "desk") == [
        ("answered", END, "world", "wire"),
        ("timeout", "box", "world", "wire"),
        ("full", "desk", "world", "fallback"),
        ("closed", "desk", "world", "fallback"),
        ("key #", "box", "world", "wire"),
    ]
    assert edges(made, "box") == [("recorded", END, "world", "wire"), ("empty", END, "world", "wire")]
    assert made.awaits == {"a": "nothing", "main": "caller", "open": "world", "desk": "world", "box": "world"}


def test_back_leads_to_the_menus_met_before() -> None:
    made = graph("""
  a: {type: menu, choices: [{key: 1, next: b}, {key: 2, next: p}], otherwise: bye}
  p: {type: play, say: x, next: c}
  b: {type: menu, choices: [{key: 1, next: c}], otherwise: bye}
  c: {type: menu, choices: [{key: 1, next: back}], otherwise: bye}
  bye: {type: hangup}
""")
    assert [e.target for e in made.edges["c"] if e.via == "back"] == ["a", "b"]
    # written once, it is one exit, which leads to the menus before: a straight or over p, and b; not to c itself
    assert [(e.outcome, e.target, e.via) for e in made.exits["c"]] == [("otherwise", "bye", "wire"), ("1", "a", "back")]
    assert [made.leads(e) for e in made.exits["c"]] == [("bye",), ("a", "b")]
    assert made.leading_to(["b"], lambda edge: edge.via == "back") == {"b", "c"}
    assert made.reachable_from(["c"], lambda edge: edge.via == "back") == {"a", "b", "c"}
    assert dict(made.edges) == {name: made.edges[name] for name in "apbc"} | {"bye": ()}


def test_back_before_any_menu_stays_where_it_is() -> None:
    made = graph("  a: {type: menu, choices: [{key: 1, next: back}], otherwise: bye}\n  bye: {type: hangup}\n")
    assert [(e.target, made.leads(e)) for e in made.exits["a"] if e.via == "back"] == [("a", ("a",))]


def test_returns_go_back_to_whoever_called() -> None:
    made = graph(SUBFLOW)
    assert sorted((e.outcome, e.target) for e in made.edges["ask"]) == [
        ("collected", "b"),
        ("collected", "c"),
        ("otherwise", "bye"),
        ("otherwise", "c"),
    ]
    assert made.bodies == {"a": frozenset({"ask"}), "b": frozenset({"ask"})}
    assert [(e.source, e.target, label) for e, label in made.returns["a"]] == [
        ("ask", "b", "returned"),
        ("ask", "bye", "failed"),
    ]


def test_a_subflow_called_twice_is_no_silent_loop() -> None:
    made = graph("""
  a: {type: subflow, start: notice, next: b}
  b: {type: subflow, start: notice, next: bye}
  notice: {type: play, say: x, next: return}
  bye: {type: hangup}
""")
    assert made.silent_cycles == ()
    assert made.call_cycles() == ()


def test_a_value_set_only_in_the_first_call_of_a_subflow_is_not_certain_after_the_second() -> None:
    made = graph(SUBFLOW)
    known = values_on_all_paths(made).known
    assert known["b"] == {"pin"}  # only a plain return leads here
    assert known["c"] == {"pin"}  # 'return failed' of b comes here too, but b lies behind a's plain return
    assert known["bye"] == frozenset()  # 'return failed' of a


def test_what_a_split_implies() -> None:
    made = graph("""
  a: {type: set, values: {signed: "no"}, next: main}
  main: {type: menu, choices: [{key: 1, next: check}, {key: 2, next: sign}], otherwise: bye}
  sign: {type: set, values: {signed: "yes", balance: "5"}, next: main}
  check: {type: split, value: signed, cases: {"yes": tell}, otherwise: bye}
  tell: {type: play, say: "{balance}", next: bye}
  bye: {type: hangup}
""")
    known = values_on_all_paths(made).known
    assert known["main"] == {"signed"}
    assert known["tell"] == {"signed", "balance"}  # signed is "yes" only where the balance was set


def test_a_way_without_shows_how_the_value_is_missed() -> None:
    made = graph("""
  a: {type: menu, choices: [{key: 1, next: s}, {key: 2, next: p}], otherwise: bye}
  s: {type: set, values: {x: "1"}, next: tell}
  p: {type: play, say: x, next: tell}
  tell: {type: play, say: "{x}", next: bye}
  bye: {type: hangup}
""")
    sure = values_on_all_paths(made)
    assert [(e.source, e.outcome) for e in sure.path_without("tell", "x")] == [("a", "2"), ("p", "done")]
    assert facts_on_all_paths(made, lambda edge: [edge.outcome]).known["s"] == {"1"}


def test_the_way_with_fewest_keys_and_levels() -> None:
    made = FlowGraph(load("northwind").flow)
    assert [e.outcome for e in made.path_to("office_address") if e.needs == "caller"] == ["en-US", "4", "3"]
    assert (made.levels["main"], made.levels["sales_menu"], made.path_to(made.flow.start)) == (1, 2, ())


TRAP = """
  a: {type: menu, choices: [{key: 1, next: b}, {key: 2, next: bye}], otherwise: bye}
  b: {type: menu, choices: [{key: 3, next: c}], otherwise: c}
  c: {type: play, say: x, next: b}
  d: {type: play, say: x, next: d}
  bye: {type: hangup}
"""


def test_traps_are_reachable_and_have_no_end() -> None:
    (trap,) = graph(TRAP).traps  # d is a trap too, but nobody comes to it
    assert (trap.nodes, trap.entry, [e.outcome for e in trap.way]) == (("b", "c"), "b", ["1"])


def test_a_node_whose_target_is_unknown_is_no_trap() -> None:
    assert graph(TRAP.replace("next: c}]", "next: cc}]")).traps == ()


def test_silent_cycles_need_neither_the_caller_nor_the_world() -> None:
    assert graph(TRAP).silent_cycles == (("b", "c"),)
    assert graph(TRAP.replace("otherwise: c", "otherwise: bye")).silent_cycles == ()


def test_subflows_that_call_themselves() -> None:
    made = graph("""
  a: {type: subflow, start: b, next: bye}
  b: {type: play, say: x, next: c}
  c: {type: subflow, start: d, next: return}
  d: {type: subflow, start: b, next: return}
  bye: {type: hangup}
""")
    assert made.call_cycles() == (("c", "d"),)


# --- random flows against networkx ---------------------------------------------------------------------------------


def random_flow(rng: random.Random) -> FlowGraph:
    names = [f"n{i}" for i in range(rng.randint(2, 14))]
    lines = []

    def to() -> str:
        return rng.choice(names)

    for name in names:
        kind = rng.choice(["play", "play", "menu", "split", "hangup"])
        body = {
            "play": f"say: x, next: {to()}",
            "menu": f"choices: [{{key: 1, next: {to()}}}, {{key: 2, next: {to()}}}], otherwise: {to()}",
            "split": f"value: v, cases: {{a: {to()}}}, otherwise: {to()}",
            "hangup": "say: x",
        }[kind]
        lines.append(f"  {name}: {{type: {kind}, {body}}}")
    text = texts.flow("\n".join(lines), start="n0")
    return FlowGraph(load_text(text).flow)


@pytest.mark.parametrize("seed", range(150))
def test_searches_agree_with_networkx(seed: int) -> None:
    made = random_flow(random.Random(seed))
    whole = made.flow.graph()
    whole.remove_nodes_from([END] if END in whole else [])
    reachable = {"n0"} | networkx.descendants(whole, "n0")
    assert made.reachable == reachable
    ends = {name for name, node in made.flow.nodes.items() if node.type == "hangup"}
    trapped = {n for n in reachable if not ends & ({n} | networkx.descendants(whole, n))}
    assert {n for trap in made.traps for n in trap.nodes} == trapped
    silent = networkx.DiGraph()
    silent.add_nodes_from(reachable)
    silent.add_edges_from((e.source, e.target) for n in reachable for e in made.edges[n] if e.silent)
    parts = [
        p for p in networkx.strongly_connected_components(silent) if len(p) > 1 or silent.has_edge(*(2 * tuple(p)))
    ]
    assert {frozenset(c) for c in made.silent_cycles} == {frozenset(p) for p in parts}
    weight = {
        (e.source, e.target): {"nothing": 0, "world": 0, "caller": 1, "silence": 2}
        for n in reachable
        for e in made.edges[n]
    }
    cheapest = networkx.DiGraph()
    cheapest.add_nodes_from(reachable)
    for n in reachable:
        for e in made.edges[n]:
            cost = weight[e.source, e.target][e.needs]
            known = cheapest.get_edge_data(e.source, e.target)
            cheapest.add_edge(e.source, e.target, cost=min(cost, known["cost"]) if known else cost)
    distance = networkx.single_source_dijkstra_path_length(cheapest, "n0", weight="cost")
    for n in reachable:
        assert (
            sum({"nothing": 0, "world": 0, "caller": 1, "silence": 2}[e.needs] for e in made.path_to(n)) == distance[n]
        )
    menus = {n for n, node in made.flow.nodes.items() if node.keeps_place}
    levels = networkx.DiGraph()
    levels.add_nodes_from(reachable)
    levels.add_edges_from(
        (e.source, e.target, {"menus": int(e.target in menus)}) for n in reachable for e in made.edges[n]
    )
    deep = networkx.single_source_dijkstra_path_length(levels, "n0", weight="menus")
    assert made.levels == {n: d + ("n0" in menus) for n, d in deep.items()}


@pytest.mark.parametrize("seed", range(150))
def test_what_is_certain_agrees_with_dominators(seed: int) -> None:
    made = random_flow(random.Random(1000 + seed))
    known = facts_on_all_paths(made, lambda edge: [edge.source]).known
    whole = made.flow.graph()
    whole.remove_nodes_from([END] if END in whole else [])
    reachable = {"n0"} | networkx.descendants(whole, "n0")
    for name in reachable:
        # a node dominates another when taking it out cuts every way there
        cut = {
            other
            for other in reachable - {name}
            if other == "n0" or name not in {"n0"} | networkx.descendants(whole.subgraph(reachable - {other}), "n0")
        }
        assert known[name] == (cut if name != "n0" else frozenset())
