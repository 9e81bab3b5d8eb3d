"""Secrets travel masked; the value is known to every worker for an hour, and to none afterwards."""

from __future__ import annotations

import json
import logging
import re
import time

import pytest
import sqlalchemy as sa

from flows.model.load import load_text
from flows.protocol.actions import Effect, Fetch, Keys, Listen, Outcome, Send
from tests.support.secret_canaries import CANARIES, CARD, FLOW, NOON, PIN, SAID, Seen, hides
from tests.support.web_carrier import IN_PUBLIC, PUBLIC, SECRET, TOKEN, Carrier, WebCall
from webhooks.security.sealed_cursor import Seal
from webhooks.service.app import create_app
from webhooks.settings.config import Config
from webhooks.settings.retention import keep_days
from webhooks.store import Store
from webhooks.store.privacy import purge
from webhooks.turn.secret_vault import KEPT_S
from webhooks.twilio.signature import Signature

LISTEN = Listen((), 19, "#", 5, 3, "en-US", sensitive=True)
SEAL = Seal((SECRET,))


class Worker:
    """One worker of a service."""

    def __init__(self, database: str) -> None:
        self.seen = Seen()
        self.app = create_app(Config(flow=FLOW, **IN_PUBLIC, database=database, services=self.seen, clock=lambda: NOON))
        self.carrier = Carrier(self.app, Signature(TOKEN, PUBLIC))
        self.store: Store | None = self.app.extensions["ivr"]["store"]

    def close(self) -> None:
        if self.store:
            self.app.extensions["ivr"]["journal"].flush()
            self.store.close()


def passed_on(first: Worker, second: Worker) -> WebCall:
    """A call whose card number one worker hears, and whose PIN another."""
    call = WebCall(first.carrier, f"CA{1:032x}")
    call.dial()
    call.send(LISTEN, Keys(CARD))
    call.transport.wsgi = second.carrier.wsgi
    call.send(LISTEN, Keys("1"))
    call.send(LISTEN, Keys(PIN))
    return call


def test_an_address_holds_the_mask_alone_whoever_has_the_key(database: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    worker = Worker(database)
    call = WebCall(worker.carrier, f"CA{1:032x}")
    call.dial()
    call.send(LISTEN, Keys(CARD))
    sealed = call.attribute("Gather", "action").partition("c=")[2].partition("#")[0]
    values = dict(SEAL.open(sealed, f"CA{1:032x}").session.values)
    assert re.fullmatch("\x1a[A-Za-z0-9_-]{22}••••••••••••••81", values["card"])
    assert worker.store
    with worker.store.transaction() as connection:
        rows = connection.execute(sa.text("select handle, call_sid, sealed from secrets")).all()
    assert [(handle, sid) for handle, sid, _ in rows] == [(values["card"][1:23], f"CA{1:032x}")]
    assert hides(str(rows) + caplog.text + str(values))
    worker.close()


def test_another_worker_knows_the_value(database: str) -> None:
    first, second = Worker(database), Worker(database)
    call = passed_on(first, second)
    assert json.loads(second.seen.effects[0].body) == {"card": CARD, "pin": PIN, "copied": f"Card {CARD}"}  # type: ignore[union-attr]
    assert SAID.removesuffix(" Goodbye.") in call.document.decode()
    first.close()
    second.close()


@pytest.mark.parametrize("why", ["an hour has passed", "no database"])
def test_a_value_that_is_no_longer_known_is_asked_of_nobody(
    why: str,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    database = str(tmp_path_factory.mktemp("kept") / "calls.sqlite") if why != "no database" else ""
    first, second = Worker(database), Worker(database)
    call = WebCall(first.carrier, f"CA{1:032x}")
    call.dial()
    call.send(LISTEN, Keys(CARD))
    if database:
        later = time.time() + KEPT_S + 1
        for worker in (first, second):
            worker.app.extensions["ivr"]["line"]._vault._clock_s = lambda: later
    call.transport.wsgi = second.carrier.wsgi
    call.send(LISTEN, Keys("1"))
    call.send(LISTEN, Keys(PIN))
    assert second.seen.effects == []
    assert b"Goodbye." in call.document  # the node's `failure`
    assert f"CA{1:032x}: a secret is no longer known; what needs it fails" in caplog.text
    assert f"CA{1:032x} check: not done: a secret that it needs is no longer known" in caplog.text
    assert not any(canary in caplog.text for canary in CANARIES)
    first.close()
    second.close()


BULLETS = """
ivr: 1
name: Bullets
start: card
keys: {0: bye}
nodes:
  card: {type: collect, say: Your card number?, into: card, digits: 12-19, sensitive: true, otherwise: bye, next: pause}
  pause: {type: collect, say: Your year?, into: year, digits: 4, otherwise: bye, next: copy}
  copy: {type: set, values: {groups: "{card:digits}"}, next: ask}
  ask:
    type: lookup
    url: https://shop.example.com/hours
    into: {hours: hours, code: code}
    sensitive: [code]
    on: {found: text}
    failure: bye
  text: {type: message, text: "• {hours} {card}", on: {failed: bye}, next: use}
  use: {type: lookup, method: POST, url: https://shop.example.com/use, body: {"•": "{hours}", code: "{code}"},
        on: {found: last}, failure: bye}
  last: {type: lookup, method: POST, url: https://shop.example.com/last, body: {NEEDED}, on: {found: bye}, failure: bye}
  bye: {type: hangup, say: Goodbye.}
"""
HOURS, CODE = "• Mon-Fri", "•7•• 42"


class Shop(Seen):
    """Answers with bullets, one of them within a secret."""

    def perform(self, effect: Effect, *, call_sid: str, seq: int, seconds: float) -> Outcome:
        self.effects.append(effect)
        return Outcome("found", {"hours": HOURS, "code": CODE}) if effect.name == "ask" else Outcome(effect.labels[0])


@pytest.mark.parametrize(
    ("known", "needed", "done"),
    [
        (True, '"{card}"', ["ask", "text", "use", "last"]),
        (False, '"{card}"', ["ask", "text", "use"]),
        (False, '"{groups}"', ["ask", "text", "use"]),  # digits one by one: of a mask, the last two alone
        (False, '"{year}"', ["ask", "text", "use", "last"]),
    ],
)
def test_a_bullet_is_no_mask(known: bool, needed: str, done: list[str], caplog: pytest.LogCaptureFixture) -> None:
    flow = load_text(BULLETS.replace("NEEDED", f"needed: {needed}")).flow
    shops = []
    carriers = []
    for _ in range(2):
        shops.append(Shop())
        app = create_app(Config(flow=flow, **IN_PUBLIC, services=shops[-1], clock=lambda: NOON))
        carriers.append(Carrier(app, Signature(TOKEN, PUBLIC)))
    call = WebCall(carriers[0], f"CA{1:032x}")
    call.dial()
    call.send(LISTEN, Keys(CARD))
    if not known:
        call.transport.wsgi = carriers[1].wsgi
    call.send(LISTEN, Keys("1984"))
    asked = shops[0 if known else 1].effects
    assert [effect.name for effect in asked] == done
    _, text, use = asked[:3]
    assert isinstance(text, Send)
    assert isinstance(use, Fetch)
    assert text.text == f"• {HOURS} a number ending in 8 1"
    assert json.loads(use.body) == {"•": HOURS, "code": CODE}
    assert (f"CA{1:032x} last: not done: a secret that it needs is no longer known" in caplog.text) == (
        "last" not in done
    )
    assert CARD not in caplog.text


def test_what_is_over_is_deleted(database: str) -> None:
    store = Store(database)
    store.keep_secret("a" * 22, f"CA{1:032x}", "sealed", 1_000)
    store.keep_secret("b" * 22, f"CA{1:032x}", "sealed", 3_000)
    assert (store.secret("a" * 22, 1_000), store.secret("a" * 22, 1_001)) == ("sealed", "")
    purge(store, keep_days(""), 2_000)
    assert (store.secret("a" * 22, 0), store.secret("b" * 22, 0)) == ("", "sealed")
    store.close()
