"""A scenario with the staffing that was found in place of its own agents."""

from __future__ import annotations

import os
from copy import deepcopy
from pathlib import Path
from typing import Any

from simulation.staffing.result import StaffingResult

__all__ = ["scenario_data"]


def scenario_data(found: StaffingResult, *, folder: Path) -> dict[str, Any]:
    """The plain data of the scenario with the agents found; files it names are found from another folder.

    Parameters
    ----------
    found : StaffingResult
    folder : Path
        Where it is to be written.
    """
    loaded, target = found.loaded, found.target
    data: dict[str, Any] = deepcopy(loaded.document.data)
    for name, levels in found.by_group.items():
        group = data["groups"][name]
        group.pop("shifts", None)
        same = len(set(levels)) == 1
        group["agents"] = str(levels[0]) if same else [str(agents) for agents in levels]
    data.pop("staff_factor", None)
    service = data.setdefault("service_level", {})
    service["threshold"] = f"{target.threshold_s:g}s"
    service["target"] = f"{target.level:.6g}"
    _relocate(data, Path(loaded.document.file).absolute().parent, folder.absolute())
    return data


def _relocate(data: Any, here: Path, folder: Path) -> None:
    """Name the flow, and all other files, as they are found from the new folder."""
    for key, value in list(data.items() if isinstance(data, dict) else enumerate(data)):
        if isinstance(value, dict | list):
            _relocate(value, here, folder)
        elif key in ("flow", "file") and (here / str(value)).exists():
            data[key] = Path(os.path.relpath((here / str(value)).resolve(), folder.resolve())).as_posix()
