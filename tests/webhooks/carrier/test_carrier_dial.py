"""<Dial> of several parties, queues and conferences, and calls redirected by the REST API, with sources.

"One two three four five." takes 5 words / 2.5 = 2 s by `flows.speech.timing`; a recording takes 5 s.
"""

from __future__ import annotations

import pytest

from tests.support.twiml_app import BASE, NOON, SID, App, call, heard, noticed, when
from webhooks.carrier import Call, Number
from webhooks.carrier.call_log import Heard, Noted
from webhooks.carrier.drivers.handset import Handset
from webhooks.carrier.protocol import HangUp, OtherParty, Redirected, Response, Talk

SAY = "<Say>One two three four five.</Say>"
MIRROR = "CA" + SID[2:][::-1]
"""The CallSid of the other end."""

# --- Parties: voice/twiml/number, client, sip ------------------------------------------------------------------------

BOTH = (
    "<Dial action='/done'"
    " timeout='20'><Number>+12</Number><Client><Identity>ann</Identity></Client><Sip>sip:bob@example.com</Sip></Dial>"
)


@pytest.mark.parametrize(
    ("did", "status", "at_s"),
    [
        # "The first person to answer is connected to the caller, and the rest of the calls are hung up."
        (
            [(3, OtherParty("busy", "+12")), (6, OtherParty("answer", "client:ann")), (16, OtherParty("over"))],
            "completed",
            16,
        ),
        (
            [
                (3, OtherParty("busy", "+12")),
                (5, OtherParty("failed", "client:ann")),
                (6, OtherParty("busy", "sip:bob@example.com")),
            ],
            "busy",
            6,
        ),
        ([(3, OtherParty("busy", "+12"))], "no-answer", 20),
        ([(3, OtherParty("busy", "+99"))], "no-answer", 20),  # no party of that name is ringing
        ([(3, OtherParty("busy"))], "busy", 3),  # all of them
    ],
)
def test_several_ring_at_once(did: list[object], status: str, at_s: float) -> None:
    app = App({"/voice": BOTH, "/done": "<Hangup/>"})
    made = call(app, *did)  # type: ignore[arg-type]
    assert app.told("DialCallStatus")[1] == ("/done", status)
    assert when(made)[1] == (at_s, "/done")


def test_one_after_the_other_where_it_says_so() -> None:
    app = App({"/voice": BOTH.replace("timeout='20'", "timeout='20' sequential='true'"), "/done": "<Hangup/>"})
    made = call(app, (4, OtherParty("busy")), (30, OtherParty("answer")), (40, OtherParty("over")))
    # +12 is busy at 4; ann rings until 24; bob answers at 30 and talks for 10.
    assert app.told("DialCallStatus", "DialCallDuration")[1] == ("/done", "completed", "10")
    assert when(made)[1] == (40, "/done")


def test_the_status_callback_of_a_leg() -> None:
    every = "statusCallback='/leg' statusCallbackEvent='initiated ringing answered completed'"
    dial = (
        f"<Dial action='/done'><Number {every}>+12</Number><Number"
        " statusCallback='/leg'>+13</Number><Number>+14</Number></Dial>"
    )
    slow = Response(204, {}, b"", seconds=2.0)
    app = App({"/voice": dial, "/done": "<Hangup/>", "/leg": slow})
    made = call(app, (3, OtherParty("busy", "+13")), (6, OtherParty("answer", "+12")), (36, OtherParty("over")))
    assert app.told("To", "CallStatus", "SequenceNumber", "CallDuration", "ParentCallSid", "Direction")[1:-1] == [
        ("/leg", "+12", "initiated", "0", "-", SID, "outbound-dial"),
        ("/leg", "+12", "ringing", "1", "-", SID, "outbound-dial"),
        ("/leg", "+13", "busy", "2", "0", SID, "outbound-dial"),  # only completed, unless it says more
        ("/leg", "+12", "in-progress", "2", "-", SID, "outbound-dial"),
        ("/leg", "+12", "completed", "3", "30", SID, "outbound-dial"),
    ]
    assert when(made)[-1] == (36, "/done")  # the call waits for no answer
    assert app.asked[-1][1]["DialCallSid"] == app.asked[1][1]["CallSid"]


@pytest.mark.parametrize(
    ("did", "statuses"),
    [
        ([(3, OtherParty("answer", "client:ann")), (5, OtherParty("over"))], ["canceled", "canceled", "completed"]),
        ([], ["no-answer"] * 3),
        ([(3, HangUp())], ["canceled"] * 3),
        ([(3, OtherParty("failed"))], ["failed"] * 3),
        ([(3, OtherParty("answer", "+12")), (4, Redirected("/else"))], ["canceled", "canceled", "completed"]),
    ],
)
def test_every_leg_is_over_once(did: list[object], statuses: list[str]) -> None:
    verbs = BOTH
    for noun in ("Number", "Client", "Sip"):
        verbs = verbs.replace(f"<{noun}>", f"<{noun} statusCallback='/leg'>")
    app = App({"/voice": verbs, "/done": "<Hangup/>", "/leg": Response(204, {}, b""), "/else": "<Hangup/>"})
    call(app, *did)  # type: ignore[arg-type]
    legs = [form for path, form in app.asked if path == "/leg"]
    assert [form["CallStatus"] for form in legs] == statuses
    assert len({form["CallSid"] for form in legs}) == 3


def test_only_ten_are_called_at_once_and_only_of_one_kind() -> None:
    app = App({"/voice": f"<Dial>{''.join(f'<Number>+{n}</Number>' for n in range(11, 22))}</Dial>"})
    assert noticed(call(app)) == [("", "line 1: <Dial> does not call +21")]
    app = App({"/voice": "<Dial><Queue>support</Queue><Number>+12</Number></Dial>"})
    assert noticed(call(app)) == [("", "line 1: <Dial> does not call +12")]


# --- A queue: voice/twiml/queue --------------------------------------------------------------------------------------

AGENT = "<Dial action='/done' timeout='20'><Queue url='/whisper'>support</Queue></Dial>"


def test_who_dials_a_queue_gets_the_first_in_it_who_is_told_something_first() -> None:
    app = App(
        {
            "/voice": AGENT,
            "/whisper": f"{SAY}<Pause length='3'/><Redirect>/more</Redirect>",
            "/more": SAY,
            "/done": "<Hangup/>",
        }
    )
    made = call(app, (4, OtherParty("answer")), (30, OtherParty("over")))
    names = ("CallSid", "QueueTime", "DequeingCallSid")
    assert app.told(*names)[1:3] == [("/whisper", MIRROR, "60", SID), ("/more", MIRROR, "60", SID)]
    # Connected at 4, but the other end first hears 2 + 3 + 2 s.
    assert heard(made) == []
    assert app.told("DialCallStatus", "DialCallDuration", "DequeuedCallSid", "DequeuedCallQueueTime")[3] == (
        "/done",
        "completed",
        "19",
        MIRROR,
        "60",
    )
    queue = [form["QueueSid"] for path, form in app.asked if path in ("/whisper", "/done")]
    assert queue[0] == queue[1]
    assert queue[0].startswith("QU")


@pytest.mark.parametrize(
    ("did", "status", "at_s"),
    [([], "no-answer", 20), ([(1, OtherParty("failed"))], "failed", 1)],  # empty until the time-out; no such queue
)
def test_a_queue_in_which_nobody_waits(did: list[object], status: str, at_s: float) -> None:
    app = App({"/voice": AGENT, "/done": "<Hangup/>"})
    made = call(app, *did)  # type: ignore[arg-type]
    assert app.told("DialCallStatus")[1] == ("/done", status)
    assert when(made)[1] == (at_s, "/done")


def test_only_some_verbs_may_stand_in_what_is_told() -> None:
    app = App({"/voice": AGENT, "/whisper": f"<Gather/>{SAY}", "/done": "<Hangup/>"})
    made = call(app, (4, OtherParty("answer")), (30, OtherParty("over")))
    assert noticed(made) == [("12200", "line 1: <Gather> is not allowed in such a document")]
    assert app.told("DialCallDuration")[2] == ("/done", "24")


QUEUE = "<Enqueue action='/left' waitUrl='/wait'>support</Enqueue><Say>Never.</Say>"
WAITING = {
    "/voice": QUEUE,
    "/wait": "<Play>music.mp3</Play>",
    "/left": "<Hangup/>",
    "/whisper": SAY,
    "/else": "<Say>Elsewhere.</Say>",
}
WHISPER = {"whisper_url": "https://app.example.com/whisper"}


def test_the_caller_in_the_queue_hears_what_the_agents_queue_says() -> None:
    app = App(WAITING)
    made = call(app, (7, OtherParty("answer")), (19, OtherParty("over")), **WHISPER)
    assert app.told("QueueTime", "DequeingCallSid", "CallSid")[3] == ("/whisper", "7", MIRROR, SID)
    assert heard(made)[-1] == (7, "One two three four five.")
    assert app.told("QueueResult", "QueueTime")[-1] == ("/left", "bridged", "7")
    assert when(made)[-1] == (19, "/left")


# --- QueueResult: voice/twiml/enqueue --------------------------------------------------------------------------------

ELSEWHERE = Redirected("/else")


@pytest.mark.parametrize(
    ("did", "result", "after"),
    [
        ([(6, ELSEWHERE)], "redirected", "/else"),
        (
            [(7, OtherParty("answer")), (8, ELSEWHERE)],
            "bridging-in-process",
            "/else",
        ),  # while they hear that they are connected
        ([(7, OtherParty("answer")), (12, ELSEWHERE)], "redirected-from-bridged", "/else"),
        ([(7, OtherParty("answer")), (8, HangUp())], "bridging-in-process", ""),
        ([(7, OtherParty("answer")), (12, HangUp())], "bridged", ""),
        ([(6, HangUp())], "hangup", ""),
        ([(6, OtherParty("leave"))], "leave", ""),
    ],
)
def test_the_result_of_a_queue(did: list[object], result: str, after: str) -> None:
    app = App(WAITING)
    made = call(app, *did, **WHISPER)  # type: ignore[arg-type]
    results = [(form["QueueResult"], form["QueueTime"]) for path, form in app.asked if path == "/left"]
    assert results == [(result, str(int(did[0][0])))]  # type: ignore[index]
    assert (app.asked[-1][0] == "/else") == bool(after)
    if after:  # the redirect counts, not the answer of the action
        assert heard(made)[-1][1] == "Elsewhere."


def test_an_error_in_the_wait_document_leaves_the_queue() -> None:
    app = App({"/voice": QUEUE, "/wait": ["<Pause length='4'/>", "<Broken"], "/left": "<Say>Sorry.</Say>"})
    made = call(app)
    assert app.told("QueueResult", "QueueTime")[-1] == ("/left", "error", "4")
    assert heard(made) == [(4, "Sorry.")]
    assert noticed(made)[0][0] == "12100"


# --- Redirects by the REST API: voice/api/call-resource --------------------------------------------------------------


@pytest.mark.parametrize(
    ("verbs", "did"),
    [
        (f"<Gather action='/got'>{SAY}</Gather>", [(1, ELSEWHERE)]),
        ("<Gather action='/got'/>", [(1, "5"), (2, ELSEWHERE)]),
        ("<Pause length='60'/>", [(1, ELSEWHERE)]),
        ("<Record action='/got'/>", [(1, Talk(9)), (2, ELSEWHERE)]),
        ("<Dial action='/got'>+12</Dial>", [(1, ELSEWHERE)]),
        ("<Dial action='/got'>+12</Dial>", [(1, OtherParty("answer")), (2, ELSEWHERE)]),
    ],
)
def test_a_redirected_call_goes_on_elsewhere_at_once(verbs: str, did: list[object]) -> None:
    app = App({"/voice": f"{verbs}<Say>Never.</Say>", "/else": "<Say>Elsewhere.</Say>"})
    made = call(app, *did)  # type: ignore[arg-type]
    assert app.told() == [("/voice",), ("/else",)]
    assert heard(made)[-1] == (did[-1][0], "Elsewhere.")  # type: ignore[index]
    assert all(e.cut or e.text == "Elsewhere." for e in made.log if isinstance(e, Heard))


# --- A conference: voice/twiml/conference ----------------------------------------------------------------------------

ROOM = "<Dial action='/done' {0}><Conference waitUrl='/music' {1}>room</Conference></Dial>"


def test_a_conference_begins_when_a_second_one_joins() -> None:
    app = App({"/voice": ROOM.format("", ""), "/music": "<Play>a.mp3</Play>", "/done": "<Hangup/>"})
    made = call(app, (12, OtherParty("answer")), (40, OtherParty("over")))
    a = "https://app.example.com/a.mp3"
    assert heard(made) == [(0, "beep"), (0, a), (5, a), (10, a)]
    assert [(e.seconds, e.cut) for e in made.log if isinstance(e, Heard)][-1] == (2, True)
    # Conferences report "answered"; neither the Sid of a call nor its length is sent.
    assert app.told("DialCallStatus", "DialCallSid", "DialCallDuration")[-1] == ("/done", "answered", "-", "-")
    assert when(made)[-1] == (40, "/done")


@pytest.mark.parametrize(
    ("attributes", "notes", "tones"),
    [
        ("", ["joins the conference room", "leaves the conference room"], ["beep"]),
        ("beep='onExit'", ["joins the conference room", "leaves the conference room"], []),
        (
            "beep='false' startConferenceOnEnter='false' muted='true' endConferenceOnExit='true'",
            [
                "joins the conference room, which somebody else must start, muted",
                "leaves the conference room, which ends it for everyone",
            ],
            [],
        ),
    ],
)
def test_what_a_conference_is_told(attributes: str, notes: list[str], tones: list[str]) -> None:
    app = App({"/voice": ROOM.format("", attributes).replace("waitUrl='/music'", "waitUrl=''"), "/done": "<Hangup/>"})
    made = call(app, (3, OtherParty("busy")), (12, OtherParty("answer")), (40, HangUp()))
    assert [e.text for e in made.log if isinstance(e, Noted)] == notes
    assert [e.text for e in made.log if isinstance(e, Heard)] == tones
    assert app.told("DialCallStatus", "CallStatus")[-1] == ("/done", "answered", "completed")


@pytest.mark.parametrize(
    ("attributes", "did", "at_s"), [("hangupOnStar='true'", (20, "*"), 20), ("timeLimit='30'", (20, "1"), 30)]
)
def test_ways_out_of_a_conference(attributes: str, did: tuple[float, str], at_s: float) -> None:
    app = App({"/voice": ROOM.format(attributes, "").replace("waitUrl='/music'", ""), "/done": "<Hangup/>"})
    made = call(app, (12, OtherParty("answer")), did)
    assert when(made)[1] == (at_s, "/done")


def test_a_conference_that_ends_before_anybody_joins() -> None:
    app = App({"/voice": ROOM.format("", ""), "/music": "<Leave/><Pause length='20'/>", "/done": "<Hangup/>"})
    made = call(app, (7, OtherParty("over")))
    assert when(made)[-1] == (7, "/done")
    assert noticed(made) == [("12200", "line 1: <Leave> is not allowed in a wait document")]


def test_a_redirect_from_the_handset() -> None:
    app = App({"/voice": "<Gather action='/got'/>", "/else": "<Say>Elsewhere.</Say><Gather/>"})
    handset = Handset(Call(Number(f"{BASE}/voice?secret=1"), sid=SID, began=NOON), app)
    handset.dial()
    part = handset.redirect(f"{BASE}/else?secret=2")
    assert part.did == "redirected to https://app.example.com/else"
    assert [e.text for e in part.entries if isinstance(e, Heard)] == ["Elsewhere."]
    assert handset.waits
    assert handset.waits.kind == "gather"
