"""The routing table: everything that a routing decision reads, as plain data.

A policy returns a table; the simulation engines and the live dispatcher follow it with the two functions of
``ivr.routing.choice``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flows.source.counted import counted
from flows.source.finding import Finding, IvrError

__all__ = ["CHOICES", "ORDERS", "GroupSpec", "QueueSpec", "RoutingError", "RoutingTable", "own_queues"]

CHOICES = ("longest_idle", "fewest_calls", "least_occupied", "random")
"""How one of a group's idle agents is chosen; ties go to the lower agent id."""

ORDERS = ("time_in_queue", "time_in_system")
"""What gives a call its place in a queue: when it joined the queue, or when it began."""


class RoutingError(IvrError):
    """A routing table that contradicts itself; its finding says where."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(Finding(code="routing", severity="error", message=message, hint=hint))


@dataclass(frozen=True)
class QueueSpec:
    """What a policy needs to know about a queue.

    Parameters
    ----------
    name : str
    skills : tuple of str
        An agent must have them all; if empty, every agent can serve the queue.
    priority : float
        Higher goes first, in policies that use priorities.
    """

    name: str
    skills: tuple[str, ...] = ()
    priority: float = 0.0


@dataclass(frozen=True)
class GroupSpec:
    """What a policy needs to know about an agent group.

    Parameters
    ----------
    name : str
    skills : Mapping[str, int]
        Skill to level, 1 = best.
    """

    name: str
    skills: Mapping[str, int] = field(default_factory=dict)

    def level(self, queue: QueueSpec) -> int | None:
        """The group's level for a queue: that of its worst needed skill; None if one is missing.

        >>> GroupSpec("front", {"billing": 1, "spanish": 2}).level(QueueSpec("es", ("billing", "spanish")))
        2
        """
        if any(skill not in self.skills for skill in queue.skills):
            return None
        return max((self.skills[skill] for skill in queue.skills), default=1)


Matrix = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class RoutingTable:
    """Which agents may take which calls, and in which order.

    Fields left out are filled with zeros (and ``longest_idle``, ``time_in_queue``). ``q`` is the
    index of a queue, ``g`` of a group.

    Parameters
    ----------
    queues, groups : tuple of str
    rank : tuple of tuple of (int or None)
        ``rank[q][g]``: the queue's preference among groups, lower first; None = never.
    pull : tuple of tuple of int
        ``pull[q][g]``: the group's preference among queues, lower first.
    after_us : tuple of tuple of int
        ``after_us[q][g]``: the group may serve the queue's calls only after they have waited this many microseconds
        (overflow).
    priority : tuple of float
        Per queue, higher first.
    weight_per_s : tuple of float
        Per queue, growth of the priority for each second waited; at least 0.
    keep_idle : tuple of int
        Per group, agents held back for its own queues.
    order : tuple of str
        Per queue, one of ``ORDERS``.
    own : tuple of tuple of bool
        ``own[q][g]``: whether the queue is one of the group's own, for which no agent is held back. If left out: the
        queues of the group's lowest rank.
    choice : tuple of str
        Per group, one of ``CHOICES``. Groups that a queue ranks equally are
        treated as one pool, so they must choose alike.

    Raises
    ------
    RoutingError
        If shapes differ, a value is out of range, or pooled groups choose differently.

    Examples
    --------
    >>> RoutingTable(queues=("billing",), groups=("front", "back"), rank=((0, 1),)).choice
    ('longest_idle', 'longest_idle')
    """

    queues: tuple[str, ...]
    groups: tuple[str, ...]
    rank: tuple[tuple[int | None, ...], ...]
    pull: Matrix = ()
    after_us: Matrix = ()
    priority: tuple[float, ...] = ()
    weight_per_s: tuple[float, ...] = ()
    keep_idle: tuple[int, ...] = ()
    choice: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    own: tuple[tuple[bool, ...], ...] = ()

    def __post_init__(self) -> None:
        n_queues, n_groups = len(self.queues), len(self.groups)
        zeros = ((0,) * n_groups,) * n_queues
        defaults = {
            "pull": zeros,
            "after_us": zeros,
            "priority": (0.0,) * n_queues,
            "weight_per_s": (0.0,) * n_queues,
            "keep_idle": (0,) * n_groups,
            "choice": ("longest_idle",) * n_groups,
            "order": ("time_in_queue",) * n_queues,
        }
        for name, default in defaults.items():
            if not getattr(self, name):
                object.__setattr__(self, name, default)
        if not self.own and all(len(row) == n_groups for row in self.rank):
            object.__setattr__(self, "own", _best(self.rank, self.rank))
        for name in ("rank", "pull", "after_us", "own"):
            rows = getattr(self, name)
            if len(rows) != n_queues or any(len(row) != n_groups for row in rows):
                raise RoutingError(
                    f"{name} must have a row for each queue and a column for each group:"
                    f" {counted(n_queues, 'row')}, {counted(n_groups, 'column')}"
                )
        for name, size, of in (
            ("priority", n_queues, "queue"),
            ("weight_per_s", n_queues, "queue"),
            ("order", n_queues, "queue"),
            ("keep_idle", n_groups, "group"),
            ("choice", n_groups, "group"),
        ):
            if (given := len(getattr(self, name))) != size:
                raise RoutingError(f"{name} has {counted(given, 'value')}; it needs one for each {of}, {size} in all")
        self._check_values()

    def _check_values(self) -> None:
        for queue, weight in zip(self.queues, self.weight_per_s, strict=True):
            if not weight >= 0:
                raise RoutingError(
                    f"weight_per_s of queue '{queue}' is {weight}; it must be 0 or more",
                    hint="a negative weight would let the newest call of a queue overtake the oldest",
                )
        if any(n < 0 for n in self.keep_idle) or any(n < 0 for row in self.after_us for n in row):
            raise RoutingError("keep_idle and after_us must be 0 or more")
        for queue, order in zip(self.queues, self.order, strict=True):
            if order not in ORDERS:
                raise RoutingError(f"order of queue '{queue}' is '{order}'; it must be one of {', '.join(ORDERS)}")
        for group, choice in zip(self.groups, self.choice, strict=True):
            if choice not in CHOICES:
                raise RoutingError(f"choice of group '{group}' is '{choice}'; it must be one of {', '.join(CHOICES)}")
        for queue, row in zip(self.queues, self.rank, strict=True):
            for rank in set(row) - {None}:
                pool = [g for g, other in enumerate(row) if other == rank]
                if len({self.choice[g] for g in pool}) > 1:
                    raise RoutingError(
                        f"queue '{queue}' ranks {', '.join(self.groups[g] for g in pool)} equally, but they choose"
                        " agents differently",
                        hint="give them the same choice, or different ranks",
                    )

    def may_serve(self, queue: int, group: int, idle_in_group: int) -> bool:
        """Whether a group with ``idle_in_group`` idle agents may spare one for a queue.

        True if the group is ranked for the queue, and either has more idle
        agents than ``keep_idle`` or the queue is one of its own.
        """
        if self.rank[queue][group] is None or idle_in_group < 1:
            return False
        return self.own[queue][group] or idle_in_group > self.keep_idle[group]

    def unserved_queues(self) -> tuple[str, ...]:
        """Names of queues that no group may serve.

        >>> RoutingTable(queues=("a", "b"), groups=("g",), rank=((0,), (None,))).unserved_queues()
        ('b',)
        """
        return tuple(
            queue for queue, row in zip(self.queues, self.rank, strict=True) if all(rank is None for rank in row)
        )


def own_queues(
    queues: Sequence[QueueSpec],
    groups: Sequence[GroupSpec],
    rank: Sequence[Sequence[int | None]],
) -> tuple[tuple[bool, ...], ...]:
    """Which queues are each group's own: of those it may serve, the ones for which it has its best skill level.

    Parameters
    ----------
    queues : sequence of QueueSpec
    groups : sequence of GroupSpec
    rank : sequence of sequence of (int or None)
        As in `RoutingTable`: None where the group never serves the queue.

    Returns
    -------
    tuple of tuple of bool
        By queue and group.

    Examples
    --------
    >>> queues, groups = [QueueSpec("a", ("x",)), QueueSpec("b", ("y",))], [GroupSpec("g", {"x": 1, "y": 2})]
    >>> own_queues(queues, groups, ((0,), (0,)))
    ((True,), (False,))
    """
    return _best([[group.level(queue) for group in groups] for queue in queues], rank)


def _best(level: Sequence[Sequence[int | None]], rank: Sequence[Sequence[int | None]]) -> tuple[tuple[bool, ...], ...]:
    """By queue and group, whether the queue is ranked and has the group's lowest level; no level is the worst."""
    worst = max((value for row in level for value in row if value is not None), default=0) + 1
    found = [
        [None if order is None else worst if value is None else value for value, order in zip(*rows, strict=True)]
        for rows in zip(level, rank, strict=True)
    ]
    best = [min((value for value in column if value is not None), default=None) for column in zip(*found, strict=True)]
    return tuple(
        tuple(value is not None and value == least for value, least in zip(row, best, strict=True)) for row in found
    )
