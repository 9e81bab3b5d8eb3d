"""A desk on a free port: a shop with two queues, whose callers a test makes by hand, and helpers for its pages."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from flows.model.load import load_text
from tests.support.browser_phone import listening
from tests.support.empty_database import empty_database
from tests.support.small_shop import AGENTS, LINE
from webhooks.desk.desk import Desk, desk
from webhooks.desk.number_in_hand import NumberInHand
from webhooks.desk.people import People
from webhooks.dispatch.floor import Floor
from webhooks.dispatch.rows import WaitingRow
from webhooks.store import Store
from webhooks.store.tables import CALLS, STEPS

PEOPLE = AGENTS.replace(
    '  ana: {name: Ana, group: counter, phone: "+14155550101"}',
    '  ana: {name: Ana Ruiz, group: counter, phone: "+14155550101"}\n'
    "  sue: {name: Sue Park, group: counter, browser: true, role: admin}",
)
HOSTILE = "<img src=x onerror=alert(1)>"


@dataclass
class Shop:
    """A desk that runs, and what happens on its floor."""

    app: Flask
    store: Store
    people: People
    floor: Floor
    address: str = ""

    def caller(self, sid: str, *, queue: str = "sales", name: str = "", waited_s: float = 40.0) -> None:
        """Somebody has gone through the menu and waits."""
        now_us = time.time_ns() // 1_000
        joined_us = now_us - round(waited_s * 1e6)
        arrived_us = joined_us - 20_000_000
        call = {
            "call_sid": sid,
            "arrived_us": arrived_us,
            "zero_out": False,
            "attempt": 1,
            "last_us": joined_us,
            "seq": 2,
            "language": "en-US",
            "caller": "0" * 32,
            "caller_shown": "•••••••••123",
        }
        step = {
            "call_sid": sid,
            "seq": 1,
            "node": "main",
            "outcome": "1" if queue == "sales" else "2",
            "at_us": joined_us,
        }
        with self.store.transaction() as connection:
            connection.execute(sa.insert(CALLS), [call])
            connection.execute(sa.insert(STEPS), [step])
        told = {"name": name, "caller": "•••••••••123", "values": {"order": HOSTILE, "card": "••••••"}}
        self.floor.call_waits(
            WaitingRow(sid, queue, arrived_us, joined_us, language="en-US", told=told, queue_sid="QU1")
        )

    def offered(self) -> str:
        """The dispatcher offers what waits; the offer, which rings."""
        (offer,) = self.floor.dispatch()
        self.floor.offer_rings(offer, f"CA{offer[:8]}")
        return offer

    def taken(self, offer: str) -> None:
        """The agent picks up, presses 1, and has the caller."""
        self.floor.offer_answered(offer)
        assert self.floor.offer_accepted(offer)
        self.floor.offer_connected(offer)


def shop(
    folder: Path,
    *,
    public_url: str = "",
    people: str = PEOPLE,
    held_s: float = 20.0,
    numbers: NumberInHand | None = None,
    notice: str = "",
) -> Shop:
    """A desk without an address."""
    (folder / "shop.agents.yaml").write_text(people, "utf-8")
    flow = load_text(f"{LINE}switches: {{storm: {{}}}}\n", "shop.yaml").flow
    store = empty_database(folder / "calls.db")
    known = People(flow, folder / "shop.agents.yaml", store)
    floor = Floor(store, known)
    app = Flask("shop", static_folder=None)
    app.register_blueprint(
        desk(
            Desk(
                lambda: flow,
                store,
                known,
                floor,
                public_url,
                held_s,
                numbers=numbers or NumberInHand(),
                notice=lambda: notice,
            )
        )
    )
    return Shop(app, store, known, floor)


@contextmanager
def serving(folder: Path) -> Iterator[Shop]:
    """A desk on this machine, without passwords."""
    made = shop(folder)
    try:
        with listening(made.app) as address:
            made.address = address
            yield made
    finally:
        made.store.close()


def signed_in(local: Shop, name: str) -> FlaskClient:
    """A browser in which somebody has signed in without a password."""
    client = local.app.test_client()
    page = client.get("/desk/sign-in").get_data(as_text=True)
    token = page.partition('name="csrf" value="')[2].partition('"')[0]
    client.post("/desk/sign-in", data={"name": name, "csrf": token})
    client.environ_base["HTTP_X_CSRF"] = (
        client.get("/desk").get_data(as_text=True).partition('csrf" content="')[2].partition('"')[0]
    )
    return client


def told(client: FlaskClient, address: str = "/desk/events") -> dict[str, Any]:
    """What a page is told first."""
    text = client.get(address).get_data(as_text=True)
    (data,) = (line.removeprefix("data: ") for line in text.splitlines() if line.startswith("data: "))
    state: dict[str, Any] = json.loads(data)
    return state
