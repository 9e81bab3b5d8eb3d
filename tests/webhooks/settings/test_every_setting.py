"""Every setting of a line with people, missing or wrong: one line each, that says what is wrong and what to set.

A setting that is new must come into one of the tables: they are compared with the list in `webhooks.wsgi`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import webhooks.wsgi
from flows.source.finding import IvrError
from tests.support.small_shop import AGENTS, LINE
from webhooks.production import workers_from
from webhooks.wsgi import config_from

SID = "0123456789abcdef" * 2
GOOD = {
    "IVR_FLOW": "northwind",
    "IVR_PUBLIC_URL": "https://ivr.example.com",
    "TWILIO_AUTH_TOKEN": "12345",
    "TWILIO_ACCOUNT_SID": f"AC{SID}",
    "TWILIO_API_KEY": f"SK{SID}",
    "TWILIO_API_SECRET": "secret",
    "TWILIO_APP_SID": f"AP{SID}",
    "IVR_CALLS_FROM": "+14155550100",
    "IVR_MESSAGES_FROM": "+14155550100",
    "IVR_WHATSAPP_FROM": "+14155550100",
    "IVR_DATABASE_URL": "calls.sqlite",
    "IVR_SMTP_URL": "smtp://ivr:secret@mail.example.com",
    "IVR_NOTIFY_TO": "office@example.com",
    "IVR_NOTIFY_FROM": "line@example.com",
    "IVR_NOTIFY_URL": "https://hooks.example.com/voicemail",
    "IVR_CURSOR_KEY": "sixteen characters or more",
    "IVR_CALLER_KEY": "sixteen characters or more",
    "IVR_CALLERS": "masked",
    "IVR_KEEP_DAYS": "calls=400",
    "IVR_COUNTRIES": "US",
    "IVR_LOOKUP_HOSTS": "crm.internal:8080",
    "IVR_ALLOW_ERRORS": "0",
    "IVR_DESK": "1",
}
MISSING = {
    "IVR_FLOW": "set IVR_FLOW",
    "IVR_PUBLIC_URL": "set IVR_PUBLIC_URL",
    "TWILIO_AUTH_TOKEN": "set TWILIO_AUTH_TOKEN",
    "TWILIO_ACCOUNT_SID": "set TWILIO_ACCOUNT_SID",
    "TWILIO_API_KEY": "set TWILIO_API_KEY",
    "TWILIO_API_SECRET": "set TWILIO_API_SECRET",
    "TWILIO_APP_SID": "set TWILIO_APP_SID",
    "IVR_DATABASE_URL": "set IVR_DATABASE_URL",
    "IVR_SMTP_URL": "set IVR_SMTP_URL",
    "IVR_NOTIFY_TO": "set IVR_NOTIFY_TO",
}
MAY_BE_MISSING = {
    "IVR_CALLS_FROM",  # messages' number is taken
    "IVR_MESSAGES_FROM",
    "IVR_WHATSAPP_FROM",
    "IVR_NOTIFY_FROM",
    "IVR_NOTIFY_URL",
    "IVR_CURSOR_KEY",
    "IVR_CALLER_KEY",
    "IVR_CALLERS",
    "IVR_KEEP_DAYS",
    "IVR_COUNTRIES",
    "IVR_LOOKUP_HOSTS",
    "IVR_ALLOW_ERRORS",
    "IVR_DESK",
    "IVR_AGENTS",
    "IVR_TASKROUTER_WORKFLOW",
    "IVR_SECRET_NAME",
}
WRONG = {
    "IVR_FLOW": ("nowhere.yaml", "nowhere.yaml"),
    "IVR_PUBLIC_URL": ("http://ivr.example.com", "set IVR_PUBLIC_URL to its address, which begins with https://"),
    "TWILIO_ACCOUNT_SID": ("SK1", "AC and 32 characters"),
    "TWILIO_API_KEY": ("key", "SK and 32 characters"),
    "TWILIO_APP_SID": ("app", "AP and 32 characters"),
    "IVR_CALLS_FROM": ("office", "+14155550100"),
    "IVR_MESSAGES_FROM": ("office", "+14155550100"),
    "IVR_WHATSAPP_FROM": ("office", "+14155550100"),
    "IVR_DATABASE_URL": ("mysql://db/ivr", "postgresql://"),
    "IVR_SMTP_URL": ("http://mail", "smtp://USER:PASSWORD@HOST:587"),
    "IVR_NOTIFY_TO": ("office", "IVR_NOTIFY_TO=office@example.com"),
    "IVR_NOTIFY_FROM": ("office", "IVR_NOTIFY_FROM=office@example.com"),
    "IVR_NOTIFY_URL": ("ftp://hooks", "https://"),
    "IVR_TASKROUTER_WORKFLOW": (f"WW{SID}", "leave out IVR_TASKROUTER_WORKFLOW, or the desk"),
    "IVR_CURSOR_KEY": ("short", "secrets.token_urlsafe"),
    "IVR_CALLER_KEY": ("short", "secrets.token_urlsafe"),
    "IVR_CALLERS": ("some", "hashed, masked, none"),
    "IVR_KEEP_DAYS": ("calls=soon", "calls"),
    "IVR_COUNTRIES": ("Atlantis", "ISO 3166"),
    "IVR_LOOKUP_HOSTS": ("https://crm/", "HOST:PORT"),
    "IVR_ALLOW_ERRORS": ("maybe", "IVR_ALLOW_ERRORS=1"),
    "IVR_DESK": ("maybe", "IVR_DESK=1"),
}
CANNOT_BE_WRONG = {
    "TWILIO_AUTH_TOKEN",  # any text may be one; a wrong one is told at the first call
    "TWILIO_API_SECRET",
    "IVR_AGENTS",  # read when the service is made: below
    "IVR_SECRET_NAME",
}


def told(settings: dict[str, str]) -> list[str]:
    """What a service with these settings says, a line a finding: place, message and hint."""
    try:
        config_from(settings)
    except IvrError as error:
        return [f"{finding.file} {finding.message} | {finding.hint}" for finding in error.findings]
    return []


def test_every_setting_is_in_the_tables() -> None:
    names = set(re.findall(r"\b(?:IVR|TWILIO)_[A-Z_]+\b", webhooks.wsgi.__doc__ or ""))
    assert set(MISSING) | MAY_BE_MISSING == names
    assert set(WRONG) | CANNOT_BE_WRONG == names


def test_all_of_them_together_are_taken() -> None:
    assert told(GOOD) == []


@pytest.mark.parametrize("name", sorted(MISSING))
def test_a_missing_setting_is_one_line_that_says_to_set_it(name: str) -> None:
    (line,) = told({**GOOD, name: ""})
    assert MISSING[name] in line
    (line,) = told({known: text for known, text in GOOD.items() if known != name})
    assert MISSING[name] in line


@pytest.mark.parametrize("name", sorted(MAY_BE_MISSING))
def test_what_may_be_missing_is_not_missed(name: str) -> None:
    assert told({known: text for known, text in GOOD.items() if known != name}) == []


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_wrong_setting_is_one_line_that_says_what_to_write(name: str) -> None:
    text, hint = WRONG[name]
    (line,) = told({**GOOD, name: text})
    assert hint in line
    assert "\n" not in line


def test_without_any_number_nobody_can_be_called() -> None:
    (line,) = told({**GOOD, "IVR_CALLS_FROM": "", "IVR_MESSAGES_FROM": ""})
    assert "set IVR_CALLS_FROM to a number of your account" in line


def test_the_number_of_workers_is_a_setting_too() -> None:
    with pytest.raises(IvrError, match=r"WEB_CONCURRENCY='many' is not a number of workers"):
        workers_from({"WEB_CONCURRENCY": "many"})


SERVE = {
    "a flow that is not there": (["nowhere.yaml", "--desk"], {}, "nowhere.yaml"),
    "no database": (["shop.yaml", "--desk", "--database", ""], {}, "set IVR_DATABASE_URL, or --database"),
    "a folder that is not there": (["shop.yaml", "--desk", "--database", "no/calls.sqlite"], {}, "no/calls.sqlite"),
    "an agents file that is not there": (["shop.yaml", "--desk", "--agents", "night.yaml"], {}, "night.yaml"),
    "nobody who answers": (["lonely.yaml", "--desk"], {}, "write into lonely.agents.yaml"),
    "everybody's address": (["shop.yaml", "--desk", "--host", "0.0.0.0"], {}, "set TWILIO_AUTH_TOKEN and --public-url"),
    "an address without a token": (
        ["shop.yaml", "--desk", "--public-url", "https://x.example"],
        {},
        "TWILIO_AUTH_TOKEN",
    ),
    "an address without TLS": (
        ["shop.yaml", "--desk", "--public-url", "http://x.example"],
        {**{name: GOOD[name] for name in ("TWILIO_AUTH_TOKEN", "TWILIO_ACCOUNT_SID", "IVR_CALLS_FROM")}},
        "begins with https://",
    ),
    "no account": (
        ["shop.yaml", "--desk", "--public-url", "https://x.example"],
        {"TWILIO_AUTH_TOKEN": "12345", "IVR_CALLS_FROM": "+14155550100"},
        "set TWILIO_ACCOUNT_SID",
    ),
    "a time that is none": (["shop.yaml", "--desk", "--at", "noon"], {}, "2026-11-23T10:00"),
    "a port that is none": (["shop.yaml", "--desk", "--port", "99999"], {}, "65535"),
    "a setting of the environment": (["shop.yaml", "--desk"], {"IVR_CALLS_FROM": "office"}, "+14155550100"),
}


@pytest.mark.parametrize(("arguments", "settings", "hint"), SERVE.values(), ids=SERVE)
def test_serve_with_a_desk_says_in_one_finding_what_to_set(
    tmp_path: Path, arguments: list[str], settings: dict[str, str], hint: str
) -> None:
    for name in ("shop.yaml", "lonely.yaml"):
        (tmp_path / name).write_text(LINE + "queues: {sales: {}, repairs: {}}\n", "utf-8")
    (tmp_path / "shop.agents.yaml").write_text(AGENTS, "utf-8")
    clean = {name: text for name, text in os.environ.items() if not name.startswith(("IVR_", "TWILIO_"))}
    done = subprocess.run(
        [sys.executable, "-m", "ivr", "serve", "--port", "0", *arguments],
        cwd=tmp_path,
        env=clean | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in (1, 2)
    assert done.stdout == ""
    assert len(re.findall(r"^(?:[^ ]+: )?error [A-Z][0-9]{3} ", done.stderr, re.MULTILINE)) == 1, done.stderr
    assert hint in " ".join(done.stderr.split()), done.stderr
    assert "Traceback" not in done.stderr
