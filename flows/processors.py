"""Independent pieces of work over two processors: a forked process sees all that is here, at no cost.

The only place in which a check of a flow touches the machine; `flows.lint.engine` is given a function such as these and knows
nothing of processes.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn, TypeVar

__all__ = ["meanwhile", "over_two", "two_processors"]

T = TypeVar("T")


def two_processors() -> bool:
    """Whether this process may run on two processors, and can be forked without harm.

    macOS forks, but its own libraries do not bear it; and who runs several threads would leave their locks behind.
    """
    if not hasattr(os, "fork") or sys.platform == "darwin" or threading.active_count() > 1:
        return False
    return (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1) > 1


@contextmanager
def meanwhile(work: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """What `work` answers, worked out in a second process while this one does something else.

    Parameters
    ----------
    work : callable
        Pure; its answer can be pickled. When the other process fails to bring one, for whatever reason, `work` is done
        here.

    Yields
    ------
    callable
        Waits for the answer; asked once.

    Examples
    --------
    >>> with meanwhile(lambda: sum(range(10))) as answer:
    ...     answer()
    45
    """
    results = os.pipe()
    child = _forked(*results)
    if child is None:
        yield work
        return
    if not child:
        _bring(lambda: {0: work()}, results)
    os.close(results[1])

    def answer() -> T:
        with os.fdopen(results[0], "rb", closefd=False) as brought:
            done: dict[int, T] = _unpacked(brought.read())
        return done[0] if done else work()

    try:
        yield answer
    finally:
        os.close(results[0])
        _ended(child)


def over_two(work: Callable[[int], T], number: int) -> list[T]:
    """What `work` answers for 0 to `number` - 1, half of it worked out in a second process.

    This process begins with the first, the other with the last, and they meet where they meet: neighbours often ask for
    the same things, which are then worked out in one of the two only. What the other process fails to bring (it was
    killed, or there is no memory for it) is done here.

    Parameters
    ----------
    work : callable
        Pure; its answers can be pickled.
    number : int
        At most 4,096.

    Examples
    --------
    >>> over_two(lambda i: i * i, 4)
    [0, 1, 4, 9]
    """
    turns, results = os.pipe(), os.pipe()
    os.write(turns[1], bytes(number))  # one for each piece of work: whoever takes the last has the last
    child = _forked(*turns, *results)
    if child is None:
        return [work(i) for i in range(number)]
    os.close(turns[1])
    if not child:
        _bring(lambda: _from_the_last(work, number, turns[0]), results)
    os.close(results[1])
    try:
        done = {i: work(i) for i, _ in enumerate(iter(lambda: os.read(turns[0], 1), b""))}
        with os.fdopen(results[0], "rb", closefd=False) as brought:
            done |= _unpacked(brought.read())
    finally:
        os.close(turns[0])
        os.close(results[0])
        _ended(child)
    return [done[i] if i in done else work(i) for i in range(number)]


def _forked(*ends: int) -> int | None:
    """0 in the second process, its number in this one; None, and these pipes closed, where there is no room for
    another.
    """
    try:
        return os.fork()
    except OSError:
        for end in ends:
            os.close(end)
        return None


def _from_the_last(work: Callable[[int], T], number: int, turns: int) -> dict[int, T]:
    """The second process's share."""
    done: dict[int, T] = {}
    while os.read(turns, 1):
        done[number - 1 - len(done)] = work(number - 1 - len(done))
    return done


def _bring(work: Callable[[], dict[int, T]], results: tuple[int, int]) -> NoReturn:
    """The second process: says what came of its work, and ends without what ends a command."""
    code = 1
    try:
        os.close(results[0])
        done = work()
        from pickle import HIGHEST_PROTOCOL, dumps  # only who forks needs it

        with os.fdopen(results[1], "wb") as out:
            out.write(dumps(done, HIGHEST_PROTOCOL))
        code = 0
    finally:
        os._exit(code)


def _unpacked(brought: bytes) -> dict[int, T]:
    """What the second process brought; nothing when it ended before it had said all."""
    from pickle import UnpicklingError, loads

    try:
        return loads(brought)  # type: ignore[no-any-return]
    except (EOFError, UnpicklingError):
        return {}


def _ended(child: int) -> None:
    """No process is left behind, whatever ended this one's work."""
    import signal

    try:
        os.kill(child, signal.SIGKILL)  # it has said what it had to say, or nobody listens any more
    except ProcessLookupError:
        return
    os.waitpid(child, 0)
