"""Starting the service: ``ivr serve`` on this machine, gunicorn in production."""

from __future__ import annotations

import http.client
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlencode

import pytest

from flows.source.finding import IvrError, UsageError
from tests.support.live_service import GUIDE, PATIENCE_S, Gunicorn, documented, environment
from tests.support.twiml_grammar import check
from tests.support.web_carrier import PUBLIC, SECRET, TOKEN
from webhooks.settings.environment import shared
from webhooks.store import read_records
from webhooks.twilio.signature import SIGNATURE_HEADER, Signature
from webhooks.wsgi import config_from, example_of

CALL = {
    "CallSid": "CA" + "7" * 32,
    "AccountSid": "AC1",
    "From": "+14155550123",
    "To": "+18005550100",
    "CallStatus": "in-progress",
}


def serve(*arguments: str, **settings: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "ivr", "serve", *arguments],
        env=environment(**settings),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ivr", "serve", *arguments],
        env=environment(**settings),
        text=True,
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )


def post(port: int, url: str, form: Mapping[str, str], headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", url, urlencode(form), {**kind, **(headers or {})})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    if response.status == 200:
        assert response.getheader("Content-Length") == str(len(body))
    return response.status, body


@pytest.fixture
def service(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    process = serve(
        "northwind", "--port", "0", "--json", "--database", str(tmp_path / "calls.db"), "--at", "2026-11-24T10:00"
    )
    assert process.stdout is not None
    yield process, json.loads(process.stdout.readline())
    process.kill()
    process.communicate()


def test_it_starts_at_once_without_an_account_and_writes_calls_down(
    service: tuple[subprocess.Popen[str], dict[str, str]],
    tmp_path: Path,
) -> None:
    process, said = service
    assert said["flow"] == "Northwind Telecom"
    assert said["signed"] is False
    port = int(said["address"].rsplit(":", 1)[1])
    assert said["phone"] == f"http://127.0.0.1:{port}/phone"
    status, body = post(port, "/voice", CALL)
    assert status == 200
    check(body)
    assert b"Thank you for calling Northwind" in body
    process.send_signal(signal.SIGTERM)  # the last records are written before it ends
    _, log = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert log.endswith("Stopped.\n")
    assert "greeting=done" in log
    assert read_records(str(tmp_path / "calls.db")).names["node"][:2] == ("new_call", "line_called")


def test_what_it_prints_is_plain_in_a_pipe(tmp_path: Path) -> None:
    process = serve("northwind", "--port", "0", "--database", str(tmp_path / "calls.db"))
    assert process.stdout is not None
    printed = ""
    while "Press Ctrl+C to stop" not in printed:
        assert select.select([process.stdout], [], [], PATIENCE_S)[0], printed
        printed += os.read(process.stdout.fileno(), 65536).decode()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert "\x1b" not in printed
    assert "Northwind Telecom is on the line." in printed
    assert re.search(r"Browser phone +http://127\.0\.0\.1:\d+/phone\n", printed)
    assert "not checked: this machine only" in printed
    assert max(map(len, printed.splitlines())) <= 80 + len(str(tmp_path))


def test_a_port_in_use_is_one_finding() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("northwind", "--port", str(port), "--database", "")
    assert ended.returncode == 2
    assert (
        ended.stderr
        == f"error W002 port {port} on 127.0.0.1 is in use\n  = hint: stop what listens there, or use another: --port"
        f" {port + 1}\n"
    )


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "message"),
    [
        (("--host", "0.0.0.0"), {}, 2, "listening on 0.0.0.0 without an auth token"),
        (("--host", "0.0.0.0"), {"TWILIO_AUTH_TOKEN": "  "}, 2, "without an auth token"),
        (("--host", "0.0.0.0"), {"TWILIO_AUTH_TOKEN": TOKEN}, 2, "no public URL"),
        (("--public-url", PUBLIC), {}, 2, "a public URL without an auth token"),
        (
            ("--host", "0.0.0.0", "--public-url", "ivr.example.com"),
            {"TWILIO_AUTH_TOKEN": TOKEN},
            2,
            "is not the base address",
        ),
        (
            ("--public-url", PUBLIC),
            {"TWILIO_AUTH_TOKEN": TOKEN, "IVR_CURSOR_KEY": "short"},
            2,
            "a cursor key has 5 characters",
        ),
        (
            ("--public-url", PUBLIC, "--at", "2026-11-24T10:00"),
            {"TWILIO_AUTH_TOKEN": TOKEN},
            2,
            "--at is for the browser phone",
        ),
        (("--at", "noon"), {}, 2, "--at 'noon' is not a date and time"),
        (("--port", "99999"), {}, 2, "99999"),
        (
            ("--host", "no.such.host.invalid"),
            {"TWILIO_AUTH_TOKEN": TOKEN, "IVR_PUBLIC_URL": PUBLIC},
            2,
            "cannot listen on no.such.host.invalid",
        ),
        (
            ("--host", "a..b"),
            {"TWILIO_AUTH_TOKEN": TOKEN, "IVR_PUBLIC_URL": PUBLIC},
            2,
            "cannot listen on a..b: it is not a host name",
        ),
        (
            ("--host", "a" * 80),
            {"TWILIO_AUTH_TOKEN": TOKEN, "IVR_PUBLIC_URL": PUBLIC},
            2,
            f"cannot listen on {'a' * 80}: it is not a host name",
        ),
        (("--nonsense",), {}, 2, "--nonsense"),
    ],
)
def test_it_refuses_to_start_with_one_finding(
    arguments: tuple[str, ...], settings: dict[str, str], code: int, message: str
) -> None:
    ended = run("northwind", "--port", "0", "--database", "", *arguments, **settings)
    assert ended.returncode == code, ended.stderr
    assert message in ended.stderr
    assert "hint:" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stderr.count("error ") == 1
    assert TOKEN not in ended.stderr


def test_a_flow_that_is_none_is_a_finding(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("ivr: 1\nname: x\nstrat: a\n")
    for name in (str(broken), str(tmp_path / "missing.yaml")):
        ended = run(name, "--port", "0", "--database", "")
        assert ended.returncode in (1, 2)
        assert "Traceback" not in ended.stderr
        assert name in ended.stderr


def test_a_live_line_with_errors_is_refused_and_on_this_machine_they_are_told(tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text("ivr: 1\nname: Draft\nstart: hi\nnodes: {hi: {type: play, say: Hi., next: nowhere}}\n", "utf-8")
    live = (str(draft), "--port", "0", "--json", "--database", "", "--public-url", PUBLIC)
    ended = run(*live, TWILIO_AUTH_TOKEN=TOKEN)
    assert ended.returncode == 1
    assert "error S002 there is no node 'nowhere'" in ended.stderr
    assert "error W005 a flow with an error cannot answer calls" in ended.stderr
    for arguments, settings, errors in (
        ((*live, "--allow-errors"), {"TWILIO_AUTH_TOKEN": TOKEN}, 0),
        ((str(draft), "--port", "0", "--json", "--database", ""), {}, 1),
    ):
        process = serve(*arguments, **settings)
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["flow"] == "Draft"
        process.terminate()
        assert process.communicate(timeout=PATIENCE_S)[1].count("error S002") == errors


def test_with_a_token_and_an_address_it_checks_signatures(tmp_path: Path) -> None:
    process = serve(
        "northwind", "--port", "0", "--json", "--database", "", "--public-url", PUBLIC, TWILIO_AUTH_TOKEN=TOKEN
    )
    assert process.stdout is not None
    said = json.loads(process.stdout.readline())
    port = int(said["address"].rsplit(":", 1)[1])
    assert (said["signed"], said["phone"], said["voice"]) == (True, None, f"{PUBLIC}/voice")
    assert post(port, "/voice", CALL)[0] == 403
    given = Signature(TOKEN, PUBLIC).sign("/voice", "", list(CALL.items()))
    assert post(port, "/voice", CALL, {SIGNATURE_HEADER: given})[0] == 200
    process.terminate()
    process.communicate(timeout=PATIENCE_S)


def test_the_guide_reads_the_records_as_it_says(
    service: tuple[subprocess.Popen[str], dict[str, str]], tmp_path: Path
) -> None:
    process, said = service
    post(int(said["address"].rsplit(":", 1)[1]), "/voice", CALL)
    process.terminate()
    process.communicate(timeout=PATIENCE_S)
    (tmp_path / "calls.db").rename(tmp_path / "calls.sqlite")
    block = re.search(r"```python\n(.*?)```", GUIDE, re.DOTALL)[1]  # type: ignore[index]
    ended = subprocess.run(
        [sys.executable, "-c", block], cwd=tmp_path, env=environment(), text=True, capture_output=True, check=True
    )
    assert "'arrived': 1.0" in ended.stdout or "'calls': 1.0" in ended.stdout, ended.stdout


def test_the_guide_names_every_setting() -> None:
    import webhooks.wsgi

    for name in re.findall(r"^(?:IVR|TWILIO)_[A-Z_]+", webhooks.wsgi.__doc__ or "", re.MULTILINE):
        assert f"`{name}`" in GUIDE


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("Localhost", ("localhost",)),
        ("CRM.Internal.:8080, 10.0.0.7", ("crm.internal:8080", "10.0.0.7")),
        ("", ()),
    ],
)
def test_hosts_of_lookups_are_written_as_lookups_know_them(written: str, taken: tuple[str, ...]) -> None:
    assert shared({"IVR_LOOKUP_HOSTS": written})["lookup_hosts"] == taken


@pytest.mark.parametrize(
    "written",
    [
        "http://localhost:8080",
        "localhost/",
        "localhost:",
        "localhost:0",
        "localhost:65536",
        ":8080",
        "a b",
        "::1",
        "[::1]",
        "*.example.com",
        "a..b",
    ],
)
def test_what_is_no_host_of_a_lookup_is_refused(written: str) -> None:
    with pytest.raises(UsageError) as caught:
        shared({"IVR_LOOKUP_HOSTS": f"crm.internal,{written}"})
    [finding] = caught.value.findings
    assert (finding.code, finding.message) == (
        "W001",
        f"IVR_LOOKUP_HOSTS: {written!r} is not a host name",
    )
    assert finding.hint == "write HOST or HOST:PORT, e.g. crm.internal:8080, without http:// and path"


def told(settings: dict[str, str]) -> list[str]:
    """What is wrong with the settings of a service in production."""
    with pytest.raises(IvrError) as caught:
        config_from(settings)
    return [f"{finding.code} {finding.message}" for finding in caught.value.findings]


NO_FLOW, NO_TOKEN, NO_ADDRESS = (
    "W001 no flow to serve",
    "W001 no auth token: anybody could forge calls",
    "W001 no public URL: signatures cannot be checked",
)
LIVE = {"IVR_FLOW": "northwind", "TWILIO_AUTH_TOKEN": TOKEN, "IVR_PUBLIC_URL": PUBLIC}


def test_everything_that_is_wrong_is_told_at_once() -> None:
    assert told({}) == [NO_FLOW, NO_TOKEN, NO_ADDRESS]
    assert told({"IVR_FLOW": "northwind"}) == [NO_TOKEN, NO_ADDRESS]
    assert told({"IVR_FLOW": "northwind", "TWILIO_AUTH_TOKEN": TOKEN}) == [NO_ADDRESS]
    assert told(LIVE | {"IVR_COUNTRIES": "UK"}) == ["W001 IVR_COUNTRIES: 'UK' is not a country code"]
    assert told(
        {
            "IVR_FLOW": "no_such.yaml",
            "TWILIO_AUTH_TOKEN": TOKEN,
            "IVR_PUBLIC_URL": "ivr.example.com",
            "IVR_KEEP_DAYS": "calls=0",
            "IVR_MESSAGES_FROM": "us",
            "IVR_LOOKUP_HOSTS": "http://crm",
            "IVR_ALLOW_ERRORS": "maybe",
            "IVR_DATABASE_URL": "mysql://localhost/ivr",
            "IVR_CURSOR_KEY": "short",
            "IVR_CALLER_KEY": "tiny",
            "IVR_CALLERS": "all",
            "IVR_COUNTRIES": "us",
        }
    ) == [
        "Y002 no such file",
        "W001 IVR_KEEP_DAYS: 'calls=0' does not say how long a kind of row is kept",
        "W001 IVR_MESSAGES_FROM='us' is not a number that can send text messages",
        "W001 IVR_LOOKUP_HOSTS: 'http://crm' is not a host name",
        "W001 IVR_ALLOW_ERRORS='maybe' is neither yes nor no",
        "W003 the database is 'mysql', which is neither SQLite nor PostgreSQL",
        "W001 public URL 'ivr.example.com' is not the base address of a service",
        "W001 a cursor key has 5 characters; at least 16 are needed",
        "W001 a caller key has 4 characters; at least 16 are needed",
        "W001 IVR_CALLERS='all' does not say what is kept of callers' numbers",
        "W001 IVR_COUNTRIES: 'us' is not a country code",
    ]


def test_the_block_of_missing_settings_starts_the_service(tmp_path: Path) -> None:
    """What is told when nothing is set, copied line by line, is all that is needed."""
    block = [line.strip() for line in example_of({}).splitlines() if line.startswith("  ")]
    settings = dict(line.removeprefix("export ").split("=", 1) for line in block if line.startswith("export "))
    assert list(settings) == ["IVR_FLOW", "IVR_PUBLIC_URL", "TWILIO_AUTH_TOKEN"]
    assert config_from(settings | {"IVR_FLOW": "northwind"}).checks_signature
    assert block[-1] == documented("gunicorn --config")
    assert example_of(settings) == ""
    assert "export IVR_FLOW" not in example_of({"IVR_FLOW": "line.yaml"})


# --- gunicorn -----------------------------------------------------------------------------------------------


def with_retries(port: int, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, bytes]:
    """As Twilio does with ``#rc=5&rp=all``: a worker may be killed while it holds the connection."""
    for _ in range(5):
        try:
            return post(port, url, form, headers)
        except ConnectionError:
            continue
    return post(port, url, form, headers)


THREE_MENUS = """
ivr: 1
name: Line
start: a
nodes:
  a: {type: menu, choices: [{key: 1, label: b, next: b}], otherwise: d}
  b: {type: menu, choices: [{key: 2, label: c, next: c}], otherwise: d}
  c: {type: menu, choices: [{key: 3, label: d, next: d}], otherwise: d}
  d: {type: queue, queue: sales}
queues: {sales: {}}
"""


def test_a_signed_call_goes_on_in_another_worker_when_its_own_is_killed(tmp_path: Path) -> None:
    database = str(tmp_path / "calls.db")
    flow = tmp_path / "line.yaml"
    flow.write_text(THREE_MENUS)
    answered = ("--access-logfile", "-", "--access-logformat", "answered by %(p)s")
    server = Gunicorn(
        tmp_path / "log",
        more=answered,
        IVR_FLOW=str(flow),
        IVR_PUBLIC_URL=PUBLIC,
        TWILIO_AUTH_TOKEN=TOKEN,
        IVR_CURSOR_KEY=SECRET,
        IVR_DATABASE_URL=database,
    )
    try:
        port = server.port
        signer = Signature(TOKEN, PUBLIC)

        def ask(url: str, **more: str) -> bytes:
            form = {**CALL, **more}
            path, _, query = url.removeprefix(PUBLIC).partition("?")
            target = f"{path}?{query}" if query else path
            given = {SIGNATURE_HEADER: signer.sign(path, query, list(form.items()))}
            first, again = with_retries(port, target, form, given), with_retries(port, target, form, given)
            assert first == again
            assert first[0] == 200, first
            check(first[1])
            return first[1]

        def kill_who_answered() -> int:
            seen = [int(pid) for pid in re.findall(r"answered by <(\d+)>", server.log)]
            server.log = server.log.replace("answered by", "was answered by")
            os.kill(seen[-1], signal.SIGKILL)
            return seen[-1]

        body = ask("/voice")
        time.sleep(0.4)  # records of what was said so far are written within 0.1 s
        server.wait_for(r"answered by <\d+>")
        killed = {kill_who_answered()}
        for keys in ("1", "2", "3"):
            body = ask(re.search(rb'action="([^"#]+)', body)[1].decode(), Digits=keys)  # type: ignore[index]
            time.sleep(0.4)
            server.wait_for(r"(?<!was )answered by <\d+>")
            killed.add(kill_who_answered())
        assert len(killed) >= 2
        assert post(port, "/voice", CALL)[0] == 403
    finally:
        server.stop()
        print(server.log)
    assert "Traceback" not in server.log
    records = read_records(database)
    assert records.steps["seq"].tolist() == [0, 1, 2, 3]
    assert records.names["node"] == ("a", "b", "c", "d")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "no flow to serve"),
        (
            {"IVR_FLOW": "northwind", "TWILIO_AUTH_TOKEN": TOKEN, "IVR_PUBLIC_URL": PUBLIC, "WEB_CONCURRENCY": "0"},
            "WEB_CONCURRENCY='0' is not a number of workers",
        ),
        ({"IVR_FLOW": "no_such_flow", "TWILIO_AUTH_TOKEN": TOKEN, "IVR_PUBLIC_URL": PUBLIC}, "no_such_flow"),
    ],
)
def test_gunicorn_stops_with_a_finding_when_a_setting_is_missing(
    settings: dict[str, str], message: str, tmp_path: Path
) -> None:
    server = Gunicorn(tmp_path / "log", **settings)
    assert server.process.wait(PATIENCE_S) != 0
    out = server.file.read_text("utf-8")
    assert message in out
    assert "hint:" in out
    # gunicorn's own arbiter may log a traceback when two of its workers stop at the same instant; ours never does.
    assert not re.search(r'File "[^"]*/(webhooks|flows|ivr)/[^"/]*\.py"', out)
