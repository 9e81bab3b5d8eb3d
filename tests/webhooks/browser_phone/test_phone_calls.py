"""The server side of the browser phone: a call of the carrier, driven by the reports of a page.

"One two three four five." takes 5 words / 2.5 = 2 s by `flows.speech.timing`.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest

from flows.model.load import load, load_text
from tests.support.twiml_app import NOON, App, heard
from webhooks import browser_phone as phone
from webhooks.browser_phone.calls import IDLE_S, MAX_CALLS, Calls
from webhooks.browser_phone.reports import CHOICES, MAX_WORDS, Report
from webhooks.carrier import Call, Number, Wsgi
from webhooks.carrier.drivers.handset import Handset
from webhooks.carrier.protocol import Response
from webhooks.carrier.verbs import verbs
from webhooks.service.app import create_app
from webhooks.settings.config import Config
from webhooks.settings.rehearsals import Rehearsals

SAY = "<Say>One two three four five.</Say>"
FLOW = load_text("{ivr: 1, name: Line, start: bye, nodes: {bye: {type: hangup, say: Goodbye.}}}").flow
CONFIG = Config(flow=FLOW, development=True, clock=lambda: NOON)


class Page:
    """A page that reports; `said` is the last answer to it."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.app = App({"/status": "", **answers})
        self.calls = Calls(self.app, CONFIG, Rehearsals(CONFIG.clock))
        self.told: list[dict[str, Any]] = []
        said = self.calls.begin("http://localhost", "+14155550123", "+18005550100")
        assert said is not None
        self.sid = said.pop("call")
        self._keep(said)

    def _keep(self, said: dict[str, Any] | None) -> dict[str, Any]:
        assert said is not None
        self.said = said
        self.told += said.get("entries", [])
        return said

    def tell(self, what: str, value: str = "", *, after_s: float = 0.0, turn: int | None = None) -> dict[str, Any]:
        return self._keep(
            self.calls.take(self.sid, Report(what, value, after_s, self.said["turn"] if turn is None else turn))
        )

    def texts(self, kind: str) -> list[str]:
        return [entry["text"] for entry in self.told if entry["kind"] == kind]


# --- Prompts, keys, time ---------------------------------------------------------------------------------------------


def test_a_prompt_is_spoken_by_the_page_which_says_when_it_has_ended() -> None:
    page = Page({"/voice": f"{SAY}<Pause length='3'/><Play>/a.mp3</Play>"})
    assert page.said["prompt"] == {
        "id": 1,
        "text": "One two three four five.",
        "audio": "",
        "language": "en-US",
        "node": "/voice",
        "seconds": 2.0,
    }
    assert (page.said["at_s"], page.said["left_s"], page.said["state"]) == (0, 2, "speaking")
    page.tell("spoken", after_s=7.5)  # a voice slower than estimated delays nothing: the call's clock stands still
    assert (page.said["at_s"], page.said["left_s"], page.said["prompt"]) == (2, 3, None)  # the pause
    page.tell("time", after_s=3)
    assert (page.said["at_s"], page.said["prompt"]["audio"]) == (5, "http://localhost/a.mp3")
    assert page.said["skip"] == "Skip the prompt"
    page.tell("spoken", after_s=1)
    assert page.said["ended"] == {"title": "The line hung up", "text": "", "harm": False}
    assert page.texts("prompt") == ["One two three four five.", "Recording: a.mp3"]
    assert page.app.told("CallStatus", "CallDuration")[-1] == ("/status", "completed", "10")  # 2 + 3 + 5


def test_a_key_stops_the_prompt_of_a_menu_and_is_lost_in_one_that_is_none() -> None:
    page = Page({"/voice": f"{SAY}<Gather action='/got' numDigits='1'>{SAY}{SAY}</Gather>", "/got": "<Say>Bye.</Say>"})
    page.tell("key", "1", after_s=0.5)
    assert (page.said["entries"], page.said["prompt"]["id"]) == (
        [{"kind": "lost", "text": "Ignored: the line is not listening for that"}],
        1,
    )
    page.tell("spoken", after_s=1.5)
    page.tell("key", "2", after_s=0.75)
    assert page.said["entries"][:2] == [{"kind": "cut", "id": 3}, {"kind": "keys", "text": "2"}]
    assert page.app.told("Digits")[1] == ("/got", "2")
    assert (page.said["at_s"], page.said["prompt"]["text"]) == (2.75, "Bye.")


def test_a_key_while_a_slow_voice_still_speaks_comes_at_the_end_of_the_prompt() -> None:
    page = Page({"/voice": f"<Gather action='/got' numDigits='1'>{SAY}{SAY}</Gather>", "/got": "<Say>Bye.</Say>"})
    page.tell("key", "2", after_s=9)
    assert (page.said["at_s"], page.texts("keys"), page.texts("prompt")) == (
        2,
        ["2"],
        ["One two three four five.", "Bye."],
    )


def test_pound_pressed_first_ends_nothing() -> None:
    page = Page({"/voice": f"<Gather action='/got' numDigits='3'>{SAY}</Gather>", "/got": "<Hangup/>"})
    page.tell("key", "#", after_s=1)
    assert (page.said["state"], page.said["entered"], page.said["left_s"], page.said["counts"]) == (
        "listening",
        "",
        5,
        "Time-out in",
    )
    page.tell("key", "#", after_s=1)
    assert page.texts("lost") == ["Ignored: the line is not listening for that"]
    page.tell("key", "4", after_s=1)
    assert (page.said["entered"], page.said["left_s"]) == ("4", 5)
    page.tell("key", "#", after_s=1)
    assert page.texts("keys") == ["4"]
    assert page.app.told("Digits")[1] == ("/got", "4")


def test_the_time_out_is_the_carriers() -> None:
    page = Page({"/voice": "<Gather action='/got' timeout='7'/><Say>Nothing.</Say>"})
    assert (page.said["left_s"], page.said["counts"]) == (7, "Time-out in")
    page.tell("time", after_s=7)
    assert (page.texts("event"), page.said["at_s"], page.said["prompt"]["text"]) == (["says nothing"], 7, "Nothing.")


def test_what_belongs_to_an_earlier_answer_changes_nothing() -> None:
    page = Page({"/voice": f"<Gather action='/got' numDigits='2'>{SAY}</Gather>", "/got": "<Hangup/>"})
    page.tell("key", "1", after_s=0.5)
    for what in ("spoken", "time", "skip"):
        page.tell(what, turn=1)
        assert (page.said["at_s"], page.said["entered"], page.said["entries"]) == (0.5, "1", [])


def test_skipping_goes_past_a_prompt_and_past_all_prompts_of_a_menu() -> None:
    page = Page({"/voice": f"{SAY}<Gather timeout='4'>{SAY}<Pause length='2'/>{SAY}</Gather>"})
    page.tell("skip")
    assert (page.said["at_s"], page.said["prompt"]["id"]) == (2, 2)
    page.tell("skip")
    assert (page.said["at_s"], page.said["prompt"], page.said["counts"], page.said["left_s"]) == (
        8,
        None,
        "Time-out in",
        4,
    )
    assert len(page.texts("prompt")) == 3
    page.tell("skip")
    assert page.said["ended"]["title"] == "The line hung up"


def test_words_are_heard_out_and_stop_the_prompt() -> None:
    page = Page(
        {"/voice": f"<Gather action='/got' input='dtmf speech' speechTimeout='2'>{SAY}</Gather>", "/got": "<Hangup/>"}
    )
    assert page.said["speech"] is True
    page.tell("words", "billing please", after_s=1)
    assert (page.said["state"], page.said["left_s"], page.said["skip"]) == (
        "hearing",
        3,
        "Skip the wait",
    )  # 1 s of words and 2 of silence
    page.tell("time", after_s=3)
    assert page.texts("words") == ["billing please"]
    assert page.app.told("SpeechResult")[1] == ("/got", "billing please")


def test_sensitive_digits_are_told_as_dots() -> None:
    state = Response(
        200,
        {"content-type": "text/xml", "x-ivr-state": '{"node": "pin", "sensitive": true, "keys": []}'},
        b"<Response><Gather action='/got' numDigits='4'/></Response>",
    )
    page = Page({"/voice": state, "/got": "<Hangup/>"})
    for key in "471":
        page.tell("key", key, after_s=0.25)
    assert page.said["entered"] == "•••"
    page.tell("key", "9")
    assert page.texts("keys") == ["••••"]
    assert page.app.told("Digits")[1] == ("/got", "4719")


# --- Queues, conversations, recordings -------------------------------------------------------------------------------

QUEUE = "<Enqueue action='/left' waitUrl='/wait'>support</Enqueue>"


def test_a_queue_and_an_agent() -> None:
    page = Page({"/voice": QUEUE, "/wait": f"{SAY}<Pause length='8'/>", "/left": "<Hangup/>"})
    assert page.app.told("QueuePosition", "AvgQueueTime")[1] == ("/wait", "2", "150")
    assert (page.said["state"], page.said["detail"]) == ("holding", "Queue: support")
    assert [choice for choice, _, _ in page.said["choices"]] == ["answered", "full"]
    page.tell("spoken", after_s=2)
    page.tell("time", after_s=8)
    assert [path for path, _ in page.app.asked] == ["/voice", "/wait", "/wait"]
    page.tell("choice", "answered", after_s=1.5)
    assert (page.said["state"], page.said["title"], page.said["choices"]) == (
        "talking",
        "Talking to an agent",
        [("over", "The agent hangs up", False)],
    )
    page.tell("choice", "over", after_s=30)
    assert (page.texts("event"), page.said["ended"]["title"]) == (["An agent answers"], "The agent hung up")
    assert page.app.told("QueueResult", "QueueTime")[3] == ("/left", "bridged", "11")


def test_the_wait_runs_out_and_what_was_not_heard_is_not_told() -> None:
    def wait(form: dict[str, str]) -> str:
        return "<Leave/>" if int(form["QueueTime"]) >= 300 else f"{SAY}<Pause length='58'/>"

    page = Page({"/voice": QUEUE, "/wait": wait, "/left": "<Say>Nobody is free.</Say>"})
    page.tell("choice", "timeout")
    assert page.app.told("QueueResult", "QueueTime")[-1] == ("/left", "leave", "300")
    assert page.texts("prompt") == ["One two three four five.", "Nobody is free."]
    assert (page.texts("event"), page.said["at_s"]) == (["The wait time runs out"], 300)


@pytest.mark.parametrize(
    ("choice", "text", "status"),
    [
        ("busy", "+12 is busy", "busy"),
        ("no_answer", "+12 does not answer", "no-answer"),
        ("failed", "The call fails", "failed"),
        ("timeout", "", "no-answer"),
    ],
)
def test_a_number_is_dialled(choice: str, text: str, status: str) -> None:
    page = Page({"/voice": "<Dial action='/done' timeout='20'>+12</Dial>", "/done": "<Hangup/>"})
    assert (page.said["state"], page.said["detail"], page.said["counts"], page.said["left_s"]) == (
        "dialling",
        "Calling +12.",
        "No answer in",
        20,
    )
    page.tell("choice", choice, after_s=3)
    assert page.texts("event") == ([text] if text else [])
    assert page.app.told("DialCallStatus")[1] == ("/done", status)


def test_a_conversation_with_who_is_dialled() -> None:
    page = Page({"/voice": "<Dial action='/done'>+12</Dial>", "/done": "<Hangup/>"})
    page.tell("choice", "answered", after_s=4)
    assert (page.said["title"], page.said["choices"]) == (
        "Talking to +12",
        [("over", "The other party hangs up", False)],
    )
    page.tell("choice", "over", after_s=60)
    assert (page.texts("event"), page.said["ended"]["title"]) == (["+12 answers"], "The other party hung up")
    assert page.app.told("DialCallStatus", "DialCallDuration")[1] == ("/done", "completed", "60")


def test_a_message_is_spoken_until_the_caller_is_done() -> None:
    page = Page({"/voice": "<Record action='/done' timeout='4'/>", "/done": "<Hangup/>"})
    assert (page.said["left_s"], page.said["counts"]) == (4, "Silence ends it in")
    page.tell("choice", "speak", after_s=1)
    assert (page.said["left_s"], page.said["choices"]) == (
        3_599,
        [("done", "Done recording", True)],
    )  # 3,600 s is the longest
    page.tell("choice", "done", after_s=12)
    assert page.texts("caller") == ["leaves a message of 12 s"]
    assert page.app.told("RecordingDuration", "Digits")[1] == ("/done", "12", "")


def test_a_key_ends_a_message_and_silence_is_none() -> None:
    page = Page({"/voice": "<Record action='/done' finishOnKey='#'/>", "/done": "<Hangup/>"})
    page.tell("choice", "speak")
    page.tell("key", "5", after_s=2)
    page.tell("key", "#", after_s=3)
    assert (page.texts("lost"), page.texts("caller")) == (
        ["Ignored: the line is not listening for that"],
        ["leaves a message of 5 s"],
    )
    page = Page({"/voice": "<Record action='/done'/><Say>Nothing was said.</Say>"})
    page.tell("choice", "empty")
    assert (page.texts("event"), page.said["prompt"]["text"], page.said["at_s"]) == (
        ["says nothing"],
        "Nothing was said.",
        5,
    )


@pytest.mark.parametrize("choice", CHOICES)
def test_a_choice_that_does_not_fit_changes_nothing(choice: str) -> None:
    page = Page({"/voice": SAY})
    page.tell("choice", choice, after_s=1)
    assert (page.said["at_s"], page.said["entries"], page.said["prompt"]["id"]) == (0, [], 1)


# --- Endings ---------------------------------------------------------------------------------------------------------


def test_hanging_up_is_told_to_the_line() -> None:
    page = Page({"/voice": QUEUE, "/wait": "<Pause length='60'/>", "/left": ""})
    page.tell("hangup", after_s=9)
    assert page.said["ended"]["title"] == "You hung up"
    assert page.app.told("QueueResult", "QueueTime", "CallStatus")[2:] == [
        ("/left", "hangup", "9", "completed"),
        ("/status", "-", "-", "completed"),
    ]
    assert page.calls.take(page.sid, Report("key", "1")) is None


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (
            Response(200, {"content-type": "text/xml"}, b"<html>"),
            "Error 12100: http://localhost/voice: line 1 of the document: no element found",
        ),
        (
            Response(200, {"content-type": "application/json"}, b"{}"),
            "Error 12300: http://localhost/voice: the content type 'application/json' is not supported",
        ),
        (Response(500, {}, b""), "Error 11200: http://localhost/voice: the answer has status 500"),
    ],
)
def test_an_error_is_told_with_twilios_number(answer: Response, text: str) -> None:
    page = Page({"/voice": answer})
    assert page.texts("problem") == [text]
    assert page.said["ended"] == {"title": "The line failed", "text": "", "harm": True}
    assert page.texts("prompt") == ["We're sorry, an application error has occurred. Goodbye."]


def test_a_call_that_is_not_taken() -> None:
    page = Page({"/voice": "<Reject reason='busy'/>"})
    assert (page.said["ended"]["title"], page.texts("prompt")) == ("The line did not accept the call", ["busy tone"])


def test_a_page_without_a_sign_of_life_has_hung_up() -> None:
    app, now = App({"/voice": SAY, "/status": ""}), [0.0]
    calls = Calls(app, CONFIG, Rehearsals(CONFIG.clock), now_s=lambda: now[0])
    first, second = (calls.begin("http://localhost", "", "") for _ in range(2))
    assert first
    assert second
    now[0] = IDLE_S - 1
    assert calls.take(first["call"], Report("here")) == {}
    now[0] = IDLE_S + 1
    assert calls.take(second["call"], Report("here")) is None
    assert app.told("CallSid", "CallStatus")[-1] == ("/status", second["call"], "completed")
    assert calls.take(first["call"], Report("here")) == {}


def test_calls_at_once_are_bounded_and_know_nothing_of_each_other() -> None:
    calls = Calls(
        App({"/voice": "<Gather action='/got' numDigits='2'/>", "/got": "<Hangup/>", "/status": ""}),
        CONFIG,
        Rehearsals(CONFIG.clock),
    )
    made = [calls.begin("http://localhost", "", "") for _ in range(MAX_CALLS)]
    assert calls.begin("http://localhost", "", "") is None
    one, two = (call["call"] for call in made[:2] if call)
    assert calls.take(one, Report("key", "1"))["entered"] == "1"  # type: ignore[index]
    assert calls.take(two, Report("key", "2"))["entered"] == "2"  # type: ignore[index]
    assert calls.take(one, Report("hangup"))["ended"]["title"] == "You hung up"  # type: ignore[index]
    assert calls.begin("http://localhost", "", "")


# --- One carrier -----------------------------------------------------------------------------------------------------


def test_a_page_hears_what_the_terminal_hears() -> None:
    app = create_app(
        Config(
            flow=load("northwind").flow, development=True, clock=lambda: dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
        )
    )
    handset = Handset(
        Call(Number("http://localhost/voice"), sid="CA1", began=NOON, ani="+14155550123", dnis="+18005550100"),
        Wsgi(app),
    )
    handset.dial()
    for key in "12":
        handset.press(key)
    calls = Calls(Wsgi(app), CONFIG, Rehearsals(CONFIG.clock))
    said = calls.begin("http://localhost", "+14155550123", "+18005550100")
    assert said
    texts = []

    def tell(what: str, value: str = "", after_s: float = 0.0) -> None:
        nonlocal said
        assert said
        texts.extend(entry["text"] for entry in said["entries"] if entry["kind"] == "prompt")
        said = {"call": said["call"], **(calls.take(said["call"], Report(what, value, after_s, said["turn"])) or {})}

    for _ in range(2):
        while said["prompt"]:
            tell("spoken", after_s=said["left_s"])
        tell("key", "1" if said["node"] == "choose_language" else "2", 1.0)
    while said["prompt"]:
        tell("spoken")
    tell("hangup")
    assert texts == [text for _, text in heard(handset.call)]


def test_no_rule_of_twiml_is_in_the_page() -> None:
    folder = Path(phone.__file__).parent.parent / "static"
    source = "".join(path.read_text("utf-8") for path in sorted(folder.glob("*.js")))
    names = {
        *verbs(),
        "finishOnKey",
        "numDigits",
        "speechTimeout",
        "actionOnEmptyResult",
        "waitUrl",
        "CallSid",
        "QueueResult",
        "DOMParser",
    }
    assert {name for name in names if re.search(rf"\b{name}\b", source)} == set()


# --- Requests --------------------------------------------------------------------------------------------------------

OURS = {"Origin": "http://localhost"}


@pytest.mark.parametrize(
    ("headers", "body", "status", "error"),
    [
        ({}, "{}", 403, "only the page of this service may make calls"),
        ({"Origin": "http://evil.example"}, "{}", 403, "only the page of this service may make calls"),
        ({"Origin": "null"}, "{}", 403, "only the page of this service may make calls"),
        ({"Origin": "http://localhost:81"}, "{}", 403, "only the page of this service may make calls"),
        ({**OURS, "Sec-Fetch-Site": "same-site"}, "{}", 403, "only the page of this service may make calls"),
        ({**OURS, "Content-Type": "text/plain"}, "{}", 415, "post application/json"),
        ({**OURS, "Content-Type": "application/x-www-form-urlencoded"}, "{}", 415, "post application/json"),
        (OURS, "x" * 10_001, 413, "a report may have at most 10,000 bytes"),
        (OURS, "{", 400, "the report is not JSON"),
        (OURS, "[" * 9_000, 400, "the report is not JSON"),
        (OURS, "\ud800", 400, "the report is not JSON"),
        (OURS, "[]", 400, "a call must be an object: {from, to, at}"),
        (OURS, '{"from": 5}', 400, "from 5 is not a string of at most 64 printable characters"),
        (OURS, '{"from": "", "to": "\\u0000"}', 400, "to '\\x00' is not a string of at most 64 printable characters"),
        (
            OURS,
            '{"from": "bob"}',
            400,
            (
                "from: 'bob' is not a telephone number; write one like +14155550100, a sip: or client: address, or"
                " 'withheld'"
            ),
        ),
        (OURS, '{"at": "noon"}', 400, "at: 'noon' is not a date and time; write it like 2026-11-23T10:00"),
        (
            OURS,
            '{"at": "0001-01-01T00:00+14:00"}',
            400,
            (
                "at: '0001-01-01T00:00+14:00' is too close to the first or the last year that can be counted;"
                " write one like 2026-11-23T10:00"
            ),
        ),
    ],
)
def test_only_a_page_of_this_service_makes_calls(headers: dict[str, str], body: str, status: int, error: str) -> None:
    client = create_app(CONFIG).test_client()
    sent = {"Content-Type": "application/json", **headers}
    answer = client.post("/phone/calls", data=body.encode("utf-8", "surrogatepass"), headers=sent)
    assert (answer.status_code, answer.get_json()) == (status, {"error": error})
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")


def test_another_host_is_refused_and_so_is_a_service_for_others() -> None:
    client = create_app(CONFIG).test_client()
    answer = client.post("/phone/calls", json={}, headers={"Host": "evil.example", "Origin": "http://evil.example"})
    assert answer.status_code == 403
    live = create_app(Config(flow=FLOW, public_url="https://ivr.example.com", auth_token="x" * 32)).test_client()
    assert live.post("/phone/calls", json={}, headers=OURS).status_code == 404


@pytest.mark.parametrize(
    ("report", "error"),
    [
        ([], "a report must be an object: {what, value, after_s, turn}"),
        ({}, "what '' is unknown; use one of key, words, choice, answer, spoken, time, skip, hangup, here, news"),
        (
            {"what": ["key"]},
            "what ['key'] is unknown; use one of key, words, choice, answer, spoken, time, skip, hangup, here, news",
        ),
        ({"what": "key", "value": 5}, "value 5 is not a string"),
        ({"what": "key", "value": "12"}, "value '12' is not a key; keys are 0 to 9, * and #"),
        ({"what": "key", "value": "١"}, "value '١' is not a key; keys are 0 to 9, * and #"),
        ({"what": "choice", "value": "leave"}, f"value 'leave' is not a choice; choices are {', '.join(CHOICES)}"),
        ({"what": "words", "value": " "}, f"value has 1 characters; words may have 1 to {MAX_WORDS:,}"),
        ({"what": "words", "value": "x" * 1_001}, f"value has 1,001 characters; words may have 1 to {MAX_WORDS:,}"),
        (
            {"what": "words", "value": "\ud800 hello"},
            r"value '\ud800 hello' is not valid Unicode: it has a lone surrogate",
        ),
        (
            {"what": "here", "value": "x\udfff"},
            r"value 'x\udfff' is not valid Unicode: it has a lone surrogate",
        ),
        ({"what": "here", "after_s": -1}, "after_s -1 is not a number of seconds from 0 to 86,400"),
        ({"what": "here", "after_s": float("nan")}, "after_s nan is not a number of seconds from 0 to 86,400"),
        ({"what": "here", "after_s": 10**400}, f"after_s 1{'0' * 38}… is not a number of seconds from 0 to 86,400"),
        ({"what": "here", "after_s": True}, "after_s True is not a number of seconds from 0 to 86,400"),
        (
            {"what": "answer", "value": "found", "values": ["a"]},
            "values ['a'] must be strings by name, of at most 640 characters each",
        ),
        (
            {"what": "answer", "value": "found", "values": {"a": 1}},
            "values {'a': 1} must be strings by name, of at most 640 characters each",
        ),
        (
            {"what": "answer", "value": "found", "values": {"a": "x" * 641}},
            f"values {{'a': '{'x' * 32}… must be strings by name, of at most 640 characters each",
        ),
        ({"what": "here", "turn": 1.5}, "turn 1.5 is not the number of an answer"),
    ],
)
def test_absurd_reports_are_refused(report: object, error: str) -> None:
    client = create_app(CONFIG).test_client()
    began = client.post("/phone/calls", json={"from": "", "to": ""}, headers=OURS)
    assert began.status_code == 201
    answer = client.post(f"/phone/calls/{began.get_json()['call']}", json=report, headers=OURS)
    assert (answer.status_code, answer.get_json()) == (400, {"error": error})


def test_the_call_goes_on_after_words_that_are_no_text() -> None:
    flow = load_text("""
ivr: 1
name: Line
start: ask
nodes:
  ask: {type: menu, intro: Yes?, choices: [{key: 1, label: billing, phrases: [billing], next: bye}], otherwise: no}
  bye: {type: hangup, say: Goodbye.}
  no: {type: hangup, say: Nothing.}
""").flow
    client = create_app(Config(flow=flow, development=True, clock=lambda: NOON)).test_client()
    began = client.post("/phone/calls", json={"from": "", "to": ""}, headers=OURS).get_json()
    url = f"/phone/calls/{began['call']}"
    assert began["speech"] is True
    assert client.post(url, json={"what": "words", "value": "\ud800 billing"}, headers=OURS).status_code == 400
    assert client.post(url, json={"what": "words", "value": "billing", "after_s": 1}, headers=OURS).status_code == 200
    said = client.post(url, json={"what": "time", "after_s": 5, "turn": 2}, headers=OURS).get_json()
    assert "Goodbye." in str(said)


def test_a_call_that_the_service_does_not_know() -> None:
    client = create_app(CONFIG).test_client()
    for sid in ("CA1", "%00", "x" * 3_000):
        answer = client.post(f"/phone/calls/{sid}", json={"what": "here"}, headers=OURS)
        assert (answer.status_code, answer.get_json()) == (
            404,
            {
                "error": (
                    "The line no longer knows this call: the service was restarted, or this page was silent for 5"
                    " minutes."
                )
            },
        )
