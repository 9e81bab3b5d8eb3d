"""Turns the rows of a table into calls, by a column map."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flows.source.finding import Finding, IvrError
from simulation.call_logs.cells import dates, durations, moments, numbers, times_of_day
from simulation.call_logs.column_map import LEAVE_OUT, ColumnMap
from simulation.call_logs.log import LoggedCall, LoggedVisit
from simulation.call_logs.tables import Table
from simulation.clock.logged_times import MomentError

__all__ = ["FromTable", "calls_of_table"]

_LENGTHS = ("menu_seconds", "wait_seconds", "talk_seconds", "after_call_seconds", "total_seconds")
_MOMENTS = ("arrived", "menu_ends", "queue_joined", "answered", "queue_left", "ended")
_IN_QUEUE = {"handled": "handled", "abandoned": "abandoned", "voicemail": "voicemail", "callback": "callback"}
_LATE_S = 23 * 3600
_HALF_A_DAY_S = 43_200


@dataclass(frozen=True)
class FromTable:
    """The calls of a table, what it tells, and how many rows were left out for which reason."""

    calls: list[LoggedCall]
    known: frozenset[str]
    left_out: dict[str, int]


def calls_of_table(table: Table, by: ColumnMap) -> FromTable:
    """Read the calls of a table.

    Raises
    ------
    IvrError
        K001, when dates have day and month in an unknown order.
    """
    return _Reading(table, by).run()


class _Reading:
    """The columns of a table as values while its rows are read."""

    def __init__(self, table: Table, by: ColumnMap) -> None:
        self.table, self.by = table, by
        self.damage = table.damage
        self.lengths = {
            name: self.read(getattr(by, name), durations, f"a length ({name})")
            for name in _LENGTHS
            if getattr(by, name)
        }
        self.days: list[dt.date | None] = []
        if by.date:
            self.days = self.dated(by.date, lambda cells: dates(cells, by.date_format), "a date")
        self.at: dict[str, list[Any]] = {}
        for name in _MOMENTS:
            column = getattr(by, name)
            if column and by.date:
                self.at[name] = self.read(column, times_of_day, "a time of day")
            elif column:
                self.at[name] = self.dated(column, lambda cells: moments(cells, by.date_format), "a date and time")
        self.priority = self.read(by.priority, numbers, "a number") if by.priority else []
        # A log of lengths alone tells nothing of calls of 0 s: to be given up, a call must wait for somebody.
        self.tells_lost = bool({"agent", "outcome", "answered", "wait_seconds", "queue_left", "total_seconds"} &
                               set(by.columns()))  # fmt: skip
        self.left_out: Counter[str] = Counter()
        self.seen: set[tuple[str, ...]] = set()

    def dated(self, column: str, read: Callable[[Sequence[Any]], Any], what: str) -> list[Any]:
        """A column of dates or moments, whose order of day and month must be known."""
        try:
            return self.read(column, read, what)
        except MomentError as error:
            raise IvrError(
                Finding(
                    code="K001",
                    severity="error",
                    message=f"{error.shown} in column {column!r} {error.wrong}",
                    file=str(self.table.path),
                    line=self.table.lines[min(error.row, len(self.table) - 1)],
                    column=1,
                    hint="write date_format: day_first or month_first in a column map, and give it with --map",
                )
            ) from None

    def read(self, column: str, read: Callable[[Sequence[Any]], Any], what: str) -> list[Any]:
        """A column as values, with its unreadable cells reported."""
        values, wrong = read(self.table.columns[column])
        for row in wrong:
            self.damage.add(
                "K003",
                f"{str(self.table.columns[column][row])[:60]!r} in column {column!r} is not {what}",
                self.table.lines[row],
                what=f"cells of {column!r} that are not {what}",
                hint="the cell counts as empty; correct it, or name another column in the map",
            )
        return list(values)

    def run(self) -> FromTable:
        calls = [call for row in range(len(self.table)) if (call := self.call(row)) is not None]
        known = {"talk"} if {"talk_seconds", "ended"} & set(self.by.columns()) else set()
        known |= {"menu"} if {"menu_seconds", "menu_ends"} & set(self.by.columns()) else set()
        waits = {"wait_seconds", "queue_left", "answered", "total_seconds"} & set(self.by.columns())
        known |= {"waits"} if waits else set()
        known |= {
            name
            for name, column in {
                "agents": self.by.agent,
                "after_call_work": self.by.after_call_seconds,
                "callers": self.by.caller,
                "priority": self.by.priority,
                "outcomes": self.by.outcome,
            }.items()
            if column
        }
        return FromTable(calls, frozenset(known), dict(self.left_out))

    def text(self, column: str, row: int) -> str:
        return str(self.table.columns[column][row] or "").strip() if column else ""

    def call(self, row: int) -> LoggedCall | None:
        by, line = self.by, self.table.lines[row]
        outcome = self.outcome(row)
        if outcome == LEAVE_OUT:
            self.left_out[f"not calls ({self.text(by.outcome, row)})"] += 1
            return None
        arrived = self.arrived(row)
        if arrived is None:
            if not any(str(self.table.columns[c][row]).strip() == "" for c in (by.arrived, by.date) if c):
                return None  # reported with its cell
            self.damage.add("K003", f"no time in column {by.arrived!r}", line, what="rows without a time",
                            hint="the row is left out; fill it in")  # fmt: skip
            return None
        if (by.agent or by.caller) and len(self.table.columns) > 4:
            whole = tuple(str(cells[row]) for cells in self.table.columns.values())
            if whole in self.seen:
                self.damage.add("K004", "the row is the same as one before", line, what="duplicates",
                                hint="the row is left out")  # fmt: skip
                return None
            self.seen.add(whole)
        agent = self.text(by.agent, row)
        agent = "" if agent in by.nobody else agent
        return self.timed(row, line, arrived, outcome, agent)

    def timed(self, row: int, line: int, arrived: dt.datetime, outcome: str, agent: str) -> LoggedCall:
        menu = self.length("menu_seconds", row)
        if menu is None:
            ends = self.since("menu_ends", row, arrived)
            menu = ends if ends is not None else self.since("queue_joined", row, arrived) or 0.0
        answered, ended = self.since("answered", row, arrived), self.since("ended", row, arrived)
        talk, total = self.length("talk_seconds", row), self.length("total_seconds", row)
        if talk is None and ended is not None and answered is not None:
            talk = ended - answered
        if not outcome:
            sure = (talk or 0) > 0 or answered is not None or agent
            outcome = "handled" if sure or not self.tells_lost else "abandoned"
        handled = outcome == "handled"
        wait = self.length("wait_seconds", row)
        if wait is None:
            left = answered if handled and answered is not None else self.since("queue_left", row, arrived)
            if left is not None:
                wait = left - menu
            elif total is not None:
                wait = total - (talk or 0.0) - menu if handled else total - menu
            elif not handled and ended is not None:
                wait = ended - menu
            else:
                wait = 0.0
        talk = (talk or 0.0) if handled else 0.0
        acw = (self.length("after_call_seconds", row) or 0.0) if handled else 0.0
        # Clocks of different machines differ by a second or so.
        wait = 0.0 if -2.0 <= wait < 0 else wait
        queue = self.text(self.by.queue, row) or "calls"
        result = _IN_QUEUE.get(outcome)
        visits = (LoggedVisit(queue, menu, wait, result, agent if handled else "", talk, acw),) if result else ()
        intent = self.text(self.by.intent, row) or (queue if self.by.queue else "")
        priority = self.priority[row] if self.priority else None
        return LoggedCall(
            arrived=arrived,
            outcome=outcome,
            visits=visits,
            menu_s=menu,
            ended_s=menu + wait + talk if result else menu + max(wait, 0.0),
            intent=intent,
            caller=_known(self.text(self.by.caller, row)),
            priority=int(priority or 0),
            line=line,
            file=str(self.table.path),
        )

    def outcome(self, row: int) -> str:
        if not self.by.outcome:
            return ""
        value = self.text(self.by.outcome, row)
        found: str = self.by.outcomes.get(value, "")
        if value and not found:
            self.damage.add(
                "K007",
                f"outcome {value!r} is unknown; the row is judged by its times",
                self.table.lines[row],
                what=f"outcomes {value!r}",
                hint=f"say what it means in the column map: outcomes: {{{value}: abandoned}}",
            )
        return found

    def length(self, name: str, row: int) -> float | None:
        values = self.lengths.get(name)
        return values[row] if values else None

    def arrived(self, row: int) -> dt.datetime | None:
        at = self.at["arrived"][row]
        if not self.by.date:
            moment: dt.datetime | None = at
            return moment
        day = self.days[row]
        if day is None or at is None:
            return None
        return dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=at)

    def since(self, name: str, row: int, arrived: dt.datetime) -> float | None:
        """Seconds from the arrival to a moment; None where it is absent, as midnight is when dates stand apart."""
        values = self.at.get(name)
        at = values[row] if values else None
        if at is None:
            return None
        if not self.by.date:
            if (at.tzinfo is None) != (arrived.tzinfo is None):
                return None
            return float((at - arrived).total_seconds())
        begun = float(self.at["arrived"][row])
        if at == 0 and begun < _LATE_S:
            return None
        seconds = float(at) - begun
        return seconds + 86_400 if seconds < -_HALF_A_DAY_S else seconds


def _known(caller: str) -> str:
    return "" if caller.strip("0") == "" or caller.lower() in ("anonymous", "unknown", "withheld", "none") else caller
