"""SSML: the closed set a carrier's voice knows, told at its place, sent as children of Say, and heard as words
everywhere else.
"""

from __future__ import annotations

import datetime as dt
import inspect
import re
import textwrap

import pytest
from twilio.twiml import voice_response

from flows.diagram.plan import plan
from flows.lint.context import Context
from flows.lint.engine import lint
from flows.model.load import Loaded, load_text
from flows.nodes.base import Here
from flows.protocol.actions import HangUp, Say, Send
from flows.speech.ssml import ELEMENTS, is_ssml, plain, read
from ivr.phone.terminal_phone import Phone
from tests.support.twiml_app import App, call
from tests.support.twiml_grammar import check
from webhooks.carrier.call_log import Heard
from webhooks.carrier.protocol import Response
from webhooks.twilio.say_verbs import MAX_SAY
from webhooks.twilio.twiml import document

CODE = (
    "<speak>Your code is <say-as interpret-as='digits'>4021</say-as>.<break time='1.5s'/> "
    "Ask <sub alias='Northwind &amp; Sons'>NW</sub>, {name}.</speak>"
)
HEARD = "Your code is 4021. Ask Northwind & Sons, Fish & <Chips>."
# 9 words (your code is ask northwind sons fish chips: 8) / 2.5 + 4 digits * 0.4 + 1.5 of silence
SECONDS = 8 / 2.5 + 4 * 0.4 + 1.5


def line(say: str) -> Loaded:
    return load_text(f"ivr: 1\nname: Line\nstart: main\nnodes:\n  main: {{type: hangup, say: {say}}}\n")


# --- the closed set --------------------------------------------------------------------------------------------------


def _builder(element: str) -> type:
    return (
        voice_response.Say
        if element == "speak"
        else getattr(voice_response, "Ssml" + "".join(p.capitalize() for p in element.split("-")))
    )


def _elements(owner: type) -> set[str]:
    """The elements that a builder class makes: a method for each."""
    own = {name for name, method in vars(owner).items() if inspect.isfunction(method) and not name.startswith("_")}
    return {name.rstrip("_").replace("_", "-") for name in own}


@pytest.mark.parametrize("element", ELEMENTS)
def test_each_element_is_as_the_builder_has_it(element: str) -> None:
    method = getattr(voice_response.Say, {"break": "break_"}.get(element, element.replace("-", "_")))
    taken = set(inspect.signature(method).parameters) - {"self", "words", "kwargs"}
    assert {re.sub("[-:]", "_", name) for name in ELEMENTS[element].attributes} == taken
    assert set(ELEMENTS[element].children) == _elements(_builder(element))


def test_the_set_is_closed() -> None:
    assert set(ELEMENTS) == _elements(voice_response.Say)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("<speak>One <brake/> moment.</speak>", [(11, "a voice knows no <brake>", "did you mean <break>?")]),
        ("<speak>é <voice>a</voice></speak>", [(9, "a voice knows no <voice>", f"use one of {', '.join(ELEMENTS)}")]),
        (
            "<speak>One <emphasis>moment.</speak>",
            [(11, "<emphasis> is not closed", "write </emphasis> after it, or <emphasis/> where it holds nothing")],
        ),
        (
            "<speak>One moment.",
            [(0, "<speak> is not closed", "write </speak> after it, or <speak/> where it holds nothing")],
        ),
        ("<speak>Fish & chips</speak>", [(12, "a bare & stands in SSML", "write &amp;")]),
        (
            "<speak><break time='11s'/></speak>",
            [(14, "'11s' is not a valid time for <break>", 'write "500ms" or "1s", at most 10 s')],
        ),
        (
            "<speak><prosody/></speak>",
            [(7, "<prosody> says none of volume, rate, pitch", 'write <prosody volume="...">')],
        ),
        (
            "<speak><s>a<p>b</p></s></speak>",
            [
                (
                    11,
                    "<p> may not stand in <s>",
                    "in <s> may stand break, emphasis, lang, phoneme, prosody, say-as, sub, w",
                )
            ],
        ),
        ("<speak><sub alias='{x}'>a</sub><break time='{y}'/></speak>", []),  # what values hold is not known yet
        ("<speak version='1.0'>Hi.</speak>", []),
    ],
)
def test_what_is_wrong_is_told_at_its_character(text: str, faults: list[tuple[int, str, str]]) -> None:
    assert [tuple(fault) for fault in read(text)[1]] == faults


@pytest.mark.parametrize(
    ("written", "where"),
    [
        ("'<speak>It''s <brake/></speak>'", (5, 43)),
        ('"<speak>\\u0041 <brake/></speak>"', (5, 44)),
        ('"<speak>\n      two <brake/></speak>"', (6, 11)),
    ],
)
def test_the_place_is_found_however_the_text_is_written(written: str, where: tuple[int, int]) -> None:
    (found,) = lint(line(written), select=["P005"])
    assert (found.line, found.column) == where


def test_a_folded_text_has_its_places_too() -> None:
    text = textwrap.dedent("""\
        ivr: 1
        name: Line
        start: main
        nodes:
          main:
            type: hangup
            say: >-
              <speak>One <break/> two
              and <brake/> <break/> <brake/>.</speak>
        """)
    assert [(f.line, f.column) for f in lint(load_text(text), select=["P005"])] == [(9, 11), (9, 29)]


# --- one meaning -----------------------------------------------------------------------------------------------------


def _said(loaded: Loaded, **values: str) -> Say:
    say = loaded.flow.nodes["main"].say  # type: ignore[attr-defined]
    return Here(loaded.flow, "main", "en-US", values=values).say(say, barge_in=False)


def test_the_carrier_gets_it_as_children_of_say_and_values_stay_words() -> None:
    body = document(
        (_said(line(f'"{CODE}"'), name="Fish & <Chips>"), HangUp("")), action_url="/voice?c=a", wait_url="/wait?c=a"
    )
    check(body)
    assert (
        body.decode().partition("<Response>")[2]
        == '<Say language="en-US">Your code is <say-as interpret-as="digits">4021</say-as>.<break time="1.5s" /> '
        'Ask <sub alias="Northwind &amp; Sons">NW</sub>, Fish &amp; &lt;Chips&gt;.</Say><Hangup /></Response>'
    )


def test_it_is_heard_as_words_and_takes_as_long_in_the_terminal_and_over_twiml() -> None:
    say = _said(line(f'"{CODE}"'), name="Fish & <Chips>")
    assert (say.text, say.seconds) == (HEARD, pytest.approx(SECONDS))
    body = document((say, HangUp("")), action_url="/voice?c=a", wait_url="/wait?c=a")
    made = call(App({"/voice": Response(200, {"content-type": "text/xml"}, body)}))
    assert [(entry.text, entry.seconds) for entry in made.log if isinstance(entry, Heard)] == [
        (HEARD, pytest.approx(SECONDS))
    ]


def test_the_transcript_the_drawing_and_the_seconds_of_lint_show_the_words() -> None:
    loaded = line("\"<speak>One <emphasis>moment</emphasis>.<break time='2s'/></speak>\"")
    phone = Phone(loaded.flow, dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC))
    phone.dial()
    assert [say.text for turn in phone.turns for _, say in turn.said] == ["One moment."]
    assert [stop.about for stop in plan(loaded.flow).stops.values()] == ["One moment."]
    prompt = loaded.flow.nodes["main"].say  # type: ignore[attr-defined]
    assert Context(loaded.flow, loaded.document).prompt_s(prompt, "en-US") == pytest.approx(2 / 2.5 + 2)


def test_a_written_menu_in_ssml_announces_its_keys_and_lasts_as_long_as_it_says() -> None:
    loaded = load_text(
        'ivr: 1\nname: Line\nstart: main\nkeys: {star: back}\nnodes:\n  main: {type: menu, prompt: "<speak>For sales,'
        " press <emphasis>1</emphasis>.<break time='1s'/> For bills, press <say-as"
        " interpret-as='digits'>2</say-as>.</speak>\",\n    choices: [{key: 1, label: sales, next: bye}, {key: 2,"
        " label: bills, next: bye}], otherwise: bye}\n  bye: {type: hangup, say: Goodbye.}\n"
    )
    assert [f.code for f in lint(loaded, select=["M116", "P005"])] == []
    spoken = Context(loaded.flow, loaded.document).spoken("main", "en-US")
    assert [option.text for option in spoken.options] == ["For sales, press 1", ". For bills, press 2"]
    assert spoken.total_s == pytest.approx(6 / 2.5 + 2 * 0.4 + 1)


def test_long_ssml_is_cut_between_elements_and_sentences_and_loses_nothing() -> None:
    sentence = "This is one of many sentences. "
    say = Say("", "en-US", ssml=f"<speak>{sentence * 90}<emphasis>Now.</emphasis> {sentence * 90}</speak>")
    root = check(document((say, HangUp("")), action_url="/voice?c=a", wait_url="/wait?c=a"))
    parts = ["".join(part.itertext()) for part in root.findall("Say")]
    assert len(parts) == 2
    assert max(map(len, parts)) <= MAX_SAY
    assert " ".join(" ".join(parts).split()) == f"{sentence * 90}Now. {sentence * 90}".strip()


def test_what_lint_refuses_is_heard_as_its_words_and_never_breaks_the_document() -> None:
    for text, heard in (("<speak>Hi <oops>you</oops>.</speak>", "Hi you."), ("<speak>Hi <s>you.</speak>", "Hi you.")):
        assert plain(text) == heard
        root = check(
            document((Say(heard, "en-US", ssml=text), HangUp("")), action_url="/voice?c=a", wait_url="/wait?c=a")
        )
        assert "".join(root[0].itertext()) == heard


def test_a_text_message_is_read_and_holds_the_words_alone() -> None:
    text = (
        "{type: message, to: '+14155550123', text: '<speak>See <sub alias=\"our site\">it</sub>.</speak>', next: bye}"
    )
    flow = load_text(f"ivr: 1\nname: L\nstart: main\nnodes:\n  main: {text}\n  bye: {{type: hangup}}\n").flow
    sent = flow.nodes["main"].enter(Here(flow, "main", "en-US"))[-1]
    assert isinstance(sent, Send)
    assert sent.text == "See our site."


def test_any_other_text_is_as_it_stands() -> None:
    assert not is_ssml("Press < 5 keys.")
    assert plain("Press < 5 &amp; keys.") == "Press < 5 &amp; keys."
