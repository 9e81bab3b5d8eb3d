"""Two versions of a flow, walked side by side: every edit is told as callers feel it, and nothing that they do not."""

from __future__ import annotations

import pytest

from flows.model.load import LIBRARY, load, load_text
from ivr.difference.compare import compare
from ivr.difference.walk import walk
from tests.support.texts import flow

NORTHWIND = LIBRARY / "northwind.yaml"
Told = tuple[str, str, str, str, str]
Edit = tuple[tuple[str, str], ...]

STORE = """\
      - key: 3
        label: {en-US: our store in New York, es-US: la tienda de Nueva York}
        phrases: [store, shop, tienda]
        share: 0.20
        next: store
"""
FELT: dict[str, tuple[Edit, list[Told]]] = {
    "a label says more": (
        (("label: {en-US: sales,", "label: {en-US: new service,"),),
        [("words", "main", "", "For sales, press 3.", "For new service, press 3.")],
    ),
    "a key leads elsewhere": (
        (("        next: store\n", "        next: sales_queue\n"),),
        [("leads", "sales_menu", "3", "store", "sales_queue")],
    ),
    "a queue is waited in for less long": (
        (
            ("    queue: sales\n    say:", "    queue: sales\n    urgency: 0\n    say:"),
            (
                "max_wait: 10m\n    announce: {position: true, every",
                "max_wait: 5m\n    announce: {position: true, every",
            ),
        ),
        [("waits", "sales_queue", "longest wait", "10 min", "5 min")],
    ),
    "callers have longer to press a key": (
        (("    timeout: 4s\n    next: office_hours", "    timeout: 6s\n    next: office_hours"),),
        [("waits", "choose_language", "time for a key", "4 s", "6 s")],
    ),
    "something is said on the way": (
        (
            ("        share: 0.50\n        next: sales_queue\n", "        share: 0.50\n        next: offer\n"),
            (
                "  sales_queue:\n",
                "  offer: {type: play, say: We have a new plan., next: sales_queue}\n  sales_queue:\n",
            ),
        ),
        [("passes", "sales_menu", "1", "", "We have a new plan.")],
    ),
    "an option is gone": (
        ((STORE, ""),),
        [
            ("words", "sales_menu", "", "For our store in New York, press 3.", ""),
            ("words", "sales_menu", "", "Para la tienda de Nueva York, oprima 3.", ""),
            ("lost", "sales_menu", "3", "store", ""),
        ],
    ),
    "an option is new": (
        ((STORE, STORE + "      - {key: 4, label: {en-US: our app, es-US: la aplicación}, next: office_address}\n"),),
        [
            ("words", "sales_menu", "", "", "For our app, press 4."),
            ("words", "sales_menu", "", "", "Para la aplicación, oprima 4."),
            ("gained", "sales_menu", "4", "", "office_address"),
        ],
    ),
    "silence in one menu is asked about once less": (
        (("    otherwise: identify_for_tier2\n", "    otherwise: identify_for_tier2\n    attempts: 2\n"),),
        [
            ("leads", "restart_result", "no_input", "restart_result, asked again", "ask_account"),
            ("leads", "restart_result", "no_match", "restart_result, asked again", "ask_account"),
        ],
    ),
    "another number is dialled": (
        (('    number: "+12125550143"', '    number: "+12125550144"'),),
        [("waits", "store", "numbers", "+12125550143", "+12125550144")],
    ),
    "a text in one language only": (
        (("Bienvenido", "Bienvenido"), ("es-US: Le comunicamos con ventas.", "es-US: Le paso con ventas.")),
        [
            (
                "words",
                "sales_queue",
                "",
                "Le comunicamos con ventas. Para dejar un mensaje, oprima numeral.",
                "Le paso con ventas. Para dejar un mensaje, oprima numeral.",
            )
        ],
    ),
}
"""Edits of a shipped line, and all that callers find different: kind, node, what, before, after."""
UNFELT: dict[str, Edit] = {
    "shares": (("share: 0.32", "share: 0.31"), ("share: 0.12", "share: 0.13")),
    "notes and descriptions": (("note: Businesses have a number", "note: Some businesses have a number"),),
    "a menu with another name": (("next: sales_menu\n", "next: buying\n"), ("  sales_menu:\n", "  buying:\n")),
    "a queue node with another name": (("sales_queue", "buy_queue"),),
    "phrases of nobody who presses keys": (("phrases: [new, sign up, contratar]", "phrases: [sign up, contratar]"),),
    "a set node that nobody hears": (
        ("        next: sales_menu\n", "        next: noted\n"),
        ("  sales_menu:\n", "  noted: {type: set, values: {wants: sales}, next: sales_menu}\n  sales_menu:\n"),
    ),
    "the labels of queues": (("label: Sales}", "label: Selling}"),),
}


def edited(edit: Edit) -> str:
    text = NORTHWIND.read_text("utf-8")
    for old, new in edit:
        if old == new:
            continue
        assert old in text, old
        text = text.replace(old, new, 1) if old.count("\n") or "_queue" not in old else text.replace(old, new)
    return text


@pytest.mark.parametrize("name", FELT)
def test_an_edit_is_told_as_callers_feel_it(name: str) -> None:
    edit, expected = FELT[name]
    found = walk(load("northwind").flow, load_text(edited(edit), str(NORTHWIND)).flow).changes
    assert sorted((one.kind, one.node, one.about, one.old, one.new) for one in found) == sorted(expected)


@pytest.mark.parametrize("name", UNFELT)
def test_what_nobody_feels_is_not_told(name: str) -> None:
    found = compare(load("northwind"), load_text(edited(UNFELT[name]), str(NORTHWIND)))
    assert (found.changes, found.hours, found.leaves) == ((), (), ())
    assert not found.felt


LINE = """\
  main:
    type: menu
    choices: [{key: 1, label: sales, next: open}, {key: 2, label: news, next: news}]
    otherwise: bye
  open: {type: hours, hours: office, on: {open: desk, closed: bye}}
  news: {type: play, say: %s, next: bye}
  desk: {type: queue, queue: desk}
  bye: {type: hangup, say: Goodbye.}
"""
HOURS = 'hours: {office: {zone: UTC, mon-fri: "%s"}}\n'


def line(news: str = "Nothing is new.", hours: str = "08:00-18:00") -> str:
    return flow(LINE % news, more=HOURS % hours)


def test_a_flow_is_no_different_from_itself() -> None:
    found = walk(load_text(line()).flow, load_text(line()).flow)
    assert (found.changes, dict(found.renamed)) == ((), {})


def test_the_way_is_the_shortest_by_which_a_caller_meets_it() -> None:
    (change,) = walk(load_text(line()).flow, load_text(line("Much is new.")).flow).changes
    assert change.way == (("main", "2"),)


def test_a_line_that_ends_where_it_went_on() -> None:
    old = flow("  main: {type: play, say: Hello., next: more}\n  more: {type: dial, number: '+14155550100'}\n")
    new = flow("  main: {type: play, say: Hello., next: bye}\n  bye: {type: hangup}\n")
    (change,) = walk(load_text(old).flow, load_text(new).flow).changes
    assert (change.kind, change.node, change.about, change.old, change.new) == ("leads", "main", "done", "more", "bye")


def test_opening_hours_are_told_by_day() -> None:
    found = compare(load_text(line()), load_text(line(hours="09:00-18:00")))
    assert [(one.hours, one.day, one.old, one.new) for one in found.hours] == [
        ("office", "mon-fri", "08:00-18:00", "09:00-18:00")
    ]
    assert found.felt
    assert not found.changes


def test_seconds_and_keys_to_what_callers_want() -> None:
    """'For sales, press 1.' is 3 / 2.5 + 0.4 = 1.6 s and 1.5 s to decide; two words more are 0.8 s."""
    old, new = load_text(line()), load_text(line().replace("label: sales", "label: sales and orders"))
    times = {one.node: (one.old, one.new) for one in compare(old, new).leaves}
    assert set(times) == {"desk", "bye"}  # the news, and the goodbye after them, come after the longer words
    before, after = times["desk"]
    assert before is not None
    assert after is not None
    assert (before.seconds, after.seconds) == pytest.approx((3.1, 3.9))
    assert (before.presses, after.presses) == (1, 1)


def test_findings_that_are_new_and_mended() -> None:
    bad = line().replace("label: news", "verb: news") + "  alone: {type: hangup}\n"
    found = compare(load_text(line()), load_text(bad))
    assert "S003" in {one.code for one in found.gained}
    assert found.mended == ()
    assert {one.code for one in compare(load_text(bad), load_text(line())).mended} >= {"S003"}


def test_a_renamed_node_is_no_new_finding() -> None:
    old = line() + "  alone: {type: hangup}\n"
    new = old.replace("desk: {type", "counter: {type").replace("open: desk", "open: counter")
    found = compare(load_text(old), load_text(new))
    assert (found.gained, found.mended, found.felt) == ((), (), False)
