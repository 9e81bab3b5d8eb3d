"""Whether tasks are found: the way, its keys and seconds, and labels that mislead or say nothing."""

from __future__ import annotations

import pytest

from flows.analysis.quickest_paths import Paths
from flows.model.flow import Flow
from flows.model.load import load, load_text
from flows.tasks.judge import Judgement, judge
from flows.tasks.task_file import Task
from tests.support.texts import flow

NODES = """\
  main:
    type: menu
    choices:
      - {key: 1, label: %s, phrases: [refund], next: bills}
      - {key: 2, label: %s, next: repairs}
      - {key: 3, label: moving and complaints, next: more}
    otherwise: bye
  more:
    type: menu
    choices:
      - {key: 1, label: a new address, next: moved}
      - {key: 2, label: complaints, next: bills}
    otherwise: bye
  bills: {type: queue, queue: bills}
  repairs: {type: queue, queue: repairs}
  moved: {type: play, serves: true, say: Tell us by post., next: bye}
  unseen: {type: hangup, say: Nobody comes here.}
  bye: {type: hangup, say: Goodbye.}
"""


def line(first: str = "bills and payments", second: str = "repairs", *, more: str = "") -> Flow:
    return load_text(flow(NODES % (first, second), more=more)).flow


def judged(of: Flow, want: str, *ends: str) -> Judgement:
    (found,) = judge(of, {"it": Task.model_validate({"want": want, "ends": list(ends)})})
    return found


def test_the_way_with_its_keys_and_seconds() -> None:
    """Main: "For bills and payments, press 1." is 5 words and a digit, 5 / 2.5 + 0.4 = 2.4 s; a pause of 0.6; "For
    repairs, press 2.", 3 / 2.5 + 0.4 = 1.6; 0.6; "For moving and complaints, press 3.", 2.4: key 3 has been heard after
    7.6 s. 1.5 s to decide and for the system; in the second menu, "For a new address, press 1." 2.4 + 1.5.
    The mean of first-time callers adds those who hear everything first, so it is more than 13.0 s.
    """
    found = judged(line(), "I have a new address", "moved")
    assert Paths(line()).to("moved").quickest.seconds == pytest.approx(13.0)
    assert (found.end, found.presses, found.menus) == ("moved", 2, 2)
    assert [(turn.node, turn.key) for turn in found.turns] == [("main", "3"), ("more", "1")]
    assert 13.0 < found.seconds < 15


@pytest.mark.parametrize(
    ("want", "ends", "verdict", "turns"),
    [
        ("A complaint about my bill", ("bills",), "clear", ["clear"]),  # key 3 has "complaint", and is right as well
        ("A complaint about a repair", ("repairs",), "misleading", ["misleading"]),  # here it is wrong: one word each
        ("My bill is wrong", ("bills",), "clear", ["clear"]),  # another form of "bills"
        ("I want a refund", ("bills",), "clear", ["clear"]),  # a phrase of the right option
        ("I want a refund", ("repairs",), "misleading", ["misleading"]),  # said aloud, it is taken for 1
        ("My fridge is broken", ("repairs",), "guess", ["guess"]),
        ("I have a new address", ("moved",), "guess", ["guess", "clear"]),  # "moving" is no word of theirs
        ("Hello", ("unseen",), "unreachable", []),
    ],
)
def test_verdicts(want: str, ends: tuple[str, ...], verdict: str, turns: list[str]) -> None:
    found = judged(line(), want, *ends)
    assert (found.verdict, [turn.verdict for turn in found.turns]) == (verdict, turns)


def test_a_menu_made_confusing_is_caught_and_the_label_is_named() -> None:
    """The same task with the same nodes: only the label of key 2 says now what the caller wants."""
    want = "My repair costs too much on the bill"
    good, bad = line(second="a technician"), line(second="bills for repairs and their costs")
    assert judged(good, want, "bills").verdict == "clear"
    (turn,) = judged(bad, want, "bills").turns
    assert [(label.key, label.shared) for label in turn.wrong] == [("2", ("repair", "costs", "bill"))]


def test_words_that_right_and_wrong_options_share_tell_nothing() -> None:
    found = judged(line("a bill", "repairs on a bill"), "My bill", "bills")
    assert found.verdict == "guess"  # both have "bill", the only word: neither is wrong, none is told apart


def test_phrases_that_are_not_heard_mislead_nobody_who_presses_keys() -> None:
    """ "refund" stands only in a phrase of key 1; a line that does not listen never compares it for a wrong option."""
    deaf = line(more="speech: false\n")
    found = judged(deaf, "I want a refund", "repairs")
    assert found.verdict == "guess"
    assert found.turns[0].understood == ()


def test_an_option_is_right_if_the_end_lies_behind_it_without_coming_back() -> None:
    """Complaints lead to the bills too, so key 3 is right; key 2 is not."""
    (turn,) = judged(line(), "My bill", "bills").turns
    assert {label.key: label.right for label in turn.labels} == {"1": True, "2": False, "3": True}


def test_the_soonest_of_several_ends_counts() -> None:
    assert judged(line(), "Anything", "moved", "repairs").end == "repairs"


def test_a_want_in_another_language_is_not_compared() -> None:
    of = load("northwind").flow
    task = Task.model_validate({"want": {"en-US": "My bill"}, "ends": "billing_queue"})
    (found,) = judge(of, {"it": task}, "es-US")
    assert (found.want, found.verdict, found.end) == ("", "clear", "billing_queue")


def test_nobody_is_sent_by_a_key_that_is_not_announced() -> None:
    """A key that works everywhere but is said nowhere leads to a node that is no offer."""
    of = line(more="keys: {9: {next: unseen}}\n")
    assert judged(of, "Hello", "unseen").verdict == "unreachable"
