"""The staff table: when each agent is on duty, in which group, and how their shift ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ivr.records.schema import NEVER
from simulation.arrays import Flags, Floats, Ints, Times
from simulation.tables.call_table import wrong
from simulation.tables.chats import Chats
from simulation.tables.outbound import Outbound

__all__ = ["AT_OFF", "StaffTable"]

AT_OFF = ("finish", "hand_over", "serve_queue")
"""What agents do at the end of a shift: finish their call and its wrap-up; hand the caller back to the front of the
queue; or go on while calls that they may take are waiting. Before a break they always finish."""


_COLUMNS = {
    "agent": "i4",
    "group": "i2",
    "on_us": "i8",
    "off_us": "i8",
    "speed": "f8",
    "rest_us": "i8",
    "to_break": "b1",
}


@dataclass(frozen=True, eq=False)  # one table is another only if it is the same: what is built from it is kept by it
class StaffTable:
    """One row per stretch of work: the agent is offered calls in [on_us, off_us).

    A break splits a shift into two rows. If the previous row ended late, the agent begins this one no earlier than
    `rest_us` after that end, so that the break keeps its length.

    Parameters
    ----------
    agent : numpy.ndarray
        i4[m]. Agent ids from 0; the rows of one agent must not overlap.
    group : numpy.ndarray
        i2[m]. Index into `groups`.
    on_us, off_us : numpy.ndarray
        i8[m], microseconds.
    speed : numpy.ndarray
        f8[m], above 0. Talk and after-call work are divided by it; 1 = as in the call table.
    rest_us : numpy.ndarray
        i8[m]. Shortest time after the end of the agent's previous row.
    to_break : numpy.ndarray
        b1[m]. Whether the row ends in a break, which begins after the current call, whatever `at_off` says.
    groups : tuple of str
    at_off : tuple of str
        Per group, one of AT_OFF; empty = ``finish`` for all.
    outbound : tuple of Outbound or None
        Per group, the calls that its agents make when nobody waits for them; empty = none for all.
    chats : tuple of Chats or None
        Per group, the chats that its agents have in hand at once; empty = none for all.

    Raises
    ------
    ScenarioError
        If a row ends before it begins, rows of an agent overlap, or a group has no name.

    Examples
    --------
    >>> StaffTable.constant({"front": 2}, 0, 100).off_us.tolist()
    [100, 100]
    """

    agent: Ints
    group: Ints
    on_us: Times
    off_us: Times
    groups: tuple[str, ...] = field(default=("agents",))
    speed: Floats = field(default_factory=lambda: np.array(1.0))
    rest_us: Times = field(default_factory=lambda: np.array(0))
    at_off: tuple[str, ...] = ()
    to_break: Flags = field(default_factory=lambda: np.array(False))
    outbound: tuple[Outbound | None, ...] = ()
    chats: tuple[Chats | None, ...] = ()

    def __post_init__(self) -> None:
        m = len(self.agent)
        for name, dtype in _COLUMNS.items():
            values = np.asarray(getattr(self, name)).astype(dtype)
            object.__setattr__(self, name, values if values.ndim else np.full(m, values, dtype))
        object.__setattr__(self, "at_off", tuple(self.at_off) or ("finish",) * len(self.groups))
        object.__setattr__(self, "outbound", tuple(self.outbound) or (None,) * len(self.groups))
        object.__setattr__(self, "chats", tuple(self.chats) or (None,) * len(self.groups))
        self._check()

    def _check(self) -> None:
        self._check_groups()
        if len({len(getattr(self, name)) for name in _COLUMNS}) > 1:
            raise wrong("the columns of a staff table must have equal length")
        if len(self.agent) == 0:
            return
        if self.agent.min() < 0 or self.on_us.min() < 0:
            raise wrong("agent ids and on_us must be 0 or more")
        if self.group.min() < 0 or self.group.max() >= len(self.groups):
            raise wrong(f"a shift has a group outside the {len(self.groups)} named")
        if np.any(self.off_us <= self.on_us):
            raise wrong(
                f"the shift of agent {self.agent[np.argmax(self.off_us <= self.on_us)]} ends no later than it begins"
            )
        if not np.all((self.speed > 0) & np.isfinite(self.speed)):
            raise wrong(
                f"the speed of agent {self.agent[np.argmin((self.speed > 0) & np.isfinite(self.speed))]} must be"
                " above 0"
            )
        if self.rest_us.min() < 0:
            raise wrong(f"rest_us of agent {self.agent[np.argmin(self.rest_us)]} is negative")
        order = np.lexsort((self.on_us, self.agent))
        same = self.agent[order][1:] == self.agent[order][:-1]
        overlap = same & (self.on_us[order][1:] < self.off_us[order][:-1])
        if np.any(overlap):
            raise wrong(f"agent {self.agent[order][1:][overlap][0]} has two shifts at the same time")

    @property
    def shift_ends_us(self) -> Times:
        """i8[m]: when the shift of each row ends; NEVER if a break follows, and not the end of the shift."""
        return np.where(self.to_break, NEVER, self.off_us)

    def _check_groups(self) -> None:
        groups = len(self.groups)
        if len(self.at_off) != groups or not set(self.at_off) <= set(AT_OFF):
            raise wrong(f"at_off is {self.at_off}; it needs one of {', '.join(AT_OFF)} for each of {groups} groups")
        for what in ("outbound", "chats"):
            if (given := len(getattr(self, what))) != groups:
                raise wrong(f"{what} has {given} values; it needs one for each of {groups} groups")
        for name, chats, work in zip(self.groups, self.chats, self.outbound, strict=True):
            if chats and work:
                raise wrong(f"the agents of {name} chat; they cannot make outbound calls as well")

    @classmethod
    def constant(cls, agents: Mapping[str, int], on_us: int, off_us: int) -> StaffTable:
        """Return `agents` by group, all of them on duty from `on_us` to `off_us`."""
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
    def of_levels(
        cls, levels: Mapping[str, Sequence[int]], *, interval_us: int = 0, edges_us: Sequence[int] | Times = ()
    ) -> StaffTable:
        """Return agents from staffing levels per interval.

        Agent j of a group works in every interval whose level is above j: a
        lower level sends the agents with the highest ids home, a higher one
        calls them back.

        Parameters
        ----------
        levels : mapping of str to sequence of int
            By group, the number of agents on duty in each interval.
        interval_us : int
            Length of the intervals, if they are equally long.
        edges_us : sequence of int
            Start of each interval, and end of the last, if they are not.

        >>> staff = StaffTable.of_levels({"front": (1, 2, 1)}, interval_us=60)
        >>> list(zip(staff.agent.tolist(), staff.on_us.tolist(), staff.off_us.tolist(), strict=True))
        [(0, 0, 180), (1, 60, 120)]
        """
        rows = []
        first = 0
        at_us = (
            edges_us
            if len(edges_us)
            else [i * interval_us for i in range(1 + max(map(len, levels.values()), default=0))]
        )
        for code, counts in enumerate(levels.values()):
            for j in range(max(counts, default=0)):
                on = [False, *(n > j for n in counts), False]
                edges = [i for i in range(len(counts) + 1) if on[i] != on[i + 1]]
                rows += [(first + j, code, at_us[a], at_us[b]) for a, b in zip(edges[::2], edges[1::2], strict=True)]
            first += max(counts, default=0)
        agent, group, on_us, off_us = np.array(rows, dtype=np.int64).reshape(-1, 4).T
        return cls(agent=agent, group=group, on_us=on_us, off_us=off_us, groups=tuple(levels))
