"""The tables every engine reads: calls with all their random draws, and the shifts of the agents.

Times are int64 microseconds from the start of the scenario; ``NEVER`` stands
for infinite patience or no limit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from flows.errors import Finding, ScenarioError
from ivr.record_schema import NEVER, NONE, OUTCOMES, outcome_code
from ivr.routing import RoutingTable

__all__ = ["OFFERED", "CallTable", "StaffTable", "microseconds", "require_tables_fit"]

OFFERED = -1
"""A call's ending when its menu stage ends by joining a queue."""


def microseconds(seconds: np.ndarray | float) -> np.ndarray:
    """Return seconds as int64 microseconds, rounded; infinity and anything beyond becomes NEVER.

    >>> microseconds(np.array([1.5, np.inf])).tolist() == [1_500_000, NEVER]
    True
    """
    us = np.asarray(seconds, dtype=float) * 1e6
    return np.where(us < NEVER, np.rint(np.minimum(us, NEVER)), NEVER).astype(np.int64)


def _wrong(message: str, *, hint: str = "") -> ScenarioError:
    return ScenarioError(Finding(code="tables", severity="error", message=message, hint=hint))


# Columns of a CallTable: (name, dtype, value where not given).
_CALL_COLUMNS = (
    ("intent", "i2", NONE), ("language", "i2", NONE), ("path", "i4", NONE), ("menu_us", "i8", 0),
    ("key_presses", "i2", 0), ("ending", "i1", OFFERED), ("patience_us", "i8", NEVER), ("acw_us", "i8", 0),
    ("limit_us", "i8", NEVER), ("limit_ending", "i1", outcome_code("closed")), ("zero_out", "b1", False),
)


@dataclass(frozen=True)
class CallTable:
    """Everything random about every call, drawn before any engine runs. Make it with ``CallTable.of``.

    Rows are sorted by arrival; the row number is the call's id.

    Parameters
    ----------
    arrived_us : numpy.ndarray
        i8[n]. When the call arrives.
    intent, language, path : numpy.ndarray
        i2[n], i2[n], i4[n]. Codes of `intents`, `languages`, `paths`; -1 none.
    menu_us : numpy.ndarray
        i8[n]. From arrival to the end of the menu stage.
    key_presses : numpy.ndarray
        i2[n]. Keys pressed in the menu.
    ending : numpy.ndarray
        i1[n]. How the menu stage ends: a code of OUTCOMES, or OFFERED.
    queue : numpy.ndarray
        i2[n]. Code of `queues`, the queue joined; -1 unless OFFERED.
    patience_us : numpy.ndarray
        i8[n]. The longest wait the caller bears.
    talk_us : numpy.ndarray
        i8[n, k]. Talk time, by column.
    talk_column : tuple of int
        Per agent group, the column of `talk_us` that holds; empty = 0 for all.
    acw_us : numpy.ndarray
        i8[n]. After-call work.
    limit_us : numpy.ndarray
        i8[n]. The longest wait the flow allows.
    limit_ending : numpy.ndarray
        i1[n]. Code of OUTCOMES that the call gets at the limit.
    zero_out : numpy.ndarray
        b1[n]. Whether the caller asked for the operator to leave the menu.
    u : numpy.ndarray
        f8[n, k]. Uniforms for choices that depend on the state of the floor.
    intents, languages, paths, queues : tuple of str
    """

    arrived_us: np.ndarray
    intent: np.ndarray
    language: np.ndarray
    path: np.ndarray
    menu_us: np.ndarray
    key_presses: np.ndarray
    ending: np.ndarray
    queue: np.ndarray
    patience_us: np.ndarray
    talk_us: np.ndarray
    acw_us: np.ndarray
    limit_us: np.ndarray
    limit_ending: np.ndarray
    zero_out: np.ndarray
    u: np.ndarray
    talk_column: tuple[int, ...] = ()
    intents: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    queues: tuple[str, ...] = ("queue",)

    @classmethod
    def of(
        cls, *, arrived_us: np.ndarray | Sequence[int], talk_us: np.ndarray | Sequence | int = 0,
        queue: np.ndarray | Sequence[int] | int | None = None, u: np.ndarray | None = None,
        talk_column: Sequence[int] = (), intents: Sequence[str] = (), languages: Sequence[str] = (),
        paths: Sequence[str] = (), queues: Sequence[str] = ("queue",), **columns: np.ndarray | Sequence | int,
    ) -> CallTable:
        """Return a checked call table from arrays, lists or single values; what is not given takes a neutral value.

        Parameters
        ----------
        arrived_us : array_like of int
        talk_us : array_like of int
            [n], [n, k], or one value for all.
        queue : array_like of int, optional
            Default: the first queue for calls that are offered.
        **columns
            Any other column by name; a single value holds for all calls.
            Defaults: no intent, language or path; no menu; OFFERED; NEVER
            impatient; no after-call work; no limit.

        Raises
        ------
        ScenarioError
            If rows are unsorted, lengths differ, a time is negative or a code has no name.

        Examples
        --------
        >>> CallTable.of(arrived_us=[0, 5], talk_us=60, patience_us=[10, NEVER]).talk_us.tolist()
        [[60], [60]]
        """
        arrived = np.asarray(arrived_us, dtype=np.int64)
        n = len(arrived)
        known = {name for name, _, _ in _CALL_COLUMNS}
        unknown = sorted(set(columns) - known)
        if unknown:
            raise _wrong(f"a call table has no column {', '.join(unknown)}; it has {', '.join(sorted(known))}")
        made = {name: _column(name, columns.get(name, default), dtype, n) for name, dtype, default in _CALL_COLUMNS}
        talk = np.asarray(talk_us, dtype=np.int64)
        talk = np.full((n, 1), talk) if talk.ndim == 0 else talk.reshape(len(talk), -1) if n else np.zeros((0, 1), np.int64)
        if queue is None:
            queue = np.where(made["ending"] == OFFERED, 0, NONE)
        return cls(
            arrived_us=arrived, talk_us=talk, queue=_column("queue", queue, "i2", n),
            u=np.zeros((n, 0)) if u is None else np.asarray(u, dtype=float), talk_column=tuple(talk_column),
            intents=tuple(intents), languages=tuple(languages), paths=tuple(paths), queues=tuple(queues), **made)

    def __post_init__(self) -> None:
        n = len(self)
        for name in ("queue", "talk_us", "u", *(name for name, _, _ in _CALL_COLUMNS)):
            if len(getattr(self, name)) != n:
                raise _wrong(f"column {name} has {len(getattr(self, name))} rows; there are {n} calls")
        if n == 0:
            return
        if self.arrived_us[0] < 0 or np.any(np.diff(self.arrived_us) < 0):
            raise _wrong("calls must be sorted by arrived_us, and none may arrive before 0")
        for name in ("menu_us", "talk_us", "acw_us", "patience_us", "limit_us"):
            if getattr(self, name).min() < 0:
                raise _wrong(f"{name} of call {int(np.argmin(getattr(self, name))) // getattr(self, name)[0].size} is negative")
        for name, names in (("intent", self.intents), ("language", self.languages), ("path", self.paths), ("queue", self.queues)):
            codes = getattr(self, name)
            if codes.min() < NONE or codes.max() >= len(names):
                raise _wrong(f"column {name} has a code outside the {len(names)} names given")
        for name in ("ending", "limit_ending"):
            if getattr(self, name).min() < OFFERED or getattr(self, name).max() >= len(OUTCOMES):
                raise _wrong(f"column {name} has a code that is no outcome")
        if np.any((self.queue == NONE) != (self.ending != OFFERED)):
            raise _wrong("a call has a queue if and only if it is offered")
        if self.talk_column and not 0 <= min(self.talk_column) <= max(self.talk_column) < self.talk_us.shape[1]:
            raise _wrong(f"talk_column must name columns 0 to {self.talk_us.shape[1] - 1} of talk_us")

    def __len__(self) -> int:
        return len(self.arrived_us)


def _column(name: str, values: np.ndarray | Sequence | int, dtype: str, n: int) -> np.ndarray:
    array = np.asarray(values).astype(dtype)
    if array.ndim == 0:
        return np.full(n, array, dtype)
    if array.shape != (n,):
        raise _wrong(f"column {name} has {len(array)} rows; there are {n} calls")
    return array


@dataclass(frozen=True)
class StaffTable:
    """One row an agent's shift: the agent is offered calls in [on_us, off_us).

    Parameters
    ----------
    agent : numpy.ndarray
        i4[m]. Agent ids from 0; the shifts of one agent must not overlap.
    group : numpy.ndarray
        i2[m]. Code of `groups`.
    on_us, off_us : numpy.ndarray
        i8[m], microseconds.
    groups : tuple of str

    Raises
    ------
    ScenarioError
        If a shift ends before it begins, shifts of an agent overlap, or a code has no name.

    Examples
    --------
    >>> StaffTable.constant({"front": 2}, 0, 100).off_us.tolist()
    [100, 100]
    """

    agent: np.ndarray
    group: np.ndarray
    on_us: np.ndarray
    off_us: np.ndarray
    groups: tuple[str, ...] = field(default=("agents",))

    def __post_init__(self) -> None:
        for name, dtype in (("agent", "i4"), ("group", "i2"), ("on_us", "i8"), ("off_us", "i8")):
            object.__setattr__(self, name, np.asarray(getattr(self, name)).astype(dtype))
        if len({len(self.agent), len(self.group), len(self.on_us), len(self.off_us)}) > 1:
            raise _wrong("the columns of a staff table must have equal length")
        if len(self.agent) == 0:
            return
        if self.agent.min() < 0 or self.on_us.min() < 0:
            raise _wrong("agent ids and on_us must be 0 or more")
        if self.group.min() < 0 or self.group.max() >= len(self.groups):
            raise _wrong(f"a shift has a group outside the {len(self.groups)} named")
        if np.any(self.off_us <= self.on_us):
            raise _wrong(f"the shift of agent {self.agent[np.argmax(self.off_us <= self.on_us)]} ends no later than it begins")
        order = np.lexsort((self.on_us, self.agent))
        same = self.agent[order][1:] == self.agent[order][:-1]
        overlap = same & (self.on_us[order][1:] < self.off_us[order][:-1])
        if np.any(overlap):
            raise _wrong(f"agent {self.agent[order][1:][overlap][0]} has two shifts at the same time")

    @classmethod
    def constant(cls, agents: Mapping[str, int], on_us: int, off_us: int) -> StaffTable:
        """Return so many agents a group, all from `on_us` to `off_us`."""
        return cls.of_shifts([(group, n, on_us, off_us) for group, n in agents.items()], groups=tuple(agents))

    @classmethod
    def of_shifts(cls, shifts: Sequence[tuple[str, int, int, int]], *, groups: Sequence[str] = ()) -> StaffTable:
        """Return agents from shifts of (group, number of agents, on_us, off_us); each agent has one shift.

        >>> StaffTable.of_shifts([("front", 1, 0, 50), ("back", 2, 0, 80)]).group.tolist()
        [0, 1, 1]
        """
        names = tuple(groups) or tuple(dict.fromkeys(group for group, *_ in shifts))
        rows = [(names.index(group), on, off) for group, n, on, off in shifts for _ in range(n)]
        group, on, off = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        return cls(agent=np.arange(len(rows)), group=group, on_us=on, off_us=off, groups=names)

    @classmethod
    def of_levels(cls, levels: Mapping[str, Sequence[int]], *, interval_us: int) -> StaffTable:
        """Return agents from staffing levels per interval.

        Agent j of a group works in every interval whose level is above j, so
        that a lowered level sends the last-named agents home and a raised one
        calls them back.

        >>> staff = StaffTable.of_levels({"front": (1, 2, 1)}, interval_us=60)
        >>> list(zip(staff.agent.tolist(), staff.on_us.tolist(), staff.off_us.tolist()))
        [(0, 0, 180), (1, 60, 120)]
        """
        rows = []
        first = 0
        for code, counts in enumerate(levels.values()):
            for j in range(max(counts, default=0)):
                on = [False, *(n > j for n in counts), False]
                edges = [i for i in range(len(counts) + 1) if on[i] != on[i + 1]]
                rows += [(first + j, code, a * interval_us, b * interval_us) for a, b in zip(edges[::2], edges[1::2])]
            first += max(counts, default=0)
        agent, group, on_us, off_us = np.array(rows, dtype=np.int64).reshape(-1, 4).T
        return cls(agent=agent, group=group, on_us=on_us, off_us=off_us, groups=tuple(levels))


def require_tables_fit(
    calls: CallTable, staff: StaffTable, routing: RoutingTable, *, horizon_us: int, lines: int | None, at_end: str,
) -> None:
    """Raise ScenarioError unless an engine can run these tables together.

    >>> calls, staff = CallTable.of(arrived_us=[0]), StaffTable.constant({"g": 1}, 0, 9)
    >>> routing = RoutingTable(queues=("queue",), groups=("g",), rank=((0,),))
    >>> require_tables_fit(calls, staff, routing, horizon_us=9, lines=None, at_end="drain")
    """
    for name, given, expected in (("queues", routing.queues, calls.queues), ("groups", routing.groups, staff.groups)):
        if given != expected:
            raise _wrong(f"the routing table has {name} {', '.join(given)}; the tables have {', '.join(expected)}")
    if len(calls) and calls.arrived_us[-1] >= horizon_us:
        raise _wrong(f"a call arrives at {calls.arrived_us[-1]} us, not before the horizon of {horizon_us} us")
    if calls.talk_column and len(calls.talk_column) != len(routing.groups):
        raise _wrong(f"talk_column has {len(calls.talk_column)} values; it needs one for each of {len(routing.groups)} groups")
    if lines is not None and lines < 0:
        raise _wrong(f"lines is {lines}; it must be 0 or more")
    if at_end not in ("drain", "clear"):
        raise _wrong(f"at_end is '{at_end}'; it must be drain or clear")
