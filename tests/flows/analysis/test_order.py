"""The best order of a menu against every order, what it saves, and how often calls come to a menu."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.analysis.expected_visits import SHARE_CLOSED, choice_shares, visits_per_call
from flows.analysis.menu_order import Option, best_order, menu_order, orders
from flows.model.load import load, load_text
from flows.nodes.menu import Menu
from flows.speech.timing import first_time_s
from ivr.__main__ import main
from tests.support.library import SHIPPED


def expected_s(options: Sequence[Option]) -> float:
    return first_time_s(0.0, [o.seconds for o in options], [o.share for o in options])


def every_order(options: Sequence[Option]) -> list[tuple[Option, ...]]:
    """All orders in which pinned options keep their place."""
    free = [o for o in options if not o.pinned]
    found = []
    for order in itertools.permutations(free):
        rest = iter(order)
        found.append(tuple(o if o.pinned else next(rest) for o in options))
    return found


def option(key: str, seconds: float, share: float, *, pinned: bool = False) -> Option:
    return Option(key, key, seconds, share, pinned)


menus = st.lists(st.tuples(st.floats(0.4, 8), st.floats(0, 1), st.booleans()), min_size=1, max_size=6).map(
    lambda rows: [option(str(i), seconds, share, pinned=pinned) for i, (seconds, share, pinned) in enumerate(rows)]
)


@given(menus)
def test_no_order_is_better(options: list[Option]) -> None:
    best = best_order(options)
    assert sorted(o.key for o in best) == sorted(o.key for o in options)
    assert [o for o, place in zip(best, options, strict=True) if place.pinned] == [o for o in options if o.pinned]
    assert expected_s(best) == pytest.approx(min(map(expected_s, every_order(options))), abs=1e-9)


def test_smiths_rule_by_hand() -> None:
    """(t + 0.6) / p: a 2.6/0.2 = 13, b 3.6/0.6 = 6, c 1.6/0.2 = 8."""
    options = [option("a", 2.0, 0.2), option("b", 3.0, 0.6), option("c", 1.0, 0.2)]
    assert [o.key for o in best_order(options)] == ["b", "c", "a"]


def test_the_pause_belongs_to_the_option() -> None:
    """By t / p alone a (0.4 / 0.3 = 1.3) comes before b (1.0 / 0.7 = 1.4); with the pause b: 1.6/0.7 = 2.3 < 1.0/0.3 =
    3.3.
    """
    options = [option("a", 0.4, 0.3), option("b", 1.0, 0.7)]
    best = best_order(options)
    assert [o.key for o in best] == ["b", "a"]
    # 1.5 + 0.7 * 1.0 + 0.3 * (1.0 + 0.6 + 0.4) = 2.8 against 1.5 + 0.3 * 0.4 + 0.7 * (0.4 + 0.6 + 1.0) = 3.02
    assert (expected_s(best), expected_s(options)) == (pytest.approx(2.8), pytest.approx(3.02))


def test_a_pinned_option_between_others_needs_more_than_smiths_rule() -> None:
    """x is pinned second and wanted by most: what stands before it must above all be short.

    Ratios: a 10.6/0.3 = 35, b 1.6/0.04 = 40, so Smith's rule would say a first. All hear the first option, 0.96 of
    them wait for more, so the short one goes first.
    """
    options = [option("a", 10.0, 0.3), option("x", 1.0, 0.66, pinned=True), option("b", 1.0, 0.04)]
    assert [o.key for o in best_order(options)] == ["b", "x", "a"]


def test_what_nobody_wants_comes_last() -> None:
    assert [o.key for o in best_order([option("a", 1.0, 0.0), option("b", 9.0, 0.1)])] == ["b", "a"]


def test_many_options_with_pins_are_improved_by_swaps() -> None:
    """Beyond twelve free options no swap of two is left that helps."""
    options = [option(str(i), 1 + (i * 7) % 5, ((i * 5) % 11 + 1) / 100, pinned=i == 7) for i in range(15)]
    best = best_order(options)
    assert best[7].key == "7"
    places = [i for i in range(15) if i != 7]
    for i, j in itertools.combinations(places, 2):
        other = list(best)
        other[i], other[j] = other[j], other[i]
        assert expected_s(other) >= expected_s(best) - 1e-9


FLOW = """
ivr: 1
name: Line
start: open
keys: {0: {next: desk, label: an operator}}
hours: {office: {zone: UTC, mon-fri: "08:00-17:00"}}
nodes:
  open: {type: hours, hours: office, on: {open: main, closed: bye}}
  main:
    type: menu
    intro: Main menu.
    choices:
      - {key: 1, label: data, share: 0.1, next: bye}
      - {key: 2, label: bills, share: 0.6, next: bills}
      - {key: 3, label: sales, share: 0.3, next: desk}
    otherwise: desk
  bills:
    type: menu
    choices:
      - {key: 1, label: a copy of the bill that we sent last month, next: bye}
      - {key: 2, label: paying, next: main}
    otherwise: desk
  desk: {type: queue, queue: desk}
  bye: {type: hangup}
queues: {desk: {}}
"""


def test_a_menu_as_it_is_and_at_its_best_by_hand() -> None:
    """Each option is 3 words and a digit, 1.6 s. Heard until 1: 1.6, until 2: 3.8, until 3: 6.0; intro 0.8, d + s 1.5.

    Now 2.3 + 0.1 * 1.6 + 0.6 * 3.8 + 0.3 * 6.0 = 6.54; best, in the order 2, 3, 1: 2.3 + 0.96 + 1.14 + 0.6 = 5.0.
    """
    order = menu_order("main", load_text(FLOW).flow)
    assert [o.key for o in order.current] == ["1", "2", "3", "0"]
    assert [o.key for o in order.best] == ["2", "3", "1", "0"]  # the operator stays where it is announced
    assert order.current_s == pytest.approx(6.54)
    assert order.best_s == pytest.approx(5.0)
    assert order.saves_s == pytest.approx(1.54)
    assert order.stated
    assert not order.written


def test_how_often_a_call_comes_to_a_menu() -> None:
    """0.9 are open; of those in main 0.6 go to bills, and half of these come back: m = 0.9 + 0.3 m, m = 9 / 7."""
    visits = visits_per_call(load_text(FLOW).flow)
    assert SHARE_CLOSED == 0.1
    assert visits["main"] == pytest.approx(9 / 7)
    assert visits["bills"] == pytest.approx(0.6 * 9 / 7)
    assert visits["desk"] == pytest.approx(0.3 * 9 / 7)
    assert visits["open"] == 1.0


def test_caller_hours_of_a_flow() -> None:
    main_menu = next(order for order in orders(load_text(FLOW).flow) if order.menu == "main")
    assert main_menu.saves_s_per_call == pytest.approx(1.54 * 9 / 7)
    assert main_menu.caller_hours(700_000) == pytest.approx(1.54 * 9 / 7 * 700_000 / 3600)  # 385 h


def test_a_subflow_is_passed_in_its_context() -> None:
    """Both menus call one subflow; what comes back goes on where it was called."""
    text = """
ivr: 1
name: Line
start: main
nodes:
  main:
    type: menu
    choices:
      - {key: 1, label: bills, share: 0.75, next: for_bills}
      - {key: 2, label: sales, share: 0.25, next: for_sales}
    otherwise: bye
  for_bills: {type: subflow, start: ask, on: {failed: bye}, next: bills}
  for_sales: {type: subflow, start: ask, next: sales}
  ask: {type: collect, say: Number?, into: number, digits: 4, otherwise: return failed, next: kind}
  kind: {type: split, value: number, cases: {"1*": return failed}, otherwise: return}
  bills: {type: hangup, say: Bills.}
  sales: {type: hangup, say: Sales.}
  bye: {type: hangup, say: Bye.}
"""
    visits = visits_per_call(load_text(text).flow)
    assert visits["ask"] == 1.0
    # half of the numbers begin with 1, as far as anyone knows; a label without a wire counts as a plain return
    assert visits["bills"] == pytest.approx(0.75 / 2)
    assert visits["bye"] == pytest.approx(0.75 / 2)
    assert visits["sales"] == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([None, None], [0.5, 0.5]),
        (["0.2", None, None], [0.2, 0.4, 0.4]),
        (["0.2", "0.2"], [0.5, 0.5]),  # made to sum to 1
        (["0", "0"], [0.5, 0.5]),  # nothing is known
        (["1", None], [1.0, 0.0]),
    ],
)
def test_shares_that_are_not_stated(shares: list[str | None], expected: list[float]) -> None:
    rows = [{"key": str(i), "next": "a", **({} if s is None else {"share": s})} for i, s in enumerate(shares)]
    found = choice_shares(Menu.model_validate({"type": "menu", "choices": rows}))
    assert list(found.values()) == pytest.approx(expected)


def test_only_a_menu_has_an_order() -> None:
    with pytest.raises(TypeError, match="only a menu has an order"):
        menu_order("desk", load_text(FLOW).flow)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_menus_save_nothing_worth_a_change(name: str) -> None:
    for order in orders(load(name).flow):
        assert order.saves_s < 0.5, order.menu
        assert order.stated, order.menu


@pytest.mark.parametrize("name", SHIPPED)
def test_shares_of_shipped_menus_sum_to_one(name: str) -> None:
    for node in load(name).flow.nodes.values():
        if isinstance(node, Menu):
            assert sum(choice.share or 0 for choice in node.choices) == pytest.approx(1.0)


def test_the_command_says_what_to_change(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "line.yaml"
    file.write_text(FLOW, "utf-8")
    assert main(["optimise", str(file), "--calls-per-year", "700000"]) == 1
    out = capsys.readouterr().out
    assert "Reorder the choices of main: saves 1.5 s a caller, 385 hours a year" in out
    assert "  now:  1 data (10 %), 2 bills (60 %), 3 sales (30 %), 0 an operator" in out
    assert "  best: 2 bills (60 %), 3 sales (30 %), 1 data (10 %), 0 an operator" in out
    assert "\x1b" not in out
    table = [line for line in out.splitlines() if line.startswith(("menu ", "main ", "bills "))]
    assert len({len(line) for line in table}) == 1  # aligned


def test_the_command_as_json(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "line.yaml"
    file.write_text(FLOW, "utf-8")
    assert main(["optimise", str(file), "--json", "--at-least", "9"]) == 0  # nothing saves so much
    data = json.loads(capsys.readouterr().out)
    assert [(m["menu"], m["best"], m["worth_changing"]) for m in data["menus"]] == [
        ("main", ["2", "3", "1", "0"], False),
        ("bills", ["2", "1", "0"], False),
    ]
    assert data["menus"][0]["saves_s"] == pytest.approx(1.54)


def test_the_command_on_what_cannot_be_ordered(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["optimise", str(tmp_path / "none.yaml")]) == 2
    assert "Y002 no such file" in capsys.readouterr().err
    assert main(["optimise", "northwind", "--language", "de-DE"]) == 2
    assert "languages: en-US, es-US" in capsys.readouterr().err
    assert main(["optimise", "northwind", "--calls-per-year", "-1"]) == 2
    file = tmp_path / "bye.yaml"
    file.write_text("{ivr: 1, name: L, start: a, nodes: {a: {type: hangup}}}", "utf-8")
    capsys.readouterr()
    assert main(["optimise", str(file)]) == 0
    assert capsys.readouterr().out == "L has no menu.\n"
