"""Every command of a call script: a use that holds, and one that does not, with its place and reason."""

from __future__ import annotations

import datetime as dt

import pytest

from flows.kinds import Sample
from flows.model.load import load_text
from flows.source.finding import FlowError
from ivr.phone.call_script import CHECKS, SETTINGS, read_scripts
from ivr.phone.event_words import EVENTS_BY_LINE
from ivr.phone.flow_scripts import run
from ivr.phone.script_findings import ScriptFindings
from webhooks.carrier.drivers.scripts import play_script
from webhooks.carrier.protocol import Number
from webhooks.carrier.requests.wsgi import Wsgi
from webhooks.service.app import create_app
from webhooks.settings.config import Config

LINE = """\
ivr: 1
name: Shop
languages: [en-US, es-US]
start: open
hours: {office: {zone: UTC, mon-fri: "08:00-18:00"}}
switches: {storm: {say: {en-US: A storm is coming., es-US: Viene una tormenta.}}}
queues: {desk: {}}
speech: {confidence: 0.6}
nodes:
  open: {type: hours, hours: office, on: {open: storm, closed: shut}}
  storm: {type: switch, switch: storm, on: {on: luck, off: luck}}
  luck: {type: split, shares: {even: 0.5, odd: 0.5}, cases: {even: by_number, odd: by_number}}
  by_number: {type: split, value: ani, cases: {withheld: main, "+14155550199": shut}, otherwise: by_dnis}
  by_dnis: {type: split, value: dnis, cases: {"+18005550111": shut}, otherwise: main}
  main:
    type: menu
    choices:
      - {key: 1, label: {en-US: a person, es-US: una persona}, phrases: [agent], next: desk}
      - {key: 2, label: {en-US: a code, es-US: un código}, next: code}
      - {key: 3, label: {en-US: the shop, es-US: la tienda}, next: shop}
      - {key: 4, label: {en-US: a message, es-US: un mensaje}, next: box}
      - {key: 5, label: {en-US: a call back, es-US: una llamada}, next: back_later}
      - {key: 6, label: {en-US: the state of an order, es-US: un pedido}, next: find}
      - {key: 7, label: {en-US: paying, es-US: pagar}, next: pay}
    otherwise: shut
  desk: {type: queue, queue: desk, max_wait: 5m, on: {timeout: shut, full: shut, closed: shut}}
  code:
    type: collect
    say: {en-US: Your code?, es-US: ¿Su código?}
    into: code
    digits: 3
    next: text
    otherwise: shut
  text:
    type: message
    text: {en-US: "Code {code} is kept.", es-US: "Su código es {code}."}
    on: {failed: shut, no_mobile: shut}
    next: bye
  shop: {type: dial, number: "+14155550100", on: {answered: bye, busy: shut, no_answer: shut, failed: shut}}
  box: {type: voicemail, say: {en-US: Speak., es-US: Hable.}, box: shop, next: bye}
  back_later: {type: callback, queue: desk, on: {booked: bye, failed: shut}}
  find:
    type: lookup
    url: https://shop.example/orders
    into: {state: state}
    on: {found: told, not_found: shut}
    failure: shut
  told: {type: play, say: {en-US: "It is {state}.", es-US: "Está {state}."}, next: bye}
  pay:
    type: pay
    amount: "12.50"
    currency: USD
    on: {paid: bye, declined: shut, not_entered: shut, cancelled: shut, failed: shut}
  shut: {type: hangup, say: {en-US: We are closed now., es-US: Está cerrado.}}
  bye: {type: hangup, say: {en-US: Goodbye., es-US: Adiós.}}
"""
OPEN = "draw luck = even\n"
USES: dict[str, tuple[str, str, str]] = {
    "at": ("at 2026-11-22 10:00\nhear closed", "at 2026-11-23 10:00\nhear closed", "expected to hear “closed”"),
    "from": ("from +14155550199\nhear closed", "from twelve\nhear closed", "twelve"),
    "to": (
        "from +14155550123\nto +18005550111\nhear closed",
        "to +18005550112\nhear closed",
        "expected to hear “closed”",
    ),
    "language": ("language es-US\nhear persona", "language de-DE\nhear persona", "does not speak 'de-DE'"),
    "given": ("given name = Ana\nexpect value name = Ana", "given name\nhear person", "gives nothing"),
    "draw": ("draw luck = odd\nhear person", "draw luck = third\nhear person", "not a case of a split by shares"),
    "switch": ("switch storm = on\nhear A storm is coming", "switch strom = on\nhear person", "no switch 'strom'"),
    "hear": ('hear "A PERSON press 1"', 'hear "a dog"', "expected to hear “a dog”"),
    "not hear": ('not hear "dog"', 'not hear "person"', "did not expect to hear “person”"),
    "hear exactly": ('press 2\nhear exactly "your code"', 'press 2\nhear exactly "code"', "to hear exactly “code”"),
    "hear matching": (r'hear matching "press \d\."', r'hear matching "press \d\d"', "something like"),
    "within": (
        "within 20s\npress 2\npress 123\nwithin 2 keys",
        "press 2\nwithin 0 keys",
        "at most 0 keys so far; it took 1 key",
    ),
    "expect node": ("expect node main", "expect node mian", "found 'main'"),
    "expect queue": ("press 1\nexpect queue desk", "expect queue desk", "no queue"),
    "expect language": ("expect language en-US", "expect language es-US", "found 'en-US'"),
    "expect value": ("press 2\npress 123\nexpect value code = 123", "expect value code = 1", "found ''"),
    "expect path": (
        "expect path switches/storm > open > storm > luck > by_number > main",
        "expect path main",
        "expected 'main'",
    ),
    "expect message": (
        'from +14155550123\npress 2\npress 123\nexpect message "Code 123"',
        'from +14155550123\npress 2\npress 123\nexpect message "Code 124"',
        "expected to read “Code 124”; the message says: “Code 123 is kept.”",
    ),
    "ends": ("hang up\nends abandoned_in_menu", "hang up\nends handled", "expected 'handled'"),
    "press": ("press 2\nhear code", "press x\nhear code", "not a row of keys"),
    "say": ("say agent\nexpect queue desk", "press 1\nsay agent", "does not fit here"),
    "mumble": ("mumble agent\nexpect node main", "press 1\nmumble agent", "does not fit here"),
    "wait": ("wait\nexpect node main", "press 1\nwait", "does not fit here"),
    "hang up": ("hang up\nends abandoned_in_menu", "hang up\nhang up", "already ended"),
    "lookup": ("press 6\ngiven state = sent\nlookup found\nhear It is sent", "lookup found", "does not fit here"),
    **{
        event: (f"{way}{event}\n{then}", event, "does not fit here")
        for event, way, then in (
            ("answer", "press 1\n", "ends handled"),
            ("timeout", "press 1\n", "hear closed"),
            ("full", "press 1\n", "hear closed"),
            ("closed", "press 1\n", "hear closed"),
            ("busy", "press 3\n", "hear closed"),
            ("no answer", "press 3\n", "hear closed"),
            ("failed", "press 3\n", "hear closed"),
            ("record", "press 4\n", "hear goodbye"),
            ("record nothing", "press 4\n", "hear goodbye"),
            ("sent", "from +14155550123\npress 2\npress 123\n", "hear goodbye"),
            ("no mobile", "from +14155550123\npress 2\npress 123\n", "hear closed"),
            ("booked", "from +14155550123\npress 5\npress 1\n", "hear goodbye"),
            ("pay approved", "press 7\n", "hear goodbye"),
            ("pay declined", "press 7\n", "hear closed"),
            ("pay not entered", "press 7\n", "hear closed"),
            ("pay cancelled", "press 7\n", "hear closed"),
            ("pay failed", "press 7\n", "hear closed"),
        )
    },
}
ELSEWHERE = {"declined", "stopped", "taken"}
"""Outcomes of constructs that this line does not have; their own tests play them."""


def lines(text: str) -> str:
    stated = "" if "draw" in text else OPEN
    return "call: one\n" + "".join(f"  {line}\n" for line in (stated + text).splitlines())


def complaints(text: str) -> list[str]:
    flow = load_text(LINE, "shop.yaml").flow
    return [found.message for script in read_scripts(lines(text), "a.calls") for found in run(flow, script).findings]


def test_every_command_has_a_right_and_a_wrong_use_here() -> None:
    every = {*SETTINGS, *CHECKS, *EVENTS_BY_LINE, "press", "say", "mumble", "lookup"}
    assert every - USES.keys() == ELSEWHERE


@pytest.mark.parametrize("command", USES)
def test_a_right_use_holds_and_a_wrong_one_says_why(command: str) -> None:
    right, wrong, said = USES[command]
    assert complaints(right) == []
    (message,) = complaints(wrong)
    assert said in message


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ('hear "Good day', "the quote that opens here is never closed", "close it"),
        ("pres 1", "'pres 1' is not a line of a call script", "did you mean 'press'?"),
        ("hear", "'hear' needs something after it", "docs/calls.md"),
    ],
)
def test_a_line_that_is_none_is_told_with_its_place(text: str, said: str, hint: str) -> None:
    with pytest.raises(FlowError) as caught:
        read_scripts(f"call: one\n  {text}\n", "a.calls")
    (found,) = caught.value.findings
    assert (found.line, found.message) == (2, said)
    assert hint in found.hint
    assert found.column == (3 + text.index('"') if '"' in text else 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('hear matching "("', "'(' is not a regular expression: missing ), unterminated subpattern at position 0"),
        ("within a minute or so", "'a minute or so' is neither seconds nor keys"),
        ("ends contianed", "'contianed'"),
        ("expect queue dsek", "the flow has no queue 'dsek'"),
    ],
)
def test_what_cannot_hold_is_found_before_a_call(text: str, said: str) -> None:
    flow = load_text(LINE, "shop.yaml").flow
    (found,) = ScriptFindings()(Sample("a.calls", lines(text)), flow)
    assert said in found.message
    assert found.line == 3


def test_the_same_script_goes_on_the_served_line() -> None:
    """What a carrier can hear: the words, exactly or by a pattern, and seconds; not keys, nor how a call was told."""
    text = lines(
        'at 2026-11-23 10:00\nhear matching "press \\d"\npress 2\nhear exactly "your code"\nwithin 40s\nwithin 9 keys\n'
        "hang up\nends abandoned_in_menu"
    ).replace(f"  {OPEN}", "")
    flow = load_text(LINE, "shop.yaml").flow
    (script,) = read_scripts(text, "a.calls")
    assert run(flow, script).findings == ()
    began = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)
    app = Wsgi(create_app(Config(flow=flow, development=True, clock=lambda: began)))
    played = play_script(script, Number("http://localhost:5000/voice"), app, sid=f"CA{1:032x}", began=began)
    assert played.findings == ()
    assert [line.command for line in played.left_out] == ["within", "ends"]
