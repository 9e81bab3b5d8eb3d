"""What the floor adds to the records of a live line: who answered which visit, for how long, and who was on duty.

The floor keeps facts of its own (offers, and every change of an agent's state), so nothing here is written twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = ["Stretch", "handled_at_last", "stretches", "talks_over_us", "with_talks"]

Row = Mapping[str, Any]
Stretch = dict[str, Any]
"""Time on duty without a pause: agent, group, on_us, off_us, busy_us, wrap_us."""
_TAKEN = ("accepted", "connected", "ended")
_BUSY = ("offered", "talking")
_DUTY = ("ready", *_BUSY, "wrap_up")


def talks_over_us(offers: Iterable[Row]) -> dict[str, int]:
    """By call, when its last talk was over, as far as it is."""
    over: dict[str, int] = {}
    for offer in offers:
        if offer["state"] in _TAKEN:
            sid, at_us = offer["call_sid"], offer["ended_us"] or offer["accepted_us"]
            over[sid] = max(over.get(sid, 0), at_us)
    return over


def handled_at_last(visits: Sequence[Row]) -> set[str]:
    """The calls of which an agent had the last visit, of those that `with_talks` gives."""
    last: dict[str, Row] = {}
    for row in visits:
        if row["call_sid"] not in last or row["seq"] > last[row["call_sid"]]["seq"]:
            last[row["call_sid"]] = row
    return {sid for sid, row in last.items() if row.get("answered_us") is not None}


def with_talks(visits: Sequence[Row], offers: Sequence[Row], waiting: Sequence[Row]) -> list[Row]:
    """The visits with what the floor knows of them; a caller who was passed on makes a visit for each agent.

    Parameters
    ----------
    visits, offers, waiting : sequence of mapping
        Rows of these tables.

    Returns
    -------
    list of mapping
        Those that an agent of the floor took have `answered_us`, `over_us`, `wrapped_us`, `agent` and `group` too.
    """
    taken: defaultdict[tuple[str, int], list[Row]] = defaultdict(list)
    for offer in sorted(offers, key=lambda one: (one["accepted_us"] or 0, one["offer"])):
        if offer["state"] in _TAKEN:
            taken[offer["call_sid"], offer["visit"]].append(offer)
    if not taken:
        return list(visits)
    waits = {row["call_sid"]: row for row in waiting}
    by_call: defaultdict[str, list[Row]] = defaultdict(list)
    for row in sorted(visits, key=lambda one: (one["call_sid"], one["seq"])):
        talks = taken.get((row["call_sid"], row["seq"]), [])
        here = by_call[row["call_sid"]]
        here += [_talk(row, talk, talks[i - 1] if i else None) for i, talk in enumerate(talks)] or [row]
        if talks:
            here += _in_vain(row, talks[-1], waits.get(row["call_sid"]))
    return [{**row, "seq": seq} for rows in by_call.values() for seq, row in enumerate(rows)]


def _talk(visit: Row, talk: Row, before: Row | None) -> Row:
    """A visit that an agent took: the first one of a call, or the one that follows a transfer."""
    joined_us = visit["offered_us"] if before is None else before["ended_us"] or talk["made_us"]
    return {
        **visit,
        "queue": talk["queue"],
        "offered_us": min(joined_us, talk["accepted_us"]),
        "left_us": talk["accepted_us"],
        "result": "handled",
        "waited_us": None,
        "announced_wait_us": visit["announced_wait_us"] if before is None else None,
        "answered_us": talk["accepted_us"],
        "over_us": talk["ended_us"],
        "wrapped_us": talk["wrapped_us"],
        "agent": talk["agent"],
        "group": talk["grouped"],
    }


def _in_vain(visit: Row, talk: Row, waits: Row | None) -> list[Row]:
    """The visit of a caller who was passed on, and left before anybody took the call."""
    if waits is None or waits["visit"] != visit["seq"] or waits["state"] != "left" or talk["ended_us"] is None:
        return []
    if waits["joined_us"] < talk["ended_us"] or waits["left_us"] is None or waits["queue"] == "":
        return []
    return [
        {
            **visit,
            "queue": waits["queue"],
            "offered_us": waits["joined_us"],
            "left_us": waits["left_us"],
            "result": "abandoned",
            "waited_us": None,
            "announced_wait_us": None,
        }
    ]


def stretches(log: Sequence[Row], until_us: int) -> list[Stretch]:
    """Every stretch of duty in the log of the agents' states; those that last are cut at `until_us`.

    Examples
    --------
    >>> row = {"agent": "ana", "grouped": "office", "reason": None}
    >>> log = [{**row, "state": state, "at_us": at} for state, at in (("ready", 5), ("talking", 20), ("paused", 50))]
    >>> stretches(log, 90)
    [{'agent': 'ana', 'group': 'office', 'on_us': 5, 'off_us': 50, 'busy_us': 30, 'wrap_us': 0}]
    """
    found: list[Stretch] = []
    by_agent: defaultdict[str, list[Row]] = defaultdict(list)
    for row in log:
        by_agent[row["agent"]].append(row)
    for agent, rows in by_agent.items():
        open_one: Stretch | None = None
        ends = [row["at_us"] for row in rows[1:]] + [max(until_us, rows[-1]["at_us"])]
        for row, end_us in zip(rows, ends, strict=True):
            if row["state"] not in _DUTY:
                open_one = None
                continue
            if open_one is None:
                on_us = row["at_us"]
                open_one = {"agent": agent, "group": row["grouped"] or "", "on_us": on_us, "off_us": on_us}
                open_one |= {"busy_us": 0, "wrap_us": 0}
                found.append(open_one)
            length_us = end_us - row["at_us"]
            open_one["off_us"] = end_us
            open_one["busy_us"] += length_us if row["state"] in _BUSY else 0
            open_one["wrap_us"] += length_us if row["state"] == "wrap_up" else 0
    return sorted(found, key=lambda one: (one["on_us"], one["agent"]))
