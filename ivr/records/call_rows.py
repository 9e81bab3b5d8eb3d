"""One row for each call, with what its visits to queues came to: for spreadsheets and notebooks."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np

from ivr.records.cells import Cell, as_cells
from ivr.records.schema import NONE
from ivr.records.tables import Records, columns_of
from ivr.records.visits import call_keys

__all__ = ["ADDED", "call_rows"]

ADDED = {
    "arrived": "When the call arrived, on the clock of the line; missing if the records have no date.",
    "queues": "The queues that the caller joined, in order, separated by ' > '.",
    "queue": "The last of them.",
    "wait_us": "How long the caller waited in queues, all waits together.",
    "agent": "The last agent who answered.",
    "group": "The group of that agent.",
    "talk_us": "Talk time, all agents together.",
    "acw_us": "After-call work, all agents together.",
}
"""The columns that are added to those of the table ``calls``, and what they mean."""


def call_rows(records: Records) -> dict[str, list[Cell]]:
    """Return the calls with what their visits came to, as columns.

    Parameters
    ----------
    records : Records

    Returns
    -------
    dict of str to list
        The columns of ``calls``, then those of ``ADDED``; None where a value does not apply. A call that joined no
        queue has no queue and no wait. Places kept for callbacks are not waits; the talk of a callback counts.

    Examples
    --------
    >>> from ivr.records.tables import empty
    >>> list(call_rows(empty()))[-4:]
    ['agent', 'group', 'talk_us', 'acw_us']
    """
    calls = records.calls
    found = {c.name: as_cells(c, calls[c.name], records.names) for c in columns_of("calls", calls)}
    number = len(calls["call_id"])
    added: dict[str, list[Cell]] = {name: [None] * number for name in ADDED}
    added["arrived"] = _clock(records)
    row_of = dict(zip(call_keys(calls).tolist(), range(number), strict=True))
    visits = records.visits
    order = np.lexsort((visits["seq"], call_keys(visits)))
    keys = call_keys(visits)[order].tolist()
    rows = zip(*(visits[name][order].tolist() for name in _OF_VISITS), strict=True)
    queues, groups = records.names["queue"], records.names["group"]
    for key, (queue, offered_us, left_us, agent, group, talk_us, acw_us, called_back) in zip(keys, rows, strict=True):
        i = row_of[key]
        if not called_back:
            before = added["queues"][i]
            added["queue"][i] = queues[queue]
            added["queues"][i] = f"{before} > {queues[queue]}" if before else queues[queue]
        if agent != NONE:
            added["agent"][i] = agent
            added["group"][i] = groups[group] if group != NONE else None
        for name, us in (
            ("wait_us", 0 if called_back else left_us - offered_us),
            ("talk_us", talk_us),
            ("acw_us", acw_us),
        ):
            added[name][i] = int(added[name][i] or 0) + us
    return {**found, **added}


_OF_VISITS = ("queue", "offered_us", "left_us", "agent", "group", "talk_us", "acw_us", "called_back")


def _clock(records: Records) -> list[Cell]:
    """When each call arrived, as text in ISO 8601 with the offset of the zone."""
    arrived: list[int] = records.calls["arrived_us"].tolist()
    if records.begins_us is None:
        return [None] * len(arrived)
    zone = ZoneInfo(records.zone or "UTC")
    begins = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=records.begins_us)
    moments = (begins + dt.timedelta(microseconds=at) for at in arrived)
    return [moment.astimezone(zone).isoformat(timespec="seconds") for moment in moments]
