"""The call table: everything random about every call, drawn before any engine runs.

There is a row for each call, and a row for each *queue visit* that the call may
make. Row i of the visits is the first visit of call i. Rows from n on are
further visits, which follow others: after a time-out, when the queue is full,
or after a talk (transfer, escalation). Second and later attempts of a caller
have rows of their own, which wait until the attempt before has failed.

Times are int64 microseconds from the start of the scenario; ``NEVER`` means infinite patience or no limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from flows.source.counted import counted
from ivr.records.schema import NEVER, NONE, OUTCOMES
from simulation.arrays import Flags, Floats, Ints, Times
from simulation.tables.columns import (
    CALL_COLUMNS,
    DEFAULT,
    OFFERED,
    TRIED_AGAIN,
    VISIT_COLUMNS,
    Column,
    Values,
    column,
    constant,
    different,
    microseconds,
    talk_columns,
    wrong,
)
from simulation.tables.menu_steps import MenuSteps

__all__ = ["BALK", "CALL_BACK", "OFFERED", "CallTable", "Column", "microseconds", "wrong"]

BALK, CALL_BACK = 0, 1
"""Columns of ``CallTable.u``: whether callers balk, and whether they accept a callback."""


@dataclass(frozen=True)
class CallTable:
    """Everything random about every call. Build it with ``CallTable.of``.

    There are n calls and m >= n queue visits. First attempts come first, sorted
    by arrival; later attempts follow in any order, and their `arrived_us` is
    NEVER: they arrive `retry_after_us` after the attempt that names them in
    `retry` has ended in one of `retry_outcomes`, or `repeat_after_us` after it
    was handled, if that is before the horizon.

    Parameters
    ----------
    arrived_us : numpy.ndarray
        i8[n]. When the call arrives.
    intent, language, path : numpy.ndarray
        i2[n], i2[n], i4[n]. Indices into `intents`, `languages`, `paths`; -1 = none.
    menu_us : numpy.ndarray
        i8[n]. From arrival to the end of the menu stage.
    key_presses : numpy.ndarray
        i2[n]. Keys pressed until the menu stage ends.
    ending : numpy.ndarray
        i1[n]. How the menu stage ends: an index into OUTCOMES, or OFFERED.
    zero_out : numpy.ndarray
        b1[n]. Whether the caller pressed 0 to leave the menu for an operator.
    attempt : numpy.ndarray
        i2[n]. 1 for a first call, 2 for the first retry ...
    retry, retry_after_us : numpy.ndarray
        i8[n]. Row of the next attempt, or -1; and the time from the end of this one until the next; NEVER for none.
    repeat_after_us : numpy.ndarray
        i8[n]. The same time, if this call is handled.
    queue : numpy.ndarray
        i2[m]. Index into `queues`; -1 for the first visit of a call that is not offered.
    patience_us : numpy.ndarray
        i8[m]. Longest wait before the caller hangs up.
    talk_us : numpy.ndarray
        i8[m, k]. Talk time at speed 1, by column.
    acw_us : numpy.ndarray
        i8[m]. After-call work at speed 1.
    urgency : numpy.ndarray
        i1[m]. Index into `urgencies`, which is added to the queue's priority.
    limit_us, limit_delay_us, limit_ending, limit_next : numpy.ndarray
        i8, i8, i1, i8[m]. Longest wait that the flow allows, or until the caller
        presses a key. Then the caller stays on the line for the delay (leaves a
        message, hears a menu) and ends with this outcome, or makes visit
        `limit_next` unless that is -1.
    full_delay_us, full_ending, full_next : numpy.ndarray
        The same when the queue is full.
    talk_delay_us, talk_next : numpy.ndarray
        i8[m]. After the talk: time on the line (a survey), then the end
        (handled) or visit `talk_next` (transfer).
    confer_next : numpy.ndarray
        i8[m]. The row of the colleague whom the agent asks into the talk at its end: queue, urgency, how long to wait
        (`limit_us`), talk of all three and the colleague's after-call work; -1 = nobody is asked.
    limit_keys, full_keys, talk_keys : numpy.ndarray
        i2[m]. Keys that the caller presses in each of these cases: the one that
        ended the wait, and those in the menus after it.
    ring_us, reached_at : numpy.ndarray
        i8[m], i2[m]. For callbacks: how long it rings, and at which attempt the
        caller answers (0 = never).
    agent_draw : numpy.ndarray
        i8[m]. The random number with which an agent is chosen at random (``ivr.routing.ticket``); -1 without it.
    pause_us : numpy.ndarray
        i8[m, k]. How long the agent pauses after the call, by column; 0 = no pause.
    u : numpy.ndarray
        f8[m, 2]. Uniforms for choices that depend on the floor, columns BALK and CALL_BACK; or [m, 0] without them.
    talk_column : tuple of int
        Per agent group, its column of `talk_us`; empty = 0 for all.
    pause_column : tuple of int
        Per agent group, its column of `pause_us`, or -1; empty = no pauses.
    urgencies : tuple of float
    retry_outcomes : tuple of int
        Outcomes after which callers try again, as indices into OUTCOMES.
    intents, languages, paths, queues : tuple of str
    steps : MenuSteps or None
        The nodes that callers pass until their first queue; None if they were not kept.
    """

    arrived_us: Times
    intent: Ints
    language: Ints
    path: Ints
    menu_us: Times
    key_presses: Ints
    ending: Ints
    zero_out: Flags
    attempt: Ints
    retry: Ints
    retry_after_us: Times
    repeat_after_us: Times
    queue: Ints
    patience_us: Times
    talk_us: Times
    acw_us: Times
    urgency: Ints
    limit_us: Times
    limit_delay_us: Times
    limit_ending: Ints
    limit_next: Ints
    full_delay_us: Times
    full_ending: Ints
    full_next: Ints
    talk_delay_us: Times
    talk_next: Ints
    confer_next: Ints
    limit_keys: Ints
    full_keys: Ints
    talk_keys: Ints
    ring_us: Times
    reached_at: Ints
    agent_draw: Times
    pause_us: Times
    u: Floats
    talk_column: tuple[int, ...] = ()
    pause_column: tuple[int, ...] = ()
    urgencies: tuple[float, ...] = (0.0,)
    retry_outcomes: tuple[int, ...] = TRIED_AGAIN
    intents: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    queues: tuple[str, ...] = ("queue",)
    steps: MenuSteps | None = None

    @classmethod
    def of(
        cls,
        *,
        arrived_us: Values,
        talk_us: Values = 0,
        queue: Values | None = None,
        u: Floats | Sequence[Sequence[float]] | None = None,
        pause_us: Values | None = None,
        talk_column: Sequence[int] = (),
        pause_column: Sequence[int] = (),
        urgencies: Sequence[float] = (0.0,),
        retry_outcomes: Sequence[int] | None = None,
        intents: Sequence[str] = (),
        languages: Sequence[str] = (),
        paths: Sequence[str] = (),
        queues: Sequence[str] = ("queue",),
        steps: MenuSteps | None = None,
        **columns: Values,
    ) -> CallTable:
        """Return a checked call table from arrays, lists or single values; columns not given take neutral values.

        Parameters
        ----------
        arrived_us : array_like of int
        talk_us : array_like of int
            [m], [m, k], or one value for all.
        pause_us : array_like of int, optional
            The same for pauses after calls; default: none.
        queue : array_like of int, optional
            One per queue visit. Default: no further visits, and the first queue
            for calls that are offered.
        **columns
            Any other column by name; a single value holds for all rows.
            Defaults: no intent, language or path; no menu; OFFERED; infinite
            patience; no after-call work; no limit; nothing follows.

        Raises
        ------
        ScenarioError
            If rows are unsorted, lengths differ, a time is negative or an index has no name.

        Examples
        --------
        >>> CallTable.of(arrived_us=[0, 5], talk_us=60, patience_us=[10, NEVER]).talk_us.tolist()
        [[60], [60]]

        A call that is transferred to a second queue after its talk:

        >>> table = CallTable.of(
        ...     arrived_us=[0], talk_us=[60, 90], queue=[0, 1], talk_next=[1, NONE], queues=("front", "back")
        ... )
        >>> len(table), table.queue_visits
        (1, 2)
        """
        arrived = np.asarray(arrived_us, dtype=np.int64)
        n = len(arrived)
        unknown = sorted(set(columns) - set(DEFAULT))
        if unknown:
            raise wrong(f"a call table has no column {', '.join(unknown)}; it has {', '.join(sorted(DEFAULT))}")
        made = {name: column(name, columns.get(name, default), dtype, n) for name, dtype, default in CALL_COLUMNS}
        if queue is None:
            queue = np.where(made["ending"] == OFFERED, 0, NONE)
        m = n if np.ndim(queue) == 0 else len(np.asarray(queue))
        made |= {name: column(name, columns.get(name, default), dtype, m) for name, dtype, default in VISIT_COLUMNS}
        return cls(
            arrived_us=arrived,
            talk_us=talk_columns(talk_us, m),
            queue=column("queue", queue, "i2", m),
            u=np.zeros((m, 0)) if u is None else np.asarray(u, dtype=float),
            pause_us=np.zeros((m, 0), np.int64) if pause_us is None else talk_columns(pause_us, m),
            talk_column=tuple(talk_column),
            pause_column=tuple(pause_column),
            urgencies=tuple(map(float, urgencies)),
            intents=tuple(intents),
            languages=tuple(languages),
            paths=tuple(paths),
            queues=tuple(queues),
            steps=steps,
            retry_outcomes=TRIED_AGAIN if retry_outcomes is None else tuple(retry_outcomes),
            **made,
        )

    @classmethod
    def known_to_fit(cls, *, arrived_us: Times, talk_us: Times, pause_us: Times, u: Floats, **given: Any) -> CallTable:
        """Return a call table from columns of the right types and lengths, unchecked: those of the compiled drawing.

        Columns not given take neutral values, as in ``of``; the names are all given.
        """
        n, m = len(arrived_us), len(talk_us)
        made = {name: constant(default, dtype, n) for name, dtype, default in CALL_COLUMNS if name not in given}
        made |= {name: constant(default, dtype, m) for name, dtype, default in VISIT_COLUMNS if name not in given}
        table = object.__new__(cls)
        drawn = {"arrived_us": arrived_us, "talk_us": talk_us, "pause_us": pause_us, "u": u}
        vars(table).update(drawn | made | given)
        return table

    def __post_init__(self) -> None:
        n, m = len(self), self.queue_visits
        self._check_lengths(n, m)
        if n:
            self._check_times()
            self._check_codes()
            self._check_next_rows(n, m)

    def _check_lengths(self, n: int, m: int) -> None:
        for name in (name for name, _, _ in CALL_COLUMNS):
            if len(getattr(self, name)) != n:
                raise wrong(f"column {name} has {counted(len(getattr(self, name)), 'row')} for {counted(n, 'call')}")
        for name in ("queue", "talk_us", "pause_us", "u", *(name for name, _, _ in VISIT_COLUMNS)):
            if len(getattr(self, name)) != m:
                raise wrong(
                    f"column {name} has {counted(len(getattr(self, name)), 'row')} for {counted(m, 'call')}"
                    + ("" if n == m else f" and further queue visits (calls: {n})")
                )
        if m < n:
            raise wrong(f"{counted(n, 'call')} and {counted(m, 'queue visit')}; each call has at least its first")

    def _check_codes(self) -> None:
        n = len(self)
        for name, names in (
            ("intent", self.intents),
            ("language", self.languages),
            ("path", self.paths),
            ("queue", self.queues),
        ):
            codes = different(getattr(self, name))
            if codes.min() < NONE or codes.max() >= len(names):
                raise wrong(f"column {name} has a code outside the {counted(len(names), 'name')} given")
        for name in ("ending", "limit_ending", "full_ending"):
            codes = different(getattr(self, name))
            if codes.min() < OFFERED or codes.max() >= len(OUTCOMES):
                raise wrong(f"column {name} has a code that is not an outcome")
        if np.any((self.queue[:n] == NONE) != (self.ending != OFFERED)) or np.any(self.queue[n:] == NONE):
            raise wrong("a call has a queue if and only if it is offered")
        if self.talk_column and not 0 <= min(self.talk_column) <= max(self.talk_column) < self.talk_us.shape[1]:
            raise wrong(f"talk_column must name columns 0 to {self.talk_us.shape[1] - 1} of talk_us")
        if self.pause_column and not -1 <= min(self.pause_column) <= max(self.pause_column) < self.pause_us.shape[1]:
            raise wrong(f"pause_column must name columns -1 to {self.pause_us.shape[1] - 1} of pause_us")
        urgency = different(self.urgency)
        if urgency.min() < 0 or urgency.max() >= len(self.urgencies):
            raise wrong(f"column urgency has a code outside the {len(self.urgencies)} urgencies given")
        if self.u.shape[1] not in (0, 2):
            raise wrong(f"u has {counted(self.u.shape[1], 'column')}; it must have 2 (balk, call back) or none")

    def _check_times(self) -> None:
        first = self.arrived_us[: self.first_attempts]
        if len(first) and (first[0] < 0 or np.any(np.diff(first) < 0)):
            raise wrong("calls must be sorted by arrived_us, and none may arrive before 0")
        later = slice(self.first_attempts, None)
        if (
            np.any(self.attempt[later] < 2)
            or np.any(self.arrived_us[later] != NEVER)
            or different(self.attempt).min() < 1
        ):
            raise wrong("later attempts must follow all first ones, with arrived_us NEVER and attempt 2 or more")
        for name in (
            "menu_us",
            "talk_us",
            "acw_us",
            "pause_us",
            "patience_us",
            "limit_us",
            "limit_delay_us",
            "full_delay_us",
            "talk_delay_us",
            "ring_us",
            "retry_after_us",
            "repeat_after_us",
        ):
            values = different(getattr(self, name))
            if values.size and values.min() < 0:
                raise wrong(f"{name} of call {int(np.argmin(values)) // values[0].size} is negative")

    def _check_next_rows(self, n: int, m: int) -> None:
        rows = np.arange(m)
        for name in ("limit_next", "full_next", "talk_next", "confer_next"):
            to = getattr(self, name)
            if self.uses(name) and np.any((to != NONE) & ((to < n) | (to >= m) | (to <= rows))):
                raise wrong(f"{name} must lead to a further queue visit, below its own row and not beyond row {m - 1}")
        asked = self.confer_next[self.confer_next != NONE]
        if np.any(self.limit_us[asked] == NEVER):
            raise wrong("confer_next must lead to a row with a limit_us: somebody must give up")
        to = self.retry
        if not self.uses("retry"):
            return
        if np.any((to != NONE) & ((to < self.first_attempts) | (to >= n) | (to <= rows[:n]))):
            raise wrong("retry must lead to a later attempt, below its own row")
        used = to[to != NONE]
        if len(np.unique(used)) != len(used):
            raise wrong("two calls have the same row as their retry")

    def __len__(self) -> int:
        return len(self.arrived_us)

    @property
    def queue_visits(self) -> int:
        """Number of queue visits; the first ``len(self)`` are the first visits of the calls."""
        return len(self.queue)

    @cached_property
    def first_attempts(self) -> int:
        """Number of calls that are first attempts."""
        attempt = different(self.attempt)
        return int(np.count_nonzero(attempt == 1)) * (len(self) // max(len(attempt), 1))

    def uses(self, column: str) -> bool:
        """Whether any row of a column differs from its default.

        >>> CallTable.of(arrived_us=[0], patience_us=5).uses("patience_us")
        True
        """
        if column not in self._used:
            self._used[column] = bool((different(getattr(self, column)) != DEFAULT[column]).any())
        return self._used[column]

    @cached_property
    def _used(self) -> dict[str, bool]:
        """Whether columns are used, of those that were asked for: each is looked through once."""
        return {}
