"""Records from midnight to midnight, so that days can be told apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from flows.values.units import MICROSECOND
from ivr.records.tables import Records
from simulation.clock.local_time import DAY_US, EPOCH, local_clock_of

__all__ = ["whole_days"]


def whole_days(records: Records, zone: str = "") -> Records:
    """Records that begin and end at midnight of a zone, so that days can be told apart."""
    if records.begins_us is None:
        return records
    utc = EPOCH + records.begins_us * MICROSECOND
    clock = local_clock_of(utc, zone or records.zone or "UTC", max(records.horizon_us, 1))
    midnight = clock.at_us(int(clock.wall_us(0)) // DAY_US * DAY_US)
    last = max(int(records.horizon_us), 1)
    end = clock.at_us((int(clock.wall_us(last - 1)) // DAY_US + 1) * DAY_US)
    moved = {}
    for table, columns in {
        "calls": ("arrived_us", "ended_us"),
        "visits": ("offered_us", "answered_us", "left_us"),
        "steps": ("at_us",),
        "agents": ("on_us", "off_us"),
        "pauses": ("began_us", "ended_us"),
        "in_hand": ("began_us", "ended_us"),
    }.items():
        moved[table] = {
            column: np.where(values < 0, values, values - midnight) if column in columns else values
            for column, values in getattr(records, table).items()
        }
    return replace(
        records,
        calls=moved["calls"],
        visits=moved["visits"],
        steps=moved["steps"],
        agents=moved["agents"],
        pauses=moved["pauses"],
        in_hand=moved["in_hand"],
        horizon_us=end - midnight,
        begins_us=records.begins_us + midnight,
        zone=clock.zone,
    )
