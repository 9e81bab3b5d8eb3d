"""What call scripts try, and their report for build servers."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

from flows.model.load import load_text
from ivr.coverage.coverage import Coverage, coverage
from ivr.coverage.junit import junit
from ivr.phone.call_script import read_scripts
from ivr.phone.flow_scripts import run
from ivr.phone.script_player import Played
from tests.support.tried_in_part import CALLS, LINE


def played(calls: str = CALLS) -> list[Played]:
    flow = load_text(LINE).flow
    return [run(flow, script) for script in read_scripts(calls, "line.calls")]


def covered(calls: str = CALLS) -> Coverage:
    return coverage(load_text(LINE).flow, played(calls))


def test_every_family_has_what_was_tried_and_what_was_not() -> None:
    """Two calls in English on a Monday at ten: no call in Spanish, none when the line is closed.

    Nodes: `alone` is left out, because no call comes to it. Exits: which en-US, es-US; open open, closed; main 1, 2;
    desk closed; bye hangup. Silence and wrong keys: which and main, two each. Texts: main and bye in two languages
    (the others have no words of their own). Calls come to bye in both, since the line may be closed after Spanish.
    """
    found = covered()
    tried = {one.name: (one.tried, one.untried) for one in found.families}
    assert tried["nodes"] == ((("which",), ("open",), ("main",), ("desk",), ("bye",)), ())
    assert tried["exits"][1] == (("which", "es-US"), ("open", "closed"), ("desk", "closed"))
    assert tried["silence and wrong keys"] == (
        (("main", "no_input"),),
        (("which", "no_input"), ("which", "no_match"), ("main", "no_match")),
    )
    assert tried["texts"] == ((("main", "en-US"), ("bye", "en-US")), (("main", "es-US"), ("bye", "es-US")))
    assert tried["languages"] == ((("en-US",),), (("es-US",),))
    assert tried["hours"] == ((("open", "open"),), (("open", "closed"),))
    assert found.calls == 2


def test_one_more_call_tries_what_it_says() -> None:
    more = CALLS + "\ncall: a Sunday, in Spanish\n  at 2026-11-22 10:00\n  press 2\n  ends closed\n"
    untried = {one.name: one.untried for one in covered(more).families}
    assert untried["exits"] == (("desk", "closed"),)
    assert (untried["languages"], untried["hours"]) == ((), ())
    assert untried["texts"] == (("main", "es-US"),)


def test_shares_are_of_what_there_is() -> None:
    exits = covered().of("exits")
    tried = 5  # en-US, open, 1, 2, and the hangup
    assert (len(exits.tried), exits.number, exits.share) == (tried, 8, tried / 8)


def test_a_junit_report_has_a_case_for_each_call_and_says_what_failed() -> None:
    wrong = CALLS.replace("press 2\n  ends contained", 'press 2\n  hear "Good <evening> & so on"')
    suite = Xml.fromstring(junit(load_text(LINE).flow.name, played(wrong)))[0]
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ('Line <b> & "co"', "2", "1")
    good, bad = suite
    assert (good.get("name"), len(good)) == ("sales", 0)
    (failure,) = bad
    assert bad.get("file") == "line.calls"
    assert failure.text is not None
    assert failure.text.startswith("line.calls:11:3: ")
    assert failure.get("type", "").startswith("C")


def test_a_junit_report_is_xml_whatever_a_call_is_named() -> None:
    odd = CALLS.replace("call: sales", "call: \x08\ufffe]]> <sales> \N{PILE OF POO}")
    (suite,) = Xml.fromstring(junit("Line", played(odd)))
    assert suite[0].get("name", "").endswith("]]> <sales> \N{PILE OF POO}")
