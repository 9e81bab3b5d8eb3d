"""Everything a process needs to simulate any cell of a sweep, on this machine or on another."""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flows.model.flow import Flow
from simulation.scenario.loaded import LoadedScenario

__all__ = ["Study", "files_named"]


@dataclass(frozen=True)
class Study:
    """A scenario, and how each of its cells is simulated.

    Parameters
    ----------
    text, file : str
        The scenario as written, and where it lies: paths in it are relative to it.
    settings : tuple of str
        Settings of all cells, as for ``--set``.
    flows : dict of str to Flow
        The flows of the cells, by what the scenario states as its flow.
    files : dict of str to bytes
        What the files that the scenario names contain, by path as stated.
    seed, replications : int
    engine : {"reference", "kernel"}
    """

    text: str
    file: str
    settings: tuple[str, ...]
    flows: Mapping[str, Flow]
    files: Mapping[str, bytes]
    seed: int
    replications: int
    engine: str
    digest: str = field(init=False, default="")

    def __post_init__(self) -> None:
        told: tuple[object, ...] = (
            self.text, self.settings, {name: flow.digest for name, flow in self.flows.items()},
            {name: hashlib.sha256(data).hexdigest() for name, data in self.files.items()},
            self.seed, self.replications, self.engine,
        )  # fmt: skip
        object.__setattr__(self, "digest", hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16])

    def packed(self) -> bytes:
        """The study as bytes, to be sent to other processes."""
        return pickle.dumps(self, protocol=pickle.HIGHEST_PROTOCOL)

    @property
    def outside(self) -> tuple[str, ...]:
        """Files that a copy of the scenario's folder would not have: named by whole paths."""
        return tuple(name for name in self.files if Path(name).is_absolute())

    def elsewhere(self, folder: Path) -> str:
        """Write the files of the study into a folder; returns where the scenario lies in it.

        Files beside or above the scenario keep their places: the scenario lies as deep as its files go up.
        """
        up = max((Path(name).parts.count("..") for name in self.files), default=0)
        home = folder.joinpath(*(["of"] * up))
        for name, data in self.files.items():
            place = home / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        home.mkdir(parents=True, exist_ok=True)
        return str(home / Path(self.file).name)


def files_named(scenarios: Sequence[LoadedScenario]) -> dict[str, bytes]:
    """The contents of the files that scenarios name, apart from their flows, by path as stated."""
    found: dict[str, bytes] = {}
    for loaded in scenarios:
        folder = Path(loaded.document.file).parent
        for text in _texts({key: of for key, of in loaded.document.data.items() if key != "flow"}):
            if text not in found and _may_be_a_path(text) and (folder / text).is_file():
                found[text] = (folder / text).read_bytes()
    return dict(sorted(found.items()))


def _may_be_a_path(text: str) -> bool:
    return 0 < len(text) < 1024 and "\n" not in text and "\0" not in text


def _texts(data: Any) -> list[str]:
    """All texts in plain data."""
    if isinstance(data, dict):
        return [text for value in data.values() for text in _texts(value)]
    if isinstance(data, list):
        return [text for value in data for text in _texts(value)]
    return [data] if isinstance(data, str) else []
