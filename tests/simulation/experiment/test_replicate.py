"""How replications are run: in order for any number of workers, until precise enough, out of time or interrupted."""

from __future__ import annotations

import threading
import time

import pytest

from simulation.experiment.replicate import Effort, Replicated, busy_uniforms, replicate


def test_results_are_in_order_and_the_same_for_any_number_of_workers() -> None:
    def work(i: int, u: float) -> tuple[int, float]:
        time.sleep(0.002 * ((i * 7) % 3))  # later ones finish first
        return i, u

    runs = [replicate(work, Effort(replications=20, workers=n), seed=5) for n in (1, 2, 7)]
    assert [i for i, _ in runs[0].results] == list(range(20))
    assert runs[0] == runs[1] == runs[2]
    assert runs[0].stopped == "all"


def test_several_workers_work_at_the_same_time() -> None:
    together = threading.Barrier(3, timeout=20)  # breaks unless three are inside at once
    assert len(replicate(lambda i, u: together.wait() >= 0, Effort(replications=6, workers=3), seed=1).results) == 6


def test_until_precise_enough_in_batches_that_follow_from_the_half_width() -> None:
    """The half-width is 1 / sqrt(n). From 10 replications, 0.316; wanted 0.1, that is 100 replications: expected 90
    more, but a batch is at most as large as all before: 10, 20, 40, 80, then 100 exactly."""
    looked = []

    def half_width(found) -> float:
        looked.append(len(found))
        return len(found) ** -0.5

    done = replicate(lambda i, u: i, Effort(replications=10, half_width=0.1), seed=1, half_width=half_width)
    assert looked == [10, 20, 40, 80, 100]
    assert (len(done.results), done.stopped) == (100, "precise")
    assert done.results == list(range(100))


def test_no_more_than_allowed() -> None:
    done = replicate(
        lambda i, u: i, Effort(replications=4, half_width=1e-9, at_most=25), seed=1, half_width=lambda found: 1.0
    )
    assert (len(done.results), done.stopped) == (25, "most")


def test_batches_are_each_spread_evenly_and_the_first_is_that_of_a_plain_run() -> None:
    seen: list[float] = []
    replicate(
        lambda i, u: seen.append(u),
        Effort(replications=4, half_width=0.1, at_most=8),
        seed=9,
        half_width=lambda found: 1.0,
    )
    assert seen[:4] == busy_uniforms(4, 9)
    assert sorted(int(u * 4) for u in seen[4:]) == [0, 1, 2, 3]
    assert seen[4:] != seen[:4]


@pytest.mark.parametrize("workers", [1, 2])
def test_out_of_time(workers: int) -> None:
    """Each look at the clock is a second later: with a budget of 5 s from the first look, five replications."""
    ticks = iter(range(1000))
    done = replicate(
        lambda i, u: i, Effort(replications=100, time_budget_s=5, workers=workers), seed=1, clock=lambda: next(ticks)
    )
    assert done == Replicated([0, 1, 2, 3, 4], "time")


def test_at_least_two_replications_whatever_the_time() -> None:
    ticks = iter(range(0, 100_000, 100))
    done = replicate(lambda i, u: i, Effort(replications=100, time_budget_s=5), seed=1, clock=lambda: next(ticks))
    assert done == Replicated([0, 1], "time")


def test_interrupted_after_some_gives_those_and_before_any_is_an_interrupt() -> None:
    def work(i: int, u: float) -> int:
        if i == 3:
            raise KeyboardInterrupt
        return i

    assert replicate(work, Effort(replications=10), seed=1) == Replicated([0, 1, 2], "interrupted")
    with pytest.raises(KeyboardInterrupt):
        replicate(lambda i, u: (_ for _ in ()).throw(KeyboardInterrupt), Effort(replications=10), seed=1)


def test_an_error_in_a_thread_is_raised_here() -> None:
    def work(i: int, u: float) -> int:
        if i == 5:
            raise ZeroDivisionError("in replication 5")
        return i

    with pytest.raises(ZeroDivisionError, match="replication 5"):
        replicate(work, Effort(replications=10, workers=3), seed=1)
    assert not [t for t in threading.enumerate() if t.name.startswith("replication")]
