"""What the calls of records cost and what they are worth: sums of money beside the counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ivr.records.additive_sums import COLUMN_INDEX, Sums
from ivr.records.columns import ColumnArray
from ivr.records.count_records import counted
from ivr.records.definitions.measure_type import MONEY
from ivr.records.in_hand import apart_from_chats, working
from ivr.records.integer_sums import exact_sums, running
from ivr.records.schema import NEVER, NONE, OUTCOMES, UNANSWERED, outcome_code, result_code
from ivr.records.selection import of_replication
from ivr.records.tables import Records
from ivr.records.visits import of_colleagues, on_the_line

__all__ = ["CallCosts", "Prices", "call_costs", "each_price", "priced", "time_by_group"]

_HANDLED, _CONTAINED, _BOOKED = map(outcome_code, ("handled", "contained", "callback"))
_UNANSWERED = [outcome_code(name) for name in UNANSWERED]
_REACHED = result_code("handled")
_US_PER_HOUR, _US_PER_MINUTE = 3_600_000_000, 60_000_000
_SMALL = 200_000
"""Below so many stretches x edges, a table of them all is faster than a pass for each group."""
Int64s = NDArray[np.int64]


@dataclass(frozen=True)
class Prices:
    """What things cost, in units of one currency.

    Parameters
    ----------
    agent_hour : mapping of str to float
        By agent group; a group that is left out costs nothing.
    overtime_factor : float
        On the agent-hour, after the end of a shift.
    lost_call : mapping of str to float
        By outcome of a call, of OUTCOMES.
    trunk_minute, self_service_minute : float
    handled_call, contained_call : float
        What a served call is worth.
    """

    agent_hour: Mapping[str, float] = field(default_factory=dict)
    overtime_factor: float = 1.0
    lost_call: Mapping[str, float] = field(default_factory=dict)
    trunk_minute: float = 0.0
    self_service_minute: float = 0.0
    handled_call: float = 0.0
    contained_call: float = 0.0


class CallCosts(NamedTuple):
    """What the calls of records add up to: int64, one number an interval, and one a queue."""

    calls: Int64s
    served: Int64s
    lost: Int64s
    """Money, as ``each_price`` counts it, as is `worth`."""
    worth: Int64s
    line_us: Int64s
    menu_us: Int64s
    lost_by_queue: Int64s
    worth_by_queue: Int64s
    line_us_by_queue: Int64s


def priced(
    of: Sums,
    records: Records,
    prices: Prices,
    *,
    edges_us: Int64s,
    from_us: int = 0,
    shift_ends_us: Int64s | None = None,
    count: Callable[..., CallCosts] | None = None,
    spread: Callable[..., Int64s] | None = None,
) -> Sums:
    """Return sums with what the calls cost.

    Calls count in the interval of their arrival with all that they cost, agents' time in the intervals in which it
    passes, and overtime after the horizon in the last. Money is rounded to a ten-thousandth of the currency, running
    sums rather than single amounts, so that groups and intervals add up to the whole exactly.

    Parameters
    ----------
    of : Sums
        Of these records.
    records : Records
        One replication, or several together.
    prices : Prices
    edges_us : numpy.ndarray of int64, shape (intervals + 1,)
        Where intervals begin, and where the last one ends.
    from_us : int
        The end of the warm-up.
    shift_ends_us : numpy.ndarray of int64, shape (rows of ``records.agents``,)
        When each agent's row was to end; NEVER where what follows is a break, and not the end of the shift. Default:
        there is no overtime.
    count, spread : callable, optional
        Add up calls and agents' time as ``call_costs`` and ``time_by_group`` do; those by default.

    Examples
    --------
    >>> from ivr.records.count_records import interval_edges, sums
    >>> from ivr.records.measures import measures
    >>> from ivr.records.tables import empty
    >>> nobody = empty(horizon_us=10)
    >>> measures(priced(sums(nobody), nobody, Prices(trunk_minute=0.01), edges_us=interval_edges(10, 5)))["cost"]
    0.0
    """
    edges = edges_us if len(edges_us) > 1 else np.array([from_us, records.horizon_us])
    paid = _Paid(of, edges)
    paid.values[:, COLUMN_INDEX["priced"]] = paid.values[:, COLUMN_INDEX["replications"]]
    for i in range(records.replications):
        one, ends_us = records, shift_ends_us
        if "replication" in records.calls:
            one = of_replication(records, i)
            ends_us = None if ends_us is None else ends_us[records.agents["replication"] == i]
        _add_calls(paid, one, prices, from_us, count or call_costs)
        _add_agents(paid, one, prices, from_us, ends_us, spread or time_by_group)
    return replace(of, values=paid.values)


class _Paid:
    """Sums to which money is added."""

    def __init__(self, of: Sums, edges: Int64s) -> None:
        self.values, self.edges = of.values.copy(), edges
        self.intervals = of.intervals
        self.first_group, self.first_interval = 1 + len(of.queues), 1 + len(of.queues) + len(of.groups)

    def by_time(self, column: str, each: Int64s) -> None:
        """Add one sum an interval, to the intervals and overall."""
        at = COLUMN_INDEX[column]
        self.values[0, at] += each.sum()
        if self.intervals:
            self.values[self.first_interval :, at] += each

    def by_queue(self, column: str, each: Int64s) -> None:
        """Add one sum a queue."""
        self.values[1 : 1 + len(each), COLUMN_INDEX[column]] += each

    def of_groups(self, column: str, each: Int64s) -> None:
        """Add one sum a group and interval."""
        self.values[self.first_group : self.first_interval, COLUMN_INDEX[column]] += each.sum(axis=1)
        self.by_time(column, each.sum(axis=0))


def _money(us: Int64s, a_us: float | NDArray[np.float64]) -> Int64s:
    """Sums of time in money, by interval along the last axis, rounded so that they add up to the rounded whole."""
    so_far = np.rint(np.cumsum(us, axis=-1) * (np.asarray(a_us)[..., None] * MONEY)).astype(np.int64)
    found: Int64s = so_far.copy()
    found[..., 1:] -= so_far[..., :-1]
    return found


def each_price(price: float) -> int:
    """What one call costs or is worth, as a whole number of the parts of a unit in which money is counted."""
    return round(price * MONEY)


def _place(edges: Int64s, at_us: ColumnArray) -> Int64s:
    """The interval of each moment."""
    return np.clip(np.searchsorted(edges, at_us, side="right") - 1, 0, len(edges) - 2).astype(np.int64)


def _add_calls(paid: _Paid, records: Records, prices: Prices, from_us: int, count: Callable[..., CallCosts]) -> None:
    """What calls cost, by the interval of their arrival and, after a queue, by the last one."""
    found = count(records, prices, edges=paid.edges, from_us=from_us)
    on_line = found.line_us + _dialled(records, paid.edges, from_us)
    for column, each in (
        ("priced_calls", found.calls),
        ("served", found.served),
        ("cost_lost_calls", found.lost),
        ("value", found.worth),
        ("line_us", on_line),
        ("cost_lines", _money(on_line, prices.trunk_minute / _US_PER_MINUTE)),
        ("cost_menu", _money(found.menu_us, prices.self_service_minute / _US_PER_MINUTE)),
    ):
        paid.by_time(column, each)
    in_queue = found.line_us_by_queue
    paid.by_queue("cost_lost_calls", found.lost_by_queue)
    paid.by_queue("value", found.worth_by_queue)
    paid.by_queue("line_us", in_queue)
    paid.by_queue("cost_lines", np.rint(in_queue * (prices.trunk_minute / _US_PER_MINUTE * MONEY)).astype(np.int64))


def call_costs(records: Records, prices: Prices, *, edges: Int64s, from_us: int) -> CallCosts:
    """Add up what the calls of one replication cost and are worth, and their time on lines and in the menu.

    A call counts in the interval of its arrival and, with its money, in the last queue that it joined.

    Parameters
    ----------
    records : Records
    prices : Prices
    edges : numpy.ndarray of int64, shape (intervals + 1,)
    from_us : int

    Examples
    --------
    >>> from ivr.records.tables import empty
    >>> call_costs(empty(), Prices(), edges=np.array([0, 5, 10]), from_us=0).calls.tolist()
    [0, 0]
    """
    calls, visits = counted(records, from_us)
    outcome, size = calls["outcome"], len(edges) - 1
    place = _place(edges, calls["arrived_us"])
    entered = ~np.isin(outcome, _UNANSWERED)
    lost = np.array([each_price(prices.lost_call.get(name, 0.0)) for name in OUTCOMES])[outcome]
    reached = visits["called_back"] & (visits["result"] == _REACHED)
    row = _rows(calls["call_id"], visits["call_id"])
    handled = outcome == _HANDLED
    if reached.any():
        called_back = row[reached]
        handled[called_back] |= outcome[called_back] == _BOOKED
    worth = handled * each_price(prices.handled_call) + (outcome == _CONTAINED) * each_price(prices.contained_call)
    line_us = np.where(entered, calls["ended_us"] - calls["arrived_us"], 0)
    dialling = np.flatnonzero(visits["called_back"])
    queues = len(records.names["queue"])
    own = np.flatnonzero(~of_colleagues(visits))
    last = own[np.flatnonzero(np.diff(visits["call_id"][own], append=NONE))]
    queue = visits["queue"][last].astype(np.int64)
    waiting = on_the_line(visits)
    in_queue = exact_sums(
        np.concatenate([waiting["queue"], visits["queue"][dialling]]).astype(np.int64),
        np.concatenate(
            [waiting["left_us"] - waiting["offered_us"] + waiting["talk_us"], visits["talk_us"][dialling]]
        ).astype(np.int64),
        queues,
    )
    return CallCosts(
        calls=np.bincount(place, minlength=size),
        served=exact_sums(place, handled | (outcome == _CONTAINED), size),
        lost=exact_sums(place, lost, size),
        worth=exact_sums(place, worth, size),
        line_us=exact_sums(place, line_us, size) + exact_sums(place[row[dialling]], visits["talk_us"][dialling], size),
        menu_us=exact_sums(place, np.where(entered, calls["menu_us"], 0), size),
        lost_by_queue=exact_sums(queue, lost[row[last]], queues),
        worth_by_queue=exact_sums(queue, worth[row[last]], queues),
        line_us_by_queue=in_queue,
    )


def _rows(call_id: ColumnArray, of_visits: ColumnArray) -> ColumnArray:
    """The row of each visit's call; calls are in order."""
    plain = not len(call_id) or (call_id[0] == 0 and call_id[-1] == len(call_id) - 1)
    return of_visits if plain else np.searchsorted(call_id, of_visits)


def _dialled(records: Records, edges: Int64s, from_us: int) -> Int64s:
    """Time on lines of the calls that agents made, by the interval in which they dialled."""
    of = records.outbound
    if not len(of["agent"]):
        return np.zeros(len(edges) - 1, np.int64)
    late = of["dialled_us"] >= from_us
    place = _place(edges, of["dialled_us"][late])
    return exact_sums(place, (of["ring_us"] + of["talk_us"])[late], len(edges) - 1)


def _add_agents(
    paid: _Paid,
    records: Records,
    prices: Prices,
    from_us: int,
    shift_ends_us: Int64s | None,
    spread: Callable[..., Int64s],
) -> None:
    """What agents cost, by group and by the interval in which the time passes."""
    agents = records.agents
    on_us, off_us = agents["on_us"], agents["off_us"]
    duty_us = off_us if shift_ends_us is None else np.minimum(off_us, shift_ends_us)
    begin, end = (np.clip(at, from_us, records.horizon_us) for at in (np.minimum(on_us, duty_us), duty_us))
    hours = np.array([prices.agent_hour.get(name, 0.0) for name in records.names["group"]])
    ran = spread(agents["group"], len(hours), begin, end, paid.edges)
    paid.of_groups("cost_agents", _money(ran, hours / _US_PER_HOUR))
    late = _overtime(records, shift_ends_us) if shift_ends_us is not None else {}
    if late:
        begin, end = np.maximum(late["begin"], from_us), np.maximum(late["end"], from_us)
        over = spread(late["group"], len(hours), begin, end, paid.edges)
        beyond = np.maximum(end - np.maximum(begin, paid.edges[-1]), 0)
        over[:, -1] += exact_sums(late["group"].astype(np.int64), beyond, len(hours))
        paid.of_groups("overtime_us", over)
        paid.of_groups("cost_overtime", _money(over, hours * (prices.overtime_factor / _US_PER_HOUR)))


def time_by_group(group: ColumnArray, groups: int, begin: ColumnArray, end: ColumnArray, edges: Int64s) -> Int64s:
    """The time of stretches by group and interval.

    Parameters
    ----------
    group, begin, end : numpy.ndarray, shape (stretches,)
        The code of its group, and when it begins and ends, microseconds.
    groups : int
    edges : numpy.ndarray of int64, shape (intervals + 1,)

    Returns
    -------
    numpy.ndarray of int64, shape (groups, intervals)

    Examples
    --------
    >>> time_by_group(np.array([0]), 1, np.array([3]), np.array([9]), np.array([0, 5, 10])).tolist()
    [[2, 4]]
    """
    if len(begin) * len(edges) > _SMALL:
        each = (group == code for code in range(groups))
        return np.array([np.diff(running(begin[of], edges) - running(end[of], edges)) for of in each], np.int64)
    run = np.maximum(edges - begin[:, None], 0) - np.maximum(edges - end[:, None], 0)
    found: Int64s = np.diff((np.arange(groups)[:, None] == group).astype(np.int64) @ run, axis=1)
    return found


def _overtime(records: Records, shift_ends_us: Int64s) -> dict[str, ColumnArray]:
    """Agents' work after the end of their shifts: when each stretch begins and ends, and of which group."""
    agents, visits, outbound = records.agents, records.visits, records.outbound
    late_rows = np.flatnonzero(agents["off_us"] > shift_ends_us)
    if not len(late_rows):
        return {}
    first_end = np.full(int(agents["agent"].max()) + 1, NEVER)
    np.minimum.at(first_end, agents["agent"][late_rows], shift_ends_us[late_rows])
    alone, chats = visits, working(records.in_hand)
    if len(records.in_hand["agent"]):
        one_at_a_time = apart_from_chats(visits, records.in_hand)
        alone = {name: visits[name][one_at_a_time] for name in ("agent", "group", "answered_us", "talk_us", "acw_us")}
    stretches = [
        _after(first_end, of["agent"], of["group"], begin, length)
        for of, begin, length in (
            (alone, alone["answered_us"], alone["talk_us"] + alone["acw_us"]),
            (chats, chats["answered_us"], chats["talk_us"] + chats["acw_us"]),
            (outbound, outbound["dialled_us"], outbound["ring_us"] + outbound["talk_us"] + outbound["acw_us"]),
        )
        if len(of["agent"]) or of is alone
    ]
    agent, group, begin, end = (np.concatenate([of[i] for of in stretches]) for i in range(4))
    order = np.lexsort((agents["on_us"], agents["agent"]))
    order = order[(agents["off_us"] > agents["on_us"])[order]]
    most = int(max(agents["off_us"].max(), begin.max(initial=0))) + 1
    begun = agents["agent"][order].astype(np.int64) * most + agents["on_us"][order]
    row = order[np.searchsorted(begun, agent * most + begin, side="right") - 1]
    begin = np.maximum(begin, shift_ends_us[row])
    by_agent = np.lexsort((begin, agent))  # several chats at once are one stretch of work
    agent, group, begin, end = (of[by_agent] for of in (agent, group, begin, end))
    beyond = int(end.max(initial=0)) + 1
    reached = np.maximum.accumulate(agent * beyond + end)
    begin[1:] = np.maximum(begin[1:], reached[:-1] - agent[1:] * beyond)
    late = end > begin
    return {"group": group[late], "begin": begin[late], "end": end[late]}


def _after(
    first_end: Int64s, agent: ColumnArray, group: ColumnArray, begin: ColumnArray, length: ColumnArray
) -> tuple[ColumnArray, ...]:
    """The work that ends after the first end of a shift of its agent; without an agent it is nobody's."""
    end = begin + length
    kept = np.flatnonzero((agent != NONE) & (end > first_end[np.maximum(agent, 0)]))
    return agent[kept].astype(np.int64), group[kept], begin[kept], end[kept]
