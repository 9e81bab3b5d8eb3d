"""Cells on a Dask cluster. Imported only with ``--scheduler``: it needs the extra ``dask``."""

from __future__ import annotations

import importlib.metadata
import logging
import pickle
import shutil
import tempfile
import threading
import time
import warnings
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from distributed import Client, Future, KilledWorker, Worker, WorkerPlugin, wait

from flows.distribution import NAME, version
from flows.source.finding import UsageError, usage_error
from simulation.sweeping.blocks import Block
from simulation.sweeping.cell_runner import CellRunner
from simulation.sweeping.processes import Done
from simulation.sweeping.same_code import code_digest
from simulation.sweeping.study import Study

__all__ = ["on_cluster"]

_ANSWERS_S = 5.0
"""How long to wait for a scheduler, and for its first worker."""
_WITHOUT_WORKERS_S = 30.0
"""How long to wait for a worker after the last one has gone."""
_AHEAD = 4
"""Blocks sent ahead for each thread of the cluster."""
_GO_ON = "finished cells are kept with --output; the same command goes on from there"


class _Studies(WorkerPlugin):
    """Brings a study to every worker, also to those that come later."""

    def __init__(self, packed: bytes, digest: str) -> None:
        self.packed, self.digest, self.name = packed, digest, f"ivr-sweep-{digest}"

    def setup(self, worker: Worker) -> None:
        _known[self.digest] = _Known(self.packed)

    def teardown(self, worker: Worker) -> None:
        known = _known.pop(self.digest, None)
        if known is not None and known.folder:
            shutil.rmtree(known.folder, ignore_errors=True)


class _Known:
    """A study on a worker."""

    def __init__(self, packed: bytes) -> None:
        self.packed, self.folder = packed, ""
        self._runner: CellRunner | None = None
        self._lock = threading.Lock()

    @property
    def runner(self) -> CellRunner:
        """Made when the first cell comes."""
        with self._lock:
            if self._runner is None:
                study: Study = pickle.loads(self.packed)
                self.folder = tempfile.mkdtemp(prefix="ivr-sweep-") if study.files else ""
                self._runner = CellRunner(study, study.elsewhere(Path(self.folder)) if self.folder else "")
            return self._runner


_known: dict[str, _Known] = {}
"""The studies on this worker, by digest."""


def _simulate(digest: str, ours: str, cells: Sequence[Sequence[str]]) -> list[bytes]:
    if ours != code_digest():
        raise RuntimeError(f"a worker that joined late has other code of {NAME} {version()} than the one that asks")
    if digest not in _known:
        raise RuntimeError("a worker that joined late was not told what to simulate")
    return [_known[digest].runner.run(settings).packed() for settings in cells]


def on_cluster(study: Study, blocks: Sequence[Block], address: str) -> Generator[Done, None, None]:
    """Simulate cells on a cluster; workers may die, and others may join.

    Parameters
    ----------
    study : Study
    blocks : sequence of Block
    address : str
        Of the scheduler: ``tcp://host:8786``.

    Raises
    ------
    UsageError
        X005, if there is no scheduler or no worker, if workers cannot do the work, or if all of them are gone.
    """
    with _quiet(), closing(_cells(study, blocks, address)) as cells:
        yield from cells


def _cells(study: Study, blocks: Sequence[Block], address: str) -> Generator[Done, None, None]:
    client = _client(address)
    try:
        _check(client, study, address)
        client.register_plugin(_Studies(study.packed(), study.digest))
        try:
            yield from _finished(client, study, blocks, address)
        finally:
            if client.status == "running":
                client.unregister_worker_plugin(f"ivr-sweep-{study.digest}")
    finally:
        client.close(timeout=_ANSWERS_S)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what distributed logs: it logs tracebacks of what is told here in one line."""
    loggers = [
        of
        for name, of in logging.root.manager.loggerDict.items()
        if isinstance(of, logging.Logger) and name.partition(".")[0] in ("distributed", "tornado", "asyncio")
    ]
    before = [of.disabled for of in loggers]
    for of in loggers:
        of.disabled = True
    try:
        yield
    finally:
        for of, was in zip(loggers, before, strict=True):
            of.disabled = was


def _client(address: str) -> Client:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about versions: `_check` looks at those that matter
            return Client(address, timeout=_ANSWERS_S, set_as_default=False)
    except (OSError, ValueError) as error:
        said = str(error).strip().partition("\n")[0] or type(error).__name__
        raise usage_error(
            "X005",
            f"no scheduler answers at {address} within {_ANSWERS_S:g} s: {said}",
            "start one with `dask scheduler`, and workers with `dask worker ADDRESS`; it prints its ADDRESS",
        ) from None


def _check(client: Client, study: Study, address: str) -> None:
    """Hold the workers to what the study needs."""
    if study.outside:
        raise usage_error(
            "X005",
            f"the scenario names a file by its whole path, {study.outside[0]}, which other machines do not have",
            "name it relative to the scenario",
        )
    try:
        client.wait_for_workers(1, timeout=_ANSWERS_S)
    except TimeoutError:
        raise usage_error(
            "X005", f"the scheduler at {address} has no workers", f"start some with `dask worker {address}`"
        ) from None
    needed = {NAME: version()} | ({"numba": ""} if study.engine == "kernel" else {})
    for name, wanted in needed.items():
        for worker, found in client.run(importlib.metadata.version, name, on_error="return").items():
            if isinstance(found, Exception):
                extra = "[fast]" if name == "numba" else ""
                other = ", or use --engine reference" if name == "numba" else ""
                raise usage_error(
                    "X005",
                    f"the worker {worker} does not have {name}",
                    f"install it there: pip install '{NAME}{extra}=={version()}'{other}",
                )
            if wanted and found != wanted:
                raise usage_error(
                    "X005",
                    f"the worker {worker} has {name} {found}; here it is {wanted}",
                    f"install the same version there: pip install '{NAME}=={wanted}'",
                )
    for worker, code in client.run(code_digest, on_error="return").items():
        if code != code_digest():
            raise usage_error(
                "X005",
                f"the worker {worker} has {NAME} {version()} too, but other code: another checkout, or changed files",
                "start the workers from this checkout, or install the same version in both places",
            )


def _finished(client: Client, study: Study, blocks: Sequence[Block], address: str) -> Generator[Done, None, None]:
    waiting = iter(blocks)
    running: dict[Future[Any], Block] = {}
    ahead = _AHEAD * max(sum(client.nthreads().values()), 1)
    last_seen_s = time.monotonic()
    try:
        while True:
            for block in waiting:
                cells = [settings for _, settings in block]
                running[client.submit(_simulate, study.digest, code_digest(), cells, pure=False)] = block
                if len(running) >= ahead:
                    break
            if not running:
                return
            try:
                with client.as_current():
                    done = wait(list(running), timeout=1.0, return_when="FIRST_COMPLETED").done
            except TimeoutError:
                done = set()
            if client.status != "running":
                raise _gone(address)
            if done or client.nthreads():
                last_seen_s = time.monotonic()
            elif time.monotonic() - last_seen_s > _WITHOUT_WORKERS_S:
                raise usage_error("X005", f"the scheduler at {address} has no workers left", _GO_ON)
            for future in done:
                block = running.pop(future)
                for (cell, _), packed in zip(block, _result(future, address), strict=True):
                    yield cell, packed
    finally:
        if running and client.status == "running":
            client.cancel(list(running))


def _result(future: Any, address: str) -> list[bytes]:
    try:
        found: list[bytes] = future.result()
    except KilledWorker:
        raise usage_error("X005", "a cell kills every worker that simulates it", "do they have the memory?") from None
    except (CancelledError, OSError):
        raise _gone(address) from None
    except RuntimeError as error:
        raise usage_error("X005", f"a worker fails: {error}", "look at its log") from None
    return found


def _gone(address: str) -> UsageError:
    return usage_error("X005", f"the scheduler at {address} is gone", _GO_ON)
