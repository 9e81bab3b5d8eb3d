"""Keys as a telephone gives them: typed ahead, ended by pound, or by the pause after the last; seconds with their
derivation.
"""

from __future__ import annotations

import datetime as dt

import pytest

from flows.model.load import load_text
from flows.protocol.actions import Keys, Listen, Outcome
from ivr.phone.terminal_phone import Phone, taken

FLOW = load_text("""
ivr: 1
name: L
start: main
keys: {0: desk}
nodes:
  main:
    type: menu
    choices: [{key: 1, label: sales, next: account}, {key: 2, label: help, next: wait}]
    otherwise: desk
  account: {type: collect, say: Your number?, into: account, digits: "4-6", interdigit: 4s, otherwise: desk, next: told}
  told: {type: play, say: {text: Thank you., seconds: 3}, next: find}
  find: {type: lookup, url: "https://example.com", on: {found: again}, failure: desk}
  again:
    type: menu
    choices: [{key: 1, label: more, next: main}, {key: 2, label: the end, next: bye}]
    otherwise: desk
  wait: {type: queue, queue: help, while_waiting: {1: bye}}
  desk: {type: hangup, say: Desk.}
  bye: {type: hangup, say: Bye.}
queues: {help: {}}
""").flow
NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def called(*presses: str, answers: dict[str, Outcome] | None = None) -> Phone:
    phone = Phone(FLOW, NOON, answers=answers or {})
    phone.dial()
    for keys in presses:
        phone.press(keys)
    return phone


FOUND = {"find": Outcome("found")}


@pytest.mark.parametrize(
    ("presses", "did"),
    [
        (("1", "1234#", "2"), ["presses 1", "presses 1 2 3 4", "lookup find: found", "presses 2"]),
        (("11234#2",), ["presses 1", "presses 1 2 3 4", "lookup find: found", "presses 2"]),
        (("11234562",), ["presses 1", "presses 1 2 3 4 5 6", "lookup find: found", "presses 2"]),
        (
            ("1123456#2",),
            ["presses 1", "presses 1 2 3 4 5 6", "lookup find: found", "presses 2"],
        ),  # pound after a full number
        (("9123",), ["presses 9"]),  # what follows a wrong key is lost
        (("112#34#2",), ["presses 1", "presses 1 2"]),  # and what follows a number that is none
        (("2" + "1",), ["presses 2", "key 1"]),  # waiting in the queue
        (("0" + "99",), ["presses 0"]),  # the call is over
        (("#1",), ["presses pound alone"]),  # pound alone is silence, asked again
    ],
)
def test_each_node_takes_what_it_needs(presses: tuple[str, ...], did: list[str]) -> None:
    phone = called(*presses, answers=FOUND)
    assert [turn.did for turn in phone.turns[1:]] == did


def test_typed_ahead_stops_at_a_lookup_nobody_answers() -> None:
    phone = called("1123456" + "2")
    assert phone.session.node == "find"
    assert [turn.did for turn in phone.turns[1:]] == ["presses 1", "presses 1 2 3 4 5 6", "presses 2"]


# "For sales, press 1." is 3 words and a digit: 3 / 2.5 + 0.4 = 1.6 s; "Your number?" 2 / 2.5 = 0.8 s.
# Acting takes 1 s to decide and 0.5 s of the system; further digits 0.4 s each.
AT_ACCOUNT = 1.6 + 1.5


@pytest.mark.parametrize(
    ("keys", "seconds"),
    [
        ("123456", 0.8 + 1.5 + 5 * 0.4),  # the last possible digit ends it
        ("1234#", 0.8 + 1.5 + 4 * 0.4),  # so does pound, which is one key more
        ("1234", 0.8 + 1.5 + 3 * 0.4 + 4.0),  # else the pause between two digits must pass
        ("12", 0.8 + 1.5 + 0.4 + 4.0),
    ],
)
def test_the_pause_after_the_last_digit(keys: str, seconds: float) -> None:
    phone = called("1", keys)
    assert phone.turns[-1].at_s - AT_ACCOUNT == pytest.approx(seconds)


def test_what_is_typed_ahead_takes_the_time_of_typing() -> None:
    phone = called("1" + "1234#" + "2", answers=FOUND)
    at = [turn.at_s for turn in phone.turns]
    # 1 as ever; four digits and pound at 0.4 s; 3 s of thanks that cannot be cut short and a second until the lookup
    # answers; and one more key.
    assert at[1:] == pytest.approx([AT_ACCOUNT, AT_ACCOUNT + 2.0, AT_ACCOUNT + 6.0, AT_ACCOUNT + 6.4])


@pytest.mark.parametrize(
    ("keys", "mine", "rest", "finished"),
    [
        ("1234", "1234", "", False),
        ("12345", "1234", "5", False),
        ("12#5", "12", "5", True),
        ("1234#5", "1234", "5", True),
        ("#5", "", "5", True),
    ],
)
def test_taken(keys: str, mine: str, rest: str, finished: bool) -> None:
    assert taken(Listen((), 4, "#", 5.0, 3.0, "en-US"), keys) == (Keys(mine), rest, finished)


def test_without_a_finishing_key_pound_is_a_key() -> None:
    assert taken(Listen(("#", "1"), 1, "", 5.0, 3.0, "en-US"), "#1") == (Keys("#"), "1", False)


def test_wrapped_lines_keep_their_column_whatever_the_width_of_a_character() -> None:
    from ivr.phone.transcript import Row, columns

    # 80 columns leave 52 for words. A Chinese character takes two of them, so 26 fit into a line; 30 need a second.
    lines = [words for _, _, words in columns(Row(0.0, "line", "main", "查询余额请按一" * 5), 80)]
    assert [len(line) for line in lines] == [26, 9]
    english = [words for _, _, words in columns(Row(0.0, "line", "main", "For billing, press 1. " * 4), 80)]
    assert english == ["For billing, press 1. For billing, press 1. For", "billing, press 1. For billing, press 1."]
