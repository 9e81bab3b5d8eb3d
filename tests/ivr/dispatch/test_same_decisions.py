"""The dispatcher gives calls to the agents to whom the simulation's reference engine gives them.

The engine plays random floors: every choice on both sides, overflow delays, agents held back, priorities, urgency,
weights, pull, places by the begin of the call, shifts, callers who give up, and clocks so coarse that much happens at
once. Then the events of its records are fed to `matches` one after the other, in the order of the tie rule, and what it
matches must be what the records say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from ivr.dispatch import matches as module
from ivr.dispatch.matches import FreeAgent, HeldCall, Match, matches
from ivr.records.schema import NEVER, result_code
from ivr.routing import RoutingTable, place_us
from simulation.engines.reference.engine import run
from simulation.engines.results import EngineResult
from simulation.tables import tie_rule
from simulation.tables.checks import CallTable, StaffTable
from tests.support.random_tables import routing

FLOORS = 1_000
HORIZON_US = 600_000_000
READY, OFF, JOINS, DUE, LEAVES, CLOSED = "ready", "off", "joins", "due", "leaves", "closed"


class RecordedFloor:
    """A day of the reference engine on a random floor, from a seed."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        tick_us = int(rng.choice([1, 1_000_000, 10_000_000, 60_000_000]))
        queues = tuple(f"q{i}" for i in range(int(rng.integers(1, 4))))
        groups = tuple(f"g{i}" for i in range(int(rng.integers(1, 4))))
        self.table: RoutingTable = routing(rng, queues, groups, tick_us, lambda share: bool(rng.random() < share))
        n = int(rng.integers(4, 25))

        def times(mean_s: float, zero: float = 0.05) -> Any:
            us = np.rint(rng.exponential(mean_s * 1e6, n) / tick_us).astype("i8") * tick_us
            return np.where(rng.random(n) < zero, 0, us)

        self.calls = CallTable.of(
            arrived_us=np.sort(rng.integers(0, HORIZON_US // tick_us, n)) * tick_us,
            menu_us=times(30),
            talk_us=times(90) + tick_us,  # what an answer sets off happens later, so all events can be put in order
            acw_us=times(30, zero=0.3),
            patience_us=np.where(rng.random(n) < 0.3, NEVER, times(120)),
            queue=rng.integers(0, len(queues), n),
            queues=queues,
            urgency=rng.integers(0, 2, n),
            urgencies=[0.0, 1.5],
            agent_draw=rng.integers(0, 2**53, n),
        )
        self.staff = self._staff(rng, groups, tick_us)
        self.result: EngineResult = run(self.calls, self.staff, self.table, horizon_us=HORIZON_US, at_end="clear")

    def _staff(self, rng: np.random.Generator, groups: tuple[str, ...], tick_us: int) -> StaffTable:
        m = int(rng.integers(1, 7))
        whole = rng.random(m) < 0.5
        edges = np.sort(rng.integers(0, int(1.2 * HORIZON_US) // tick_us + 2, (m, 2)), axis=1) * tick_us
        return StaffTable(
            agent=rng.permutation(m) * 3,
            group=rng.integers(0, len(groups), m),
            on_us=np.where(whole, 0, edges[:, 0]),
            off_us=np.where(whole, HORIZON_US, edges[:, 1] + tick_us),
            groups=groups,
        )

    def events(self) -> Iterator[tuple[str, int, int]]:
        """What happens, to which call or row of the staff table, and when; in the order of the tie rule."""
        visits, found = self.result.visits, []
        for row in range(len(self.staff.agent)):
            agent = int(self.staff.agent[row])
            found.append((int(self.result.on_us[row]), tie_rule.SHIFT_ON + agent, READY, row))
            found.append((int(self.staff.off_us[row]), tie_rule.SHIFT_OFF + agent, OFF, row))
        for i, call in enumerate(visits["call"].tolist()):
            joined_us, left_us, row = (int(visits[name][i]) for name in ("offered_us", "left_us", "shift"))
            if visits["result"][i] == result_code("closed") and left_us == joined_us:
                continue  # nobody was to answer any more
            found.append((joined_us, tie_rule.MENU_END + call, JOINS, i))
            delays = self.table.after_us[visits["queue"][i]]
            place = self.place_us(i)
            found += [(place + after, tie_rule.OVERFLOW + call, DUE, i) for after in set(delays) if after]
            if row < 0:
                closed = visits["result"][i] == result_code("closed")
                kind = tie_rule.CLOSING if closed else tie_rule.ABANDONMENT + call
                found.append((left_us, kind, CLOSED if closed else LEAVES, i))
            else:
                acw_us, talk_us = int(visits["acw_us"][i]), int(visits["talk_us"][i])
                kind = tie_rule.RELEASE if acw_us else tie_rule.TALK_END
                found.append((left_us + talk_us + acw_us, kind + int(self.staff.agent[row]), READY, row))
        for at_us, _, what, number in sorted(found):
            yield what, number, at_us

    def place_us(self, visit: int) -> int:
        call, queue = (int(self.result.visits[name][visit]) for name in ("call", "queue"))
        joined_us, began_us = int(self.result.visits["offered_us"][visit]), int(self.result.arrived_us[call])
        return place_us(self.table, queue, joined_us=joined_us, began_us=began_us)


class Dispatched:
    """The floor as the dispatcher sees it, while the events of a recorded one are fed to it."""

    def __init__(self, recorded: RecordedFloor) -> None:
        self.of = recorded
        self.idle: dict[str, FreeAgent] = {}
        self.waiting: dict[str, HeldCall] = {}
        self.answered: dict[int, tuple[int, int]] = {}  # by visit: row of the staff, and when
        self.worked: dict[int, tuple[int, int]] = {}  # by row: calls, and time of work

    def play(self, *, late: bool = False) -> dict[int, tuple[int, int]]:
        """By visit, who takes it and when; a `late` dispatcher sees a run of new and overdue calls all at once."""
        events = list(self.of.events())
        for (what, number, at_us), after in zip(events, [*events[1:], None], strict=True):
            self._happens(what, number, at_us)
            if late and after is not None and after[0] in (JOINS, DUE):
                continue
            due_us = at_us if what in (DUE, LEAVES) else at_us - 1
            floor = list(self.waiting.values()), list(self.idle.values())
            for match in matches(self.of.table, *floor, at_us, due_us=due_us):
                self._match(match, at_us)
        return self.answered

    def _happens(self, what: str, number: int, at_us: int) -> None:
        staff, result = self.of.staff, self.of.result
        if what == READY and at_us < staff.off_us[number]:
            calls, worked_us = self.worked.get(number, (0, 0))
            agent = int(staff.agent[number])
            self.idle[str(number)] = FreeAgent(
                str(number),
                agent,
                int(staff.group[number]),
                ready_us=at_us,
                idle_since_us=at_us,
                calls=calls,
                worked_us=worked_us,
                shift_began_us=int(result.on_us[number]),
            )
        elif what == OFF:
            self.idle.pop(str(number), None)
        elif what == JOINS:
            call = int(result.visits["call"][number])
            self.waiting[f"{call:06d}"] = HeldCall(
                f"{call:06d}",
                int(result.visits["queue"][number]),
                self.of.place_us(number),
                since_us=at_us,
                urgency=self.of.calls.urgencies[int(self.of.calls.urgency[call])],
                draw=int(self.of.calls.agent_draw[call]),
            )
        elif what in (LEAVES, CLOSED):
            self.waiting.pop(f"{int(result.visits['call'][number]):06d}", None)

    def _match(self, match: Match, at_us: int) -> None:
        visits, row = self.of.result.visits, int(match.agent)
        del self.idle[match.agent], self.waiting[match.call]
        (visit,) = np.flatnonzero(visits["call"] == int(match.call)).tolist()
        self.answered[visit] = row, at_us
        calls, worked_us = self.worked.get(row, (0, 0))
        worked_us += int(visits["talk_us"][visit] + visits["acw_us"][visit])
        self.worked[row] = calls + 1, worked_us


def recorded(floor: RecordedFloor) -> dict[int, tuple[int, int]]:
    visits = floor.result.visits
    rows, left = visits["shift"].tolist(), visits["left_us"].tolist()
    return {i: (rows[i], left[i]) for i in range(len(rows)) if rows[i] >= 0}


def first_difference(floors: range) -> int | None:
    """The first floor on which the dispatcher decides otherwise."""
    for seed in floors:
        floor = RecordedFloor(seed)
        try:
            same = Dispatched(floor).play() == recorded(floor)
        except ValueError:  # a call that nobody recorded
            same = False
        if not same:
            return seed
    return None


def test_the_dispatcher_decides_as_the_reference_engine() -> None:
    assert first_difference(range(FLOORS)) is None


def test_a_dispatcher_that_looks_late_decides_as_if_it_had_looked_in_time() -> None:
    for seed in range(200):
        floor = RecordedFloor(seed)
        late, in_time = Dispatched(floor).play(late=True), recorded(floor)
        assert {visit: row for visit, (row, _) in late.items()} == {visit: row for visit, (row, _) in in_time.items()}


@pytest.mark.parametrize("name", ["agent_for_call", "call_for_agent"])
def test_the_comparison_can_fail(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A dispatcher that does not hold agents back, nor waits for overflow, is found out."""
    right = getattr(module, name)

    def wrong(table: RoutingTable, **about: Any) -> int | None:
        return right(RoutingTable(table.queues, table.groups, table.rank), **about)

    monkeypatch.setattr(module, name, wrong)
    assert first_difference(range(FLOORS)) is not None


def ties_of_overflow(floor: RecordedFloor) -> int:
    """How often the end of a delay falls together with another event of the floor."""
    events = list(floor.events())
    others = {at_us for what, _, at_us in events if what != DUE}
    return sum(what == DUE and at_us in others for what, _, at_us in events)


def test_ends_of_delays_fall_together_with_everything_else() -> None:
    """On clocks of a second and more, about every third floor has such a tie; of 1,000 floors at least a hundred do."""
    assert sum(ties_of_overflow(RecordedFloor(seed)) > 0 for seed in range(FLOORS)) >= FLOORS // 10


def test_of_what_happens_at_one_moment_the_end_of_a_delay_is_the_last() -> None:
    """Chi may take sales calls after 20 s, and goes home at that moment: she does not get the call."""
    table = RoutingTable(queues=("sales",), groups=("workshop",), rank=((0,),), after_us=((20,),))
    call, chi = HeldCall("CA1", 0, 0, 0), FreeAgent("chi", 0, 0, 5, 5)
    assert matches(table, [call], [chi], 20, due_us=19) == ()
    assert matches(table, [call], [], 20) == ()
    assert matches(table, [call], [chi], 20) == (Match("chi", "CA1"),)
    ready_now = FreeAgent("chi", 0, 0, 20, 20)  # who becomes free at that moment takes it: it has waited long enough
    assert matches(table, [call], [ready_now], 20, due_us=19) == (Match("chi", "CA1"),)
