"""Cells on the processors of this machine: a pool of processes that survives the death of any of them."""

from __future__ import annotations

import multiprocessing as mp
import os
import pickle
import signal
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import forkserver
from multiprocessing.connection import Connection

from flows.source.finding import usage_error
from simulation.sweeping.blocks import Block
from simulation.sweeping.cell_runner import CellRunner
from simulation.sweeping.study import Study

__all__ = ["Done", "here", "in_processes"]

Done = tuple[int, bytes]
"""The number of a cell and its sums, packed."""
_DEATHS = 3
"""Pools that may die in a row without any finished cell."""
_own: list[CellRunner] = []
"""The runner of a worker, in its process."""


def here(study: Study, blocks: Sequence[Block]) -> Generator[Done, None, None]:
    """Simulate cells in this process, one after the other."""
    runner = CellRunner(study)
    for block in blocks:
        for cell, settings in block:
            yield cell, runner.run(settings).packed()


def in_processes(
    study: Study, blocks: Sequence[Block], workers: int, *, on_death: Callable[[], None] = lambda: None
) -> Generator[Done, None, None]:
    """Simulate cells in so many processes; what they yield does not depend on their number.

    A process that is killed takes its pool with it: what was under way is simulated again in a new one.

    Parameters
    ----------
    study : Study
    blocks : sequence of Block
    workers : int
    on_death : callable
        Called after each death.

    Raises
    ------
    UsageError
        X005, if processes die again and again before they finish anything.
    """
    left, deaths = dict(enumerate(blocks)), 0
    while left:
        try:
            for number, sums in _pooled(study, dict(left), min(workers, len(left))):
                deaths = 0
                for (cell, _), packed in zip(left.pop(number), sums, strict=True):
                    yield cell, packed
        except BrokenProcessPool:
            deaths += 1
            on_death()
            if deaths >= _DEATHS:
                raise usage_error(
                    "X005",
                    f"processes of the sweep die before they finish anything, {deaths} times in a row",
                    "with too little memory, try --workers 1; a script that calls sweep() needs"
                    " if __name__ == '__main__': around the call",
                ) from None


def _pooled(study: Study, left: Mapping[int, Block], workers: int) -> Iterator[tuple[int, list[bytes]]]:
    """Simulate blocks in one pool, until they are finished or it dies; yields their numbers and the sums of cells."""
    context = mp.get_context("forkserver" if "forkserver" in mp.get_all_start_methods() else "spawn")
    _start_undisturbed()
    # Workers hold one end of this line and end when it is cut: after Ctrl-C, and when this process is killed.
    theirs, line = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(study.packed(), theirs))
    waiting = iter(left.items())
    running: dict[Future[list[bytes]], int] = {}
    try:
        while True:
            for number, block in waiting:
                running[pool.submit(_simulate, [settings for _, settings in block])] = number
                if len(running) >= 2 * workers:
                    break
            if not running:
                pool.shutdown()
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), future.result()
    finally:
        line.close()
        pool.shutdown(cancel_futures=True)
        theirs.close()


def _start_undisturbed() -> None:
    """Start the server that forks workers, so that neither it nor they get the Ctrl-C that is meant for us."""
    if not hasattr(signal, "pthread_sigmask"):
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.set_forkserver_preload(["simulation.sweeping.cell_runner"])
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(packed: bytes, line: Connection) -> None:
    """Make the runner of a new worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def end_with_the_line() -> None:
        try:
            line.recv()
        except EOFError:
            os._exit(1)

    threading.Thread(target=end_with_the_line, daemon=True).start()
    _own.append(CellRunner(pickle.loads(packed)))


def _simulate(cells: Sequence[Sequence[str]]) -> list[bytes]:
    return [_own[-1].run(settings).packed() for settings in cells]
