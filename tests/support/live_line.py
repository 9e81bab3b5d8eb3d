"""A line for live calls, its database, and calls whose every event happens at a known second."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import sqlalchemy as sa

from flows.model.load import load_text
from flows.protocol.actions import Keys, Outcome, Start
from ivr.interpreter.clock_and_chance import advance
from ivr.interpreter.session import Session
from tests.support.web_carrier import Carrier, WebCall
from webhooks.records.journal import Journal
from webhooks.service.app import create_app
from webhooks.settings.config import Config
from webhooks.store import Store

FLOW = load_text("""
ivr: 1
name: Line
start: hello
keys: {0: agent}
hours: {office: {zone: UTC, mon-fri: "08:00-20:00"}}
nodes:
  hello: {type: play, say: "Hello.", next: main}
  main:
    type: menu
    choices: [{key: 1, label: your card, next: card}, {key: 2, label: hours, next: office}]
    otherwise: bye
  card: {type: collect, say: "Your card number.", into: card, digits: 16, sensitive: true, next: served, otherwise: bye}
  served: {type: play, say: "Thank you.", serves: true, next: main}
  office: {type: hours, hours: office, on: {open: agent, closed: bye}}
  agent:
    type: queue
    queue: sales
    max_wait: 10m
    announce: {expected_wait: true}
    while_waiting: {pound: message, 5: bye}
    on: {timeout: message, full: second, closed: bye}
  second: {type: queue, queue: overflow}
  message: {type: voicemail, box: sales, next: bye}
  bye: {type: hangup, say: "Goodbye."}
queues: {sales: {}, overflow: {}}
""").flow
NINE = dt.datetime(2026, 11, 24, 9, 0, 0, tzinfo=dt.UTC)


class Line:
    """A service on a database, and its clock."""

    def __init__(self, database: Path | str, flow: object = FLOW, **settings: object) -> None:
        self.now = NINE
        self.database = str(database)
        self.app = create_app(
            Config(flow=flow, development=True, database=self.database, clock=lambda: self.now, **settings)
        )  # type: ignore[arg-type]
        self.journal: Journal = self.app.extensions["ivr"]["journal"]
        self.store: Store = self.app.extensions["ivr"]["store"]
        self.carrier = Carrier(self.app, None)

    def call(self, number: int = 1, ani: str = "+14155550123") -> LiveCall:
        return LiveCall(self, f"CA{number:032x}", ani)

    def tables(self) -> dict[str, list[dict[str, object]]]:
        assert self.journal.flush()
        return {name: [dict(row) for row in rows] for name, rows in self.store.rows().items()}


class LiveCall:
    """A call whose every event happens a given number of seconds after the last one."""

    def __init__(self, line: Line, call_sid: str, ani: str) -> None:
        self.line = line
        self.web = WebCall(line.carrier, call_sid, ani=ani)
        self.web.dial()
        self.session, self.actions = advance(
            FLOW, Session(), Start(self.web.form["From"], self.web.form["To"]), line.now
        )

    def then(self, seconds: float, event: object) -> LiveCall:
        self.line.now += dt.timedelta(seconds=seconds)
        self.web.send(self.actions[-1], event)  # type: ignore[arg-type]
        self.session, self.actions = advance(FLOW, self.session, event, self.line.now)  # type: ignore[arg-type]
        return self


def whole_call(line: Line, number: int = 1) -> None:
    """The carrier checks every answer: 200, and a document that Twilio accepts."""
    line.call(number).then(5, Keys("1")).then(5, Keys("4111111111111111")).then(5, Keys("0")).then(
        5, Outcome("key #")
    ).then(9, Outcome("recorded"))


def dump(line: Line) -> str:
    """Everything the database holds: every cell, and every byte of a file."""
    with line.store.transaction() as database:
        tables = sa.inspect(database).get_table_names()
        cells = "".join(str(database.execute(sa.text(f"select * from {name}")).all()) for name in tables)
    assert {"calls", "effects", "audit"} <= set(tables)
    files = (
        []
        if "://" in line.database
        else [file.read_bytes().decode("latin-1") for file in Path(line.database).parent.iterdir()]
    )
    return cells + "".join(files)
