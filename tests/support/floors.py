"""A floor with a clock that tests set, and the people on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flows.values.units import US_PER_S
from ivr.answering.agents_file import AgentsFile
from ivr.answering.routing import table_of
from ivr.routing import GroupSpec, QueueSpec
from webhooks.dispatch.floor import Floor
from webhooks.dispatch.people import FixedPeople
from webhooks.dispatch.rows import WaitingRow, floor_rows
from webhooks.dispatch.times import FloorTimes
from webhooks.store import Store
from webhooks.store.floor_tables import ORDERS

__all__ = ["SetClock", "floor_of", "offered", "orders", "people_of", "row", "signed_in"]


@dataclass
class SetClock:
    """A clock that stands until it is moved."""

    now_us: int = 1_000 * US_PER_S

    def __call__(self) -> int:
        return self.now_us

    def pass_s(self, seconds: float) -> None:
        self.now_us += round(seconds * US_PER_S)


def people_of(agents: dict[str, Any] | None = None, queues: tuple[str, ...] = ("billing",), **more: Any) -> FixedPeople:
    """Ana and Ben answer billing in that order of the file, unless others are named."""
    everybody = agents or {
        "ana": {"name": "Ana", "group": "office", "phone": "+12125550101"},
        "ben": {"name": "Ben", "group": "office", "phone": "+12125550102"},
    }
    groups = more.pop("groups", {"office": {"skills": list(queues)}})
    file = AgentsFile.model_validate({"groups": groups, "agents": everybody, **more})
    skills = file.skills_by_group()
    specs = [QueueSpec(queue, (queue,)) for queue in queues]
    return FixedPeople(file, table_of(file.routing, specs, [GroupSpec(name, of) for name, of in skills.items()]))


@contextmanager
def floor_of(
    database: str, people: FixedPeople | None = None, clock: SetClock | None = None, **times: Any
) -> Iterator[Floor]:
    """A floor on a database."""
    store = Store(database)
    try:
        yield Floor(store, people or people_of(), clock or SetClock(), FloorTimes(**times))
    finally:
        store.close()


def orders(floor: Floor, *states: str) -> list[tuple[str, str]]:
    """What is asked of the carrier, and whom it is about; what is planned, unless other states are named."""
    with floor_rows(floor.store) as rows:
        found = rows.all(ORDERS, ORDERS.c.state.in_(states or ("planned",)))
    details = [(one["what"], json.loads(one["details"])) for one in found]
    return [(what, about.get("to") or about["call_sid"]) for what, about in details]


def signed_in(floor: Floor, clock: SetClock, *agents: str) -> None:
    """Agents who become ready one second after the other."""
    for agent in agents:
        floor.sign_in(agent)
        floor.ready(agent)
        clock.pass_s(1)


def offered(floor: Floor, clock: SetClock, *agents: str) -> str:
    """The offer of one call to the first of these agents, who are signed in."""
    signed_in(floor, clock, *agents)
    floor.call_waits(row("CA1", clock))
    (offer,) = floor.dispatch()
    return offer


def row(call_sid: str, clock: SetClock, queue: str = "billing", **more: Any) -> WaitingRow:
    """A call that joins a queue now."""
    now_us = clock()
    return WaitingRow(
        call_sid, queue, **{"began_us": now_us, "joined_us": now_us, "queue_sid": "QU1", "continues": "C", **more}
    )
