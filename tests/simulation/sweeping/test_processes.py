"""Cells in several processes, one of which is killed."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from simulation.sweeping.run import sweep
from tests.support.small_sweeps import half_an_hour

VARY = ["groups.desk.agents=1..3", "lines=2,30", "patience={exponential: 1m},{exponential: 2m}"]


def children(of: int | str) -> list[int]:
    """The processes that a process has started."""
    return [int(pid) for file in Path(f"/proc/{of}/task").glob("*/children") for pid in file.read_text("utf-8").split()]


def test_a_process_that_is_killed_is_replaced(tmp_path: Path) -> None:
    """SIGKILL of every worker in the middle: the table is the same, bit for bit, as from one process."""
    killed: list[int] = []
    deaths: list[str] = []

    def kill(done: int, total: int) -> None:
        if done == 3 and not killed:
            killed.extend(worker for server in children("self") for worker in children(server))
            for worker in killed:
                os.kill(worker, signal.SIGKILL)

    line = half_an_hour(tmp_path)
    whole, _ = sweep(line, VARY, engine="reference", workers=1)
    found, _ = sweep(line, VARY, engine="reference", workers=2, progress=kill, on_death=lambda: deaths.append("died"))
    assert killed
    assert deaths
    assert {cell: of.packed() for cell, of in found.sums.items()} == {c: of.packed() for c, of in whole.sums.items()}
    assert found.rows == whole.rows
