"""Lasting overload: calls in progress are answered, new ones hear a busy tone at once, until the flood ends."""

from __future__ import annotations

import socket
import time
from itertools import pairwise

import pytest

from webhooks.turn.admission import LONG_S, Admission, waited_s


class Clock:
    """A clock that a test moves forward."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def served(waits: list[tuple[float, float]]) -> list[bool]:
    """What the admission control decides for requests, each at a moment and after a wait."""
    clock = Clock()
    door, said = Admission(clock_s=clock), []
    for at, wait in waits:
        clock.now = 100.0 + at
        said.append(door.full(wait))
    return said


def test_a_burst_that_drains_within_a_second_is_answered() -> None:
    """Two hundred at one instant, 140 answered a second: the last has waited 1.43 s, 0.93 s beyond what counts as
    long.
    """
    assert not any(served([(n / 140, n / 140) for n in range(200)]))


def test_a_queue_that_stands_is_refused_after_a_second_of_it() -> None:
    """Three arrive for each that is answered: the one answered at t has waited 2t/3. Long from 0.75 s on; a
    second more is 1.75 s.
    """
    moments = [n / 100 for n in range(300)]
    said = served([(t, 2 * t / 3) for t in moments])
    assert moments[said.index(True)] == 1.75
    assert all(said[said.index(True) :])


def test_whoever_has_waited_longer_than_a_burst_lasts_needs_no_second_proof() -> None:
    """A worker that has just started knows it from its first request."""
    assert served([(0.0, LONG_S + 1.0)]) == [True]
    assert served([(0.0, LONG_S + 0.99)]) == [False]


def test_once_there_is_a_flood_each_long_wait_counts_until_none_was_long_for_ten_seconds() -> None:
    assert served([(0.0, 1.5), (0.1, 0.2), (0.2, 0.5), (10.1, 0.5), (20.1, 0.6)]) == [True, False, True, True, True]
    assert served([(0.0, 1.5), (10.1, 0.5), (10.2, 0.6)]) == [True, False, False]


def test_the_log_has_a_line_for_the_beginning_and_one_for_the_end(caplog: pytest.LogCaptureFixture) -> None:
    served([(0.0, 1.5), (0.1, 1.4), (0.2, 0.1), (0.3, 0.7), (11.0, 0.0), (12.0, 0.0)])
    assert [record.getMessage() for record in caplog.records] == [
        "more calls than can be answered: new ones hear a busy tone (a request waited 1.5 s)",
        "new calls are let in again",
    ]


def test_how_long_a_request_has_waited_is_what_the_kernel_says() -> None:
    """Known before it is accepted, and reading it changes nothing."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        socket.create_connection(listening.getsockname()) as client,
    ):
        client.sendall(b"x")
        began = time.monotonic()
        time.sleep(0.3)
        accepted, _ = listening.accept()
        with accepted:
            found = [waited_s({"gunicorn.socket": accepted})]
            accepted.recv(1)
            time.sleep(0.1)
            found.append(waited_s({"gunicorn.socket": accepted}))
            passed = time.monotonic() - began
    assert 0.28 <= found[0] <= found[1] <= passed + 0.02  # in ticks of the kernel, 4 or 10 ms
    assert all(b - a >= 0.08 for a, b in pairwise(found))


def test_where_it_is_not_known_nobody_has_waited() -> None:
    ours, other = socket.socketpair()
    with ours, other:
        assert (waited_s({}), waited_s({"gunicorn.socket": ours})) == (0.0, 0.0)


# --- Services that calls ask -----------------------------------------------------------------------------------------


def test_when_more_than_half_of_the_last_found_no_room_nobody_new_is_let_in() -> None:
    """After n in a row without room their share is 1 - (7/8)^n: 0.234, 0.330, ..., 0.487, 0.551; one that finds room
    reduces it by an eighth.
    """
    clock = Clock()
    door = Admission(clock_s=clock)
    said = []
    for _ in range(6):
        door.asked(found_room=False)
        said.append((door.patience_s(0.0) > 0, door.full(0.0)))
    assert said == [(True, False), (True, False), (False, False), (False, False), (False, False), (False, True)]
    door.asked(found_room=True)  # 0.551 x 7/8 = 0.482
    assert not door.full(0.0)


def test_what_was_long_ago_counts_no_more() -> None:
    clock = Clock()
    door = Admission(clock_s=clock)
    for _ in range(20):
        door.asked(found_room=False)
    assert door.full(0.0)
    clock.now += 4.1  # calls that were put off have returned, elsewhere
    assert not door.full(0.0)
    door.asked(found_room=False)
    assert not door.full(0.0)


def test_nobody_waits_for_room_while_others_wait_behind() -> None:
    assert [Admission().patience_s(waited) for waited in (0.0, 0.09, 0.1, 3.0)] == [0.2, 0.2, 0.0, 0.0]
