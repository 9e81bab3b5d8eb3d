"""One row for each call, with what its visits to queues came to: for spreadsheets and notebooks."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ivr.records.schema import SCHEMA
from ivr.records.tables import Records, to_pandas

if TYPE_CHECKING:
    import pandas as pd

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


def call_rows(records: Records) -> pd.DataFrame:
    """Return the calls with what their visits came to.

    Parameters
    ----------
    records : Records

    Returns
    -------
    pandas.DataFrame
        The columns of ``calls``, then those of ``ADDED``. A call that joined no queue has no queue and no wait. Places
        kept for callbacks are not waits; the talk of a callback counts.

    Examples
    --------
    >>> from ivr.records.tables import empty
    >>> call_rows(empty()).columns[-4:].tolist()
    ['agent', 'group', 'talk_us', 'acw_us']
    """
    import pandas as pd

    calls = to_pandas(records, "calls")
    key = [name for name in ("replication", "call_id") if name in calls]
    visits = to_pandas(records, "visits").sort_values([*key, "seq"], kind="stable")
    visits["queue"] = visits["queue"].astype(object)
    visits["group"] = visits["group"].astype(object)
    visits["wait_us"] = (visits["left_us"] - visits["offered_us"]).where(~visits["called_back"], 0)
    joined = visits[~visits["called_back"]].groupby(key, sort=False)["queue"]
    of_call = visits.groupby(key, sort=False)
    added: dict[str, Any] = {
        "queues": joined.agg(" > ".join),
        "queue": joined.last(),
        "wait_us": of_call["wait_us"].sum().astype("Int64"),
        "agent": of_call["agent"].last().astype("Int64"),
        "group": of_call["group"].last(),
        "talk_us": of_call["talk_us"].sum().astype("Int64"),
        "acw_us": of_call["acw_us"].sum().astype("Int64"),
    }
    found = calls.join(pd.DataFrame(added), on=key)
    found.insert(len(SCHEMA["calls"]) + len(key) - 1, "arrived", _clock(records, calls))
    return found


def _clock(records: Records, calls: pd.DataFrame) -> pd.Series:
    """When each call arrived, as text in ISO 8601 with the offset of the zone."""
    import pandas as pd

    if records.begins_us is None:
        return pd.Series([None] * len(calls), index=calls.index, dtype=object)
    zone = ZoneInfo(records.zone or "UTC")
    begins = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=records.begins_us)
    moments = (begins + dt.timedelta(microseconds=int(at)) for at in calls["arrived_us"])
    return pd.Series([m.astimezone(zone).isoformat(timespec="seconds") for m in moments], index=calls.index)
