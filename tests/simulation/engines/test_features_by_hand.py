"""Every feature of the engines on a handful of calls, every time written out; each case in both engines.

Times in the cases are whole seconds; ``-`` stands for "does not apply". A row of calls is (outcome, ended), a row of
visits (call, queue, offered, left, result, agent, talk, wrap-up). All agents are on duty from 0 to 1,000 unless
stated.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from ivr.records.schema import NEVER, NONE, OUTCOMES, RESULTS, outcome_code
from ivr.routing import RoutingTable
from simulation.engines.contract import ENGINES, engine
from simulation.engines.results import EngineResult, records_of
from simulation.tables.checks import OFFERED, CallTable, QueueRule, StaffTable
from tests.support.units import S

ONE = RoutingTable(queues=("queue",), groups=("agents",), rank=((0,),))
TWO = RoutingTable(queues=("front", "back"), groups=("front", "back"), rank=((0, None), (None, 0)))
VOICEMAIL, CALLBACK = outcome_code("voicemail"), outcome_code("callback")
TIMES = {
    "arrived_us",
    "menu_us",
    "patience_us",
    "talk_us",
    "acw_us",
    "pause_us",
    "limit_us",
    "limit_delay_us",
    "full_delay_us",
    "talk_delay_us",
    "ring_us",
    "retry_after_us",
}


def table(**columns) -> CallTable:
    """A call table whose times are seconds; None is NEVER."""

    def us(values):
        return np.array([NEVER if v is None else round(v * S) for v in np.atleast_1d(np.array(values, dtype=object))])

    scaled = {name: us(values) if name in TIMES else values for name, values in columns.items()}
    return CallTable.of(
        **{
            name: values[0] if name in TIMES and np.ndim(columns[name]) == 0 else values
            for name, values in scaled.items()
        }
    )


def staff(*rows, groups=("agents",), at_off=(), speed=1.0, rest=0, to_break=False) -> StaffTable:
    """Staff from rows (agent, group, on, off) in seconds."""
    agent, group, on, off = (np.array(column) for column in zip(*rows, strict=True))
    return StaffTable(
        agent,
        group,
        on * S,
        off * S,
        groups,
        speed=np.asarray(speed, float),
        rest_us=np.asarray(rest) * S,
        at_off=at_off,
        to_break=np.asarray(to_break),
    )


LATE = staff((0, 0, 900, 1000), (1, 1, 900, 1000), groups=("front", "back"))
"""No agent is there before 900: waiting callers lose patience first."""


@dataclass(frozen=True)
class Case:
    """Tables and the expected result."""

    name: str
    calls: CallTable
    outcomes: list[tuple]
    visits: list[tuple]
    staff: StaffTable = field(default_factory=lambda: staff((0, 0, 0, 1000)))
    routing: RoutingTable = ONE
    agents: list[tuple] | None = None  # (agent, on, off, busy, wrap)
    announced: list[int] | None = None
    called_back: list[int] | None = None  # rows of visits
    arrived: list[int] | None = None
    estimates: list[tuple] | None = None
    pauses: list[tuple] = field(default_factory=list)  # (agent, began, ended)
    options: dict = field(default_factory=dict)


def seconds(values: np.ndarray) -> list:
    return ["-" if v == NONE else v // S if v % S == 0 else v / S for v in values.tolist()]


CASES = [
    Case(
        # Call 0: talk 0-60 with agent 0; escalated: the second tier talks with call 1 until 80, so it waits 20 s, talk
        # 80-170. After-call work of leg 0 (10 s) keeps agent 0 until 70; call 2, there since 50, is answered at 70.
        "escalation to a second tier",
        table(
            arrived_us=[0, 0, 50],
            queue=[0, 1, 0, 1],
            queues=("front", "back"),
            talk_us=[60, 80, 30, 90],
            acw_us=[10, 0, 0, 0],
            talk_next=[3, NONE, NONE, NONE],
        ),
        [("handled", 170), ("handled", 80), ("handled", 100)],
        [
            (0, 0, 0, 0, "handled", 0, 60, 10),
            (0, 1, 60, 80, "handled", 1, 90, 0),
            (1, 1, 0, 0, "handled", 1, 80, 0),
            (2, 0, 50, 70, "handled", 0, 30, 0),
        ],
        staff=staff((0, 0, 0, 1000), (1, 1, 0, 1000), groups=("front", "back")),
        routing=TWO,
    ),
    Case(
        # One line. Call 0 talks 0-10, then a survey of 5 s holds the line until 15: call 1 at 12 is blocked, call 2 at
        # 16 is not.
        "what follows the talk holds the line",
        table(arrived_us=[0, 12, 16], talk_us=10, talk_delay_us=5),
        [("handled", 15), ("blocked", 12), ("handled", 31)],
        [(0, 0, 0, 0, "handled", 0, 10, 0), (2, 0, 16, 16, "handled", 0, 10, 0)],
        options={"lines": 1},
    ),
    Case(
        # Agent busy 0-100 with call 0. Call 1 waits 10-40, then leaves a message of 25 s: ends 65. Call 2 waits 20-50,
        # is moved to the second queue at 50 + 5 s of menu = 55, agent 1 is idle there.
        "the longest wait leads to voicemail, or to another queue",
        table(
            arrived_us=[0, 10, 20],
            queue=[0, 0, 0, 1],
            queues=("front", "back"),
            talk_us=[100, 9, 9, 30],
            limit_us=[None, 30, 30, None],
            limit_delay_us=[0, 25, 5, 0],
            limit_ending=[VOICEMAIL, VOICEMAIL, OFFERED, OFFERED],
            limit_next=[NONE, NONE, 3, NONE],
        ),
        [("handled", 100), ("voicemail", 65), ("handled", 85)],
        [
            (0, 0, 0, 0, "handled", 0, 100, 0),
            (1, 0, 10, 40, "voicemail", "-", 0, 0),
            (2, 0, 20, 50, "overflowed", "-", 0, 0),
            (2, 1, 55, 55, "handled", 1, 30, 0),
        ],
        staff=staff((0, 0, 0, 1000), (1, 1, 0, 1000), groups=("front", "back")),
        routing=TWO,
    ),
    Case(
        # Agent 0 hands call 0 over at 50, with 50 s of talk left. No other agent can take it: at 80, after 30 s, the
        # limit leads it to the second queue, where the talk is that of its own leg, 40 s.
        "a call handed over waits in vain and is led to another queue",
        table(
            arrived_us=[0],
            queue=[0, 1],
            queues=("front", "back"),
            talk_us=[100, 40],
            limit_us=[30, None],
            limit_next=[1, NONE],
        ),
        [("handled", 120)],
        [
            (0, 0, 0, 0, "handed_over", 0, 50, 0),
            (0, 0, 50, 80, "overflowed", "-", 0, 0),
            (0, 1, 80, 80, "handled", 1, 40, 0),
        ],
        staff=staff((0, 0, 0, 50), (1, 1, 0, 1000), groups=("front", "back"), at_off=("hand_over", "finish")),
        routing=TWO,
    ),
    Case(
        # Room for one. Call 1 waits from 10. Call 2 at 20 finds the queue full and hears 7 s of apology. Call 3 at 30
        # goes over to the second queue at once. At 100 call 1 is answered.
        "a full queue",
        table(
            arrived_us=[0, 10, 20, 30],
            queue=[0, 0, 0, 0, 1],
            queues=("front", "back"),
            talk_us=[100, 50, 0, 0, 20],
            full_delay_us=[0, 0, 7, 0, 0],
            full_next=[NONE, NONE, NONE, 4, NONE],
        ),
        [("handled", 100), ("handled", 150), ("closed", 27), ("handled", 50)],
        [
            (0, 0, 0, 0, "handled", 0, 100, 0),
            (1, 0, 10, 100, "handled", 0, 50, 0),
            (2, 0, 20, 20, "full", "-", 0, 0),
            (3, 0, 30, 30, "full", "-", 0, 0),
            (3, 1, 30, 30, "handled", 1, 20, 0),
        ],
        staff=staff((0, 0, 0, 1000), (1, 1, 0, 1000), groups=("front", "back")),
        routing=TWO,
        options={"queue_rules": (QueueRule(capacity=1), QueueRule())},
    ),
    Case(
        # The agent is free at 100, 110, 120. Waiting: call 1 since 10 and call 2 since 20, not urgent; call 3 since 95,
        # urgency 5. Without growth of priority the urgent one goes first, then by place.
        "urgency comes before waiting",
        table(arrived_us=[0, 10, 20, 95], talk_us=[100, 10, 10, 10], urgency=[0, 0, 0, 1], urgencies=(0, 5)),
        [("handled", 100), ("handled", 120), ("handled", 130), ("handled", 110)],
        [
            (0, 0, 0, 0, "handled", 0, 100, 0),
            (1, 0, 10, 110, "handled", 0, 10, 0),
            (2, 0, 20, 120, "handled", 0, 10, 0),
            (3, 0, 95, 100, "handled", 0, 10, 0),
        ],
    ),
    Case(
        # As before, but priority grows by 0.1 a second: at 100 the scores are 9.0 (call 1), 8.0 (call 2), 5.5 (call 3);
        # at 110 they are 9.0 (call 2) and 6.5 (call 3).
        "priority grows with waiting and overtakes urgency",
        table(arrived_us=[0, 10, 20, 95], talk_us=[100, 10, 10, 10], urgency=[0, 0, 0, 1], urgencies=(0, 5)),
        [("handled", 100), ("handled", 110), ("handled", 120), ("handled", 130)],
        [
            (0, 0, 0, 0, "handled", 0, 100, 0),
            (1, 0, 10, 100, "handled", 0, 10, 0),
            (2, 0, 20, 110, "handled", 0, 10, 0),
            (3, 0, 95, 120, "handled", 0, 10, 0),
        ],
        routing=RoutingTable(queues=("queue",), groups=("agents",), rank=((0,),), weight_per_s=(0.1,)),
    ),
    Case(
        # One line, agent busy 0-50. Call 1 at 10 is blocked and tries again at 10 + 45 = 55 (row 3): answered, 55-65.
        # Call 2 at 60 is blocked; its retry (row 4) at 90 finds the line free.
        "retries after a busy signal",
        table(
            arrived_us=[0, 10, 60, None, None],
            talk_us=[50, 10, 10, 10, 10],
            attempt=[1, 1, 1, 2, 2],
            retry=[NONE, 3, 4, NONE, NONE],
            retry_after_us=[0, 45, 30, 0, 0],
        ),
        [("handled", 50), ("blocked", 10), ("blocked", 60), ("handled", 65), ("handled", 100)],
        [(0, 0, 0, 0, "handled", 0, 50, 0), (3, 0, 55, 55, "handled", 0, 10, 0), (4, 0, 90, 90, "handled", 0, 10, 0)],
        arrived=[0, 10, 60, 55, 90],
        options={"lines": 1},
    ),
    Case(
        # Call 1 waits 10-30 (patience 20), again at 30 + 15 = 45, leaves at 65; its third attempt would come at 65 +
        # 40 = 105, not before the horizon of 100: it does not happen (and has no row).
        "retries after losing patience, up to the horizon",
        table(
            arrived_us=[0, 10, None, None],
            talk_us=[90, 5, 5, 5],
            patience_us=[None, 20, 20, 20],
            attempt=[1, 1, 2, 3],
            retry=[NONE, 2, 3, NONE],
            retry_after_us=[0, 15, 40, 0],
        ),
        [("handled", 90), ("abandoned", 30), ("abandoned", 65)],
        [
            (0, 0, 0, 0, "handled", 0, 90, 0),
            (1, 0, 10, 30, "abandoned", "-", 0, 0),
            (2, 0, 45, 65, "abandoned", "-", 0, 0),
        ],
        arrived=[0, 10, 45],
        staff=staff((0, 0, 0, 100)),
        options={"horizon_us": 100 * S},
    ),
    Case(
        # Group "sellers" keeps one agent back for its own best queue, sales (rank 0 there, 1 for help). Call 0 (help)
        # finds two idle sellers: more than one, so one takes it. Call 1 (help) at 5 finds one idle, who is kept back:
        # it waits. Call 2 (sales) at 10 takes that seller. At 60 agent 0 is free, agent 1 talks until 110: one idle in
        # all, none to spare, so call 1 waits on until 110.
        "agents held back for their own queue",
        table(arrived_us=[0, 5, 10], queue=[1, 1, 0], queues=("sales", "help"), talk_us=[60, 20, 100]),
        [("handled", 60), ("handled", 130), ("handled", 110)],
        [(0, 1, 0, 0, "handled", 0, 60, 0), (1, 1, 5, 110, "handled", 1, 20, 0), (2, 0, 10, 10, "handled", 1, 100, 0)],
        staff=staff((0, 0, 0, 1000), (1, 0, 0, 1000), groups=("sellers",)),
        routing=RoutingTable(queues=("sales", "help"), groups=("sellers",), rank=((0,), (1,)), keep_idle=(1,)),
    ),
    Case(
        # Two agents. Call 0 goes to agent 0 (lower id), done at 10; call 1 at 20: agent 1 has had fewer calls; call 2
        # at 40: one each, so agent 0; call 3 at 60: agent 1 with one call.
        "fewest calls first",
        table(arrived_us=[0, 20, 40, 60], talk_us=10),
        [("handled", 10), ("handled", 30), ("handled", 50), ("handled", 70)],
        [
            (0, 0, 0, 0, "handled", 0, 10, 0),
            (1, 0, 20, 20, "handled", 1, 10, 0),
            (2, 0, 40, 40, "handled", 0, 10, 0),
            (3, 0, 60, 60, "handled", 1, 10, 0),
        ],
        staff=staff((0, 0, 0, 1000), (1, 0, 0, 1000)),
        routing=RoutingTable(queues=("queue",), groups=("agents",), rank=((0,),), choice=("fewest_calls",)),
    ),
    Case(
        # Call 0 (50 s) to agent 0, call 1 at 60 to agent 1 (0 % busy), 5 s. At 100 agent 0 has worked 50 of 100 s,
        # agent 1 5 of 100: call 2 goes to agent 1, who has had as many calls and has been idle for a shorter time.
        "least occupied first",
        table(arrived_us=[0, 60, 100], talk_us=[50, 5, 10]),
        [("handled", 50), ("handled", 65), ("handled", 110)],
        [(0, 0, 0, 0, "handled", 0, 50, 0), (1, 0, 60, 60, "handled", 1, 5, 0), (2, 0, 100, 100, "handled", 1, 10, 0)],
        staff=staff((0, 0, 0, 1000), (1, 0, 0, 1000)),
        routing=RoutingTable(queues=("queue",), groups=("agents",), rank=((0,),), choice=("least_occupied",)),
    ),
    Case(
        # SplitMix64 that starts with 1234567 gives agents 0 to 4 the tickets 6.5, 3.2, 9.8, 4.6 and 16.4 (x 10^18).
        # Agent 1 is absent, so calls 0, 1 and 2 go to agents 3, 0 and 2. Call 3 at 300, all idle: agent 3 again.
        "one of the idle by chance, by the draw of the call",
        table(arrived_us=[0, 1, 2, 300], talk_us=100, agent_draw=[1234567] * 4),
        [("handled", 100), ("handled", 101), ("handled", 102), ("handled", 400)],
        [
            (0, 0, 0, 0, "handled", 3, 100, 0),
            (1, 0, 1, 1, "handled", 0, 100, 0),
            (2, 0, 2, 2, "handled", 2, 100, 0),
            (3, 0, 300, 300, "handled", 3, 100, 0),
        ],
        staff=staff(*((agent, 0, 0, 1000) for agent in (0, 2, 3, 4))),
        routing=RoutingTable(queues=("queue",), groups=("agents",), rank=((0,),), choice=("random",)),
    ),
    Case(
        # Both groups serve the queue alike and are one pool: agent 1 of the back group has the lowest ticket, then
        # agent 3, of the back group too, then agent 0. After 40 s the third group, agent 2, may serve call 3.
        "chance over a pool of groups, and when a call overflows",
        table(arrived_us=[0, 0, 0, 5], talk_us=100, agent_draw=1234567),
        [("handled", 100), ("handled", 100), ("handled", 100), ("handled", 145)],
        [
            (0, 0, 0, 0, "handled", 1, 100, 0),
            (1, 0, 0, 0, "handled", 3, 100, 0),
            (2, 0, 0, 0, "handled", 0, 100, 0),
            (3, 0, 5, 45, "handled", 2, 100, 0),
        ],
        staff=staff((0, 0, 0, 1000), (1, 1, 0, 1000), (2, 2, 0, 1000), (3, 1, 0, 1000), groups=("a", "b", "c")),
        routing=RoutingTable(
            queues=("queue",),
            groups=("a", "b", "c"),
            rank=((0, 0, 1),),
            after_us=((0, 0, 40 * S),),
            choice=("random",) * 3,
        ),
    ),
    Case(
        # Agent 0 talks to call 0 until 60 and transfers it to the back queue. There call 2 joined at 30; agent 1 has
        # call 1 until 100. By time in the queue call 2 would be next; by time in the system call 0 is, which began
        # at 0: answered 100-115, and call 2 at 115.
        "a transferred caller keeps the place of their call",
        table(
            arrived_us=[0, 0, 30],
            queue=[0, 1, 1, 1],
            queues=("front", "back"),
            talk_us=[60, 100, 20, 15],
            talk_next=[3, NONE, NONE, NONE],
        ),
        [("handled", 115), ("handled", 100), ("handled", 135)],
        [
            (0, 0, 0, 0, "handled", 0, 60, 0),
            (0, 1, 60, 100, "handled", 1, 15, 0),
            (1, 1, 0, 0, "handled", 1, 100, 0),
            (2, 1, 30, 115, "handled", 1, 20, 0),
        ],
        staff=staff((0, 0, 0, 1000), (1, 1, 0, 1000), groups=("front", "back")),
        routing=replace(TWO, order=("time_in_queue", "time_in_system")),
    ),
    Case(
        # Group b may help after 50 s, counted from the start of the call. Call 2 came at 10 and joins at 30, after 20 s
        # in the menu: it overflows at 60, 60-75. Call 1 came at 5 and joins at 65: it may be served at once, and is at
        # 75, when agent 1 is free.
        "overflow counts from the start of the call",
        table(arrived_us=[0, 5, 10], menu_us=[0, 60, 20], talk_us=[500, 10, 15]),
        [("handled", 500), ("handled", 85), ("handled", 75)],
        [
            (0, 0, 0, 0, "handled", 0, 500, 0),
            (1, 0, 65, 75, "handled", 1, 10, 0),
            (2, 0, 30, 60, "handled", 1, 15, 0),
        ],
        staff=staff((0, 0, 0, 1000), (1, 1, 0, 1000), groups=("a", "b")),
        routing=RoutingTable(
            queues=("queue",), groups=("a", "b"), rank=((0, 1),), after_us=((0, 50 * S),), order=("time_in_system",)
        ),
    ),
    Case(
        # Nobody serves before 900. Call 0 came at 0 and joins at 40, is told 0 s and takes the callback; call 1 came at
        # 10 and joins at 10. At 900 call 0 is rung first (10 s), by the place of its call, and talked to until 960.
        "a callback keeps the place of its call",
        table(
            arrived_us=[0, 10], menu_us=[40, 0], talk_us=[50, 30], ring_us=10, reached_at=1, u=[[1.0, 0.0], [1.0, 1.0]]
        ),
        [("callback", 40), ("handled", 990)],
        [
            (0, 0, 40, 40, "callback", "-", 0, 0),
            (0, 0, 40, 900, "handled", 0, 60, 0),
            (1, 0, 10, 960, "handled", 0, 30, 0),
        ],
        staff=staff((0, 0, 900, 1000)),
        routing=replace(ONE, order=("time_in_system",)),
        called_back=[1],
        options={"queue_rules": [QueueRule(callback_above_us=0, callback_share=0.5)]},
    ),
    Case(
        # Call 0: talk 0-60, work 60-70, then the agent pauses 70-100. Call 1, there since 80, is answered at 100 and
        # nothing follows it. Busy 80 s, wrap-up 10 s, paused 30 s: idle 100 - 120 = 880 s less.
        "a pause after a call",
        table(arrived_us=[0, 80], talk_us=[60, 20], acw_us=[10, 0], pause_us=[30, 0], pause_column=[0]),
        [("handled", 60), ("handled", 120)],
        [(0, 0, 0, 0, "handled", 0, 60, 10), (1, 0, 80, 100, "handled", 0, 20, 0)],
        agents=[(0, 0, 1000, 80, 10)],
        pauses=[(0, 70, 100)],
    ),
    Case(
        # The pause that begins at 80 would last until 140; the break at 100 ends it and lasts until 130. The one that
        # begins at 150 is cut by the end of the shift at 160. Call 2 is talked to until 260, past the end of agent 1's
        # shift at 250: no pause follows, the agent leaves.
        "a pause ends where a break or the end of the shift begins, and none begins after it",
        table(arrived_us=[50, 110, 240], talk_us=[30, 20, 20], pause_us=60, pause_column=[0]),
        [("handled", 80), ("handled", 150), ("handled", 260)],
        [
            (0, 0, 50, 50, "handled", 0, 30, 0),
            (1, 0, 110, 130, "handled", 0, 20, 0),
            (2, 0, 240, 240, "handled", 1, 20, 0),
        ],
        staff=staff((0, 0, 0, 100), (0, 0, 130, 160), (1, 0, 200, 250), rest=[0, 30, 0], to_break=[True, False, False]),
        agents=[(0, 0, 100, 30, 0), (0, 130, 160, 20, 0), (1, 200, 260, 20, 0)],
        pauses=[(0, 80, 100), (0, 150, 160)],
    ),
    Case(
        # One of two agents is reserved for sales. Agent 0 pauses 10-110 after a sales call, so agent 1 alone is idle
        # when help calls at 20: it waits until both are, at 110.
        "who pauses is not idle, so the reserve holds",
        table(
            arrived_us=[0, 20], talk_us=10, queue=[0, 1], queues=("sales", "help"), pause_us=[100, 0], pause_column=[0]
        ),
        [("handled", 10), ("handled", 120)],
        [(0, 0, 0, 0, "handled", 0, 10, 0), (1, 1, 20, 110, "handled", 0, 10, 0)],
        staff=staff((0, 0, 0, 1000), (1, 0, 0, 1000), groups=("sellers",)),
        routing=RoutingTable(queues=("sales", "help"), groups=("sellers",), rank=((0,), (1,)), keep_idle=(1,)),
        pauses=[(0, 10, 110)],
    ),
    Case(
        # At 1,000 call 1 still waits, so the pause goes on past the end of the shift, until 1,030; then the agent talks
        # to it, 1,030-1,050, and leaves without another pause.
        "a pause at the end of the day, while a call waits",
        table(arrived_us=[900, 950], talk_us=[70, 20], pause_us=60, pause_column=[0]),
        [("handled", 970), ("handled", 1050)],
        [(0, 0, 900, 900, "handled", 0, 70, 0), (1, 0, 950, 1030, "handled", 0, 20, 0)],
        agents=[(0, 0, 1050, 90, 0)],
        pauses=[(0, 970, 1030)],
    ),
    Case(
        # Only group a pauses. Call 0 is transferred at 20; its own pause (leg 0) follows, 20-50, not that of leg 2.
        "a pause belongs to the leg that was served",
        table(
            arrived_us=[0, 30],
            queue=[0, 0, 1],
            queues=("front", "back"),
            talk_us=[20, 10, 15],
            talk_next=[2, NONE, NONE],
            pause_us=[30, 0, 500],
            pause_column=[0, -1],
        ),
        [("handled", 35), ("handled", 60)],
        [(0, 0, 0, 0, "handled", 0, 20, 0), (0, 1, 20, 20, "handled", 1, 15, 0), (1, 0, 30, 50, "handled", 0, 10, 0)],
        staff=staff((0, 0, 0, 1000), (1, 1, 0, 1000), groups=("front", "back")),
        routing=TWO,
        pauses=[(0, 20, 50)],
    ),
    Case(
        # A break of 15 s planned 100-115. Call 0 is talked to until 108, wrap-up to 112: the break lasts from 112 to
        # 127. Call 1, there since 105, is answered at 127.
        "a late break keeps its length",
        table(arrived_us=[90, 105], talk_us=[18, 10], acw_us=[4, 0]),
        [("handled", 108), ("handled", 137)],
        [(0, 0, 90, 90, "handled", 0, 18, 4), (1, 0, 105, 127, "handled", 0, 10, 0)],
        staff=staff((0, 0, 0, 100), (0, 0, 115, 1000), rest=[0, 15]),
        agents=[(0, 0, 112, 18, 4), (0, 127, 1000, 10, 0)],
    ),
    Case(
        # Agent 0 works at speed 2 (10 s and 3 s become 5 s and 1.5 s), agent 1 at speed 0.5 (20 s and 6 s). Both have
        # been idle since 0: the lower id comes first.
        "agents of different speed",
        table(arrived_us=[0, 0], talk_us=10, acw_us=3),
        [("handled", 5), ("handled", 20)],
        [(0, 0, 0, 0, "handled", 0, 5, 1.5), (1, 0, 0, 0, "handled", 1, 20, 6)],
        staff=staff((0, 0, 0, 1000), (1, 0, 0, 1000), speed=[2, 0.5]),
    ),
    Case(
        # Shift to 50; talk 40-70, wrap-up to 75: finished, then the agent leaves at 75. Call 1 waits for agent 1, from
        # 200.
        "end of shift: finish",
        table(arrived_us=[40, 45], talk_us=[30, 10], acw_us=[5, 0]),
        [("handled", 70), ("handled", 210)],
        [(0, 0, 40, 40, "handled", 0, 30, 5), (1, 0, 45, 200, "handled", 1, 10, 0)],
        staff=staff((0, 0, 0, 50), (1, 0, 200, 1000)),
        agents=[(0, 0, 75, 30, 5), (1, 200, 1000, 10, 0)],
    ),
    Case(
        # As before, but the agent stays while calls wait: call 1 at 75-85 and call 2 (there since 80) 85-95; then
        # leaves.
        "end of shift: serve the queue",
        table(arrived_us=[40, 45, 80], talk_us=[30, 10, 10], acw_us=[5, 0, 0]),
        [("handled", 70), ("handled", 85), ("handled", 95)],
        [(0, 0, 40, 40, "handled", 0, 30, 5), (1, 0, 45, 75, "handled", 0, 10, 0), (2, 0, 80, 85, "handled", 0, 10, 0)],
        staff=staff((0, 0, 0, 50), (1, 0, 200, 1000), at_off=("serve_queue",)),
        agents=[(0, 0, 95, 50, 5), (1, 200, 1000, 0, 0)],
    ),
    Case(
        # At 50 call 0 has talked 10 of 30 s; it goes back to the front, before call 1, and agent 1 takes it at 60: 20 s
        # left, at speed 2 that is 10 s, to 70, wrap-up 4 / 2 = 2 s to 72. Call 1, there since 45, is answered at 72 (10
        # / 2 = 5 s, 2 s).
        "end of shift: hand over",
        table(arrived_us=[40, 45], talk_us=[30, 10], acw_us=4),
        [("handled", 70), ("handled", 77)],
        [
            (0, 0, 40, 40, "handed_over", 0, 10, 0),
            (0, 0, 50, 60, "handled", 1, 20 / 2, 2),
            (1, 0, 45, 72, "handled", 1, 5, 2),
        ],
        staff=staff((0, 0, 0, 50), (1, 0, 60, 1000), at_off=("hand_over",), speed=[1, 2]),
        agents=[(0, 0, 50, 10, 0), (1, 60, 1000, 15, 4)],
    ),
    Case(
        # Wrap-up 45-55 is cut at the end of the shift, 50.
        "end of shift: wrap-up is cut",
        table(arrived_us=[40], talk_us=5, acw_us=10),
        [("handled", 45)],
        [(0, 0, 40, 40, "handled", 0, 5, 5)],
        staff=staff((0, 0, 0, 50), at_off=("hand_over",)),
        agents=[(0, 0, 50, 5, 5)],
    ),
    Case(
        # Mean handle time 60 s, one agent on duty: the expected wait is 60 s with none waiting, 120 s with one, 180 s
        # with two. Told less than 100 s: patience x 1; from 100 s: 30 % leave at once, patience x 1.5. Call 1 is told
        # 60 s, patience 20: leaves at 10 + 20 = 30. Call 2 (told 120 s, u 0.29 < 0.3) leaves at once at 20. Call 3
        # (told 120 s at 25, u 0.3) stays, patience 40 x 1.5 = 60: leaves at 85. Call 4 (told 120 s at 35, since call 1
        # has left) has no limit to its patience: answered at 100.
        "callers are told the expected wait: some balk, others bear more",
        table(
            arrived_us=[0, 10, 20, 25, 35],
            talk_us=[100, 9, 9, 9, 9],
            patience_us=[None, 20, 40, 40, None],
            u=[[1, 1], [0, 1], [0.29, 1], [0.3, 1], [0.9, 1]],
        ),
        [("handled", 100), ("abandoned", 30), ("abandoned", 20), ("abandoned", 85), ("handled", 109)],
        [
            (0, 0, 0, 0, "handled", 0, 100, 0),
            (1, 0, 10, 30, "abandoned", "-", 0, 0),
            (2, 0, 20, 20, "abandoned", "-", 0, 0),
            (3, 0, 25, 85, "abandoned", "-", 0, 0),
            (4, 0, 35, 100, "handled", 0, 9, 0),
        ],
        announced=["-", 60, 120, 120, 120],
        options={
            "queue_rules": (
                QueueRule(
                    mean_handle_us=60 * S,
                    announces=True,
                    told_us=(0, 100 * S),
                    balk_share=(0, 0.3),
                    patience_factor=(1, 1.5),
                ),
            )
        },
    ),
    Case(
        # The three estimators for calls that join at 10, 30, 130 and 150; talk of 100 s, so answers at 0, 100, 200. At
        # 10: none waits: (0 + 1) * 50 = 50; 0; the last to enter (call 0) waited 0. At 30: one waits, since 10: 2 * 50
        # = 100; 20; 0. At 130: call 1 entered at 100 after 90 s; call 2 waits since 30: 100; 100; 90. At 150: two wait:
        # 150; 120; 90.
        "the three estimators of the wait",
        table(arrived_us=[0, 10, 30, 130, 150], talk_us=100),
        [("handled", t) for t in (100, 200, 300, 400, 500)],
        [
            (0, 0, 0, 0, "handled", 0, 100, 0),
            (1, 0, 10, 100, "handled", 0, 100, 0),
            (2, 0, 30, 200, "handled", 0, 100, 0),
            (3, 0, 130, 300, "handled", 0, 100, 0),
            (4, 0, 150, 400, "handled", 0, 100, 0),
        ],
        estimates=[("-", "-", "-"), (50, 0, 0), (100, 20, 0), (100, 100, 90), (150, 120, 90)],
        announced=["-"] * 5,
        options={"queue_rules": (QueueRule(mean_handle_us=50 * S),)},
    ),
    Case(
        # Offered from an expected wait of 60 s on. Call 1 at 10 is told 60 s and accepts (u 0.2 < 0.5): the line is
        # free at 10, so call 2 at 20 (declines, u 0.5) gets the second line. At 100 it is call 1's turn: it rings 5 s,
        # the caller answers, talk 20 to 125, wrap-up 3 to 128; then call 2, which has waited behind it, 128-148.
        "a call back keeps its place",
        table(
            arrived_us=[0, 10, 20], talk_us=[100, 20, 20], acw_us=[0, 3, 0], ring_us=5, u=[[1, 1], [1, 0.2], [1, 0.5]]
        ),
        [("handled", 100), ("callback", 10), ("handled", 148)],
        [
            (0, 0, 0, 0, "handled", 0, 100, 0),
            (1, 0, 10, 10, "callback", "-", 0, 0),
            (1, 0, 10, 100, "handled", 0, 25, 3),
            (2, 0, 20, 128, "handled", 0, 20, 0),
        ],
        called_back=[2],
        options={
            "lines": 2,
            "queue_rules": (QueueRule(mean_handle_us=60 * S, callback_above_us=60 * S, callback_share=0.5),),
        },
    ),
    Case(
        # Called back at 50: rings 8 s in vain, the agent is free at 58 without wrap-up; again 30 s later, at 88: in
        # vain to 96; again at 126: answered (third attempt), 8 + 20 s to 154, wrap-up to 157. Call 2 is never reached,
        # and the third attempt is the last: 58-66, 96-104, and from 134 it waits for the agent, who talks until 157:
        # 157-165.
        "a call back is tried again",
        table(
            arrived_us=[0, 10, 20],
            talk_us=[50, 20, 20],
            acw_us=[0, 3, 3],
            ring_us=8,
            reached_at=[1, 3, 0],
            u=[[1, 1], [1, 0], [1, 0]],
        ),
        [("handled", 50), ("callback", 10), ("callback", 20)],
        [
            (0, 0, 0, 0, "handled", 0, 50, 0),
            (1, 0, 10, 10, "callback", "-", 0, 0),
            (1, 0, 10, 50, "unreached", 0, 8, 0),
            (1, 0, 88, 88, "unreached", 0, 8, 0),
            (1, 0, 126, 126, "handled", 0, 28, 3),
            (2, 0, 20, 20, "callback", "-", 0, 0),
            (2, 0, 20, 58, "unreached", 0, 8, 0),
            (2, 0, 96, 96, "unreached", 0, 8, 0),
            (2, 0, 134, 157, "unreached", 0, 8, 0),
        ],
        called_back=[2, 3, 4, 6, 7, 8],
        options={"queue_rules": (QueueRule(callback_above_us=0, callback_attempts=3, callback_again_us=30 * S),)},
    ),
    Case(
        # At the horizon (100) the doors close: call 1 (waiting) ends, call 2 (to be called back) loses its place, call
        # 3's menu ends too late. Call 0 talks on to 120.
        "the doors close on those who wait and those to be called back",
        table(arrived_us=[0, 10, 20, 90], menu_us=[0, 0, 0, 30], talk_us=120, u=[[1, 1], [1, 1], [1, 0.4], [1, 1]]),
        [("handled", 120), ("closed", 100), ("callback", 20), ("closed", 120)],
        [
            (0, 0, 0, 0, "handled", 0, 120, 0),
            (1, 0, 10, 100, "closed", "-", 0, 0),
            (2, 0, 20, 20, "callback", "-", 0, 0),
            (2, 0, 20, 100, "closed", "-", 0, 0),
        ],
        called_back=[3],
        staff=staff((0, 0, 0, 100)),
        options={
            "at_end": "clear",
            "horizon_us": 100 * S,
            "queue_rules": (QueueRule(callback_above_us=0, callback_share=0.5),),
        },
    ),
    Case(
        # The shift ends with the horizon, 100. Call 1's turn to be called back comes at 120: the agent stays for it,
        # and for the second attempt, 30 s after the first (120-125): at 155; answered, to 160; only then the agent
        # leaves.
        "agents stay for those to be called back",
        table(arrived_us=[0, 10], talk_us=[120, 0], ring_us=5, reached_at=[1, 2], u=[[1, 1], [1, 0]]),
        [("handled", 120), ("callback", 10)],
        [
            (0, 0, 0, 0, "handled", 0, 120, 0),
            (1, 0, 10, 10, "callback", "-", 0, 0),
            (1, 0, 10, 120, "unreached", 0, 5, 0),
            (1, 0, 155, 155, "handled", 0, 5, 0),
        ],
        called_back=[2, 3],
        staff=staff((0, 0, 0, 100)),
        agents=[(0, 0, 160, 130, 0)],
        options={
            "horizon_us": 100 * S,
            "queue_rules": (QueueRule(callback_above_us=0, callback_attempts=2, callback_again_us=30 * S),),
        },
    ),
    Case(
        # Told a wait that makes them twice as patient: 60 x 2 = 120 s. 90 s of it pass in the first queue; the second,
        # whose callers have 500 s of patience, gets what is left: 120 - 90 = 30 s.
        "what an announcement has made of the patience goes along",
        table(
            arrived_us=[0],
            queue=[0, 1],
            queues=("front", "back"),
            talk_us=9,
            patience_us=[60, 500],
            limit_us=[90, None],
            limit_next=[1, NONE],
            u=[[1, 1], [1, 1]],
        ),
        [("abandoned", 120)],
        [(0, 0, 0, 90, "overflowed", "-", 0, 0), (0, 1, 90, 120, "abandoned", "-", 0, 0)],
        staff=LATE,
        routing=TWO,
        options={
            "queue_rules": (QueueRule(announces=True, told_us=(0,), balk_share=(0,), patience_factor=(2,)), QueueRule())
        },
    ),
    Case(
        # Told a wait that makes them half as patient: 30 s, 20 of them in the first queue. In the second 10 s are left,
        # which an announcement there makes 15: until 20 + 15 = 35.
        "an announcement in the next queue multiplies what is left",
        table(
            arrived_us=[0],
            queue=[0, 1],
            queues=("front", "back"),
            talk_us=9,
            patience_us=[60, 500],
            limit_us=[20, None],
            limit_next=[1, NONE],
            u=[[1, 1], [1, 1]],
        ),
        [("abandoned", 35)],
        [(0, 0, 0, 20, "overflowed", "-", 0, 0), (0, 1, 20, 35, "abandoned", "-", 0, 0)],
        staff=LATE,
        routing=TWO,
        options={
            "queue_rules": tuple(
                QueueRule(announces=True, told_us=(0,), balk_share=(0,), patience_factor=(f,)) for f in (0.5, 1.5)
            )
        },
    ),
    Case(
        # All have 100 s of patience in the first queue, and 90 of them pass there; their patience in the second
        # (500 s, 50 s, for ever) does not count: 10 s are left. Call 2 hears 7 s of menu between the queues, which
        # does not count as waiting: 97 + 10. Call 3 has endless patience.
        "what is left of the patience does not depend on the next queue",
        table(
            arrived_us=[0, 0, 0, 0],
            queue=[0, 0, 0, 0, 1, 1, 1, 1],
            queues=("front", "back"),
            talk_us=9,
            patience_us=[100, 100, 100, None, 500, 50, None, 60],
            limit_us=[90] * 4 + [None] * 4,
            limit_delay_us=[0, 0, 7, 0, 0, 0, 0, 0],
            limit_next=[4, 5, 6, 7] + [NONE] * 4,
        ),
        [("abandoned", 100), ("abandoned", 100), ("abandoned", 107), ("handled", 909)],
        [
            (0, 0, 0, 90, "overflowed", "-", 0, 0),
            (0, 1, 90, 100, "abandoned", "-", 0, 0),
            (1, 0, 0, 90, "overflowed", "-", 0, 0),
            (1, 1, 90, 100, "abandoned", "-", 0, 0),
            (2, 0, 0, 90, "overflowed", "-", 0, 0),
            (2, 1, 97, 107, "abandoned", "-", 0, 0),
            (3, 0, 0, 90, "overflowed", "-", 0, 0),
            (3, 1, 90, 900, "handled", 1, 9, 0),
        ],
        staff=LATE,
        routing=TWO,
    ),
    Case(
        # Call 0 is answered in the second queue at 0, transferred to the first at 30 and finds no room there: its
        # patience restarted with the talk, with the 25 s of the first queue, so back in the second it waits until 30 +
        # 25 = 55. Call 1 finds no room in the first queue at 5: the whole patience of its callers, 40 s, goes along to
        # the second, where it would be 500 s.
        "a full queue leaves the patience as it was, a talk begins it anew",
        table(
            arrived_us=[0, 5],
            queue=[1, 0, 0, 1, 1],
            queues=("front", "back"),
            talk_us=[30, 9, 9, 9, 9],
            patience_us=[300, 40, 25, 500, 500],
            full_next=[NONE, 4, 3, NONE, NONE],
            talk_next=[2, NONE, NONE, NONE, NONE],
        ),
        [("abandoned", 55), ("abandoned", 45)],
        [
            (0, 1, 0, 0, "handled", 1, 30, 0),
            (0, 0, 30, 30, "full", "-", 0, 0),
            (0, 1, 30, 55, "abandoned", "-", 0, 0),
            (1, 0, 5, 5, "full", "-", 0, 0),
            (1, 1, 5, 45, "abandoned", "-", 0, 0),
        ],
        staff=staff((0, 0, 900, 1000), (1, 1, 0, 20), groups=("front", "back")),
        routing=TWO,
        options={"queue_rules": (QueueRule(capacity=0), QueueRule())},
    ),
    *(
        Case(
            # A break of 15 s from 30 on, whatever holds at the end of a shift: the call in hand (25-45) and its wrap-up
            # (to 50) come first, call 1, there since 28, waits for the end of the break, 50 + 15 = 65.
            f"a break comes after the call in hand where a shift would end by {at_off}",
            table(arrived_us=[25, 28], talk_us=20, acw_us=5),
            [("handled", 45), ("handled", 85)],
            [(0, 0, 25, 25, "handled", 0, 20, 5), (1, 0, 28, 65, "handled", 0, 20, 5)],
            staff=staff((0, 0, 0, 30), (0, 0, 45, 1000), rest=[0, 15], to_break=[True, False], at_off=(at_off,)),
            agents=[(0, 0, 50, 20, 5), (0, 65, 1000, 20, 5)],
        )
        for at_off in ("finish", "hand_over", "serve_queue")
    ),
    Case(
        # Groups take 100 s and 1,000 s a call. At 10 only one of the first is there: 1 x 100 // 1. At 20, with one more
        # before: 2 x 100. From 30 on there is one of each: their mean is 550, so a third in line is told 3 x 550 // 2 =
        # 825.
        "only groups on duty count for the expected wait",
        table(arrived_us=[0, 10, 20, 40], talk_us=500),
        [("handled", 500), ("handled", 530), ("handled", 1000), ("handled", 1030)],
        [
            (0, 0, 0, 0, "handled", 0, 500, 0),
            (1, 0, 10, 30, "handled", 1, 500, 0),
            (2, 0, 20, 500, "handled", 0, 500, 0),
            (3, 0, 40, 530, "handled", 1, 500, 0),
        ],
        staff=staff((0, 0, 0, 1000), (1, 1, 30, 1000), groups=("quick", "slow")),
        routing=RoutingTable(queues=("queue",), groups=("quick", "slow"), rank=((0, 0),)),
        estimates=[("-", "-", "-"), (100, 0, 0), (200, 10, 0), (2 * 550 // 2, 20, 20)],
        options={"queue_rules": (QueueRule(mean_handle_us=550 * S, handle_us=(100 * S, 1000 * S)),)},
    ),
    Case(
        # Two agents at 60 s and one at 520 s: weighted by agents a call takes 640 / 3 = 213.333333 s, and with three at
        # work the first in line waits 71.111111 s, a second one twice that: 426.666666 // 3 = 142.222222.
        "the mean handle time is weighted by agents on duty",
        table(arrived_us=[0, 0, 0, 10, 20], talk_us=300),
        [("handled", 300), ("handled", 300), ("handled", 300), ("handled", 600), ("handled", 600)],
        [
            (0, 0, 0, 0, "handled", 0, 300, 0),
            (1, 0, 0, 0, "handled", 1, 300, 0),
            (2, 0, 0, 0, "handled", 2, 300, 0),
            (3, 0, 10, 300, "handled", 0, 300, 0),
            (4, 0, 20, 300, "handled", 1, 300, 0),
        ],
        staff=staff((0, 0, 0, 1000), (1, 0, 0, 1000), (2, 1, 0, 1000), groups=("quick", "slow")),
        routing=RoutingTable(queues=("queue",), groups=("quick", "slow"), rank=((0, 0),)),
        estimates=[("-", "-", "-")] * 3 + [(71.111111, 0, 0), (142.222222, 10, 0)],
        options={"queue_rules": (QueueRule(handle_us=(60 * S, 520 * S)),)},
    ),
    Case(
        # An agent of speed 2 takes 50 s where the mean at speed 1 is 100 s.
        "fast agents shorten the expected wait",
        table(arrived_us=[0, 10], talk_us=100),
        [("handled", 50), ("handled", 100)],
        [(0, 0, 0, 0, "handled", 0, 50, 0), (1, 0, 10, 50, "handled", 0, 50, 0)],
        staff=staff((0, 0, 0, 1000), speed=2),
        estimates=[("-", "-", "-"), (50, 0, 0)],
        options={"queue_rules": (QueueRule(mean_handle_us=100 * S),)},
    ),
    Case(
        # Handed over at 50 after 50 s of talk, call 0 keeps its place, 0, but it has waited since 50 only: at 58 the
        # head of the line has waited 8 s. It is answered at 60, after 10 s, which is what the last to enter had waited
        # at 70.
        "a talk that is handed over is no wait of the history of waits",
        table(arrived_us=[0, 58, 70], talk_us=[100, 5, 5]),
        [("handled", 110), ("handled", 115), ("handled", 120)],
        [
            (0, 0, 0, 0, "handed_over", 0, 50, 0),
            (0, 0, 50, 60, "handled", 1, 50, 0),
            (1, 0, 58, 110, "handled", 1, 5, 0),
            (2, 0, 70, 115, "handled", 1, 5, 0),
        ],
        staff=staff((0, 0, 0, 50), (1, 0, 60, 1000), at_off=("hand_over",)),
        estimates=[("-", "-", "-"), ("-", "-", "-"), (2 * 30, 8, 0), (2 * 30, 12, 10)],
        options={"queue_rules": (QueueRule(mean_handle_us=30 * S),)},
    ),
    Case(
        # An offer to everybody who must wait. Call 0 finds agent 0 idle at the very moment: answered, no offer. It is
        # passed on at 10 and must wait there: it takes the offer, and has been handled. Call 1 takes it without having
        # talked to anybody. Agent 1 is there from 50: 50-55 rings and talks with call 0 (place 10), then call 1 (place
        # 20).
        "whom an agent has served is handled, with or without a callback to come",
        table(
            arrived_us=[0, 20],
            queue=[0, 1, 1],
            queues=("front", "back"),
            talk_us=[10, 4, 3],
            ring_us=[0, 2, 2],
            talk_next=[2, NONE, NONE],
            u=[[1, 0], [1, 0], [1, 0]],
        ),
        [("handled", 10), ("callback", 20)],
        [
            (0, 0, 0, 0, "handled", 0, 10, 0),
            (0, 1, 10, 10, "callback", "-", 0, 0),
            (0, 1, 10, 50, "handled", 1, 5, 0),
            (1, 1, 20, 20, "callback", "-", 0, 0),
            (1, 1, 20, 55, "handled", 1, 6, 0),
        ],
        staff=staff((0, 0, 0, 1000), (1, 1, 50, 1000), groups=("front", "back")),
        routing=TWO,
        called_back=[2, 4],
        options={"queue_rules": (QueueRule(callback_above_us=0),) * 2},
    ),
    Case(
        # Agent 0 hands call 0 over at 50. After 30 s the limit leads it to the second queue, where no agent is: it is
        # promised a callback at 80. Its talk never ended, so no agent has handled it. At 900 agent 1 calls
        # back, and they talk for 40 s.
        "a talk that was handed over and never finished has not handled the call",
        table(
            arrived_us=[0],
            queue=[0, 1],
            queues=("front", "back"),
            talk_us=[100, 40],
            limit_us=[30, None],
            limit_next=[1, NONE],
            reached_at=1,
            u=[[0, 0], [0, 0]],
        ),
        [("callback", 80)],
        [
            (0, 0, 0, 0, "handed_over", 0, 50, 0),
            (0, 0, 50, 80, "overflowed", "-", 0, 0),
            (0, 1, 80, 80, "callback", "-", 0, 0),
            (0, 1, 80, 900, "handled", 1, 40, 0),
        ],
        staff=staff((0, 0, 0, 50), (1, 1, 900, 1000), groups=("front", "back"), at_off=("hand_over", "finish")),
        routing=TWO,
        called_back=[3],
        options={"queue_rules": (QueueRule(), QueueRule(callback_above_us=0))},
    ),
]


def outcome_of(case: Case, name: str) -> EngineResult:
    options = {"horizon_us": 1000 * S, "estimates": case.estimates is not None, **case.options}
    return engine(name).run(case.calls, case.staff, case.routing, **options)


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_feature(case: Case, name: str) -> None:
    found = outcome_of(case, name)
    records = records_of(found, case.calls, case.staff, horizon_us=case.options.get("horizon_us", 1000 * S))
    calls, visits, agents = records.calls, records.visits, records.agents
    assert list(zip([OUTCOMES[o] for o in calls["outcome"]], seconds(calls["ended_us"]), strict=True)) == case.outcomes
    assert (
        list(
            zip(
                visits["call_id"].tolist(),
                visits["queue"].tolist(),
                seconds(visits["offered_us"]),
                seconds(visits["left_us"]),
                [RESULTS[r] for r in visits["result"]],
                ["-" if a == NONE else a for a in visits["agent"].tolist()],
                seconds(visits["talk_us"]),
                seconds(visits["acw_us"]),
                strict=True,
            )
        )
        == case.visits
    )
    if case.agents is not None:
        columns = (seconds(agents[name]) for name in ("on_us", "off_us", "busy_us", "wrap_us"))
        assert list(zip(agents["agent"].tolist(), *columns, strict=True)) == case.agents
    pauses = (seconds(records.pauses[name]) for name in ("began_us", "ended_us"))
    assert list(zip(records.pauses["agent"].tolist(), *pauses, strict=True)) == case.pauses
    if case.announced is not None:
        assert seconds(visits["announced_wait_us"]) == case.announced
    if case.arrived is not None:
        assert seconds(calls["arrived_us"]) == case.arrived
    if case.estimates is not None:
        assert [tuple(seconds(row)) for row in found.estimates] == case.estimates
    assert np.flatnonzero(visits["called_back"]).tolist() == (case.called_back or [])
