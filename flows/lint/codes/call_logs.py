"""Pages of what is found in call logs, by ``ivr calibrate``, ``ivr backtest`` and ``ivr forecast``."""

from __future__ import annotations

from flows.lint.rules.base import Rule

__all__ = ["PAGES"]


def _page(
    code: str, name: str, summary: str, what: str, why: str, example: str, better: str, *, error: bool = False
) -> Rule:
    return Rule(
        code=code,
        name=name,
        severity="error" if error else "warning",
        summary=summary,
        what=what,
        why=why,
        example=example,
        better=better,
        source="The log as it was read",
    )


PAGES = (
    _page(
        "K001",
        "unreadable-log",
        "a call log that cannot be read",
        "The file is missing, is none of the formats, names no columns, or holds no call.",
        "Nothing can be estimated from it.",
        "ivr calibrate notes.txt",
        "ivr calibrate calls.csv",
        error=True,
    ),
    _page(
        "K002",
        "impossible-time",
        "a time below 0, or of many hours",
        "A wait, a talk or a menu ends before it begins, or lasts more than six hours; or a date is years away.",
        "A single such call outweighs hundreds of others in a mean. The row is left out.",
        "arrived 10:00:00, answered 09:58:12",
        "arrived 10:00:00, answered 10:01:12",
    ),
    _page(
        "K003",
        "unreadable-row",
        "a row or cell that cannot be read",
        "A row has another number of cells than the header, or a cell is not a time, a length or a number.",
        "What is skipped silently is missing from every figure.",
        "2026-03-02 09:15,billing",
        "2026-03-02 09:15,billing,12,185",
    ),
    _page(
        "K004",
        "duplicate-row",
        "a row that is there twice",
        "A row, an event or an interval is the same as one before. The second is left out.",
        "Exports that overlap count calls twice.",
        "the last day of January in two files",
        "each call once",
    ),
    _page(
        "K005",
        "clock-change",
        "times in a repeated or skipped hour",
        "Where clocks change, a time names two moments or none; or a log without a zone goes back by an hour.",
        "Calls of an hour are put into another, and waits across the change are an hour off.",
        "01:59 is followed by 01:00",
        "ivr calibrate calls.csv --zone America/New_York",
    ),
    _page(
        "K006",
        "second-encoding",
        "some lines in another encoding",
        "Most of the file is UTF-8, and some lines are not. They are read as Windows-1252.",
        "Names of queues and agents differ by how they were written, so one becomes two.",
        "Qualität in UTF-8 and in Windows-1252",
        "the whole log in UTF-8",
    ),
    _page(
        "K007",
        "unknown-outcome",
        "an outcome whose meaning is unknown",
        "A value in the column of outcomes is not in the map. The row is judged by its times.",
        "Whether callers hung up or were answered decides patience and abandonment.",
        "outcomes: {AGENT: handled}",
        "outcomes: {AGENT: handled, HANG: abandoned, PHANTOM: leave_out}",
    ),
    _page(
        "K008",
        "agent-in-two-calls",
        "an agent in two calls at once",
        "The log says that an agent answered before the talk before it ended.",
        "Times of talk are too long, two agents share a name, or agents chat with several callers at once. A scenario"
        " of such a log has too few agents, or talks that are too long.",
        "anna 10:00 to 10:09, anna 10:05 to 10:07",
        "anna 10:00 to 10:04, anna 10:05 to 10:07",
    ),
    _page(
        "K009",
        "wrong-column-map",
        "a column map that does not fit",
        "The map names a column that the log does not have, or something that a map does not hold.",
        "Without its columns the log cannot be read as meant.",
        "talk_seconds: duratoin",
        "talk_seconds: duration",
        error=True,
    ),
    _page(
        "K010",
        "hole-in-report",
        "intervals missing within a day",
        "A report by intervals has no row for some time between others.",
        "It is not known whether nobody called or the report has a hole.",
        "08:00, 08:30, 10:30",
        "08:00, 08:30, 09:00, 09:30, 10:00, 10:30",
    ),
    _page(
        "K011",
        "other-queues",
        "records of other queues",
        "None of the queues of the records is a queue of the scenario's flow.",
        "There is nothing to compare.",
        "ivr backtest bank.scenario.yaml clinic/records",
        "ivr backtest bank.scenario.yaml bank/records",
        error=True,
    ),
    _page(
        "K012",
        "short-history",
        "a history too short for a forecast",
        "Fewer than 21 days, or none with a call.",
        "A forecast that is tested on nothing is a guess: two weeks to learn from and one to test on are the least.",
        "ivr forecast three_days.csv",
        "ivr forecast march.csv --weeks 2",
        error=True,
    ),
    _page(
        "K013",
        "no-waits",
        "a log that tells no waits",
        "No column says how long callers waited, or when they were answered.",
        "Waits of nought seconds would be compared with those of a simulation, though nobody knows them.",
        "ivr backtest bank.scenario.yaml arrivals_only.csv",
        "ivr backtest bank.scenario.yaml calls.csv --map map.yaml",
        error=True,
    ),
)
