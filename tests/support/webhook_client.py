"""A line ready for calls, and a client that posts to it like a carrier, unsigned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from flows.model.load import load_text
from webhooks.service.app import create_app
from webhooks.settings.config import Config

FLOW = load_text("""
ivr: 1
name: Line
languages: [en-US, es-US]
start: open
hours: {office: {zone: UTC, mon-fri: "08:00-20:00"}}
keys: {0: agent}
nodes:
  open: {type: hours, hours: office, on: {open: main, closed: message}}
  main:
    type: menu
    choices:
      - {key: 1, label: sales, phrases: [buy], next: agent}
      - {key: 2, label: your account, next: account}
      - {key: 3, label: the shop, next: shop}
    otherwise: bye
  account:
    type: collect
    say: "Your card number, please."
    into: card
    digits: 16
    sensitive: true
    next: told
    otherwise: bye
  told: {type: play, say: "Thank you, {card}.", serves: true, next: bye}
  agent:
    type: queue
    queue: sales
    max_wait: 10m
    announce: {say: "Thank you for waiting.", position: true, expected_wait: true, every: 30s}
    while_waiting: {pound: message, 5: bye}
    on: {timeout: message, full: message, closed: message}
  shop: {type: dial, number: "+12125550143", otherwise: message}
  message: {type: voicemail, box: sales, say: "Leave a message.", next: bye, otherwise: bye}
  bye: {type: hangup, say: "Goodbye."}
queues: {sales: {}}
""").flow
OPEN = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
CALL = {"CallSid": "CA" + "1" * 32, "AccountSid": "AC1", "From": "+14155550123", "To": "+18005550100"}


def client(**settings: Any) -> FlaskClient:
    """A service for this machine, unsigned."""
    return create_app(Config(**{"flow": FLOW, "development": True, "clock": lambda: OPEN} | settings)).test_client()


def post(to: FlaskClient, url: str, form: Mapping[str, str] | None = None, **more: str) -> TestResponse:
    return to.post(url, data={**CALL, "CallStatus": "in-progress", **(form or {}), **more})
