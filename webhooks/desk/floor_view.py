"""What supervisors see: everybody's state, the queues and their calls, and how the line does today."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flows.model.flow import Flow
from webhooks.desk.audit import audited
from webhooks.desk.people import People
from webhooks.desk.switches import Switches
from webhooks.desk.today import Today
from webhooks.desk.view import View, midnight_us
from webhooks.dispatch.floor import Floor
from webhooks.dispatch.views import AgentNow
from webhooks.store import Store

__all__ = ["FloorView"]


class FloorView:
    """What the floor of one line looks like.

    Parameters
    ----------
    flow : callable
        Gives the line.
    store : Store
    people : People
    floor : Floor
    view : View
        That of its agents.
    switches : Switches
    """

    def __init__(
        self,
        flow: Callable[[], Flow],
        store: Store,
        people: People,
        floor: Floor,
        view: View,
        switches: Switches,
    ) -> None:
        self._switches = switches
        self._flow, self._store, self._people, self._floor, self._view = flow, store, people, floor, view
        self._today = Today(flow, store)

    def now(self) -> dict[str, Any]:
        """The floor as it is now, JSON-ready; raises what the database raises."""
        waiting, now_us, people = self._floor.waiting_now(), self._floor.now_us, self._floor.people.agents
        return {
            "now_us": now_us,
            "agents": [
                _agent(one, people.agents[one.agent].role, one.agent in self._people.added)
                for one in self._floor.agents_now()
            ],
            "queues": self._view.queues(waiting),
            "waiting": [
                {
                    "call_sid": one.call_sid,
                    "queue": one.queue,
                    "kind": one.kind,
                    "language": one.language,
                    "joined_us": one.joined_us,
                    "caller": one.told.get("name") or one.told.get("caller") or "",
                    "agent": people.agents[one.agent].name if one.agent in people.agents else "",
                }
                for one in waiting
            ],
            "today": self._today.measures(midnight_us(self._flow(), now_us), now_us),
            "switches": self._switches.rows(),
            "audit": [
                {"at_us": row["at_us"], "agent": row["agent"], "what": row["what"], "about": row["about"] or ""}
                for row in audited(self._store, 20)
            ],
        }


def _agent(one: AgentNow, role: str, added: bool) -> dict[str, Any]:
    return {
        "agent": one.agent,
        "name": one.name,
        "group": one.group,
        "role": role,
        "added": added,
        "state": one.state.state,
        "reason": one.state.reason,
        "since_us": one.state.since_us,
        "until_us": one.state.until_us,
        "calls": one.state.calls,
        "queue": one.offer.queue if one.offer else "",
    }
