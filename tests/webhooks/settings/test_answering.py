"""The settings of a line with people: each that is missing or wrong is told in a line that says what to set."""

from __future__ import annotations

import pytest

from flows.source.finding import UsageError
from webhooks.settings.answering import Answering, MailServer, answering, check_desk
from webhooks.settings.environment import shared
from webhooks.settings.problems import Together

HEX = "0123456789abcdef" * 2
WHOLE = {
    "TWILIO_ACCOUNT_SID": f"AC{HEX}",
    "TWILIO_API_KEY": f"SK{HEX}",
    "TWILIO_API_SECRET": "secret",
    "TWILIO_APP_SID": f"AP{HEX}",
    "IVR_CALLS_FROM": "+1 (415) 555-0100",
    "IVR_SMTP_URL": "smtps://ivr:p%40ss@mail.example.com",
    "IVR_NOTIFY_TO": "office@example.com, boss@example.com",
    "IVR_NOTIFY_URL": "https://hooks.example.com/voicemail?key=1",
    "IVR_TASKROUTER_WORKFLOW": f"WW{HEX}",
}


def test_settings_are_read_as_people_write_them() -> None:
    assert shared(WHOLE)["answering"] == Answering(
        calls_from="+14155550100",
        api_key=f"SK{HEX}",
        api_secret="secret",
        app_sid=f"AP{HEX}",
        mail_server=MailServer("mail.example.com", 465, "ivr", "p@ss", encrypted=True),
        notify_to=("office@example.com", "boss@example.com"),
        notify_from="office@example.com",
        notify_url="https://hooks.example.com/voicemail?key=1",
        workflow=f"WW{HEX}",
    )
    assert shared({})["answering"] == Answering()


def test_secrets_are_not_shown() -> None:
    shown = repr(shared(WHOLE)["answering"])
    assert "p@ss" not in shown
    assert "secret='" not in shown
    assert "key=1" not in shown


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"TWILIO_ACCOUNT_SID": "SK" + HEX}, "TWILIO_ACCOUNT_SID='SK01...' is not the SID of an account"),
        ({"TWILIO_API_KEY": "key"}, "TWILIO_API_KEY='key' is not the SID of an API key"),
        ({"TWILIO_APP_SID": "AP1"}, "TWILIO_APP_SID='AP1' is not the SID of a TwiML app"),
        ({"IVR_TASKROUTER_WORKFLOW": "tech"}, "IVR_TASKROUTER_WORKFLOW='tech' is not the SID of a TaskRouter workflow"),
        (
            {"TWILIO_API_SECRET": "", "TWILIO_APP_SID": ""},
            "the browser softphone needs TWILIO_API_KEY, TWILIO_API_SECRET, TWILIO_APP_SID; not set:"
            " TWILIO_API_SECRET, TWILIO_APP_SID",
        ),
        ({"IVR_CALLS_FROM": "office"}, "IVR_CALLS_FROM='office' is not a number that calls can come from"),
        ({"IVR_SMTP_URL": "http://mail:secret@x"}, "IVR_SMTP_URL is not the address of a mail server"),
        ({"IVR_SMTP_URL": "smtp://mail:99999999"}, "IVR_SMTP_URL is not the address of a mail server"),
        ({"IVR_SMTP_URL": ""}, "IVR_NOTIFY_TO names who gets an e-mail, but no server sends it"),
        ({"IVR_NOTIFY_TO": ""}, "IVR_SMTP_URL names a mail server, but nobody gets an e-mail"),
        ({"IVR_NOTIFY_TO": "office"}, "IVR_NOTIFY_TO: 'office' is not an e-mail address"),
        ({"IVR_NOTIFY_FROM": "x@y"}, "IVR_NOTIFY_FROM: 'x@y' is not an e-mail address"),
        ({"IVR_NOTIFY_URL": "ftp://hooks"}, "IVR_NOTIFY_URL is not the address of a web service"),
    ],
)
def test_what_is_wrong_is_told_in_a_line_that_says_what_to_set(changed: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError) as refused:
        shared({**WHOLE, **changed})
    (finding,) = refused.value.findings
    assert finding.message == said
    assert finding.hint


def test_everything_is_told_at_once() -> None:
    together = Together()
    answering({"TWILIO_API_KEY": "key", "IVR_SMTP_URL": "x", "IVR_NOTIFY_URL": "x"}, together)
    assert [finding.message.split("=")[0].split(" is")[0] for finding in together.findings] == [
        "TWILIO_API_KEY",
        "IVR_SMTP_URL",
        "IVR_NOTIFY_URL",
        "the browser softphone needs TWILIO_API_KEY, TWILIO_API_SECRET, TWILIO_APP_SID; not set: TWILIO_API_SECRET,"
        " TWILIO_APP_SID",
        "IVR_SMTP_URL names a mail server, but nobody gets an e-mail",
    ]


def test_a_line_with_people_needs_an_account_and_a_number() -> None:
    with pytest.raises(UsageError) as refused:
        check_desk("", Answering())
    assert [(finding.message, finding.hint) for finding in refused.value.findings] == [
        (
            "agents cannot be called: TWILIO_ACCOUNT_SID is not set",
            "set TWILIO_ACCOUNT_SID to the SID of your account, which begins with AC",
        ),
        (
            "agents cannot be called: no number to call them from",
            "set IVR_CALLS_FROM to a number of your account, e.g. +14155550100",
        ),
    ]
    check_desk(f"AC{HEX}", Answering(calls_from="+14155550100"))


@pytest.mark.parametrize(("sender", "number"), [("+14155550100", "+14155550100"), ("24365", "")])
def test_calls_come_from_the_number_of_messages_unless_it_is_a_short_code(sender: str, number: str) -> None:
    assert shared({"IVR_MESSAGES_FROM": sender})["answering"].calls_from == number
