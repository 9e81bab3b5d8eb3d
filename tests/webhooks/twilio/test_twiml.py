"""Actions as TwiML: a document for every action, each one that Twilio accepts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.protocol.actions import Action, Ask, Dial, Enqueue, HangUp, Listen, Passed, Record, Say
from tests.support.twiml_grammar import ATTRIBUTES, CHILDREN, TYPES, check
from webhooks.carrier.twiml.grammar import nested
from webhooks.turn.queue_wait import QueueWait, next_wait
from webhooks.twilio import twiml
from webhooks.twilio.languages import SPOKEN, UNDERSTOOD
from webhooks.twilio.say_verbs import MAX_SAY, sentences
from webhooks.twilio.twiml import MAX_DOCUMENT, apology, document, for_called, leaving, queue_name, waiting

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


def made(*actions: Action) -> str:
    body = document(actions, action_url="/voice?c=abc", wait_url="/wait?c=abc")
    check(body)
    return body.decode().removeprefix(f"{DECLARATION}<Response>").removesuffix("</Response>")


def listen(**changed: object) -> Listen:
    plain = {
        "keys": ("1", "0"),
        "max_digits": 1,
        "finish_key": "#",
        "timeout_s": 5.0,
        "interdigit_s": 3.0,
        "language": "en-US",
    }
    return Listen(**{**plain, **changed})  # type: ignore[arg-type]


def test_prompts_that_a_key_interrupts_stand_in_the_gather_and_others_before_it() -> None:
    assert (
        made(
            Say("Welcome.", "en-US"),
            Passed("hi", "done"),
            Say("For sales, press 1.", "en-US", barge_in=True),
            Say("Para español, oprima 2.", "es-US", barge_in=True),
            listen(),
        )
        == '<Say language="en-US">Welcome.</Say><Gather action="/voice?c=abc" actionOnEmptyResult="true"'
        ' finishOnKey="#" input="dtmf" method="POST" numDigits="1" timeout="5"><Say language="en-US">For sales,'
        ' press 1.</Say><Say language="es-US">Para español, oprima 2.</Say></Gather>'
    )


def test_a_prompt_before_one_that_cannot_be_interrupted_stands_before_the_gather_too() -> None:
    said = made(
        Say("One.", "en-US", barge_in=True), Say("Two.", "en-US"), Say("Three.", "en-US", barge_in=True), listen()
    )
    assert said.index("One.") < said.index("Two.") < said.index("<Gather") < said.index("Three.")


def test_pound_as_a_choice_leaves_no_finishing_key() -> None:
    assert 'finishOnKey=""' in made(listen(finish_key=""))


def test_digits_and_seconds_come_from_the_listen() -> None:
    gather = made(listen(max_digits=10, finish_key="*", timeout_s=7.2))
    assert 'numDigits="10"' in gather
    assert 'finishOnKey="*"' in gather
    # Whole seconds, rounded up: no caller gets less time than the flow says. After a key 3 s, before the first 5 s
    # more.
    assert 'timeout="3"><Pause length="5" /></Gather>' in gather
    assert 'timeout="8" />' in made(listen(max_digits=1, timeout_s=7.2))  # there is no wait for a second key
    assert 'timeout="4" />' in made(
        listen(max_digits=10, timeout_s=4.0, interdigit_s=6.0)
    )  # and no time-out is shorter than the first


def test_phrases_make_it_listen_to_speech() -> None:
    assert (
        'hints="billing,pay my bill,a b" input="dtmf speech" language="es-US" method="POST" numDigits="1"'
        ' speechTimeout="auto"' in made(listen(hints=("billing", "pay my bill", "a, b"), language="es-US"))
    )


def test_a_queue_has_its_action_and_its_waiting_document() -> None:
    assert (
        made(Say("Please hold.", "en-US"), Enqueue("tech", 2, 900.0, None, 60.0, ("#",), "en-US", ("answered",)))
        == '<Say language="en-US">Please hold.</Say>'
        '<Enqueue action="/voice?c=abc" method="POST" waitUrl="/wait?c=abc" waitUrlMethod="POST">tech</Enqueue>'
    )


def test_parties_in_turn_who_are_asked_to_accept() -> None:
    """The extension by tones, the caller ID, the longest conversation in whole seconds, an address for each."""
    aside = 'method="POST" url="/called?c=abc"'
    dial = Dial(
        ("+12125550143", "client:anna", "sip:desk@example.com"),
        25.0,
        ("answered", "declined"),
        in_turn=True,
        caller_id="+14155550100",
        send_digits="ww217",
        accept=Say("Press 1.", "en-US"),
        time_limit_s=90.5,
        record=True,
    )
    body = document((dial,), action_url="/voice?c=abc", wait_url="/wait?c=abc", called_url="/called?c=abc")
    check(body)
    assert body.decode().partition("?>")[2] == (
        '<Response><Dial action="/voice?c=abc" answerOnBridge="true" callerId="+14155550100" method="POST"'
        ' record="record-from-answer-dual" sequential="true" timeLimit="91" timeout="25">'
        f'<Number method="POST" sendDigits="ww217" url="/called?c=abc">+12125550143</Number>'
        f"<Client {aside}>anna</Client><Sip {aside}>sip:desk@example.com</Sip></Dial></Response>"
    )


def test_what_the_called_side_hears() -> None:
    """A document that ends connects them, so only who is asked for a key gets a Gather; its silence is told too."""
    whisper, asks = Say("Sales.", "en-US"), Say("Press 1.", "en-US")
    dial = Dial(("+12125550143",), 25.0, ("answered", "declined"), whisper=whisper, accept=asks)
    asked = for_called(dial, "/called/key?c=abc")
    check(asked, may_end=True)
    assert asked.decode().partition("?>")[2] == (
        '<Response><Gather action="/called/key?c=abc" actionOnEmptyResult="true" finishOnKey="" input="dtmf"'
        ' method="POST" numDigits="1" timeout="8"><Say language="en-US">Sales.</Say>'
        '<Say language="en-US">Press 1.</Say></Gather></Response>'
    )
    told = for_called(replace(dial, accept=None), "/called/key?c=abc")
    check(told, may_end=True)
    assert told.decode().partition("?>")[2] == '<Response><Say language="en-US">Sales.</Say></Response>'


def test_a_number_is_dialled() -> None:
    assert (
        made(Dial(("+12125550143",), 25.0, ("answered",)))
        == '<Dial action="/voice?c=abc" answerOnBridge="true" method="POST"'
        ' timeout="25"><Number>+12125550143</Number></Dial>'
    )


def test_a_sip_address_is_dialled() -> None:
    assert "<Sip>sip:desk@example.com;x=1&amp;y=2</Sip>" in made(
        Dial(("sip:desk@example.com;x=1&y=2",), 25.0, ("answered",))
    )


def test_a_message_is_recorded_and_silence_comes_back_by_a_redirect() -> None:
    assert (
        made(Record("box", 120.0, "#", ("recorded",)))
        == '<Record action="/voice?c=abc" finishOnKey="#" maxLength="120" method="POST" playBeep="true" timeout="5" />'
        '<Redirect method="POST">/voice?c=abc</Redirect>'
    )


def test_a_call_ends() -> None:
    assert (
        made(Say("Goodbye.", "fr-FR"), Passed("bye", "hangup"), HangUp("contained"))
        == '<Say language="fr-FR">Goodbye.</Say><Hangup />'
    )


@pytest.mark.parametrize("actions", [(), (Passed("main", "hung_up"),)])
def test_nothing_to_say_ends_the_call(actions: tuple[Action, ...]) -> None:
    assert made(*actions) == "<Hangup />"


def test_a_question_to_the_driver_is_no_document() -> None:
    with pytest.raises(TypeError, match="a turn cannot end in Ask"):
        made(Ask("hours", "office", ("open", "closed")))


def test_a_recording_is_played_and_without_an_address_its_text_is_said() -> None:
    say = Say("Welcome.", "en-US", audio="prompts/welcome & hello.mp3")
    played = document(
        (say, HangUp("")),
        action_url="/voice?c=a",
        wait_url="/wait?c=a",
        recording_url=lambda name: f"/audio/{len(name)}?a&b",
    )
    check(played)
    assert b"<Play>/audio/27?a&amp;b</Play>" in played
    spoken = document((say, HangUp("")), action_url="/voice?c=a", wait_url="/wait?c=a", recording_url=lambda name: "")
    assert b'<Say language="en-US">Welcome.</Say>' in spoken


def test_an_empty_prompt_is_no_verb() -> None:
    assert made(Say("", "en-US"), Say(" \n", "en-US"), Say("\x00\x07", "en-US"), HangUp("")) == "<Hangup />"


def test_markup_and_control_characters_stay_text() -> None:
    text = 'Hello </Say><Hangup/> & \x00\x08\x0b\x1f\ufffe\uffff\ud800"friend" ]]> <?xml?>'
    root = check(document((Say(text, "en-US"), HangUp("")), action_url="/voice?c=a", wait_url="/wait?c=a"))
    assert [child.tag for child in root] == ["Say", "Hangup"]
    assert root[0].text == 'Hello </Say><Hangup/> & "friend" ]]> <?xml?>'


def test_a_text_cannot_smuggle_in_the_place_of_an_address() -> None:
    body = document(
        (Say("a\ufffeb\uffffc", "en-US", barge_in=True), listen()),
        action_url="/voice?c=SECRET",
        wait_url="/wait?c=SECRET",
    )
    assert body.count(b"SECRET") == 1


def test_hints_hold_no_control_character() -> None:
    assert 'hints="bill ing"' in made(listen(hints=("bill\x00 ing",)))


def test_a_long_text_is_cut_between_sentences() -> None:
    text = " ".join(f"This is sentence number {i}." for i in range(400))
    root = check(document((Say(text, "en-US"), HangUp("")), action_url="/voice?c=a", wait_url="/wait?c=a"))
    parts = [say.text for say in root.findall("Say")]
    assert len(parts) > 1
    assert " ".join(parts) == text
    assert all(part.endswith(".") and len(part) <= MAX_SAY for part in parts)


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("", 10, ()),
        ("One. Two.", 10, ("One. Two.",)),
        ("One. Two. Three.", 10, ("One. Two.", "Three.")),
        ("one two three four", 9, ("one two", "three", "four")),
        ("abcdefghij", 4, ("abcd", "efgh", "ij")),
        ("¿Qué? Sí… No!", 6, ("¿Qué?", "Sí…", "No!")),
    ],
)
def test_sentences(text: str, limit: int, parts: tuple[str, ...]) -> None:
    assert sentences(text, limit) == parts


def test_a_document_keeps_within_the_limit_and_keeps_what_matters() -> None:
    hour = Say(". ".join(["And so on and on"] * 2_000), "en-US")
    body = document(
        (hour, hour, hour, Say("For sales, press 1.", "en-US", barge_in=True), listen()),
        action_url="/voice?c=" + "a" * 6_000,
        wait_url="/wait?c=" + "a" * 6_000,
    )
    check(body)
    assert len(body) <= MAX_DOCUMENT
    assert b"For sales, press 1." in body


def test_words_with_a_callers_value_are_known_no_longer_than_somebody_holds_them() -> None:
    said = Say("Your balance is 12.50.", "en-US")
    body = document((said, HangUp("contained")), action_url="/voice", wait_url="/wait")
    assert b"12.50" in body
    assert said in twiml._known
    del said
    assert [say for say in twiml._known if "12.50" in say.text] == []


def test_a_waiting_document_with_keys_listens_for_them() -> None:
    body = waiting(
        (Say("You are number 2 in line.", "en-US", barge_in=True),), keys=("#", "1"), pause_s=60, wait_url="/wait?c=abc"
    )
    check(body)
    assert (
        body.decode()
        == f'{DECLARATION}<Response><Gather action="/wait?c=abc" actionOnEmptyResult="true" finishOnKey="" input="dtmf"'
        ' method="POST" numDigits="1" timeout="60"><Say language="en-US">You are number 2 in'
        " line.</Say></Gather></Response>"
    )


def test_a_waiting_document_without_keys_pauses_and_comes_again() -> None:
    body = waiting((), keys=(), pause_s=45, wait_url="/wait?c=abc")
    check(body)
    assert (
        body.decode()
        == f'{DECLARATION}<Response><Pause length="45" /><Redirect method="POST">/wait?c=abc</Redirect></Response>'
    )


def test_leaving_and_apology() -> None:
    assert leaving().decode() == f"{DECLARATION}<Response><Leave /></Response>"
    assert (
        apology("Sorry.", "en-US").decode()
        == f'{DECLARATION}<Response><Say language="en-US">Sorry.</Say><Hangup /></Response>'
    )
    check(leaving())
    check(apology("Sorry.", "en-US"))


def test_a_long_queue_name_is_cut_and_stays_different() -> None:
    names = {queue_name("x" * 200), queue_name("x" * 201)}
    assert len(names) == 2
    assert all(len(name) == 64 for name in names)
    assert queue_name("tech") == "tech"


SAYS = st.builds(Say, st.text(max_size=400), st.sampled_from(["en-US", "es-US", "fr-FR"]), barge_in=st.booleans())
LAST = st.one_of(
    st.builds(
        listen,
        hints=st.lists(st.text(max_size=30), max_size=5).map(tuple),
        max_digits=st.integers(1, 64),
        finish_key=st.sampled_from(["", "#", "*"]),
        timeout_s=st.floats(0.1, 60),
    ),
    st.builds(Record, st.text(max_size=20), st.floats(1, 3600), st.sampled_from(["#", "*"]), st.just(("recorded",))),
    st.just(HangUp("contained")),
    st.just(Dial(("+12125550143",), 30.0, ("answered",))),
    st.builds(
        Enqueue,
        st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1, max_size=90),
        st.just(0),
        st.none(),
        st.just(""),
        st.just(60.0),
        st.just(()),
        st.just("en-US"),
        st.just(("answered",)),
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(SAYS, max_size=6), LAST)
def test_whatever_a_flow_says_is_a_document_that_twilio_takes(said: list[Say], last: Action) -> None:
    check(document((*said, last), action_url="https://a.example/voice?c=abc", wait_url="https://a.example/wait?c=abc"))


MUSIC = "https://example.com/hold.mp3"


def test_music_is_played_between_announcements() -> None:
    """60 s between announcements hold a recording of 25 s twice and leave 10 s of silence."""
    assert next_wait(waited(), {}) == QueueWait((), plays=2, pause_s=10)
    body = waiting((), keys=(), music=MUSIC, plays=2, pause_s=10, wait_url="/wait?c=abc", recording_url=str)
    check(body)
    assert body.endswith(
        b'<Response><Play loop="2">https://example.com/hold.mp3</Play><Pause length="10" />'
        b'<Redirect method="POST">/wait?c=abc</Redirect></Response>'
    )


def test_a_key_stops_the_music() -> None:
    body = waiting((), keys=("1",), music=MUSIC, plays=1, pause_s=0, wait_url="/wait?c=abc", recording_url=str)
    check(body)
    assert b'timeout="1"><Play loop="1">https://example.com/hold.mp3</Play></Gather>' in body


def test_music_does_not_outlast_the_longest_wait() -> None:
    """A recording longer than the pause is played once, since it cannot be stopped; 20 s before the end it is not
    started.
    """
    assert next_wait(waited(music_s=90.0), {}) == QueueWait((), plays=1, pause_s=0)
    assert next_wait(waited(music_s=90.0), {"QueueTime": "580"}) == QueueWait((), plays=0, pause_s=20)
    # 12 s of announcement leave 28 of the last 40 s, which hold the recording of 25 s once.
    told = Say("Still busy.", "en-US", MUSIC, 12.0, barge_in=True)
    assert next_wait(waited(told), {"QueueTime": "560"}) == QueueWait((told,), plays=1, pause_s=3)


def test_an_announcement_may_be_a_recording() -> None:
    told = Say("Still busy.", "en-US", "busy.mp3", 2.0, barge_in=True)
    body = waiting(
        (told,), keys=(), pause_s=5, wait_url="/w", recording_url=lambda name: f"https://ivr.example.com/audio/{name}"
    )
    assert b"<Play>https://ivr.example.com/audio/busy.mp3</Play>" in body
    assert b"<Say" in waiting((told,), keys=(), pause_s=5, wait_url="/w", recording_url=lambda name: "")


def waited(told: Say | None = None, music_s: float = 25.0) -> Enqueue:
    return Enqueue("tech", 0, 600.0, told, 60.0, (), "en-US", (), music=MUSIC, music_s=music_s)


def test_the_two_libraries_of_twilio_say_the_same_of_what_is_emitted() -> None:
    """So that we do not rely on a verb or attribute that only one of them has."""
    for verb in ATTRIBUTES:
        if verb != "Response":
            assert set(ATTRIBUTES[verb]) <= set(TYPES[verb]["attributes"]), verb
        assert CHILDREN.get(verb, set()) <= set(TYPES[verb]["children"]) & nested(verb), verb


@pytest.mark.parametrize(
    "wrong",
    [
        '<Gather numDigits="one" /><Redirect>/voice?c=a</Redirect>',
        '<Gather language="zh-CN" input="dtmf speech" /><Redirect>/x</Redirect>',
        '<Gather input="dtmf keys" /><Redirect>/x</Redirect>',
        "<Gather><Dial>+1</Dial></Gather>",
        '<Say language="xx-YY">Hi.</Say><Hangup />',
        '<Gather actionOnEmptyResult="yes" /><Redirect>/x</Redirect>',
        '<Gather timout="5" /><Redirect>/x</Redirect>',
        "<Enqueue><Say>Hi.</Say></Enqueue>",
        "<say>Hi.</say><Hangup />",
    ],
)
def test_the_grammar_refuses(wrong: str) -> None:
    with pytest.raises((AssertionError, KeyError)):
        check(f"{DECLARATION}<Response>{wrong}</Response>".encode())


def test_tags_are_those_of_twilio() -> None:
    """Exactly the tags that the typings have."""
    families = {"arb": "ar", "cmn": "zh", "yue": "zh"}
    for ours, words in ((SPOKEN, TYPES["Say"]), (UNDERSTOOD, TYPES["Gather"])):
        theirs: dict[str, set[str]] = {}
        for tag in words["attributes"]["language"]["words"]:
            primary = tag.partition("-")[0]
            theirs.setdefault(families.get(primary, primary), set()).add(tag)
        assert {primary: set(tags) for primary, tags in ours.items()} == theirs


def test_a_language_is_named_as_the_verb_has_it() -> None:
    said = made(Say("请说话。", "zh-CN", barge_in=True), listen(language="zh-CN", hints=("路灯",)))
    assert 'language="cmn-Hans-CN"' in said
    assert '<Say language="zh-CN">' in said
    assert made(Say("Hola.", "es-CO"), HangUp("contained")) == '<Say language="es-US">Hola.</Say><Hangup />'


def test_a_short_key_in_a_queue_does_not_wait_for_all_the_silence() -> None:
    def held(*keys: str, pause_s: int = 20) -> str:
        return waiting((), keys=keys, pause_s=pause_s, wait_url="/wait").decode()

    assert 'numDigits="1" timeout="20" />' in held("1", "2")
    assert 'numDigits="2" timeout="3"><Pause length="17" /></Gather>' in held("1", "12")
    assert 'numDigits="2" timeout="2" />' in held("1", "12", pause_s=2)
