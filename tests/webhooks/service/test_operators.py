"""What operators are told: refused signatures, tokens in rotation, readiness, databases that cannot be used."""

from __future__ import annotations

import logging
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from flows.model.load import load
from flows.source.finding import UsageError
from tests.support.postgres_server import Server
from tests.support.web_carrier import IN_PUBLIC, PUBLIC, TOKEN
from webhooks.service.app import create_app
from webhooks.settings.config import Config
from webhooks.settings.environment import auth_tokens, numbers_from, shared
from webhooks.store import Store
from webhooks.twilio.signature import SIGNATURE_HEADER, Signature, signed

CALL = {
    "CallSid": "CA" + "7" * 32,
    "AccountSid": "AC1",
    "From": "+14155550123",
    "To": "+18005550100",
    "CallStatus": "in-progress",
}
OLD, NEW = "the-token-until-now", "the-token-from-now-on"


def client(**settings: object) -> FlaskClient:
    config = Config(flow=load("northwind").flow, **IN_PUBLIC, **settings)  # type: ignore[arg-type]
    return create_app(config).test_client()


def post(of: FlaskClient, signature: str, *, path: str = "/voice", **headers: str) -> TestResponse:
    kind = {"Content-Type": "application/x-www-form-urlencoded", SIGNATURE_HEADER: signature, "Host": "ivr.example.com"}
    return of.post(
        path,
        data=urlencode(CALL),
        headers={**kind, **{name.replace("_", "-"): value for name, value in headers.items()}},
    )


# Signatures


@pytest.mark.parametrize(
    ("console", "headers", "advice"),
    [
        (
            "http://ivr.example.com/voice",
            {},
            (
                "Twilio signed http://ivr.example.com/voice; set the public URL (IVR_PUBLIC_URL) to"
                " http://ivr.example.com, or call "
            ),
        ),
        (
            "https://tunnel.example.net/voice",
            {"X_Forwarded_Host": "tunnel.example.net"},
            "Twilio signed https://tunnel.example.net/voice; set the public URL",
        ),
        (
            "https://ivr.example.com/line/voice",
            {"X_Forwarded_Prefix": "/line"},
            "set the public URL (IVR_PUBLIC_URL) to https://ivr.example.com/line, or call ",
        ),
        (f"{PUBLIC}/voice/", {}, f"Twilio signed {PUBLIC}/voice/; in its console write {PUBLIC}/voice"),
        (
            "https://elsewhere.example.org/voice",
            {},
            f"expected {PUBLIC}/voice; the public URL or the auth token is not the one in Twilio's console",
        ),
    ],
)
def test_a_wrong_signature_is_told_with_the_call_and_the_address_that_would_have_fitted(
    console: str,
    headers: dict[str, str],
    advice: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = post(client(), signed(TOKEN, console, list(CALL.items())), **headers)
    assert (answer.status_code, answer.get_data(as_text=True)) == (403, "refused: wrong signature\n")
    [said] = [record.getMessage() for record in caplog.records if "refused" in record.getMessage()]
    assert said.startswith(f"refused: wrong signature; {CALL['CallSid']}; ")
    assert advice in said
    assert TOKEN not in said


def test_a_forger_cannot_write_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    body = urlencode({"CallSid": "CA1\nforged line", "From": "+14155550123"})
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        SIGNATURE_HEADER: "x",
        "X-Forwarded-Host": "evil.example/<script>\\n",
    }
    assert client().post("/voice", data=body, headers=headers).status_code == 403
    assert "forged" not in caplog.text
    assert "evil" not in caplog.text


def test_an_address_with_a_slash_too_many_is_told(caplog: pytest.LogCaptureFixture) -> None:
    assert post(client(), "x", path="/voice/").status_code == 404
    assert "refused: '/voice/' is not an address of the service; in Twilio's console write /voice" in caplog.text


def test_two_auth_tokens_are_accepted_during_a_rotation() -> None:
    assert auth_tokens({"TWILIO_AUTH_TOKEN": f" {NEW}, {OLD} "}) == (NEW, OLD)
    check = Signature(NEW, PUBLIC, (OLD,))
    form = list(CALL.items())
    for token, why in ((NEW, ""), (OLD, ""), (TOKEN, "wrong signature")):
        assert check.refusal("/voice", "", form, signed(token, f"{PUBLIC}/voice", form)) == why
    with pytest.raises(ValueError, match="anyone could sign"):
        Signature(NEW, PUBLIC, ("",))


def test_a_call_outlives_the_rotation_of_the_token_that_seals_it() -> None:
    """Without its own keys the conversation is sealed with the token: the old one still opens what it sealed."""
    before = Config(flow=load("northwind").flow, public_url=PUBLIC, auth_token=OLD)
    after = Config(flow=load("northwind").flow, public_url=PUBLIC, auth_token=NEW, tokens_before=(OLD,))
    assert (before.secrets, after.secrets) == ((OLD,), (NEW, OLD))
    # With both tokens, calls hashed with the old one are found.
    found = numbers_from({"TWILIO_AUTH_TOKEN": f"{NEW},{OLD}"}).found("+14155550123")
    assert numbers_from({"TWILIO_AUTH_TOKEN": OLD}).kept("+14155550123")[0] in found


# Readiness


def test_a_service_with_flow_and_database_is_ready(tmp_path: Path) -> None:
    answer = client(database=str(tmp_path / "calls.sqlite")).get("/readyz")
    assert (answer.status_code, answer.get_data(as_text=True)) == (200, "flow: ok\ndatabase: ok\n")
    assert client().get("/readyz").get_data(as_text=True) == "flow: ok\ndatabase: none\n"


def test_a_service_whose_database_is_away_is_not_ready_and_answers(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    service = client(database=str(folder / "calls.sqlite"))
    (folder / "calls.sqlite").unlink(missing_ok=True)
    for left in folder.iterdir():
        left.unlink()
    folder.rmdir()
    answer = service.get("/readyz")
    assert (answer.status_code, answer.get_data(as_text=True)) == (
        503,
        "flow: ok\ndatabase: cannot be used now; see the log\n",
    )
    assert service.get("/healthz").status_code == 200
    assert post(service, signed(TOKEN, f"{PUBLIC}/voice", list(CALL.items()))).status_code == 200


def test_a_service_that_does_not_take_the_changed_flow_is_not_ready(tmp_path: Path) -> None:
    file = tmp_path / "flow.yaml"
    file.write_text("ivr: 1\nname: Line\nstart: bye\nnodes: {bye: {type: hangup, say: Goodbye.}}\n", "utf-8")
    config = Config(flow=load(file).flow, flow_files=(str(file),), **IN_PUBLIC)
    service = create_app(config).test_client()
    assert service.get("/readyz").status_code == 200
    file.write_text("ivr: 1\nname: Line\nstart: nowhere\nnodes: {bye: {type: hangup, say: Goodbye.}}\n", "utf-8")
    fresh = create_app(config).test_client()  # an answer is reused for a second
    file.write_text("ivr: 1\nname: Line\nstart: no\nnodes: {bye: {type: hangup, say: Goodbye.}}\n", "utf-8")
    answer = fresh.get("/readyz")
    assert (answer.status_code, answer.get_data(as_text=True)) == (
        503,
        "flow: the changed file is not served; see the log\ndatabase: none\n",
    )


# Databases and senders


def test_a_wrong_role_and_a_wrong_database_are_told_as_what_they_are(
    postgresql: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    for address, why in (
        (
            f"postgresql://nobody_here@127.0.0.1:{postgresql.port}/postgres",
            "PostgreSQL has no role 'nobody_here'; create it",
        ),
        (f"postgresql://ivr@127.0.0.1:{postgresql.port}/nothing", "PostgreSQL has no database 'nothing'; create it"),
        ("postgresql://ivr:canary-password@127.0.0.1:1/x", "no server answers at the address of the database"),
    ):
        store = Store(address)
        assert store.unusable().startswith(why)
        store.keep_flow(load("northwind").flow)
        assert why in caplog.text
        store.close()
    assert "canary-password" not in caplog.text


def test_a_role_without_rights_is_told(postgresql: Server) -> None:
    with psycopg.connect(
        host="127.0.0.1", port=postgresql.port, user="ivr", dbname="postgres", autocommit=True
    ) as connection:
        connection.execute("CREATE ROLE reader_only LOGIN; CREATE SCHEMA closed")
        store = Store(f"postgresql://reader_only@127.0.0.1:{postgresql.port}/postgres?options=-csearch_path%3Dclosed")
        assert store.unusable().startswith("this PostgreSQL role may not use any schema; grant it USAGE")
        connection.execute("GRANT USAGE ON SCHEMA closed TO reader_only")
        assert store.unusable().startswith("PostgreSQL denies this role the schema; grant it the right to")
        store.close()
        connection.execute("DROP SCHEMA closed; DROP OWNED BY reader_only; DROP ROLE reader_only")


@pytest.mark.parametrize("written", ["northwind", "+1", "4155550100", "sip:desk@example.com"])
def test_a_sender_that_is_not_a_number_is_refused_at_start(written: str) -> None:
    with pytest.raises(UsageError) as refused:
        shared({"IVR_MESSAGES_FROM": written})
    [finding] = refused.value.findings
    assert finding.message == f"IVR_MESSAGES_FROM={written!r} is not a number that can send text messages"
    assert "+14155550100" in finding.hint


def test_a_sender_is_taken_as_people_write_it() -> None:
    assert shared({"IVR_MESSAGES_FROM": "+1 (415) 555-0100"})["messages_from"] == "+14155550100"
    assert shared({"IVR_MESSAGES_FROM": "24365"})["messages_from"] == "24365"
