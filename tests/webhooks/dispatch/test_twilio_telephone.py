"""Twilio's own client against a server on loopback that knows Twilio's OpenAPI description."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.live_service import free_port
from tests.support.twilio_rest import (
    ACCOUNT,
    CALLER,
    QUEUE,
    TOKEN,
    Done,
    FakeTwilio,
    Served,
    ToLoopback,
    objections,
    operation,
)
from webhooks.dispatch.rest_http import DeadlineHttp
from webhooks.dispatch.telephone import Gone, Refused, Unknown
from webhooks.dispatch.twilio_telephone import TwilioTelephone

PATIENCE_S = 1.0
DRIP_S = 1.3
URL, STATUS = "https://ivr.example.com/agent?c=x", "https://ivr.example.com/agent/status?c=x"
AGENT, LINE = "+14155550101", "+14155550100"
HERE = {"AccountSid": ACCOUNT}


@pytest.fixture
def carrier() -> FakeTwilio:
    return FakeTwilio()


@pytest.fixture
def telephone(carrier: FakeTwilio) -> Iterator[TwilioTelephone]:
    with Served(carrier, slow_s=0.05, drip_s=DRIP_S) as served:
        yield TwilioTelephone(ACCOUNT, TOKEN, http_client=ToLoopback(served.port, PATIENCE_S))


def ring(telephone: TwilioTelephone, to: str = AGENT) -> str:
    return telephone.ring(to, LINE, url=URL, status_url=STATUS, timeout_s=20)


def test_every_request_is_one_that_twilio_describes(carrier: FakeTwilio, telephone: TwilioTelephone) -> None:
    sid = ring(telephone)
    telephone.move_queued(QUEUE, CALLER, "https://ivr.example.com/bridge?c=y")
    telephone.move(CALLER, "https://ivr.example.com/over?c=y")
    telephone.hang_up(sid)
    sent = telephone.send_message("+14155550123", LINE, "See example.com.")
    assert carrier.wrong == []
    asked = {
        "To": AGENT,
        "From": LINE,
        "Url": URL,
        "Method": "POST",
        "StatusCallback": STATUS,
        "StatusCallbackEvent": "initiated ringing answered completed",
        "StatusCallbackMethod": "POST",
        "Timeout": "20",
    }
    assert carrier.done == [
        Done("CreateCall", HERE, asked),
        Done(
            "UpdateMember",
            {**HERE, "QueueSid": QUEUE, "CallSid": CALLER},
            {"Url": "https://ivr.example.com/bridge?c=y", "Method": "POST"},
        ),
        Done("UpdateCall", {**HERE, "Sid": CALLER}, {"Url": "https://ivr.example.com/over?c=y", "Method": "POST"}),
        Done("UpdateCall", {**HERE, "Sid": sid}, {"Status": "completed"}),
        Done("CreateMessage", HERE, {"To": "+14155550123", "From": LINE, "Body": "See example.com."}),
    ]
    assert sent.startswith("SM")


@pytest.mark.parametrize("to", ["sip:ana@pbx.example.com", "client:ana"])
def test_agents_are_called_at_a_sip_telephone_and_in_the_browser(
    carrier: FakeTwilio, telephone: TwilioTelephone, to: str
) -> None:
    ring(telephone, to)
    assert carrier.wrong == []
    assert [call["to"] for call in carrier.calls.values()] == [to]


def test_calls_are_listed_by_their_number_and_time(carrier: FakeTwilio, telephone: TwilioTelephone) -> None:
    old = ring(telephone)
    carrier.now_s += 60
    ring(telephone, "+14155550199")
    new = ring(telephone)
    at_us = round(carrier.now_s * 1e6)
    assert [leg.call_sid for leg in telephone.calls_to(AGENT, 0)] == [new, old]
    (leg,) = telephone.calls_to(AGENT, at_us + 900_000)  # Twilio's times are whole seconds
    assert (leg.call_sid, leg.status, leg.begun_us) == (new, "ringing", at_us)
    assert telephone.calls_to(AGENT, at_us + 2_100_000) == []
    carrier.calls[new]["direction"] = "outbound-dial"  # by a <Dial>, which is no answer to an order
    assert [leg.call_sid for leg in telephone.calls_to(AGENT, 0)] == [old]
    assert carrier.wrong == []


@pytest.mark.parametrize(
    ("fault", "raised", "placed"),
    [
        ("429", Refused("status 429, error 20429", again=True, after_s=2.0), 0),
        ("500", Unknown("status 500"), 0),
        ("503", Unknown("status 503, error 20503"), 0),
        ("lost", Unknown("no answer (ConnectionError)"), 1),
        ("dropped", Unknown("no answer (ConnectionError)"), 0),
        ("drip", Unknown("no answer (ReadTimeout)"), 1),
    ],
)
def test_what_was_certainly_not_done_is_told_from_what_may_have_been(
    carrier: FakeTwilio, telephone: TwilioTelephone, fault: str, raised: Refused | Unknown, placed: int
) -> None:
    carrier.faults = [fault]
    with pytest.raises((Refused, Unknown)) as failed:
        ring(telephone)
    assert (type(failed.value), vars(failed.value)) == (type(raised), vars(raised))
    assert len(carrier.calls) == placed


def test_a_slow_answer_is_an_answer(carrier: FakeTwilio, telephone: TwilioTelephone) -> None:
    carrier.faults = ["slow"]
    assert ring(telephone) in carrier.calls


def test_without_a_connection_nothing_was_sent() -> None:
    nobody = TwilioTelephone(ACCOUNT, TOKEN, http_client=ToLoopback(free_port(), PATIENCE_S))
    with pytest.raises(Refused) as refused:
        ring(nobody)
    assert (refused.value.again, refused.value.why) == (True, "not connected (ConnectionError)")


def test_a_call_that_is_over_is_gone(carrier: FakeTwilio, telephone: TwilioTelephone) -> None:
    carrier.gone = {CALLER}
    for ask in (
        lambda: telephone.move_queued(QUEUE, CALLER, URL),
        lambda: telephone.move(CALLER, URL),
        lambda: telephone.hang_up(CALLER),
    ):
        with pytest.raises(Gone, match="status 404, error 20404"):
            ask()


def test_a_wrong_secret_is_refused_for_good(carrier: FakeTwilio) -> None:
    with Served(carrier, slow_s=0, drip_s=0) as served:
        wrong = TwilioTelephone(ACCOUNT, "another", http_client=ToLoopback(served.port, PATIENCE_S))
        with pytest.raises(Refused, match="status 401, error 20003") as refused:
            ring(wrong)
    assert not refused.value.again


def test_the_way_to_the_network_is_twilios_own_address() -> None:
    """The only thing that the tests replace."""
    client = TwilioTelephone(ACCOUNT, TOKEN)._client
    assert client.api.absolute_url("Calls") == "https://api.twilio.com/Calls"
    assert isinstance(client.http_client._inner, DeadlineHttp)


def test_the_description_refuses_what_twilio_would() -> None:
    """The check checks."""
    calls = f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
    assert operation("PUT", calls) is None
    found = operation("POST", calls)
    assert found is not None
    described, places = found
    assert objections(described, places, (), [("To", AGENT), ("From", LINE), ("Url", URL), ("Timeout", "20")]) == []
    assert objections(described, {"AccountSid": "AC1"}, (), [("To", AGENT), ("Color", "red"), ("Timeout", "soon")]) == [
        "AccountSid: 'AC1' is too short",
        "AccountSid: 'AC1' does not match '^AC[0-9a-fA-F]{32}$'",
        "unknown field Color",
        "From is missing",
        "Timeout: 'soon' is not of type 'integer'",
    ]
    update = operation("POST", calls.replace(".json", f"/{CALLER}.json"))
    assert update is not None
    assert objections(*update, (), [("Status", "ended")]) == [
        "Status: 'ended' is not one of ['canceled', 'completed']",
    ]
