"""The staff table: who is there when, in which group, and what happens at the end of a shift."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from simulation.tables.call_table import wrong

__all__ = ["AT_OFF", "StaffTable"]

AT_OFF = ("finish", "hand_over", "serve_queue")
"""What an agent does at the end of a shift: finish the call and its wrap-up; hand the caller back to the front of
the queue; or go on as long as a call waits that they may take. Before a break it is always the first."""


@dataclass(frozen=True)
class StaffTable:
    """One row a stretch of an agent's shift: the agent is offered calls in [on_us, off_us).

    A break parts a shift in two rows. If the row before ended late, the agent
    begins this one `rest_us` after that end, if that is later than `on_us`: so
    a break keeps its length.

    Parameters
    ----------
    agent : numpy.ndarray
        i4[m]. Agent ids from 0; the shifts of one agent must not overlap.
    group : numpy.ndarray
        i2[m]. Code of `groups`.
    on_us, off_us : numpy.ndarray
        i8[m], microseconds.
    speed : numpy.ndarray
        f8[m]. Talk and after-call work take so many times less; 1 = as in the call table.
    rest_us : numpy.ndarray
        i8[m]. At least so long after the agent's row before has ended.
    to_break : numpy.ndarray
        b1[m]. Whether the row ends in a break, which begins after the call in hand, whatever `at_off` says.
    groups : tuple of str
    at_off : tuple of str
        Per group, one of AT_OFF; empty = ``finish`` for all.

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
    speed: np.ndarray | float = 1.0
    rest_us: np.ndarray | int = 0
    at_off: tuple[str, ...] = ()
    to_break: np.ndarray | bool = False

    def __post_init__(self) -> None:
        m = len(self.agent)
        for name, dtype in (
            ("agent", "i4"),
            ("group", "i2"),
            ("on_us", "i8"),
            ("off_us", "i8"),
            ("speed", "f8"),
            ("rest_us", "i8"),
            ("to_break", "b1"),
        ):
            values = np.asarray(getattr(self, name)).astype(dtype)
            object.__setattr__(self, name, values if values.ndim else np.full(m, values, dtype))
        object.__setattr__(self, "at_off", tuple(self.at_off) or ("finish",) * len(self.groups))
        if len(self.at_off) != len(self.groups) or not set(self.at_off) <= set(AT_OFF):
            raise wrong(
                f"at_off is {self.at_off}; it needs one of {', '.join(AT_OFF)} for each of {len(self.groups)} groups"
            )
        if (
            len(
                {
                    m,
                    *(
                        len(getattr(self, name))
                        for name in ("group", "on_us", "off_us", "speed", "rest_us", "to_break")
                    ),
                }
            )
            > 1
        ):
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
    def of_levels(
        cls, levels: Mapping[str, Sequence[int]], *, interval_us: int = 0, edges_us: Sequence[int] | np.ndarray = ()
    ) -> StaffTable:
        """Return agents from staffing levels per interval.

        Agent j of a group works in every interval whose level is above j, so
        that a lowered level sends the last-named agents home and a raised one
        calls them back. Intervals are `interval_us` long, or begin at `edges_us`, the last of
        which is their end.

        >>> staff = StaffTable.of_levels({"front": (1, 2, 1)}, interval_us=60)
        >>> list(zip(staff.agent.tolist(), staff.on_us.tolist(), staff.off_us.tolist()))
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
                rows += [(first + j, code, at_us[a], at_us[b]) for a, b in zip(edges[::2], edges[1::2])]
            first += max(counts, default=0)
        agent, group, on_us, off_us = np.array(rows, dtype=np.int64).reshape(-1, 4).T
        return cls(agent=agent, group=group, on_us=on_us, off_us=off_us, groups=tuple(levels))
