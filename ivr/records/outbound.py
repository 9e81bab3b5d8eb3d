"""What calls that agents make themselves contribute: the columns that ``ivr.records.count_records`` adds up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ivr.records.columns import ColumnArray, Columns

__all__ = ["Spans", "outbound_counts", "outbound_spans"]

Spans = dict[str, tuple[NDArray[np.int64], NDArray[np.int64], ColumnArray]]
"""By column of the sums: begin and end in microseconds, and the code of the agents' group."""


def outbound_counts(outbound: Columns, from_us: int) -> tuple[NDArray[np.int64], ColumnArray, dict[str, ColumnArray]]:
    """When outbound calls were dialled after the warm-up, by which group, and what each counts for."""
    late = outbound["dialled_us"] >= from_us
    reached = outbound["reached"][late]
    columns = {"outbound_made": np.ones(len(reached), bool), "outbound_reached": reached}
    return outbound["dialled_us"][late], outbound["group"][late], columns


def outbound_spans(outbound: Columns) -> Spans:
    """When agents rang or talked, did after-call work, and either of them, for outbound calls."""
    begin, group = outbound["dialled_us"], outbound["group"]
    wrap_from = begin + outbound["ring_us"] + outbound["talk_us"]
    end = wrap_from + outbound["acw_us"]
    return {
        "busy_us": (begin, wrap_from, group),
        "wrap_us": (wrap_from, end, group),
        "outbound_us": (begin, end, group),
    }
