"""Records whose intents say which callers have high priority, as the scenario made of them does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ivr.records.tables import Records
from simulation.calibration.priorities import HeadStart
from simulation.call_logs.log import CallLog

__all__ = ["HIGH", "with_priorities"]

HIGH = ", high priority"
"""What is put behind an intent."""


def with_priorities(log: CallLog, head: HeadStart | None) -> Records:
    """The records of a log; where priority counts, callers of high priority have intents of their own.

    Parameters
    ----------
    log : CallLog
    head : HeadStart or None
    """
    records = log.records
    if head is None:
        return records
    names = records.names["intent"]
    high = np.isin(log.priority, list(head.high)) & (records.calls["intent"] >= 0)
    code = np.where(high, records.calls["intent"] + len(names), records.calls["intent"]).astype(np.int16)
    of_names = {key: value for key, value in records.names.items() if key not in ("source", "outcome", "result")}
    of_names["intent"] = (*names, *(name + HIGH for name in names))
    return replace(records, calls={**records.calls, "intent": code}, names=of_names)
