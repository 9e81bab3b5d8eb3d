"""The journal of a sweep: finished cells in a file, so that a sweep that was stopped goes on where it was."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flows.distribution import version
from flows.source.finding import UsageError, usage_error
from simulation.experiment.scenario_changes import changes
from simulation.scenario.loaded import LoadedScenario
from simulation.sweeping.cell_sums import CellSums
from simulation.sweeping.study import Study

__all__ = ["Journal", "opened"]

_MOST_TOLD = 3


class Journal:
    """Finished cells by their settings.

    Parameters
    ----------
    file : Path or None
        None keeps nothing.
    base : sqlite3.Connection or None
    """

    def __init__(self, file: Path | None, base: sqlite3.Connection | None) -> None:
        self._file, self._base = file, base

    def known(self) -> dict[str, CellSums]:
        """The cells that are finished, by `key`."""
        if self._base is None:
            return {}
        found = self._base.execute("SELECT settings, sums FROM cells").fetchall()
        return {settings: CellSums.unpacked(sums) for settings, sums in found}

    def add(self, key: str, packed: bytes) -> None:
        """Keep a finished cell; it is on the disk when this returns."""
        if self._base is not None:
            with self._base:
                self._base.execute("INSERT OR REPLACE INTO cells VALUES (?, ?)", (key, packed))

    def forget(self) -> None:
        """Remove the file: the sweep is finished, and its results are written."""
        if self._file is not None and self._base is not None:
            self._base.close()
            self._file.unlink(missing_ok=True)

    @staticmethod
    def key(settings: tuple[str, ...]) -> str:
        """The key of a cell."""
        return json.dumps(settings)


@contextmanager
def opened(file: str | Path | None, study: Study, loaded: LoadedScenario, *, afresh: bool = False) -> Iterator[Journal]:
    """Open the journal of a study.

    Parameters
    ----------
    file : str or Path or None
        None keeps nothing.
    study : Study
    loaded : LoadedScenario
        The scenario with the settings of all cells.
    afresh : bool
        Whether to begin anew, whatever is in the file.

    Raises
    ------
    UsageError
        X008, if it belongs to another study, is in use, or cannot be read.
    """
    if file is None:
        yield Journal(None, None)
        return
    path = Path(file)
    if afresh:
        path.unlink(missing_ok=True)
    try:
        base = sqlite3.connect(path, timeout=1.0)
    except sqlite3.Error as error:
        raise _unusable(path, error) from None
    try:
        _begin(base, path, _told(study, loaded))
        yield Journal(path, base)
    except sqlite3.Error as error:
        raise _unusable(path, error) from None
    finally:
        base.close()


def _begin(base: sqlite3.Connection, path: Path, told: Mapping[str, Any]) -> None:
    """Lock the file, and hold it to what is studied."""
    base.execute("PRAGMA locking_mode = EXCLUSIVE")
    with base:
        base.execute("BEGIN EXCLUSIVE")
        tables = {name for (name,) in base.execute("SELECT name FROM sqlite_master")}
        if not tables:
            base.execute("CREATE TABLE study (told TEXT NOT NULL)")
            base.execute("CREATE TABLE cells (settings TEXT PRIMARY KEY, sums BLOB NOT NULL)")
            base.execute("INSERT INTO study VALUES (?)", (json.dumps(told),))
            return
        if not {"study", "cells"} <= tables:
            raise usage_error("X008", f"{path} is not the journal of a sweep", "name another file as --output")
        (before,) = base.execute("SELECT told FROM study").fetchone()
        (done,) = base.execute("SELECT count(*) FROM cells").fetchone()
    different = _differences(json.loads(before), told)
    if different:
        more = f", and {len(different) - _MOST_TOLD} more" if len(different) > _MOST_TOLD else ""
        raise usage_error(
            "X008",
            f"{path} has {done} finished {'cell' if done == 1 else 'cells'} of another sweep:"
            f" {'; '.join(different[:_MOST_TOLD])}{more}",
            "undo the change to go on with them, or begin anew with --restart",
        )


def _told(study: Study, loaded: LoadedScenario) -> dict[str, Any]:
    """What decides the numbers of a cell beside its settings."""
    told = {
        "version": version(),
        "engine": study.engine,
        "seed": study.seed,
        "replications": study.replications,
        "scenario": loaded.document.data,
        "flows": {name or "flow": flow.digest for name, flow in study.flows.items()},
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in study.files.items()},
    }
    found: dict[str, Any] = json.loads(json.dumps(told, default=str))
    return found


def _differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    found = [
        f"{name}: {before.get(name)} → {now[name]}"
        for name in ("version", "engine", "seed", "replications")
        if before.get(name) != now[name]
    ]
    found += changes(before.get("scenario", {}), now["scenario"])
    old_flows, flows = before.get("flows", {}), now["flows"]
    if old_flows.get("flow") != flows.get("flow"):
        found.append("the flow has changed")
    other = {name: digest for name, digest in flows.items() if name != "flow"}
    found += [f"the flow {name} has changed" for name, of in other.items() if old_flows.get(name, "") not in ("", of)]
    old_files, files = before.get("files", {}), now["files"]
    found += [f"the file {name} has changed" for name in files if old_files.get(name, "") not in ("", files[name])]
    return found


def _unusable(path: Path, error: sqlite3.Error) -> UsageError:
    if "locked" in str(error):
        return usage_error(
            "X008", f"{path} is in use by another sweep", "wait for it, or name another file as --output"
        )
    if "not a database" in str(error) or "malformed" in str(error):
        return usage_error("X008", f"{path} is not the journal of a sweep: {error}", "begin anew with --restart")
    return usage_error("X008", f"{path} cannot be used: {error}", "check the path, its permissions and the disk")
