"""A part of records: the calls of a period, or those that joined certain queues."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ivr.records.columns import ColumnArray, Columns
from ivr.records.tables import Records, empty_table
from ivr.records.visits import call_keys

__all__ = ["between", "of_queues", "of_replication"]

_MOMENTS = {
    "calls": ("arrived_us", "ended_us"),
    "visits": ("offered_us", "answered_us", "left_us"),
    "steps": ("at_us",),
}


def between(records: Records, from_us: int, to_us: int) -> Records:
    """The calls that arrived in a period, with everything that followed from them; times count from its beginning.

    Agents have no time on duty, because what they did for other calls is no longer known.

    Parameters
    ----------
    records : Records
    from_us, to_us : int
        The period [from, to), microseconds from the beginning of the records; it may reach beyond them.

    Raises
    ------
    ValueError
        When the period ends before it begins.

    Examples
    --------
    >>> from ivr.records.tables import empty
    >>> between(empty(horizon_us=10), 4, 8).horizon_us
    4
    """
    if from_us >= to_us:
        raise ValueError(f"a period from {from_us} to {to_us} us; it must end after it begins")
    arrived = records.calls["arrived_us"]
    kept = _of_calls(records, (arrived >= from_us) & (arrived < to_us))
    calls, visits, steps = (
        {
            column: _moved(values, from_us) if column in _MOMENTS[table] else values
            for column, values in kept[table].items()
        }
        for table in ("calls", "visits", "steps")
    )
    begins_us = None if records.begins_us is None else records.begins_us + from_us
    return replace(
        records,
        calls=calls,
        visits=visits,
        steps=steps,
        agents=_off_duty(records),
        pauses=empty_table("pauses"),
        in_hand=empty_table("in_hand"),
        outbound=empty_table("outbound"),
        names=_names(records),
        horizon_us=to_us - from_us,
        begins_us=begins_us,
    )


def of_queues(records: Records, queues: Collection[str]) -> Records:
    """The calls that joined some queues, with their visits to these queues only.

    Agents have no time on duty, because they may have served other queues too.

    Parameters
    ----------
    records : Records
    queues : collection of str
        As in ``records.names["queue"]``.

    Examples
    --------
    >>> from ivr.records.tables import empty
    >>> of_queues(empty(names={"queue": ("sales", "help")}), ["help"]).names["queue"]
    ('help',)
    """
    known = records.names["queue"]
    kept = [code for code, name in enumerate(known) if name in queues]
    new = np.full(len(known) + 1, -1, dtype=records.visits["queue"].dtype)
    new[kept] = np.arange(len(kept))
    inside = np.isin(records.visits["queue"], kept)
    visits = {name: values[inside] for name, values in records.visits.items()}
    visits["queue"] = new[visits["queue"]]
    tables = _of_calls(records, np.isin(call_keys(records.calls), call_keys(visits)))
    names = _names(records) | {"queue": tuple(known[code] for code in kept)}
    return replace(
        records,
        calls=tables["calls"],
        visits=visits,
        steps=tables["steps"],
        agents=_off_duty(records),
        pauses=empty_table("pauses"),
        in_hand=empty_table("in_hand"),
        outbound=empty_table("outbound"),
        names=names,
    )


def of_replication(records: Records, replication: int) -> Records:
    """One replication of several.

    Parameters
    ----------
    records : Records
    replication : int
        From 0.

    Examples
    --------
    >>> from ivr.records.tables import concatenate, empty
    >>> of_replication(concatenate([empty(horizon_us=5), empty(horizon_us=5)]), 1).replications
    1
    """

    def rows(table: Columns) -> dict[str, ColumnArray]:
        if "replication" not in table:
            return dict(table)
        chosen = table["replication"] == replication
        return {name: values[chosen] for name, values in table.items() if name != "replication"}

    return replace(
        records,
        calls=rows(records.calls),
        visits=rows(records.visits),
        steps=rows(records.steps),
        agents=rows(records.agents),
        pauses=rows(records.pauses),
        in_hand=rows(records.in_hand),
        outbound=rows(records.outbound),
        names=_names(records),
        replications=1,
    )


def _of_calls(records: Records, chosen: NDArray[np.bool_]) -> dict[str, dict[str, ColumnArray]]:
    """The rows of some calls in all tables."""
    keys = call_keys(records.calls)[chosen]
    found = {"calls": {name: values[chosen] for name, values in records.calls.items()}}
    for table in ("visits", "steps"):
        columns: Columns = getattr(records, table)
        rows = np.isin(call_keys(columns), keys)
        found[table] = {name: values[rows] for name, values in columns.items()}
    return found


def _moved(values: NDArray[np.int64], by_us: int) -> NDArray[np.int64]:
    return np.where(values < 0, values, values - by_us)


def _off_duty(records: Records) -> dict[str, ColumnArray]:
    """The agents without any time on duty."""
    return {name: np.zeros_like(values) if name.endswith("_us") else values for name, values in records.agents.items()}


def _names(records: Records) -> dict[str, tuple[str, ...]]:
    return {key: value for key, value in records.names.items() if key not in ("source", "outcome", "result")}
