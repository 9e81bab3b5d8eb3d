"""Mistakes made in a flow: which there are, which a call notices, and that none is missed for want of playing it."""

from __future__ import annotations

from collections import Counter

import pytest

from flows.model.load import Loaded, load_text
from ivr.mutants.judge import judge
from ivr.mutants.mistakes import mistakes
from ivr.mutants.mutants import mutants
from ivr.paths.choose import chosen
from ivr.paths.search import ways
from ivr.paths.wanted import wanted
from ivr.paths.write_script import scripts_text
from ivr.phone.call_script import Script, read_scripts
from ivr.phone.flow_scripts import run
from tests.support.tried_in_part import CALLS, LINE

DEFAULTS = """\
ivr: 1
name: L
start: main
menu: {no_input: [Please choose.], otherwise: bye}
nodes:
  main: {type: menu, choices: [{key: 1, label: news, next: more}, {key: 2, label: the end, next: bye}]}
  more: {type: menu, choices: [{key: 1, label: sports, next: main}, {key: 2, label: the end, next: bye}]}
  bye: {type: hangup, say: Bye.}
"""


def line(text: str = LINE) -> Loaded:
    return load_text(text, "line.yaml")


def scripts(text: str) -> tuple[Script, ...]:
    return read_scripts(text, "line.calls")


def made_for(loaded: Loaded) -> tuple[Script, ...]:
    things = wanted(loaded.flow)
    return scripts(scripts_text(loaded.flow, chosen(ways(loaded.flow, things), things)))


def test_every_mistake_of_a_small_line() -> None:
    """By hand. Lost and other targets: which next; open 2; main 2 and otherwise; desk closed: seven exits. Attempts:
    main has three, which one. Keys: one pair in `which`, one in `main`. Words: two labels, Goodbye and Nobody, each in
    two languages. There is one queue, so none can be mistaken for it.
    """
    found = mutants(line())
    assert Counter(one.mistake for one in found) == {
        "lost_exit": 7, "other_target": 7, "one_attempt_less": 1, "swapped_keys": 2, "other_words": 8
    }  # fmt: skip
    assert [one.line for one in found] == sorted(one.line for one in found)


def test_what_is_written_once_for_all_menus_is_one_mistake() -> None:
    """`Please choose.` and `otherwise` stand in line 4, for both menus."""
    found = [one for one in mutants(line(DEFAULTS)) if one.line == 4]
    assert {(one.mistake, one.nodes) for one in found} == {
        ("lost_exit", ("main", "more")), ("other_words", ("main", "more")),
        ("other_target", ("main",)), ("other_target", ("more",)),  # each menu has other exits to mistake it for
    }  # fmt: skip


@pytest.mark.parametrize(
    ("mistake", "node", "script", "notices"),
    [
        ("swapped_keys", "main", '  press 1\n  hear "For sales, press 1"', True),
        ("swapped_keys", "main", "  press 1\n  hang up", False),
        ("other_target", "open", "  press 1\n  expect node main", True),
        ("lost_exit", "desk", "  press 1\n  press 1\n  closed\n  expect node bye", True),
        ("lost_exit", "desk", "  press 1\n  press 1\n  closed", False),
        ("one_attempt_less", "main", '  press 1\n  wait\n  wait\n  hear "sales"', True),
        ("one_attempt_less", "main", '  press 1\n  wait\n  hear "sales"', False),
        ("other_words", "bye", "  press 1\n  press 2\n  hear Goodbye", True),
        ("other_words", "bye", "  press 1\n  press 2\n  ends contained", False),
    ],
)
def test_a_call_that_looks_notices(mistake: str, node: str, script: str, notices: bool) -> None:
    calls = scripts(f"call: one\n{script}\n")
    assert not run(line().flow, calls[0]).findings
    found = [one for one in judge(line(), calls) if one.mutant.mistake == mistake and one.mutant.nodes == (node,)]
    assert any(one.fate == "noticed" for one in found) is notices
    assert {one.by for one in found if one.fate == "noticed"} <= {"one"}


def test_a_mistake_that_no_caller_feels_is_none() -> None:
    """Nobody comes to `alone`: what it says in either language is the same to every caller. The rest can be felt."""
    found = judge(line(), ())
    assert [one.mutant.nodes for one in found if one.fate == "same"] == [("alone",), ("alone",)]
    assert {one.fate for one in found} == {"same", "missed"}
    assert {one.calls for one in found} == {0}


@pytest.mark.parametrize("calls", [CALLS, "made"])
def test_calls_that_do_not_come_to_a_mistake_would_not_have_noticed_it(calls: str) -> None:
    """Every call played on every mistake says the same as those that are chosen."""
    loaded = line()
    all_calls = made_for(loaded) if calls == "made" else scripts(calls)
    found = {one.mutant: one.fate == "noticed" for one in judge(loaded, all_calls)}
    for mutant, noticed in found.items():
        wrong = mutant.made_in(loaded)
        assert wrong is not None
        assert noticed is any(run(wrong, script).findings for script in all_calls), mutant


@pytest.mark.parametrize("text", [LINE, DEFAULTS])
def test_calls_made_from_a_flow_notice_every_mistake_in_it(text: str) -> None:
    loaded = line(text)
    missed = [one for one in judge(loaded, made_for(loaded)) if one.fate == "missed"]
    assert missed == []


def test_every_kind_has_a_title_of_its_own() -> None:
    titles = [one.title for one in mistakes().values()]
    assert len(set(titles)) == len(titles) == 6
