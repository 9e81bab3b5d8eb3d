"""Runs replications in threads: a fixed number, to a precision, or within a time budget.

Replication i depends only on the seed and on i, and results are taken in order, so they are the same, bit for bit, for
any number of workers. Threads suffice because the compiled engine releases the interpreter's lock.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Generic, Literal, TypeVar

from simulation.sampling.streams import Streams, stratified_uniforms

__all__ = ["Effort", "Progress", "Replicated", "busy_uniforms", "replicate"]

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Called with the number of replications done and the total, as far as it is known."""
Stopped = Literal["all", "precise", "most", "absent", "time", "interrupted"]
LOOKED_FOR = 100
"""Stop looking for a measure after this many replications without it."""


@dataclass(frozen=True)
class Effort:
    """How much to simulate.

    Parameters
    ----------
    replications : int
        How many to run; with `half_width`, how many before it is first checked.
    half_width : float or None
        Continue until the half-width is at most this.
    at_most : int
        The maximum number of replications, with `half_width`.
    time_budget_s : float or None
        Stop after about this many seconds, but run at least two replications. The number depends on the machine.
    workers : int
        Number of threads.
    """

    replications: int
    half_width: float | None = None
    at_most: int = 10_000
    time_budget_s: float | None = None
    workers: int = 1


@dataclass(frozen=True)
class Replicated(Generic[T]):
    """The results of replications in order, and why there are no more.

    `stopped` is ``all`` (as many as requested), ``precise`` (precise enough), ``most`` (as many as allowed), ``absent``
    (no replication has the measure), ``time`` (out of time) or ``interrupted`` (by the user).
    """

    results: list[T]
    stopped: Stopped


def busy_uniforms(replications: int, seed: int, batch: int = 0) -> list[float]:
    """Return one uniform per replication for how busy it is, spread evenly over a batch.

    >>> [int(u * 2) for u in sorted(busy_uniforms(2, 1))]
    [0, 1]
    """
    name = f"busyness/{batch}" if batch else "busyness"
    uniforms: list[float] = stratified_uniforms(replications, Streams(seed).generator(name)).tolist()
    return uniforms


def replicate(
    work: Callable[[int, float], T],
    effort: Effort,
    *,
    seed: int,
    half_width: Callable[[Sequence[T]], float] | None = None,
    progress: Progress | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Replicated[T]:
    """Run replications until there are enough.

    Parameters
    ----------
    work : callable
        ``work(replication, busy_u)`` runs one; called from several threads at once when there are several workers.
    effort : Effort
    seed : int
    half_width : callable, optional
        The half-width of the results so far, infinite while none has the measure; required with ``effort.half_width``.
    progress : callable, optional
    clock : callable
        Seconds since any fixed moment.

    Returns
    -------
    Replicated
        After Ctrl-C, the replications finished by then.

    Raises
    ------
    KeyboardInterrupt
        If none had finished.

    Notes
    -----
    Sequential stopping checks the half-width after whole batches, each at most as large as all before it and sized from
    the current half-width (half-widths shrink with the square root of the number). Law (2015), "Simulation Modeling and
    Analysis", section 9.4.1. Each check slightly lowers the coverage; batches keep the checks few.

    Examples
    --------
    >>> replicate(lambda i, busy_u: i, Effort(replications=3, workers=2), seed=1).results
    [0, 1, 2]
    """
    results: list[T] = []
    deadline = None if effort.time_budget_s is None else clock() + effort.time_budget_s
    size, batch, total = effort.replications, 0, effort.replications
    try:
        while True:
            if progress:
                progress(len(results), total)  # the total is known before the first one is done
            items = enumerate(busy_uniforms(size, seed, batch), start=len(results))
            for result in _in_order(work, items, workers=min(effort.workers, size)):
                results.append(result)
                if progress:
                    progress(len(results), total)
                if deadline is not None and clock() >= deadline and len(results) >= min(2, size):
                    return Replicated(
                        results, "time" if len(results) < total or effort.half_width is not None else "all"
                    )
            if effort.half_width is None or half_width is None:
                return Replicated(results, "all")
            reached = half_width(results)
            if reached <= effort.half_width:
                return Replicated(results, "precise")
            if len(results) >= effort.at_most:
                return Replicated(results, "most")
            if not math.isfinite(reached) and len(results) >= LOOKED_FOR:
                return Replicated(results, "absent")
            size = _next_batch(len(results), reached / effort.half_width, effort.at_most)
            batch, total = batch + 1, len(results) + size
    except KeyboardInterrupt:
        if not results:
            raise
        return Replicated(results, "interrupted")


def _next_batch(done: int, too_wide: float, at_most: int) -> int:
    wanted = min(done * too_wide**2, at_most) - done if math.isfinite(too_wide) else done
    return min(max(math.ceil(wanted), math.ceil(done / 4), 1), done, at_most - done)


def _in_order(work: Callable[[int, float], T], items: Iterator[tuple[int, float]], *, workers: int) -> Iterator[T]:
    """Yield results in the order of the items, with at most two submitted per worker at a time."""
    if workers <= 1:
        yield from (work(i, u) for i, u in items)
        return
    pool = ThreadPoolExecutor(workers, thread_name_prefix="replication")
    try:
        under_way = deque(pool.submit(work, i, u) for i, u in islice(items, 2 * workers))
        while under_way:
            yield under_way.popleft().result()
            under_way.extend(pool.submit(work, i, u) for i, u in islice(items, 1))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
