"""An agent passes a caller on: to a queue, a colleague or a number; at once (cold), or after asking there (warm)."""

from __future__ import annotations

import json

from flows.values.addresses import sip_fault
from flows.values.caller_numbers import is_dialled
from ivr.answering.agents_file import AgentsFile
from ivr.routing import RoutingTable
from webhooks.dispatch import guests
from webhooks.dispatch.calls import draw_of
from webhooks.dispatch.offers import over
from webhooks.dispatch.people import People
from webhooks.dispatch.rows import Offer, Rows, WaitingRow

__all__ = ["KINDS", "transfer"]

KINDS = ("cold", "warm")


def transfer(rows: Rows, offer: Offer, to: str, kind: str, people: People, wrap_up_us: int, now_us: int) -> bool:
    """Pass the caller of a connected offer on; False if that cannot be done.

    Parameters
    ----------
    rows : Rows
    offer : Offer
    to : str
        A queue, an agent, or a number with its country code or ``sip:…``.
    kind : str
        One of `KINDS`.
    people : People
    wrap_up_us, now_us : int
    """
    call = rows.call(offer.call_sid)
    if offer.state != "connected" or call is None or kind not in KINDS:
        return False
    queue, only = _where(people.agents, people.table, to, call["queue"])
    if not queue:
        return _to_number(rows, offer, to, kind, wrap_up_us, now_us)
    told = {**json.loads(call["told"] or "{}"), "from": offer.agent, "from_queue": offer.queue}
    told = {**told, "only": only} if only else {key: value for key, value in told.items() if key != "only"}
    if kind == "warm":
        asked = rows.call(offer.offer)
        if asked is not None and asked["state"] != "left":
            return False
        consult = WaitingRow(
            offer.offer,
            queue,
            call["began_us"],
            now_us,
            visit=call["visit"],
            urgency=call["urgency"],
            language=call["language"] or "",
            told=told,
            kind="consult",
        )
        rows.put_call(consult, since_us=now_us, draw=draw_of(offer.offer), now_us=now_us)
        return True
    over(rows, offer, wrap_up_us, now_us)
    rows.change_call(
        offer.call_sid,
        state="waiting",
        queue=queue,
        joined_us=now_us,
        since_us=now_us,
        left_us=None,
        until_us=None,
        told=json.dumps(told, ensure_ascii=False),
    )
    details = {"call_sid": offer.call_sid, "path": "/transfer", "offer": offer.offer}
    rows.order("move", details, offer=offer.offer, now_us=now_us)
    return True


def _to_number(rows: Rows, offer: Offer, to: str, kind: str, wrap_up_us: int, now_us: int) -> bool:
    if not (is_dialled(to) or (to.startswith("sip:") and not sip_fault(to))):
        return False
    if kind == "warm":
        return guests.ask(rows, offer, to, now_us)
    over(rows, offer, wrap_up_us, now_us)
    call = rows.call(offer.call_sid)
    told = {**json.loads((call or {}).get("told") or "{}"), "to": to}
    rows.change_call(offer.call_sid, state="left", left_us=now_us, told=json.dumps(told, ensure_ascii=False))
    details = {"call_sid": offer.call_sid, "path": "/transfer", "offer": offer.offer}
    rows.order("move", details, offer=offer.offer, now_us=now_us)
    return True


def _where(agents: AgentsFile, table: RoutingTable, to: str, queue: str) -> tuple[str, str]:
    """The queue that the caller joins, and the only agent for it; empty if it is for any."""
    if to in table.queues:
        return to, ""
    if to not in agents.agents:
        return "", ""
    group = agents.group_of(to)
    served = [q for q in table.queues if group in table.groups and _rank(table, q, group) is not None]
    if not served:
        return "", ""
    return (queue if queue in served else min(served, key=lambda q: _rank(table, q, group) or 0)), to


def _rank(table: RoutingTable, queue: str, group: str) -> int | None:
    return table.rank[table.queues.index(queue)][table.groups.index(group)]
