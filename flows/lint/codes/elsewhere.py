"""Pages of what other commands find: call scripts, scenarios, formulas and the live service."""

from __future__ import annotations

from flows.lint.rules.base import Rule

__all__ = ["PAGES"]

PAGES = (
    Rule(
        code="C001",
        name="unreadable-script",
        severity="error",
        summary="not a line of a call script",
        what="A line of a call script is none of those that a call is made of, or stands before the first call.",
        why="A line that is skipped would be a check that is never made.",
        example="press 1",
        better="call: billing\n> 1",
        source="The format of call scripts",
    ),
    Rule(
        code="C002",
        name="call-went-otherwise",
        severity="error",
        summary="a call script was not met",
        what="A call was played, and what was heard or where it ended is not what the script expects.",
        why="Either the flow or the script changed without the other; a caller will notice the first.",
        example="call: billing\n> 1\n# the flow now has billing on 2",
        better="call: billing\n> 2",
        source="The call as the interpreter played it",
    ),
    Rule(
        code="E001",
        name="too-many-states",
        severity="error",
        summary="too many states to tabulate",
        what=(
            "The conversation has more states than can be tabulated. Menus that lead to one another in many orders "
            "multiply the ways back."
        ),
        why="A simulation walks the chain; without it there is nothing to walk.",
        example="# star: back, and every menu leads to every other",
        better="# links that lead down, and star: back",
        source="Limit of the engine",
    ),
    Rule(
        code="X001",
        name="unknown-name",
        severity="error",
        summary="a name that stands nowhere",
        what=(
            "A scenario names a flow, queue, group, skill, goal or file that does not exist. The nearest name is"
            " suggested."
        ),
        why="What is named would be left out of the simulation without a word.",
        example="groups: {tech: {skills: [tehc], agents: 5}}",
        better="groups: {tech: {skills: [tech], agents: 5}}",
        source="Arithmetic: names compared",
    ),
    Rule(
        code="X002",
        name="shares-do-not-sum",
        severity="error",
        summary="shares that do not sum to 1",
        what="Shares of one thing (of intents, of outcomes) do not sum to 1.",
        why="Callers would vanish, or appear twice.",
        example="0.5 and 0.4",
        better="0.5 and 0.5",
        source="Arithmetic",
    ),
    Rule(
        code="X003",
        name="wrong-interval-count",
        severity="error",
        summary="a value too many or too few",
        what="A list with a value for each interval has more or fewer values than the horizon has intervals.",
        why="Calls or agents would be at another time than meant.",
        example="horizon: 2h\ninterval: 30m\narrivals: [10, 20, 30]",
        better="horizon: 2h\ninterval: 30m\narrivals: [10, 20, 30, 20]",
        source="Arithmetic",
    ),
    Rule(
        code="X004",
        name="queue-without-agents",
        severity="error",
        summary="a queue that nobody serves",
        what="No agent group has the skills that a queue needs, or those that have them are never on shift.",
        why="Every caller of that queue waits until they give up.",
        example="queues: {tech: {skills: [tech]}}  # no group has the skill",
        better="groups: {tech: {skills: [tech], agents: 5}}",
        source="Arithmetic",
    ),
    Rule(
        code="X005",
        name="senseless-value",
        severity="error",
        summary="a value out of range",
        what="A rate below 0, a horizon of no time, a talk time that is missing, or more calls than a run can hold.",
        why="There is nothing to simulate, or it would never end.",
        example="arrivals: {per_hour: -5}",
        better="arrivals: {per_hour: 5}",
        source="Limits of the engine",
    ),
    Rule(
        code="X006",
        name="engine-cannot",
        severity="error",
        summary="the engine cannot do this",
        what="The chosen engine does not support something in the scenario or the flow.",
        why="It is said, rather than left out of the result.",
        example="# --engine kernel",
        better="# --engine auto",
        source="Features of the engines",
    ),
    Rule(
        code="X007",
        name="wrong-setting",
        severity="error",
        summary="--set sets nothing",
        what="--set names a place that the scenario does not have, or a value that does not fit there.",
        why="A what-if that changes nothing looks like a robust result.",
        example="# --set grups.tech.agents=6",
        better="# --set groups.tech.agents=6",
        source="The command line",
    ),
    Rule(
        code="X008",
        name="output-unwritable",
        severity="error",
        summary="an output file cannot be written",
        what=(
            "The file for calls or a report has an unknown ending, or its folder does not exist or may not be written."
        ),
        why="It is said before the simulation runs, not after it.",
        example="# --calls calls.xlsx",
        better="# --calls calls.csv",
        source="The command line",
    ),
    Rule(
        code="X009",
        name="unknown-model",
        severity="error",
        summary="--only names no model",
        what="The name behind --only is none of the models that ivr validate knows.",
        why="A validation of nothing would pass.",
        example="# ivr validate --only erlang_d",
        better="# ivr validate --only erlang_a",
        source="The command line",
    ),
    Rule(
        code="X010",
        name="ambiguous-local-time",
        severity="warning",
        summary="a time shown twice, or skipped",
        what=(
            "A start, surge, shift, break or stamp of a trace is at a local time that the clock of the zone shows twice"
            " or skips on that day."
        ),
        why=(
            "Two moments fit it, or none. The first of two is taken, and the moment of the jump where a time is"
            " skipped."
        ),
        example="start: 2026-11-01 01:30  # New York: twice",
        better="start: 2026-11-01 00:30",
        source="IANA time zone database; PEP 495",
    ),
    Rule(
        code="X011",
        name="calls-left-out",
        severity="warning",
        summary="calls of a trace that are left out",
        what="Calls of a trace arrive before or after the horizon, or are second attempts in records of this program.",
        why="The result is then of fewer calls than the file has, and nobody would know.",
        example="horizon: 4h  # of a file with eight hours of calls",
        better="horizon: 8h",
        source="The file itself",
    ),
    Rule(
        code="X012",
        name="full-without-a-way-on",
        severity="warning",
        summary="a full queue that nobody can leave",
        what=(
            "A scenario says how many may wait in a queue, and a node of the flow that leads to it has no exit 'full'."
        ),
        why=(
            "Callers who find it full go where 0 leads, which may be the same queue again, or the call fails: figures"
            " of a line that nobody wants."
        ),
        example="queues: {desk: {max_calls: 10}}  # desk: {type: queue, queue: desk}",
        better="queues: {desk: {max_calls: 10}}  # desk: {type: queue, queue: desk, on: {full: message}}",
        source="docs/engines.md, joining a queue",
    ),
    Rule(
        code="Q001",
        name="number-out-of-range",
        severity="error",
        summary="a number the formula cannot take",
        what="An argument of a formula is not a number it is defined for, such as a negative rate.",
        why="The result would be meaningless.",
        example="# --aht -180",
        better="# --aht 180",
        source="Domain of the formula",
    ),
    Rule(
        code="Q002",
        name="no-steady-state",
        severity="error",
        summary="the queue would grow for ever",
        what="More calls are offered than the agents can handle, and nobody gives up.",
        why="There is no mean wait: it grows as long as the day lasts.",
        example="# --arrivals 100 --aht 300 --agents 8",
        better="# --agents 9, or say how patient callers are",
        source="Stability of M/M/n: offered load below the number of agents",
    ),
    Rule(
        code="Q003",
        name="foreign-argument",
        severity="error",
        summary="an argument of another formula",
        what="Patience is given to a formula without abandonment, or missing where the formula needs it.",
        why="It would be ignored, and the number would not mean what was asked.",
        example="# ivr erlang c --patience 60",
        better="# ivr erlang a --patience 60",
        source="Domain of the formula",
    ),
    Rule(
        code="W001",
        name="service-misconfigured",
        severity="error",
        summary="the live service is not safe so",
        what=(
            "The live service is asked to start without what makes it safe or reachable, such as the token or the"
            " public address."
        ),
        why="Anybody could forge calls, or no call would pass the signature check.",
        example="# ivr serve my.yaml --host 0.0.0.0",
        better="# set the public address and the token first",
        source="Twilio: webhook security",
    ),
    Rule(
        code="W002",
        name="service-cannot-start",
        severity="error",
        summary="the live service cannot start",
        what="The address is taken or not ours, or a file of the service cannot be opened.",
        why="No call could be answered.",
        example="# a port that is already in use",
        better="# ivr serve my.yaml --port 8001",
        source="The operating system's answer",
    ),
    Rule(
        code="W003",
        name="database-unusable",
        severity="error",
        summary="the database cannot be used",
        what=(
            "The database is neither a SQLite file nor a PostgreSQL address, is not there, cannot be reached, or"
            " belongs to another program."
        ),
        why="Nothing could be written down, or read from it.",
        example="# IVR_DATABASE_URL=mysql://localhost/ivr",
        better="# IVR_DATABASE_URL=postgresql://ivr@localhost/ivr",
        source="What the store is tested with",
    ),
    Rule(
        code="W004",
        name="database-ahead",
        severity="error",
        summary="the database is of a later version",
        what="The tables were changed by a later version of this program.",
        why="This version does not know what the new columns mean, and could spoil them.",
        example="# yesterday's program on today's database",
        better="# start the version that wrote it, or a later one",
        source="The number of the last migration, kept in the database",
    ),
    Rule(
        code="W005",
        name="flow-with-errors",
        severity="error",
        summary="a flow with errors answers no calls",
        what=(
            "A flow in which lint finds errors is to answer live calls. At the start the service refuses; when the file"
            " changes while it runs, new calls stay on the version before, and the log has the findings."
        ),
        why="An error is something that callers run into: a key that leads nowhere, a queue that nobody can leave.",
        example="# ivr serve draft.yaml --public-url https://ivr.example.com",
        better="# ivr lint draft.yaml, mend what it finds, and serve it then",
        options="--allow-errors, or IVR_ALLOW_ERRORS=1, serves it all the same.",
        source="The rules themselves",
    ),
)
