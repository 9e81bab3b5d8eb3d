"""The shipped flows keep what they promise: clean, complete in both languages, quick, and called as written."""

from __future__ import annotations

import pytest

from flows.analysis.quickest_paths import leaves
from flows.lint.engine import lint
from flows.model.flow import Flow
from flows.model.load import LIBRARY, load
from flows.nodes.collect import Collect
from flows.nodes.menu import Menu
from flows.nodes.queue import Queue
from ivr.interpreter.chain import END, tabulate
from ivr.phone.call_script import read_scripts
from ivr.phone.flow_scripts import run
from ivr.phone.script_player import Played
from ivr.phone.terminal_phone import Phone
from tests.support.library import SHIPPED

FLOWS: dict[str, Flow] = {name: load(name).flow for name in SHIPPED}
CALLED: dict[str, tuple[Played, ...]] = {
    name: tuple(run(flow, s) for s in read_scripts((LIBRARY / f"{name}.calls").read_text("utf-8"), f"{name}.calls"))
    for name, flow in FLOWS.items()
}


def test_the_four_lines_are_shipped() -> None:
    assert {"northwind", "credit_union", "power_outage", "city_services"} <= set(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_linter_has_nothing_to_say_not_even_an_info(name: str) -> None:
    assert [(finding.code, finding.line, finding.message) for finding in lint(load(name))] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_calls_go_as_written(name: str) -> None:
    assert [finding for result in CALLED[name] for finding in result.findings] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_calls_visit_every_node_and_try_every_choice(name: str) -> None:
    flow = FLOWS[name]
    tried = {step for result in CALLED[name] for step in result.path}
    assert set(flow.nodes) - {node for node, _ in tried} == set()
    choices = {(node, c.key) for node, menu in flow.nodes.items() if isinstance(menu, Menu) for c in menu.choices}
    assert choices - tried == set()


@pytest.mark.parametrize("name", SHIPPED)
def test_calls_are_answered_by_every_queue(name: str) -> None:
    flow = FLOWS[name]
    answered = {node for result in CALLED[name] for node, outcome in result.path if outcome == "answered"}
    waiting = {flow.nodes[node].queue for node in answered if isinstance(flow.nodes[node], Queue)}
    assert waiting == set(flow.queues)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_language_is_complete(name: str) -> None:
    flow = FLOWS[name]
    assert flow.languages[:2] == ("en-US", "es-US")
    prompts = [(node, path, prompt) for node, n in flow.nodes.items() for path, prompt in (*n.prompts(), *n.written())]
    prompts += [("keys", (key,), bound.label) for key, bound in flow.keys.items() if bound.label]
    assert [(node, path) for node, path, prompt in prompts if prompt.missing(flow.languages)] == []
    tags = flow.languages
    same = [
        (n, path, a, b)
        for n, path, p in prompts
        for a in tags
        for b in tags
        if a < b and p.words(a, a) == p.words(b, b)
    ]
    assert same == []


@pytest.mark.parametrize(("name", "language"), [(name, tag) for name, flow in FLOWS.items() for tag in flow.languages])
def test_no_menu_is_long_and_no_leaf_is_far(name: str, language: str) -> None:
    """Twenty seconds a menu, five options, three levels, a minute to any leaf."""
    flow = FLOWS[name]
    for node, menu in flow.nodes.items():
        if isinstance(menu, Menu):
            assert menu.spoken(flow, language).total_s <= 20, node
            assert len(menu.choices) <= 5, node
    for leaf in leaves(flow, language):
        assert leaf.quickest.seconds < 60, leaf
        assert leaf.quickest.levels <= 3, leaf


@pytest.mark.parametrize("name", SHIPPED)
def test_zero_is_a_person_from_every_menu(name: str) -> None:
    """In the chain, key 0 of every state of a menu leads to the node that key 0 names, open or closed."""
    flow = FLOWS[name]
    chain = tabulate(flow)
    menus = [state for state in chain.states if isinstance(flow.nodes[state.node], Menu)]
    assert {state.node for state in menus} == {n for n, node in flow.nodes.items() if isinstance(node, Menu)}
    for state in menus:
        edge = state.edge("0")
        assert edge.to != END, state.node
        assert chain.states[edge.to].node == flow.keys["0"].then, state.node


@pytest.mark.parametrize("name", SHIPPED)
def test_every_silent_caller_gets_to_a_person_or_a_message(name: str) -> None:
    """From every state, saying nothing ends, and never by cutting off somebody who got nothing."""
    flow = FLOWS[name]
    chain = tabulate(flow)
    for state in chain.states:
        if state.session.outcome == "abandoned_in_menu":
            continue  # left a message box without a message before this
        at, steps = state, 0
        while at.edges and at.edges[0].outcome not in ("answered", "recorded") and steps < 60:
            silent = next((edge for edge in at.edges if edge.outcome == "no_input"), at.edges[0])
            if silent.to == END:
                break
            at, steps = chain.states[silent.to], steps + 1
        assert steps < 60, state.node
        assert at.ends in ("", "contained", "closed", "voicemail", "handled", "callback"), state.node


def test_northwind_is_what_the_readme_says() -> None:
    flow = FLOWS["northwind"]
    assert set(flow.queues) == {
        "billing",
        "tech",
        "tech_tier2",
        "sales",
        "customer_service",
        "product_support",
        "operator",
    }
    labels = [choice.label.words("en-US", "en-US") for choice in flow.nodes["main"].choices]
    assert labels == [
        "billing and payments",
        "technical support",
        "sales",
        "customer service and account changes",
        "help with a phone or device",
    ]
    assert flow.hours["office"].zone == "America/New_York"


def test_the_credit_union_has_its_leaves_its_levels_and_a_secret() -> None:
    flow = FLOWS["credit_union"]
    found = leaves(flow)
    assert len(found) >= 25
    assert max(leaf.quickest.levels for leaf in found) == 3
    collected = {node.into: node.sensitive for node in flow.nodes.values() if isinstance(node, Collect)}
    assert collected == {"account": False, "pin": True, "amount": False}


def test_the_power_company_asks_for_danger_first() -> None:
    main_menu = FLOWS["power_outage"].nodes["main"]
    first = main_menu.choices[0]
    assert (first.key, first.then, first.pinned) == ("1", "safety", True)
    assert FLOWS["power_outage"].queues["emergency"].priority == max(
        q.priority for q in FLOWS["power_outage"].queues.values()
    )


def test_the_city_speaks_six_languages_and_uses_every_new_node_type() -> None:
    flow = FLOWS["city_services"]
    assert flow.languages == ("en-US", "es-US", "zh-CN", "vi-VN", "pt-BR", "fr-FR")
    assert {node.type for node in flow.nodes.values()} >= {"lookup", "callback", "survey", "message", "split"}
    assert dict(flow.nodes["who_is_asked"].shares) == {"asked": 0.5, "spared": 0.5}


def test_a_pin_is_never_spoken() -> None:
    """The digits do not come back in anything said after them."""
    import datetime as dt

    from flows.protocol.actions import Keys

    phone = Phone(FLOWS["credit_union"], dt.datetime(2026, 11, 23, 16, tzinfo=dt.UTC))
    phone.dial()
    for keys in ("1", "1", "40172345", "7391", "1", "1"):
        phone.send(Keys(keys))
    said = " ".join(say.text for turn in phone.turns for _, say in turn.said)
    assert "1240.15" in said
    assert "7391" not in said
    assert "7 3 9 1" not in said
