"""Which calls of a log are arrivals: callers who got a line, at their first attempt."""

from __future__ import annotations

import numpy as np

from ivr.records.schema import outcome_code
from simulation.arrays import Flags
from simulation.call_logs.log import CallLog

__all__ = ["first_calls"]


def first_calls(log: CallLog) -> Flags:
    """b1[calls]. First attempts that did not hear a busy signal; all of these where attempts are not logged."""
    calls = log.records.calls
    first = calls["attempt"] == 1 if "attempts" in log.known else np.ones(len(calls["attempt"]), dtype=bool)
    return np.asarray(first & (calls["outcome"] != outcome_code("blocked")))
