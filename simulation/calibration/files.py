"""The files that a calibration leaves, as text by name: scenario, flow, column map."""

from __future__ import annotations

from simulation.calibration.scenario_data import ScenarioData
from simulation.calibration.yaml_text import yaml_text
from simulation.call_logs.column_map import ColumnMap, map_text
from simulation.call_logs.log import CallLog

__all__ = ["files_of"]


def files_of(data: ScenarioData, stem: str, log: CallLog | None = None) -> dict[str, str]:
    """Texts by name of file.

    Parameters
    ----------
    data : ScenarioData
    stem : str
        Name of the files.
    log : CallLog, optional
        Whose column map is kept, if it was read by one.
    """
    found = {f"{stem}.scenario.yaml": yaml_text(data.data, data.notes)}
    if data.flow is not None:
        found[f"{stem}.yaml"] = data.flow.text
    if log is not None and log.proposed:
        found["map.yaml"] = map_text(ColumnMap.model_validate(log.proposed))
    return found
