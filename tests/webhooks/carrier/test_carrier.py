"""The virtual carrier does what Twilio's documentation says, verb by verb, against applications written by hand.

"One two three four five." takes 5 words / 2.5 = 2 s by `flows.speech.timing`; a recording takes 5 s.
"""

from __future__ import annotations

import pytest

from tests.support.twiml_app import App, call, heard, noticed, when
from webhooks.carrier.call_log import Asked, Did, Heard
from webhooks.carrier.protocol import HangUp, Key, OtherParty, Talk, Words
from webhooks.carrier.verbs import verbs

TWO_S = "One two three four five."
SAY = f"<Say>{TWO_S}</Say>"


# --- Gather: keys and timers -----------------------------------------------------------------------------------------


def test_the_time_out_begins_when_the_nested_prompts_end() -> None:
    app = App({"/voice": f"<Gather action='/got'>{SAY}<Pause length='3'/><Play>/a.mp3</Play></Gather><Say>Bye.</Say>"})
    made = call(app)
    # 2 s of words, 3 of silence, 5 of the recording, 5 of time-out.
    assert heard(made) == [(0, TWO_S), (5, "https://app.example.com/a.mp3"), (15, "Bye.")]
    assert app.told() == [("/voice",)]


def test_each_key_begins_the_time_out_again() -> None:
    app = App({"/voice": "<Gather action='/got' timeout='3'/>", "/got": "<Hangup/>"})
    made = call(app, (2.9, "1"), (5.8, "2"))
    assert app.told("Digits") == [("/voice", "-"), ("/got", "12")]
    assert when(made) == [(0, "/voice"), (8.8, "/got")]  # 5.8 + 3


def test_the_first_key_stops_the_prompt() -> None:
    app = App({"/voice": f"<Gather action='/got' numDigits='1'>{SAY}{SAY}</Gather>", "/got": "<Hangup/>"})
    made = call(app, (0.5, "7"))
    assert [(e.seconds, e.cut) for e in made.log if isinstance(e, Heard)] == [(0.5, True)]
    assert when(made)[1] == (0.5, "/got")


def test_the_last_of_num_digits_sends_at_once_and_further_keys_are_lost() -> None:
    app = App({"/voice": "<Gather action='/got' numDigits='2'/>", "/got": SAY})
    made = call(app, (1, "4"), (2, "2"), (2.5, "9"))
    assert app.told("Digits")[1] == ("/got", "42")
    assert when(made)[1] == (2, "/got")
    assert [(d.event, d.taken) for d in made.log if isinstance(d, Did)] == [
        (Key("4"), True),
        (Key("2"), True),
        (Key("9"), False),
    ]


@pytest.mark.parametrize(
    ("finish", "keys", "digits", "at_s"),
    [
        ("", ["1", "#"], "1", 2),  # the default is #, which is not sent
        ("finishOnKey='*'", ["1", "#", "*"], "1#", 3),
        ("finishOnKey=''", ["1", "#", "*"], "1#*", 8),  # no key finishes: 5 s after the last
    ],
)
def test_the_finishing_key(finish: str, keys: list[str], digits: str, at_s: float) -> None:
    app = App({"/voice": f"<Gather action='/got' {finish}/>", "/got": "<Hangup/>"})
    made = call(app, *((i + 1, key) for i, key in enumerate(keys)))
    assert app.told("Digits")[1] == ("/got", digits)
    assert when(made)[1] == (at_s, "/got")


def test_the_finishing_key_first_is_no_input() -> None:
    """It works only after a digit, so it cannot end a Gather without one."""
    app = App({"/voice": "<Gather action='/got'/><Say>Nothing.</Say>"})
    made = call(app, (1, "#"))
    assert heard(made) == [(5, "Nothing.")]
    app = App({"/voice": "<Gather action='/got'/>", "/got": "<Hangup/>"})
    call(app, (1, "#"), (2, "5"), (3, "#"))
    assert app.told("Digits")[1] == ("/got", "5")


@pytest.mark.parametrize(
    ("attribute", "path"),
    [("actionOnEmptyResult='true'", "/got"), ("actionOnEmptyResult='false'", "/next"), ("", "/next")],
)
def test_no_input(attribute: str, path: str) -> None:
    app = App(
        {
            "/voice": f"<Gather action='/got' timeout='2' {attribute}/><Redirect>/next</Redirect>",
            "/got": "<Hangup/>",
            "/next": "<Hangup/>",
        }
    )
    made = call(app)
    assert when(made) == [(0, "/voice"), (2, path)]
    assert app.told("Digits")[1] == (path, "" if path == "/got" else "-")


def test_without_an_action_the_document_is_asked_again() -> None:
    app = App({"/voice": ["<Gather numDigits='1'/>", "<Hangup/>"]})
    call(app, (1, "3"))
    assert app.told("Digits") == [("/voice", "-"), ("/voice", "3")]


def test_an_action_is_relative_to_its_document_and_get_puts_parameters_into_the_address() -> None:
    app = App({"/a/voice": "<Gather action='../b/got?x=1' method='GET' numDigits='1'/>", "/b/got": "<Hangup/>"})
    call(app, (1, "3"), url="https://app.example.com/a/voice")
    assert app.requests[1].method == "GET"
    assert app.requests[1].form == ()
    assert app.requests[1].url.startswith("https://app.example.com/b/got?x=1&CallSid=CA0123456789abcdef")
    assert app.requests[1].url.endswith("&Digits=3")


def test_a_document_that_runs_out_hangs_up() -> None:
    made = call(App({"/voice": SAY}))
    assert (made.status, made.ended_by, made.now_s) == ("completed", "line", 2)


# --- Gather: speech --------------------------------------------------------------------------------------------------

HELLO = Words("hello there", seconds=1.5, confidence=0.87)


@pytest.mark.parametrize(
    ("attributes", "sent_s"),
    [
        ("", 2 + 1.5 + 5),  # without speechTimeout the time-out counts: 5 s
        ("timeout='3'", 2 + 1.5 + 3),
        ("timeout='3' speechTimeout='2'", 2 + 1.5 + 2),
        ("speechTimeout='auto'", 2 + 1.5 + 1),  # no stated length: one second
    ],
)
def test_speech_is_over_after_its_own_silence(attributes: str, sent_s: float) -> None:
    app = App(
        {
            "/voice": f"<Gather action='/got' input='dtmf speech' {attributes} hints='hello, goodbye'/>",
            "/got": "<Hangup/>",
        }
    )
    made = call(app, (2, HELLO), (3, "4"))
    assert app.told("SpeechResult", "Confidence", "Digits")[1] == ("/got", "hello there", "0.87", "-")
    assert when(made)[1] == (sent_s, "/got")


def test_what_is_detected_first_counts() -> None:
    app = App({"/voice": "<Gather action='/got' input='dtmf speech' numDigits='2'/>", "/got": "<Hangup/>"})
    call(app, (1, "4"), (2, HELLO), (3, "5"))
    assert app.told("SpeechResult", "Digits")[1] == ("/got", "-", "45")


@pytest.mark.parametrize(("mode", "does"), [("dtmf", HELLO), ("speech", "1")])
def test_what_is_not_listened_for_does_not_count(mode: str, does: object) -> None:
    made = call(App({"/voice": f"<Gather action='/got' input='{mode}'>{SAY}</Gather><Say>Bye.</Say>"}), (1, does))  # type: ignore[arg-type]
    assert heard(made) == [(0, TWO_S), (7, "Bye.")]


def test_words_do_not_stop_the_prompt_where_barge_in_is_false() -> None:
    app = App({"/voice": f"<Gather action='/got' input='speech' bargeIn='false'>{SAY}</Gather>"})
    assert [e.cut for e in call(app, (1, HELLO)).log if isinstance(e, Heard)] == [False]
    app = App({"/voice": f"<Gather action='/got' input='speech'>{SAY}</Gather>", "/got": "<Hangup/>"})
    assert [e.cut for e in call(app, (1, HELLO)).log if isinstance(e, Heard)] == [True]


def test_no_speech_with_action_on_empty_result_tells_no_digits() -> None:
    app = App({"/voice": "<Gather action='/got' input='speech' actionOnEmptyResult='true'/>", "/got": "<Hangup/>"})
    call(app)
    assert app.told("Digits", "SpeechResult")[1] == ("/got", "-", "-")


def test_hanging_up_in_a_menu_asks_no_action_and_tells_the_status_callback() -> None:
    app = App({"/voice": f"<Gather action='/got'>{SAY}</Gather>", "/status": ""})
    made = call(app, (1.2, HangUp()), status_url="https://app.example.com/status")
    assert app.told("CallStatus", "CallDuration", "SequenceNumber", "Timestamp") == [
        ("/voice", "ringing", "-", "-", "-"),
        ("/status", "completed", "1", "0", "Mon, 23 Nov 2026 12:00:01 +0000"),
    ]
    assert (made.ended_by, made.status) == ("caller", "completed")


# --- Say, Play, Pause, Redirect, Hangup, Reject ----------------------------------------------------------------------


def test_prompts_one_after_the_other() -> None:
    app = App(
        {
            "/voice": (
                f"<Say loop='2'>{TWO_S}</Say><Pause/><Play loop='2'>a.mp3</Play><Play digits='1ww2'/><Say>Bye.</Say>"
            )
        }
    )
    made = call(app, play_s=4.0)
    a = "https://app.example.com/a.mp3"
    # 2 + 2 of words, 1 of silence, 4 + 4 of recording, 0.2 + 0.5 + 0.5 + 0.2 of tones.
    assert heard(made) == [(0, TWO_S), (2, TWO_S), (5, a), (9, a), (13, "tones 1ww2"), (14.4, "Bye.")]


def test_a_redirect_leaves_the_rest_and_a_hangup_ends() -> None:
    app = App(
        {"/voice": "<Redirect method='GET'>/two?a=b</Redirect><Say>Never.</Say>", "/two": "<Hangup/><Say>Never.</Say>"}
    )
    made = call(app)
    assert [(path, form["CallStatus"]) for path, form in app.asked] == [("/voice", "ringing"), ("/two", "in-progress")]
    assert heard(made) == []


@pytest.mark.parametrize(
    ("reason", "status", "sound"),
    [("", "no-answer", "the number is not in service"), ("reason='busy'", "busy", "busy tone")],
)
def test_a_rejected_call_is_never_answered(reason: str, status: str, sound: str) -> None:
    app = App({"/voice": f"<Reject {reason}/><Say>Never.</Say>", "/status": ""})
    made = call(app, status_url="https://app.example.com/status")
    assert (made.status, made.answered, heard(made)) == (status, False, [(0, sound)])
    assert app.told("CallStatus")[1] == ("/status", status)


def test_a_pause_first_delays_the_answer_so_that_a_reject_still_works() -> None:
    made = call(App({"/voice": "<Pause length='3'/><Reject/>"}))
    assert (made.status, made.now_s, made.answered) == ("no-answer", 3, False)


def test_a_reject_after_the_answer_only_ends_the_call() -> None:
    made = call(App({"/voice": f"{SAY}<Reject/>"}))
    assert (made.status, noticed(made)) == ("completed", [("", "line 1: <Reject> after the call was answered")])


# --- Dial ------------------------------------------------------------------------------------------------------------

DIAL = "<Dial action='/done' timeout='20'><Number>+14155550199</Number></Dial><Say>Never.</Say>"


@pytest.mark.parametrize(
    ("did", "status", "duration", "at_s"),
    [
        ([(4, OtherParty("answer")), (64, OtherParty("over"))], "completed", "60", 64),
        ([(4, OtherParty("busy"))], "busy", "-", 4),
        ([(4, OtherParty("failed"))], "failed", "-", 4),
        ([(4, OtherParty("no-answer"))], "no-answer", "-", 4),
        ([], "no-answer", "-", 20),
    ],
)
def test_what_the_action_of_a_dial_is_told(did: list[object], status: str, duration: str, at_s: float) -> None:
    app = App({"/voice": DIAL, "/done": "<Hangup/>"})
    made = call(app, *did)  # type: ignore[arg-type]
    assert app.told("DialCallStatus", "DialCallDuration", "CallStatus")[1] == ("/done", status, duration, "in-progress")
    assert when(made)[1] == (at_s, "/done")


@pytest.mark.parametrize(
    ("did", "status"), [([(4, HangUp())], "no-answer"), ([(4, OtherParty("answer")), (9, HangUp())], "completed")]
)
def test_a_caller_who_hangs_up_in_a_dial(did: list[object], status: str) -> None:
    app = App({"/voice": DIAL, "/done": SAY})
    made = call(app, *did)  # type: ignore[arg-type]
    assert app.told("DialCallStatus", "CallStatus")[1] == ("/done", status, "completed")
    assert heard(made) == []


def test_a_dial_without_an_action_goes_on_with_the_next_verb() -> None:
    made = call(App({"/voice": "<Dial>+14155550199</Dial><Say>Nobody there.</Say>"}))
    assert heard(made) == [(30, "Nobody there.")]


def test_a_conversation_ends_at_its_time_limit_or_with_a_star() -> None:
    app = App({"/voice": "<Dial timeLimit='100' action='/done'>+14155550199</Dial>", "/done": "<Hangup/>"})
    call(app, (10, OtherParty("answer")))
    assert app.told("DialCallDuration")[1] == ("/done", "100")
    app = App({"/voice": "<Dial hangupOnStar='true' action='/done'>+14155550199</Dial>", "/done": "<Hangup/>"})
    call(app, (10, OtherParty("answer")), (17, "*"))
    assert app.told("DialCallDuration")[1] == ("/done", "7")


# --- Enqueue ---------------------------------------------------------------------------------------------------------

QUEUE = "<Enqueue action='/left' waitUrl='/wait'>support</Enqueue><Say>Never.</Say>"


def test_the_wait_document_is_asked_again_whenever_it_runs_out_and_told_the_place() -> None:
    app = App({"/voice": QUEUE, "/wait": f"{SAY}<Pause length='8'/>", "/left": "<Hangup/>"})
    made = call(app, (25, OtherParty("answer")), (85, OtherParty("over")))
    names = ("QueuePosition", "QueueTime", "AvgQueueTime", "CurrentQueueSize", "MaxQueueSize")
    assert app.told(*names)[1:4] == [
        ("/wait", "1", "0", "60", "1", "1000"),
        ("/wait", "1", "10", "60", "1", "1000"),
        ("/wait", "1", "20", "60", "1", "1000"),
    ]
    # The action is requested after the conversation, with the time until it began.
    assert app.told("QueueResult", "QueueTime")[-1] == ("/left", "bridged", "25")
    assert when(made)[-1] == (85, "/left")
    sids = {form["QueueSid"] for _, form in app.asked[1:]}
    assert len(sids) == 1
    assert sids.pop().startswith("QU")


@pytest.mark.parametrize(
    ("what", "result"), [("full", "queue-full"), ("error", "error"), ("system-error", "system-error")]
)
def test_who_never_gets_into_the_queue(what: str, result: str) -> None:
    app = App({"/voice": QUEUE, "/left": "<Hangup/>"})
    call(app, (0, OtherParty(what)))
    assert app.told("QueueResult", "QueueSid", "QueueTime") == [("/voice", "-", "-", "-"), ("/left", result, "-", "-")]


def test_a_key_leads_out_of_the_queue_by_leave() -> None:
    wait = f"<Gather action='/key' numDigits='1' timeout='10'>{SAY}</Gather>"
    app = App(
        {
            "/voice": QUEUE,
            "/wait": wait,
            "/key": lambda form: "<Leave/>" if form["Digits"] == "1" else "",
            "/left": "<Say>Left.</Say>",
        }
    )
    made = call(app, (1, "2"), (5, "1"))
    assert app.told("Digits", "QueueResult", "QueueTime") == [
        ("/voice", "-", "-", "-"),
        ("/wait", "-", "-", "0"),
        ("/key", "2", "-", "1"),
        ("/wait", "-", "-", "1"),
        ("/key", "1", "-", "5"),
        ("/left", "-", "leave", "5"),
    ]
    assert heard(made)[-1] == (5, "Left.")


def test_without_an_action_leave_goes_on_with_the_verb_after_enqueue() -> None:
    app = App({"/voice": "<Enqueue waitUrl='/wait'>support</Enqueue><Say>Closed.</Say>", "/wait": "<Leave/>"})
    assert heard(call(app)) == [(0, "Closed.")]


def test_taken_out_by_the_rest_api() -> None:
    app = App({"/voice": QUEUE, "/wait": "<Play>music.mp3</Play>", "/left": "<Hangup/>"})
    made = call(app, (12, OtherParty("leave")))
    assert app.told("QueueResult", "QueueTime")[-1] == ("/left", "leave", "12")
    assert [e.cut for e in made.log if isinstance(e, Heard)] == [False, False, True]


@pytest.mark.parametrize("wait", ["<Pause length='60'/>", SAY, "<Gather action='/key'/>"])
def test_hanging_up_in_the_queue(wait: str) -> None:
    app = App({"/voice": QUEUE, "/wait": wait, "/left": SAY})
    made = call(app, (1.5, HangUp()))
    assert app.told("QueueResult", "QueueTime", "CallStatus")[-1] == ("/left", "hangup", "1", "completed")
    assert made.ended_by == "caller"


def test_a_hangup_in_the_wait_document_ends_the_call() -> None:
    app = App({"/voice": QUEUE, "/wait": f"{SAY}<Hangup/>", "/left": "<Say>Never.</Say>"})
    made = call(app)
    assert app.told("QueueResult")[-1] == ("/left", "hangup")
    assert (heard(made), made.ended_by) == ([(0, TWO_S)], "line")


def test_only_some_verbs_may_stand_in_a_wait_document() -> None:
    app = App({"/voice": QUEUE, "/wait": "<Record/><Dial>+1</Dial><Leave/>", "/left": "<Hangup/>"})
    assert noticed(call(app)) == [
        ("12200", "line 1: <Record> is not allowed in a wait document"),
        ("12200", "line 1: <Dial> is not allowed in a wait document"),
    ]


def test_a_redirect_stays_in_the_queue_and_keeps_its_parameters() -> None:
    app = App(
        {
            "/voice": QUEUE,
            "/wait": "<Pause length='3'/><Redirect>/more</Redirect>",
            "/more": "<Leave/>",
            "/left": "<Hangup/>",
        }
    )
    call(app)
    assert app.told("QueueTime", "QueueResult")[1:] == [
        ("/wait", "0", "-"),
        ("/more", "3", "-"),
        ("/left", "3", "leave"),
    ]


def test_without_a_wait_url_there_is_music() -> None:
    app = App({"/voice": "<Enqueue action='/left'>support</Enqueue>", "/left": "<Hangup/>"})
    call(app, (40, OtherParty("answer")), (50, HangUp()))
    assert app.told("QueueResult", "QueueTime", "CallStatus")[1] == ("/left", "bridged", "40", "completed")


def test_a_name_that_is_too_long_is_an_error() -> None:
    app = App({"/voice": f"<Enqueue action='/left'>{'x' * 65}</Enqueue>", "/left": "<Hangup/>"})
    made = call(app)
    assert app.told("QueueResult")[1] == ("/left", "error")
    assert noticed(made) == [("", "line 1: a queue name has 1 to 64 characters, not 65")]


def test_leave_outside_of_a_queue_means_nothing() -> None:
    made = call(App({"/voice": f"<Leave/>{SAY}"}))
    assert heard(made) == [(0, TWO_S)]


# --- Record ----------------------------------------------------------------------------------------------------------

TALK = Talk(6.0)


@pytest.mark.parametrize(
    ("attributes", "did", "digits", "duration", "at_s"),
    [
        ("", [(1, TALK)], "", "6", 12),  # 1 + 6 of speech + 5 of silence
        ("timeout='2'", [(1, TALK)], "", "6", 9),
        ("trim='do-not-trim'", [(1, TALK)], "", "12", 12),
        ("", [(1, TALK), (4, "8")], "8", "3", 4),  # any key ends it
        ("finishOnKey='*#'", [(1, TALK), (2, "8"), (4, "*")], "*", "3", 4),
        ("finishOnKey='*#'", [(1, TALK), (5, "#")], "#", "4", 5),
        ("maxLength='4'", [(1, TALK)], "", "3", 4),
        ("", [(1, TALK), (9, Talk(2.0))], "", "10", 16),  # from 1 to 11, then 5 s of silence
    ],
)
def test_a_recording_and_what_ends_it(
    attributes: str, did: list[object], digits: str, duration: str, at_s: float
) -> None:
    app = App({"/voice": f"<Record action='/done' {attributes}/><Say>Never.</Say>", "/done": "<Hangup/>"})
    made = call(app, *did)  # type: ignore[arg-type]
    assert app.told("Digits", "RecordingDuration")[1] == ("/done", digits, duration)
    assert app.asked[1][1]["RecordingUrl"].startswith("https://api.twilio.com/2010-04-01/Accounts/AC")
    assert when(made)[1] == (at_s, "/done")


@pytest.mark.parametrize("did", [[], [(2, "#")]])
def test_an_empty_recording_falls_through_to_the_next_verb(did: list[tuple[float, str]]) -> None:
    app = App({"/voice": "<Record action='/done'/><Say>Nothing was said.</Say>"})
    made = call(app, *did)
    assert heard(made) == [(2 if did else 5, "Nothing was said.")]
    assert app.told() == [("/voice",)]


def test_hanging_up_ends_a_recording_and_keeps_it() -> None:
    app = App({"/voice": "<Record action='/done' recordingStatusCallback='/ready'/>", "/done": SAY, "/ready": ""})
    call(app, (1, TALK), (5, HangUp()))
    assert app.told("Digits", "RecordingDuration", "CallStatus")[1] == ("/done", "hangup", "4", "completed")
    assert app.told("RecordingStatus", "RecordingSid", "RecordingChannels", "RecordingSource")[2] == (
        "/ready",
        "completed",
        "RE0123456789abcdef0123456789abcdef",
        "1",
        "RecordVerb",
    )


def test_hanging_up_before_a_word_asks_no_action() -> None:
    app = App({"/voice": "<Record action='/done'/>"})
    call(app, (1, HangUp()))
    assert app.told() == [("/voice",)]


def test_a_recording_without_an_action_asks_its_document_again() -> None:
    app = App({"/voice": ["<Record/>", "<Hangup/>"]})
    call(app, (1, TALK))
    assert app.told("RecordingDuration") == [("/voice", "-"), ("/voice", "6")]


# --- What does not fit -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verbs", "code", "message"),
    [
        ("<say>x</say><Say>Hi.</Say>", "12200", "line 1: there is no verb <say>"),
        ("<Number>1</Number><Say>Hi.</Say>", "12200", "line 1: there is no verb <Number>"),
        ("<Say lang='de'>Hi.</Say>", "12200", "line 1: <Say> has no attribute 'lang'"),
        ("<Gather><Dial>1</Dial></Gather><Say>Hi.</Say>", "12200", "line 1: <Dial> is not allowed in <Gather>"),
        (
            "<Gather timeout='soon'/><Say>Hi.</Say>",
            "12200",
            "line 1: <Gather> timeout='soon' is not a whole number of at least 1",
        ),
        ("<Dial/><Say>Hi.</Say>", "12200", "line 1: <Dial> has nobody to call"),
        ("<Say/><Say>Hi.</Say>", "13520", "line 1: <Say> has no words"),
        ("<Prompt/><Say>Hi.</Say>", "", "line 1: this carrier does not support <Prompt>"),
    ],
)
def test_what_twilio_warns_of_is_left_out_and_the_call_goes_on(verbs: str, code: str, message: str) -> None:
    made = call(App({"/voice": verbs}))
    assert noticed(made) == [(code, message)]
    assert heard(made)[-1][1] == "Hi."


def test_documents_that_redirect_in_a_circle_end_the_call() -> None:
    app = App({"/voice": "<Redirect>/voice</Redirect>"})
    made = call(app)
    assert len(app.asked) == 100
    assert (made.status, noticed(made)[-1][1]) == (
        "failed",
        "100 documents in a row say nothing and wait for nothing",
    )


def test_a_call_lasts_four_hours_at_most() -> None:
    made = call(App({"/voice": f"{SAY}<Pause length='3598'/><Redirect>/voice</Redirect>"}))
    assert (made.now_s, made.ended_by) == (14_400, "carrier")
    assert sum(isinstance(e, Asked) for e in made.log) == 4


def test_every_verb_has_its_case_here() -> None:
    assert set(verbs()) == {
        "Say",
        "Play",
        "Pause",
        "Gather",
        "Redirect",
        "Dial",
        "Enqueue",
        "Leave",
        "Record",
        "Reject",
        "Hangup",
        # in test_carrier_more.py and test_carrier_pay.py
        "Sms",
        "Echo",
        "Start",
        "Stop",
        "Connect",
        "Refer",
        "Pay",
    }
