"""``ivr call URL`` and ``ivr test --url``: against a TwiML application written by hand, on a real socket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.twiml_service import TOKEN, Service, ivr, serving


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as made:
        yield made


def test_a_played_call_prints_its_transcript(service: Service) -> None:
    done = ivr("call", f"{service.url}/voice?secret=1", "--keys", "wait,1", "--status", f"{service.url}/left")
    # 3 words and a digit are 1.6 s, then 5 s of silence; 5 words 2 s; the menu again 1.6 s: 10.2, and a second to
    # decide; half a second of the system; three German syllables at 5.97 x 0.6058 a second are 0.83 s.
    assert done.stdout.splitlines() == [
        f"{service.url}/voice  signed",
        " 0:00  /voice              For billing, press 1.",
        " 0:01                      › says nothing",
        " 0:06  /voice              We did not hear you. For billing, press 1.",
        " 0:11                      › presses 1",
        "       /menu               Guten Tag.",
        "",
        "The call ended: the line hung up  12.5 s, 4 requests",
    ]
    assert (done.stderr, done.returncode) == ("", 0)
    assert service.signatures == [False, True, True, True]  # this test ignores the query of the first
    assert [path for path, _ in service.asked] == ["/voice", "/voice", "/menu", "/left"]
    assert TOKEN not in done.stdout + done.stderr
    assert "secret" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("keys", "told", "ends"),
    [
        ("2,answer", {"QueueResult": "bridged"}, "the line hung up"),
        ("2,full", {"QueueResult": "queue-full"}, "the line hung up"),
        ("2,timeout", {"QueueResult": "leave"}, "the line hung up"),
        ("2,hangup", {"QueueResult": "hangup"}, "the caller hung up"),
        ("3,busy", {"DialCallStatus": "busy"}, "the line hung up"),
        ("3,answer", {"DialCallStatus": "completed"}, "the line hung up"),
        ("3,timeout", {"DialCallStatus": "no-answer"}, "the line hung up"),
        ("4,record", {"RecordingDuration": "10"}, "the line hung up"),
    ],
)
def test_what_others_do(service: Service, keys: str, told: dict[str, str], ends: str) -> None:
    done = ivr("call", f"{service.url}/voice", "--keys", keys)
    path, form = service.asked[-1]
    assert path == "/left"
    assert {name: form[name] for name in told} == told
    assert f"The call ended: {ends}" in done.stdout


def test_a_call_that_still_waits_is_hung_up_in_the_end(service: Service) -> None:
    done = ivr("call", f"{service.url}/voice", "--keys", "2", "--status", f"{service.url}/left")
    assert "The call now waits for an agent of queue billing" in done.stdout
    assert [form.get("CallStatus") for path, form in service.asked if path == "/left"] == ["completed", "completed"]


def test_an_interactive_call(service: Service) -> None:
    done = ivr("call", f"{service.url}/voice", "--requests", typed="x\nanswer\n\n4\nempty\n", token="")
    assert "not signed: TWILIO_AUTH_TOKEN is not set" in done.stdout
    assert "'x' is neither keys nor one of" in done.stdout
    assert "that does not fit: the call waits for keys" in done.stdout
    assert f"POST {service.url}/menu: 200," in done.stdout
    assert "No message." in done.stdout
    assert done.returncode == 0


def test_the_application_redirects_a_call_out_of_a_queue(service: Service) -> None:
    done = ivr("call", f"{service.url}/voice", typed=f"2\nredirect {service.url}/left\n")
    assert f"redirected to {service.url}/left" in done.stdout
    assert [form.get("QueueResult") for path, form in service.asked if path == "/left"] == ["redirected", None]
    assert done.stdout.count("Thank you.") == 1  # only the second of the two documents is carried out


def test_a_caller_from_a_queue_is_told_something_first(service: Service) -> None:
    done = ivr("call", f"{service.url}/voice", "--keys", "2,answer", "--whisper", f"{service.url}/warns")
    assert "Hello." in done.stdout
    assert [form["QueueResult"] for path, form in service.asked if path == "/left"] == ["bridged"]
    assert ivr("call", f"{service.url}/voice", "--whisper", "nowhere").returncode == 2


def test_the_end_of_input_hangs_up(service: Service) -> None:
    assert "The call ended: the caller hung up" in ivr("call", f"{service.url}/voice").stdout


def test_a_played_call_as_json(service: Service) -> None:
    data = json.loads(ivr("call", f"{service.url}/voice?secret=1", "--keys", "1", "--json").stdout)
    assert data["turns"][1] == {
        "at_s": 2.6,
        "did": "presses 1",
        "heard": [
            {"at_s": 3.1, "seconds": 0.8, "place": "/menu", "language": "de-DE", "text": "Guten Tag.", "cut": False}
        ],
        "requests": [{"at_s": 2.6, "method": "POST", "url": f"{service.url}/menu", "status": 200, "failure": ""}],
        "problems": [],
    }
    assert (data["url"], data["ended"], data["ended_by"], data["status"]) == (
        f"{service.url}/voice",
        True,
        "line",
        "completed",
    )


@pytest.mark.parametrize(
    ("path", "keys", "code", "says"),
    [
        (
            "/nowhere",
            "",
            1,
            "error 11200 BASE/nowhere: the answer has status 404\n  = hint: check the path of the address",
        ),
        ("/voice", "5", 1, "error 12100 BASE/menu: line 1 of the document: mismatched tag"),
        ("/warns", "", 0, "warning 12200 line 1: <Say> has no attribute 'lang'"),
    ],
)
def test_what_is_wrong_with_the_application(service: Service, path: str, keys: str, code: int, says: str) -> None:
    done = ivr("call", f"{service.url}{path}", "--keys", keys)
    assert says.replace("BASE", service.url) in done.stderr
    assert ("We're sorry, an application error has occurred." in done.stdout) is bool(code)
    assert done.returncode == code


def test_a_fallback_rescues_the_call(service: Service) -> None:
    done = ivr("call", f"{service.url}/nowhere", "--keys", "", "--fallback", f"{service.url}/left")
    assert "Thank you." in done.stdout
    assert service.asked[-1][1]["ErrorCode"] == "11200"
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["call", "http://"], "'http://' is not an address"),
        (["call", "http://x:99999/"], "'http://x:99999/' is not an address"),
        (["call", "http://x/", "--fallback", "x"], "--fallback 'x' is not an address"),
        (["call", "http://x/", "--keys", "q"], "'q' is neither keys nor one of"),
        (["call", "http://x/", "--json"], "--json prints a finished call"),
        (["call", "http://x/", "--lookup", "a=b"], "No such option '--lookup'"),
        (["test", "--url", "http://x/"], "Missing argument 'SCRIPT|FLOW...'"),
        (["test", "no.calls", "--url", "http://x/"], "no such file"),
    ],
)
def test_wrong_use_is_one_finding_and_exit_code_two(arguments: list[str], says: str) -> None:
    done = ivr(*arguments)
    assert says in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert done.returncode == 2


# --- Scripts ---------------------------------------------------------------------------------------------------------

GOOD = """\
call: German
  at 2026-11-23 10:00
  from +14155550177
  hear "For billing, press 1"
  press 1
  hear "guten tag"
  not hear "billing"
  expect language de-DE
  expect value x = y
  ends contained

call: the queue
  press 2
  expect queue billing
  hear "Please wait."
  hang up
  ends abandoned

call: a person
  press 3
  answer
  hear thank you
  ends handled
"""


def test_scripts_against_a_service(service: Service, tmp_path: Path) -> None:
    (tmp_path / "a.calls").write_text(GOOD, "utf-8")
    done = ivr("test", "a.calls", "--url", f"{service.url}/voice", folder=tmp_path)
    # 1.6 + 1 s to decide + 0.5 s of the system + 0.83; 3.1 + the wait prompt 0.8; 3.1 + Thank you 0.8.
    assert done.stdout.splitlines() == [
        "ok    German        3.9 s  3 left out",
        "ok    the queue     3.9 s",
        "ok    a person      3.9 s  1 left out",
        "",
        "3 of 3 calls as written.",
        "4 lines left out: what only the service knows cannot be set or checked from",
        "outside.",
    ]
    assert (done.stderr, done.returncode) == ("", 0)
    assert service.asked[0][1]["From"] == "+14155550177"


@pytest.mark.parametrize(
    ("lines", "finding"),
    [
        ('hear "nothing"', "a.calls:2:3: error C002 expected to hear “nothing”; heard: “For billing, press 1.”"),
        ("press 1\n  press 1", "a.calls:3:3: error C002 the call had already ended"),
        ("answer", "a.calls:2:3: error C002 'answer' does not fit here: the call waits for keys"),
        ("press x", "a.calls:2:3: error C002 'x' is not a row of keys"),
        ("expect queue billing", "a.calls:2:3: error C002 expect queue: expected 'billing', found 'no queue'"),
        ("ends contained", "a.calls:2:3: error C002 ends: expected 'contained', found 'a call still going on'"),
        (
            "press 5\n  hear a",
            "a.calls:2:3: error C002 the line failed: 12100 BASE/menu: line 1 of the document: mismatched tag",
        ),
        ("at 2026-01-01 10:00\n  hear closed", "not by the time of this call, 2026-01-01 10:00"),
    ],
)
def test_what_a_script_expects_in_vain(service: Service, lines: str, finding: str, tmp_path: Path) -> None:
    (tmp_path / "a.calls").write_text(f"call: a\n  {lines}\n", "utf-8")
    done = ivr("test", "a.calls", "--url", f"{service.url}/voice", folder=tmp_path)
    assert finding.replace("BASE", service.url) in done.stderr
    assert done.returncode == 1


def test_results_as_json(service: Service, tmp_path: Path) -> None:
    (tmp_path / "a.calls").write_text(GOOD, "utf-8")
    data = json.loads(ivr("test", "a.calls", "--url", f"{service.url}/voice", "--json", folder=tmp_path).stdout)
    assert (data["passed"], data["failed"]) == (3, 0)
    assert data["calls"][0]["left_out"] == [
        {"line": 2, "command": "at"},
        {"line": 9, "command": "expect value"},
        {"line": 10, "command": "ends"},
    ]
