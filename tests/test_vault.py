"""Secrets travel masked; the value is known to every worker for an hour, and to nobody after it."""

from __future__ import annotations

import json
import logging
import re
import time

import pytest
import sqlalchemy as sa
from test_secrets import CANARIES, CARD, FLOW, NOON, PIN, SAID, Seen, hides
from web_carrier import PUBLIC, SECRET, TOKEN, Carrier, WebCall

from flows.protocol import Keys, Listen
from webhooks.app import create_app
from webhooks.config import Config
from webhooks.cursor import Seal
from webhooks.retention import keep_days
from webhooks.signature import Signature
from webhooks.store import Store
from webhooks.store.privacy import purge
from webhooks.vault import KEPT_S

LISTEN = Listen((), 19, "#", 5, 3, "en-US", sensitive=True)
SEAL = Seal((SECRET,))


class Worker:
    """One worker of a service."""

    def __init__(self, database: str) -> None:
        self.seen = Seen()
        self.app = create_app(Config(flow=FLOW, public_url=PUBLIC, auth_token=TOKEN, cursor_keys=(SECRET,), database=database,
                                     services=self.seen, clock=lambda: NOON))  # fmt: skip
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
    with worker.store.at_leisure() as connection:
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
    why: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
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
    assert f"CA{1:032x}: a secret is no longer known; lookups with it fail" in caplog.text
    assert not any(canary in caplog.text for canary in CANARIES)
    first.close()
    second.close()


def test_what_is_over_is_deleted(database: str) -> None:
    store = Store(database)
    store.keep_secret("a" * 22, f"CA{1:032x}", "sealed", 1_000)
    store.keep_secret("b" * 22, f"CA{1:032x}", "sealed", 3_000)
    assert (store.secret("a" * 22, 1_000), store.secret("a" * 22, 1_001)) == ("sealed", "")
    purge(store, keep_days(""), 2_000)
    assert (store.secret("a" * 22, 0), store.secret("b" * 22, 0)) == ("", "sealed")
    store.close()
