"""A calibration as JSON-ready data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from simulation.backtesting.own_days import OwnDays
from simulation.calibration.calibration import Calibration
from simulation.calibration.estimated import Estimated
from simulation.calibration.estimates import rows
from simulation.calibration.scenario_data import ScenarioData

__all__ = ["calibration_json", "finite"]


def calibration_json(of: Calibration, data: ScenarioData, own: OwnDays | None, wrote: Sequence[str]) -> dict[str, Any]:
    """The stable schema of ``ivr calibrate --json``."""
    dates = of.days.dates
    return {
        "log": of.log.name,
        "format": of.log.format,
        "columns": _plain(of.log.proposed or {}),
        "columns_unused": list(of.log.unused),
        "counts": of.log.counts,
        "from": dates[0].isoformat(),
        "to": dates[-1].isoformat(),
        "calls": of.calls,
        "left_out": [{"date": one.date.isoformat(), "why": one.why} for one in of.left_out],
        "findings": [finding.as_dict() for finding in of.log.findings],
        "estimates": {
            row.key: {
                "about": row.about,
                "title": row.title,
                **_estimated(row.value),
                "told": row.told,
                "note": row.note,
            }
            for row in rows(of)
        },
        "correlation_of_parts_of_the_day": [
            {"parts": [earlier + 1, part + 1], **_estimated(one)} for (part, earlier), one in of.parts.items()
        ],
        "drift": {name or "all": ratio for name, ratio in of.drift.items()},
        "own_days": _own_days(own) if own is not None else None,
        "assumed": list(data.assumed),
        "files": list(wrote),
    }


def _estimated(of: Estimated) -> dict[str, Any]:
    return {"value": finite(of.value), "low": finite(of.low), "high": finite(of.high), "count": int(of.count)}


def _own_days(own: OwnDays) -> dict[str, Any]:
    return {
        "real": own.real,
        "simulated": {name: spread.mean for name, spread in own.simulated.whole.items()},
        "pause_factor": own.factor,
    }


def finite(value: float) -> float | None:
    """A number, or None where it is infinite or unknown: JSON has neither."""
    return float(value) if math.isfinite(value) else None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, tuple | list) else value
