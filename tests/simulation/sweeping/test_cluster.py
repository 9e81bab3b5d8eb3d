"""Cells on a real Dask cluster: a scheduler and two workers, processes that talk over TCP."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.distribution import NAME
from flows.source.finding import UsageError
from simulation.sweeping.result import SweepResult
from simulation.sweeping.run import sweep
from simulation.sweeping.same_code import code_digest
from tests.support.paths import ROOT
from tests.support.small_sweeps import half_an_hour

pytest.importorskip("distributed")

VARY = ["groups.desk.agents=1..3", "lines=2,30", "patience={exponential: 1m},{exponential: 2m}"]


@dataclass
class Cluster:
    """A scheduler and its workers."""

    address: str
    workers: list[subprocess.Popen[bytes]]


def start(*arguments: str) -> subprocess.Popen[bytes]:
    """A process of the cluster, with this checkout."""
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{arguments[0]}", *arguments[1:], "--no-dashboard"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster; the scheduler picks its port and writes it to a file."""
    told = tmp_path_factory.mktemp("cluster") / "scheduler.json"
    scheduler = start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(told))
    workers = [
        start(
            "dask_worker", "--scheduler-file", str(told), "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny",
            "--local-directory", str(told.parent),
        )
        for _ in range(2)
    ]  # fmt: skip
    import json

    deadline = time.monotonic() + 60
    while not told.exists() or not told.read_text("utf-8").rstrip().endswith("}"):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    yield Cluster(json.loads(told.read_text("utf-8"))["address"], workers)
    for process in (*workers, scheduler):
        process.kill()
        process.wait()


def packed(found: SweepResult) -> dict[int, bytes]:
    return {cell: of.packed() for cell, of in found.sums.items()}


def test_other_versions_are_refused(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulation.sweeping.cluster.version", lambda: "99.0")
    with pytest.raises(UsageError, match=f"has {NAME} {importlib.metadata.version(NAME)}; here it is 99.0") as raised:
        sweep(half_an_hour(tmp_path), ["lines=2,3"], engine="reference", replications=1, scheduler=cluster.address)
    assert f"pip install '{NAME}==99.0'" in raised.value.findings[0].hint


def test_other_code_of_the_same_version_is_refused(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two checkouts of one version: the workers' files are those of this one, and this process has others."""
    monkeypatch.setattr("simulation.sweeping.same_code.flows.__file__", str(tmp_path / "flows" / "__init__.py"))
    code_digest.cache_clear()
    try:
        with pytest.raises(UsageError, match=f"has {NAME} .* too, but other code: another checkout") as raised:
            sweep(half_an_hour(tmp_path), ["lines=2,3"], engine="reference", replications=1, scheduler=cluster.address)
    finally:
        code_digest.cache_clear()
    assert "start the workers from this checkout" in raised.value.findings[0].hint


def test_a_worker_that_is_killed_changes_nothing(cluster: Cluster, tmp_path: Path) -> None:
    """SIGKILL of one of two workers in the middle: the table is the same, bit for bit, as from this process."""
    line = half_an_hour(tmp_path)
    here, _ = sweep(line, VARY, engine="reference", workers=1)

    def kill(done: int, total: int) -> None:
        if done == 3:
            cluster.workers[0].kill()

    there, _ = sweep(line, VARY, engine="reference", scheduler=cluster.address, progress=kill)
    assert cluster.workers[0].wait(10) == -9
    assert packed(there) == packed(here)
    assert there.rows == here.rows


def test_no_scheduler_is_told_within_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulation.sweeping.cluster._ANSWERS_S", 1.0)
    with pytest.raises(UsageError, match=r"no scheduler answers at tcp://127\.0\.0\.1:1 within 1 s") as raised:
        sweep(half_an_hour(tmp_path), ["lines=2,3"], engine="reference", scheduler="tcp://127.0.0.1:1")
    assert "dask scheduler" in raised.value.findings[0].hint
