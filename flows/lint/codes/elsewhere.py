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
        what="A line is not part of the call script format, or comes before the first call.",
        why="Skipping it would skip a check.",
        example="press 1",
        better="call: billing\n  press 1",
        source="The format of call scripts",
    ),
    Rule(
        code="C002",
        name="call-went-otherwise",
        severity="error",
        summary="a call did not match its script",
        what="A call was played, and what was heard or where it ended differs from what the script expects.",
        why="The flow or the script was changed without the other; if it was the flow, callers notice first.",
        example="call: billing\n  press 1  # the flow now has billing on 2\n  expect queue billing",
        better="call: billing\n  press 2\n  expect queue billing",
        source="The call as the interpreter played it",
    ),
    Rule(
        code="C003",
        name="not-in-the-flow",
        severity="error",
        summary="a line that no call can fulfil",
        what=(
            "A call script names a node, a queue, a language, a value or an outcome that its flow does not have, or "
            "prepares a call in a way that the flow does not allow. The nearest name is suggested."
        ),
        why="The call can only fail, and everything below this line is not checked.",
        example="call: billing\n  press 1\n  expect queue biling",
        better="call: billing\n  press 1\n  expect queue billing",
        source="The flow: names compared",
    ),
    Rule(
        code="C004",
        name="unreadable-plan",
        severity="error",
        summary="not what a caller can do",
        what="A line of a file of plans holds something that is neither keys nor a word such as wait or hangup.",
        why="The caller of this line could not call.",
        example="1,2,waiit",
        better="1,2,wait",
        source="The format of 'ivr call --keys'",
    ),
    Rule(
        code="E001",
        name="too-many-states",
        severity="error",
        summary="too many states to tabulate",
        what=(
            "The conversation has more states than can be tabulated. Menus that lead to each other in many orders "
            "multiply the paths that 'back' has to remember."
        ),
        why="A simulation walks this table; without it there is nothing to walk.",
        example="# star: back, and every menu leads to every other",
        better="# links that only lead down, and star: back",
        source="Limit of the engine",
    ),
    Rule(
        code="X001",
        name="unknown-name",
        severity="error",
        summary="an unknown name",
        what=(
            "A scenario names a flow, queue, group, skill, goal or file that does not exist. The nearest name is "
            "suggested."
        ),
        why="It would silently be left out of the simulation.",
        example="groups: {tech: {skills: [tehc], agents: 5}}",
        better="groups: {tech: {skills: [tech], agents: 5}}",
        source="Arithmetic: names compared",
    ),
    Rule(
        code="X002",
        name="shares-do-not-sum",
        severity="error",
        summary="shares that do not sum to 1",
        what="Shares that belong together, of intents or outcomes, do not sum to 1.",
        why="Callers would vanish, or appear twice.",
        example="0.5 and 0.4",
        better="0.5 and 0.5",
        source="Arithmetic",
    ),
    Rule(
        code="X003",
        name="wrong-interval-count",
        severity="error",
        summary="too many or too few values",
        what="A list with one value per interval has more or fewer values than the horizon has intervals.",
        why="Calls or agents would be shifted in time.",
        example="horizon: 2h\ninterval: 30m\narrivals: [10, 20, 30]",
        better="horizon: 2h\ninterval: 30m\narrivals: [10, 20, 30, 20]",
        source="Arithmetic",
    ),
    Rule(
        code="X004",
        name="queue-without-agents",
        severity="error",
        summary="a queue that nobody serves",
        what=(
            "No agent group has the skills that a queue needs, or the groups that do are ranked never or are never on"
            " shift."
        ),
        why="Every caller in that queue waits until they give up.",
        example="queues: {tech: {skills: [tech]}}  # no group has the skill",
        better="groups: {tech: {skills: [tech], agents: 5}}",
        source="Arithmetic",
    ),
    Rule(
        code="X005",
        name="senseless-value",
        severity="error",
        summary="a value out of range",
        what=(
            "A negative rate, an empty horizon, a missing talk time, a break that ends before it begins, more calls"
            " than a run can hold, or a cell in a file of calls that cannot be read."
        ),
        why="There is nothing to simulate, or the run would never end.",
        example="arrivals: {per_hour: -5}",
        better="arrivals: {per_hour: 5}",
        source="Limits of the engine",
    ),
    Rule(
        code="X006",
        name="engine-cannot",
        severity="error",
        summary="not supported by this engine",
        what="The chosen engine does not support something in the scenario or the flow.",
        why="Leaving it out silently would give a wrong result.",
        example="# --engine kernel",
        better="# --engine auto",
        source="Features of the engines",
    ),
    Rule(
        code="X007",
        name="wrong-setting",
        severity="error",
        summary="--set sets nothing",
        what="--set names a setting that the scenario does not have, or a value that does not fit.",
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
            "The file for calls or a report has an unknown extension, or its folder does not exist or is not writable."
        ),
        why="It is better to know before the simulation runs than after it.",
        example="# --calls calls.xlsx",
        better="# --calls calls.csv",
        source="The command line",
    ),
    Rule(
        code="X009",
        name="unknown-model",
        severity="error",
        summary="--only names no known model",
        what="The name after --only is not one of the models that ivr validate knows.",
        why="A validation of nothing would pass.",
        example="# ivr validate --only erlang_d",
        better="# ivr validate --only erlang_a",
        source="The command line",
    ),
    Rule(
        code="X010",
        name="ambiguous-local-time",
        severity="warning",
        summary="an ambiguous or skipped local time",
        what=(
            "A start, surge, shift, break or time stamp of a trace is at a local time that occurs twice on that day, "
            "or that the clock skips."
        ),
        why="Two moments match it, or none. The first of two is used; for a skipped time, the moment of the jump.",
        example="start: 2026-11-01 01:30  # New York: twice",
        better="start: 2026-11-01 00:30",
        source="IANA time zone database; PEP 495",
    ),
    Rule(
        code="X011",
        name="calls-left-out",
        severity="warning",
        summary="calls of a trace are left out",
        what=(
            "Calls of a trace arrive before or after the horizon, or are second attempts in records written by this "
            "program."
        ),
        why="The result covers fewer calls than the file, which is easily overlooked.",
        example="horizon: 4h  # of a file with eight hours of calls",
        better="horizon: 8h",
        source="The file itself",
    ),
    Rule(
        code="X012",
        name="full-without-a-way-on",
        severity="warning",
        summary="a full queue without an exit",
        what=(
            "A scenario limits how many callers may wait in a queue, and a node that leads to this queue has no exit "
            "'full'."
        ),
        why=(
            "Callers who find the queue full go where 0 leads, which may be the same queue again, or their call "
            "fails: the results describe a line that nobody wants."
        ),
        example="queues: {desk: {max_calls: 10}}  # desk: {type: queue, queue: desk}",
        better="queues: {desk: {max_calls: 10}}  # desk: {type: queue, queue: desk, on: {full: message}}",
        source="docs/engines.md, joining a queue",
    ),
    Rule(
        code="Q001",
        name="number-out-of-range",
        severity="error",
        summary="an argument out of range",
        what="An argument is outside the range for which the formula is defined, such as a negative rate.",
        why="The result would be meaningless.",
        example="# --aht -180",
        better="# --aht 180",
        source="Domain of the formula",
    ),
    Rule(
        code="Q002",
        name="no-steady-state",
        severity="error",
        summary="the queue grows without limit",
        what="More calls are offered than the agents can handle, and no caller gives up.",
        why="There is no mean wait: it grows as long as the day lasts.",
        example="# --arrivals 100 --aht 300 --agents 8",
        better="# --agents 9, or state callers' patience",
        source="Stability of M/M/n: offered load below the number of agents",
    ),
    Rule(
        code="Q003",
        name="foreign-argument",
        severity="error",
        summary="an argument of another formula",
        what="Patience is given for a formula without abandonment, or is missing where the formula needs it.",
        why="It would be ignored, and the result would not answer the question.",
        example="# ivr erlang c --patience 60",
        better="# ivr erlang a --patience 60",
        source="Domain of the formula",
    ),
    Rule(
        code="Q004",
        name="target-out-of-reach",
        severity="error",
        summary="no number of agents is enough",
        what="The target is one that no number of agents reaches, or more agents than can be tried.",
        why="There is no number to plan with; the last few callers of a hundred cost more and more agents.",
        example="# --target 100%",
        better="# --target 99%",
        source="However many agents there are, all may be busy at once",
    ),
    Rule(
        code="Q005",
        name="no-such-roster",
        severity="error",
        summary="no roster covers the agents needed",
        what=(
            "The shifts that are allowed cannot cover the agents that the promise needs. The message names a smallest "
            "set of wishes that cannot be kept together."
        ),
        why="Some agents would be missing, or somebody would work longer, or rest less, than is allowed.",
        example="# shifts: {day: {length: 8h, start: '08:00', agents: 3}}, and 5 agents are needed",
        better="# shifts: {day: {length: 8h, start: '08:00', agents: 5}}",
        source="The integer program of the roster has no solution, and would have one without any of these wishes",
    ),
    Rule(
        code="W001",
        name="service-misconfigured",
        severity="error",
        summary="the live service would not be safe",
        what=(
            "The live service is started without something that makes it safe or reachable, such as the token or the "
            "public address."
        ),
        why="Anyone could forge calls, or no call would pass the signature check.",
        example="# ivr serve my.yaml --host 0.0.0.0",
        better="# set the token and the public address first",
        source="Twilio: webhook security",
    ),
    Rule(
        code="W002",
        name="service-cannot-start",
        severity="error",
        summary="the live service cannot start",
        what="The address is in use or does not belong to this machine, or a file of the service cannot be opened.",
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
            "The database is neither a SQLite file nor a PostgreSQL URL, does not exist, cannot be reached, or "
            "belongs to another program."
        ),
        why="Nothing could be stored or read.",
        example="# IVR_DATABASE_URL=mysql://localhost/ivr",
        better="# IVR_DATABASE_URL=postgresql://ivr@localhost/ivr",
        source="The databases that the store is tested with",
    ),
    Rule(
        code="W004",
        name="database-ahead",
        severity="error",
        summary="the database is from a newer version",
        what="The tables were migrated by a newer version of this program.",
        why="This version does not know what the new columns mean, and could corrupt them.",
        example="# yesterday's program on today's database",
        better="# start that version, or a newer one",
        source="The number of the last migration, kept in the database",
    ),
    Rule(
        code="W005",
        name="flow-with-errors",
        severity="error",
        summary="flows with errors are not served",
        what=(
            "The live service is given a flow in which lint finds errors. At the start it refuses; when the file "
            "changes while it runs, new calls stay on the previous version, and the findings are logged."
        ),
        why="An error is something that callers run into: a key that leads nowhere, a queue that nobody can leave.",
        example="# ivr serve draft.yaml --public-url https://ivr.example.com",
        better="# ivr lint draft.yaml, fix what it finds, then serve it",
        options="--allow-errors, or IVR_ALLOW_ERRORS=1, serves it anyway.",
        source="The rules themselves",
    ),
)
