"""Turns the rows of a live service into the records that measures and reports read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flows.model.opening_hours import zone_of_hours
from ivr.records.schema import NONE, OUTCOMES, RESULTS, SOURCES
from ivr.records.tables import Records, empty, empty_table
from webhooks.records.changes import TAKEN
from webhooks.records.from_floor import Stretch, handled_at_last, stretches, talks_over_us, with_talks

if TYPE_CHECKING:
    from flows.model.flow import Flow

__all__ = ["Row", "build"]

Row = Mapping[str, Any]
_HOUR_US = 3_600_000_000
_LONGEST_CALL_US = 4 * _HOUR_US
"""Twilio ends a call after 4 hours."""


class _Names:
    """Numeric codes of names, in order of first appearance."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def code(self, name: str) -> int:
        return self._codes.setdefault(name, len(self._codes))

    def all(self) -> tuple[str, ...]:
        return tuple(self._codes)


def build(rows: Mapping[str, Sequence[Row]], *, flows: Sequence[Flow] = (), now_us: int | None = None) -> Records:
    """Records of the calls that have ended.

    Parameters
    ----------
    rows : mapping of table name to rows
        Tables calls, visits, steps and endings, as the store writes them; and where people of ours answer, offers,
        waiting and agent_log.
    flows : sequence of Flow
        The versions that answered them, newest first: the newest gives the records their time zone and queue labels.
    now_us : int, optional
        See `webhooks.store.read_records`.

    Examples
    --------
    >>> build({"calls": [], "visits": [], "steps": [], "endings": []}).calls["outcome"].tolist()
    []
    """
    offers, log = rows.get("offers", ()), rows.get("agent_log", ())
    visited = with_talks(rows["visits"], offers, rows.get("waiting", ()))
    over, handled = talks_over_us(offers), handled_at_last(visited)
    endings = {row["call_sid"]: row["at_us"] for row in rows["endings"]}
    taken = {row["call_sid"] for row in rows["visits"] if row["result"] == TAKEN}
    ended = {
        call["call_sid"]: _not_before(
            _ended_us(call, endings, now_us, taken=call["call_sid"] in taken), over.get(call["call_sid"])
        )
        for call in rows["calls"]
    }
    known = [
        # A caller who talked to an agent to the end has not abandoned, although they never came back to the flow.
        {**call, "outcome": "handled"} if call["outcome"] == "abandoned" and call["call_sid"] in handled else call
        for call in rows["calls"]
    ]
    calls = sorted(
        (c for c in known if ended[c["call_sid"]] is not None), key=lambda c: (c["arrived_us"], c["call_sid"])
    )
    if not calls:
        return empty()
    ids = {call["call_sid"]: number for number, call in enumerate(calls)}
    origin_us = calls[0]["arrived_us"] // _HOUR_US * _HOUR_US
    names: defaultdict[str, _Names] = defaultdict(_Names)
    steps, paths = _steps(rows["steps"], ids, origin_us, names)
    table: dict[str, list[Any]] = defaultdict(list)
    for call in calls:
        sid, end_us = call["call_sid"], ended[call["call_sid"]]
        menu_left_us = call["menu_left_us"] if call["menu_left_us"] is not None else end_us
        _append(
            table,
            call_id=ids[sid],
            source=SOURCES.index("live"),
            arrived_us=call["arrived_us"] - origin_us,
            intent=-1,
            language=names["language"].code(call["language"]),
            path=names["path"].code(paths.get(sid, "")),
            menu_us=menu_left_us - call["arrived_us"],
            key_presses=NONE if call["key_presses"] is None else call["key_presses"],
            outcome=OUTCOMES.index(call["outcome"]),
            zero_out=bool(call["zero_out"]),
            attempt=call["attempt"],
            ended_us=end_us - origin_us,
        )
    visits = _visits(
        _after_the_fact(visited, {call["call_sid"]: call["outcome"] for call in calls}),
        ids,
        ended,
        origin_us,
        names,
    )
    last_us = max(table["ended_us"])
    agents = _agents(stretches(log, origin_us + last_us), origin_us, names)
    return Records(
        calls=_filled("calls", table),
        visits=_filled("visits", visits),
        steps=_filled("steps", steps),
        agents=_filled("agents", agents),
        names={key: value.all() for key, value in names.items() if key != "agent"},
        horizon_us=-(-max(last_us, 1) // _HOUR_US) * _HOUR_US,
        begins_us=origin_us,
        zone=_zone(flows),
        labels=_labels(flows, names["queue"].all()),
    )


def _zone(flows: Sequence[Flow]) -> str:
    """The time zone of the line, from the newest version with opening hours."""
    return next((zone for flow in flows if (zone := zone_of_hours(flow.hours))), "")


def _labels(flows: Sequence[Flow], queues: Sequence[str]) -> dict[str, str]:
    """The label of each queue, from the newest version that has the queue."""
    found = (
        (queue, next((flow.queues[queue].label for flow in flows if queue in flow.queues), "")) for queue in queues
    )
    return {queue: label for queue, label in found if label}


def _ended_us(call: Row, endings: Mapping[str, int], now_us: int | None, *, taken: bool) -> int | None:
    """When a call ended: by the flow unless an agent took it over, as the carrier reported, or else when it was last
    heard of.
    """
    if call["ended_us"] is not None and not taken:
        return int(call["ended_us"])
    if call["call_sid"] in endings:
        return max(int(endings[call["call_sid"]]), int(call["last_us"]))
    in_progress = now_us is not None and now_us - call["last_us"] < _LONGEST_CALL_US
    return None if in_progress else int(call["last_us"])


def _not_before(ended_us: int | None, talk_over_us: int | None) -> int | None:
    return ended_us if ended_us is None or talk_over_us is None else max(ended_us, talk_over_us)


def _agents(found: Sequence[Stretch], origin_us: int, names: Mapping[str, _Names]) -> dict[str, list[Any]]:
    """The agents table: a row for each stretch on duty."""
    table: dict[str, list[Any]] = defaultdict(list)
    for one in found:
        if one["off_us"] <= origin_us:
            continue
        one = {**one, "on_us": max(one["on_us"], origin_us)}
        _append(
            table,
            agent=names["agent"].code(one["agent"]),
            group=names["group"].code(one["group"]),
            on_us=one["on_us"] - origin_us,
            off_us=one["off_us"] - origin_us,
            staffed_us=one["off_us"] - one["on_us"],
            busy_us=one["busy_us"],
            wrap_us=one["wrap_us"],
        )
    return table


def _steps(
    rows: Sequence[Row],
    ids: Mapping[str, int],
    origin_us: int,
    names: Mapping[str, _Names],
) -> tuple[dict[str, list[Any]], dict[str, str]]:
    """The steps table, and each call's path: its nodes in order."""
    table: dict[str, list[Any]] = defaultdict(list)
    nodes: defaultdict[str, list[str]] = defaultdict(list)
    for row in sorted((r for r in rows if r["call_sid"] in ids), key=lambda r: (ids[r["call_sid"]], r["seq"])):
        nodes[row["call_sid"]].append(row["node"])
        _append(
            table,
            call_id=ids[row["call_sid"]],
            seq=row["seq"],
            node=names["node"].code(row["node"]),
            outcome=names["step_outcome"].code(row["outcome"] or "hung_up"),
            at_us=row["at_us"] - origin_us,
        )
    return table, {sid: " > ".join(dict.fromkeys(path)) for sid, path in nodes.items()}


def _after_the_fact(rows: Sequence[Row], outcomes: Mapping[str, str]) -> list[Row]:
    """The visits with the results that depend on what followed, as in a simulation.

    A caller who left a queue by pressing a key or at its time limit, and then joined another, counts as overflowed;
    otherwise the outcome of the call says how the visit ended.
    """
    last = {row["call_sid"]: row["seq"] for row in sorted(rows, key=lambda row: row["seq"])}

    def result(row: Row) -> str:
        found, outcome = row["result"] or "abandoned", outcomes.get(row["call_sid"], "abandoned")
        if found in ("handled", TAKEN, "full", "closed"):
            return found
        if last[row["call_sid"]] != row["seq"]:
            return "overflowed"
        if outcome in ("voicemail", "callback", "closed"):
            return outcome
        return found if found in ("voicemail", "overflowed") or found == outcome == "abandoned" else "timeout"

    return [{**row, "result": result(row)} for row in rows]


def _visits(
    rows: Sequence[Row],
    ids: Mapping[str, int],
    ended: Mapping[str, int | None],
    origin_us: int,
    names: Mapping[str, _Names],
) -> dict[str, list[Any]]:
    table: dict[str, list[Any]] = defaultdict(list)
    for row in sorted((r for r in rows if r["call_sid"] in ids), key=lambda r: (ids[r["call_sid"]], r["seq"])):
        if row.get("answered_us") is not None:
            _append(table, **_answered(row, ids, ended[row["call_sid"]], origin_us, names))
            continue
        taken = row["result"] == TAKEN
        offered_us, over_us = (
            row["offered_us"],
            row["left_us"] if row["left_us"] is not None and not taken else ended[row["call_sid"]],
        )
        over_us = max(over_us or 0, offered_us)
        handled = taken or row["result"] == "handled"
        # The carrier reports the wait of an answered call in whole seconds; the rest until its request was talk.
        waited_us = row["waited_us"] if row["waited_us"] is not None or not taken else row["left_us"] - offered_us
        answered_us = min(over_us, offered_us + waited_us) if handled and waited_us is not None else over_us
        announced_us = row["announced_wait_us"]
        _append(
            table,
            call_id=ids[row["call_sid"]],
            seq=row["seq"],
            queue=names["queue"].code(row["queue"]),
            offered_us=offered_us - origin_us,
            answered_us=answered_us - origin_us if handled else -1,
            left_us=answered_us - origin_us,
            result=RESULTS.index("handled" if handled else row["result"]),
            agent=-1,
            group=-1,
            talk_us=over_us - answered_us if handled else 0,
            acw_us=0,
            announced_wait_us=-1 if announced_us is None else announced_us,
            called_back=False,
        )
    return table


def _answered(
    row: Row, ids: Mapping[str, int], ended_us: int | None, origin_us: int, names: Mapping[str, _Names]
) -> dict[str, Any]:
    """A visit that an agent of the floor took."""
    answered_us, announced_us = row["answered_us"], row["announced_wait_us"]
    over_us = max(answered_us, row["over_us"] or ended_us or answered_us)
    return {
        "call_id": ids[row["call_sid"]],
        "seq": row["seq"],
        "queue": names["queue"].code(row["queue"]),
        "offered_us": row["offered_us"] - origin_us,
        "answered_us": answered_us - origin_us,
        "left_us": answered_us - origin_us,
        "result": RESULTS.index("handled"),
        "agent": names["agent"].code(row["agent"]),
        "group": names["group"].code(row["group"] or ""),
        "talk_us": over_us - answered_us,
        "acw_us": max(0, (row["wrapped_us"] or over_us) - over_us),
        "announced_wait_us": -1 if announced_us is None else announced_us,
        "called_back": False,
    }


def _append(table: dict[str, list[Any]], **cells: Any) -> None:
    for name, value in cells.items():
        table[name].append(value)


def _filled(name: str, columns: Mapping[str, list[Any]]) -> dict[str, Any]:
    table = empty_table(name, len(next(iter(columns.values()))) if columns else 0)
    for column, values in columns.items():
        table[column][:] = values
    return table
