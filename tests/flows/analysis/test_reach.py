"""How soon a first-time caller comes to each node; every number with its derivation."""

from __future__ import annotations

import pytest

from flows.analysis.quickest_paths import leaves, quickest_paths
from flows.commands.leaves_table import leaves_text
from flows.model.flow import Flow
from flows.model.load import load, load_text
from tests.support import texts
from tests.support.library import SHIPPED


def flow(nodes: str, *, more: str = "") -> Flow:
    return load_text(texts.flow(nodes, start="start", more=more)).flow


def seconds(line: Flow, node: str) -> float:
    return quickest_paths(line)[node].seconds


MENU = """
  start: {type: play, say: Welcome to us., next: main}
  main:
    type: menu
    choices:
      - {key: 1, label: sales, next: sales}
      - {key: 2, label: billing, next: billing}
    attempts: 2
    timeout: 5s
    otherwise: operator
  sales: {type: hangup}
  billing: {type: hangup}
  operator: {type: hangup}
"""


def test_a_menu_is_heard_up_to_the_option() -> None:
    """1.2 for three words; For sales, press 1: 1.6; d + s 1.5; the next option after a pause: 0.6 + 1.6."""
    line = flow(MENU)
    assert seconds(line, "main") == pytest.approx(1.2)
    assert seconds(line, "sales") == pytest.approx(1.2 + 1.6 + 1.5)
    assert seconds(line, "billing") == pytest.approx(1.2 + 1.6 + 0.6 + 1.6 + 1.5)
    found = quickest_paths(line)["billing"]
    assert (found.presses, found.levels, found.source, found.outcome) == (1, 1, "main", "2")


def test_silence_is_waited_out() -> None:
    """Both attempts are heard to the end, 3.8 s, and 5 s waited after each; the second says before: "Sorry, I did not
    hear anything.", six words, 2.4 s. 1.2 + 2 * 8.8 + 2.4."""
    assert seconds(flow(MENU), "operator") == pytest.approx(1.2 + 2 * (3.8 + 5) + 2.4)


def test_silence_does_not_make_a_short_cut() -> None:
    """With `sales` after the last attempt as well, the way with a key is the way, however long silence takes."""
    line = flow(MENU.replace("otherwise: operator", "otherwise: sales"))
    assert quickest_paths(line)["sales"].outcome == "1"


def test_a_key_that_is_announced_is_heard_first() -> None:
    """For an operator, press 0: 4 words and a digit, 2.0, after 3.8 and a pause: 1.2 + 3.8 + 0.6 + 2.0 + 1.5."""
    line = flow(MENU, more="keys: {0: {next: operator, label: an operator}}\n")
    assert seconds(line, "operator") == pytest.approx(9.1)


def test_digits_are_entered_one_by_one() -> None:
    """Number? 0.4; four digits, which are one press: 1.5 + 3 * 0.4."""
    line = flow(
        "  start: {type: collect, say: Number?, into: n, digits: 4, next: end, otherwise: end}\n  end: {type: hangup}\n"
    )
    found = quickest_paths(line)["end"]
    assert found.seconds == pytest.approx(0.4 + 2.7)
    assert found.presses == 1


def test_digits_are_confirmed() -> None:
    """As above, then the read-back with its four digits, and one key: two presses.

    You entered 0 0 0 0. If that is right, press 1. To enter it again, press 2. : 2 + 5 + 5 words and 6 digits.
    """
    line = flow(
        "  start: {type: collect, say: Number?, into: n, digits: 4, confirm: true, next: end, otherwise: end}\n  end:"
        " {type: hangup}\n"
    )
    found = quickest_paths(line)["end"]
    assert found.seconds == pytest.approx(0.4 + 2.7 + 12 / 2.5 + 6 * 0.4 + 1.5)
    assert found.presses == 2


def test_the_ordinary_caller_is_no_particular_case() -> None:
    """A shorter way for gold customers is not the way of everybody."""
    line = flow("""
  start: {type: split, value: tier, cases: {gold: end}, otherwise: talk}
  talk: {type: play, say: One two three four five., next: end}
  end: {type: hangup}
""")
    assert seconds(line, "end") == pytest.approx(2.0)
    assert quickest_paths(line)["end"].source == "talk"


SUBFLOW = """
  start:
    type: menu
    choices:
      - {key: 1, label: bills, next: for_bills}
      - {key: 2, label: sales, next: for_sales}
    otherwise: end
  for_bills: {type: subflow, start: ask, next: bills}
  for_sales: {type: subflow, start: ask, next: sales}
  ask: {type: play, say: One two three four five., next: return}
  bills: {type: hangup, say: Bills.}
  sales: {type: hangup, say: Sales.}
  end: {type: hangup}
"""


def test_a_subflow_comes_back_to_whoever_called_it() -> None:
    """Sales: 1.6 + 0.6 + 1.6 + 1.5 for key 2, then 2.0 in the subflow; not by key 1 and out at the other end."""
    line = flow(SUBFLOW)
    assert seconds(line, "bills") == pytest.approx(1.6 + 1.5 + 2.0)
    assert seconds(line, "sales") == pytest.approx(1.6 + 0.6 + 1.6 + 1.5 + 2.0)
    assert quickest_paths(line)["sales"].source == "for_sales"
    assert quickest_paths(line)["ask"].source == "for_bills"


def test_a_subflow_in_a_subflow() -> None:
    line = flow("""
  start: {type: subflow, start: outer, on: {failed: bad}, next: end}
  outer: {type: subflow, start: inner, next: return failed}
  inner: {type: play, say: One two three four five., next: return}
  end: {type: hangup}
  bad: {type: hangup}
""")
    found = quickest_paths(line)
    assert found["bad"].seconds == pytest.approx(2.0)
    assert "end" not in found


def test_a_subflow_that_calls_itself_ends() -> None:
    line = flow("  start: {type: subflow, start: start, next: end}\n  end: {type: hangup}\n")
    assert set(quickest_paths(line)) == {"start"}


def test_what_leads_nowhere_is_no_way() -> None:
    assert set(quickest_paths(flow("  start: {type: play, say: Hi., next: nowhere}\n  other: {type: hangup}\n"))) == {
        "start"
    }
    assert quickest_paths(load_text("{ivr: 1, name: L, start: x, nodes: {a: {type: hangup}}}").flow) == {}


def test_leaves_are_where_callers_get_something() -> None:
    """A goodbye after an answer is no leaf of its own; one that nothing precedes is."""
    line = flow("""
  start:
    type: menu
    choices:
      - {key: 1, label: hours, next: hours}
      - {key: 2, label: nothing, next: bye}
    otherwise: bye
  hours: {type: play, say: We open at eight., serves: true, next: thanks}
  thanks: {type: hangup}
  bye: {type: hangup}
""")
    assert [(leaf.node, leaf.way) for leaf in leaves(line)] == [
        ("bye", (("start", "2"),)),
        ("hours", (("start", "1"),)),
    ]


def test_a_flow_without_leaves_says_so() -> None:
    line = flow("  start: {type: play, say: Hi., next: start}\n")
    assert leaves(line) == ()
    assert leaves_text(line, ()) == "Line has no leaf: the menus lead no caller to an end."


@pytest.mark.parametrize("name", SHIPPED)
def test_every_node_of_a_shipped_flow_is_reached(name: str) -> None:
    line = load(name).flow
    for language in line.languages:
        found = quickest_paths(line, language)
        assert set(found) == set(line.nodes)
        assert all(found[way.source].seconds <= way.seconds for way in found.values() if way.source)


def test_nobody_waits_through_a_queue_and_nobody_hopes_for_a_failure_or_a_closed_door() -> None:
    """Welcome, then key 2 after both options: 1.6 + 0.6 + 1.6 + 1.5, although the queue of key 1 passes its callers on
    at once.
    """
    line = flow(
        """
  start:
    type: menu
    choices:
      - {key: 1, label: sales, next: FIRST}
      - {key: 2, label: people, next: end}
    otherwise: end
  door: {type: hours, hours: shop, on: {open: open, closed: end}}
  find: {type: lookup, url: "https://example.com/x", on: {found: open}, failure: end}
  wait: {type: queue, queue: q, max_wait: 1s, on: {timeout: end}}
  open: {type: hangup}
  end: {type: hangup}
""".replace("FIRST", "wait"),
        more="hours: {shop: {zone: UTC, mon: '8:00-9:00'}}\nqueues: {q: {}}\n",
    )
    for first in ("wait", "door", "find"):
        choices = line.nodes["start"].choices
        menu = line.nodes["start"].model_copy(
            update={"choices": (choices[0].model_copy(update={"then": first}), choices[1])}
        )
        led = line.model_copy(update={"nodes": {**line.nodes, "start": menu}})
        assert (seconds(led, "end"), quickest_paths(led)["end"].source) == (
            pytest.approx(1.6 + 0.6 + 1.6 + 1.5),
            "start",
        )


def test_a_choice_that_nobody_hears_of_is_no_way_while_another_is_announced() -> None:
    line = flow("""
  start: {type: menu, choices: [{key: 1, next: end}, {key: 2, label: more, next: menu}], otherwise: end}
  menu: {type: menu, choices: [{key: 1, label: the end, next: end}], otherwise: end}
  end: {type: hangup}
""")
    assert quickest_paths(line)["end"].source == "menu"


def test_the_way_past_a_message_box_is_a_message() -> None:
    """Speak. 0.4 s and 30 s of message; not the 5 s after which silence is given up."""
    line = flow("  start: {type: voicemail, box: b, say: Speak., next: end}\n  end: {type: hangup}\n")
    assert (seconds(line, "end"), quickest_paths(line)["end"].outcome) == (pytest.approx(30.4), "recorded")


def test_a_lookup_and_a_dialled_number_take_their_time() -> None:
    """Wait. 0.4 s and a second until the lookup answers; then ten seconds of ringing until it is busy."""
    line = flow("""
  start: {type: lookup, url: "https://example.com/x", say: Wait., on: {found: call}, failure: end}
  call: {type: dial, number: "+14155550101", on: {answered: end, busy: hold}, otherwise: end}
  hold: {type: play, say: Hold., next: end}
  end: {type: hangup}
""")
    assert seconds(line, "call") == pytest.approx(1.4)
    assert seconds(line, "hold") == pytest.approx(11.4)
