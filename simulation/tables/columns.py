"""The columns of the call table: their names, dtypes and defaults, and how they are made."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from flows.source.counted import counted
from flows.source.finding import Finding, ScenarioError
from ivr.records.schema import NEVER, NONE, outcome_code
from simulation.arrays import Floats, Times

__all__ = [
    "CALL_COLUMNS",
    "DEFAULT",
    "OFFERED",
    "TRIED_AGAIN",
    "VISIT_COLUMNS",
    "Column",
    "Values",
    "column",
    "constant",
    "different",
    "microseconds",
    "talk_columns",
    "wrong",
]

OFFERED = -1
"""The ending of a call whose menu stage ends in a queue."""
Column = npt.NDArray[Any]
"""A column of a call table, with the dtype listed for its name."""
Values = npt.NDArray[Any] | Sequence[int] | Sequence[Sequence[int]] | int
"""What a column can be built from; a single value holds for all rows."""


def microseconds(seconds: Floats | float) -> Times:
    """Return seconds as int64 microseconds, rounded; anything that large, such as infinity, becomes NEVER.

    >>> microseconds(np.array([1.5, np.inf])).tolist() == [1_500_000, NEVER]
    True
    """
    us = np.asarray(seconds, dtype=float) * 1e6
    if us.ndim and us.max(initial=0.0) < NEVER:
        return np.asarray(np.rint(us, out=us)).astype(np.int64)
    return np.where(us < NEVER, np.rint(np.minimum(us, NEVER)), NEVER).astype(np.int64)


def wrong(message: str, *, hint: str = "") -> ScenarioError:
    """The error to raise about a table that contradicts itself or another one."""
    return ScenarioError(Finding(code="X005", severity="error", message=message, hint=hint))


_CLOSED = outcome_code("closed")
TRIED_AGAIN = (outcome_code("blocked"), outcome_code("abandoned"), outcome_code("turned_away"))
# (name, dtype, default); the first tuple has a row per call, the second a row per queue visit.
CALL_COLUMNS = (
    ("intent", "i2", NONE),
    ("language", "i2", NONE),
    ("path", "i4", NONE),
    ("menu_us", "i8", 0),
    ("key_presses", "i2", 0),
    ("ending", "i1", OFFERED),
    ("zero_out", "b1", False),
    ("attempt", "i2", 1),
    ("retry", "i8", NONE),
    ("retry_after_us", "i8", 0),
    ("repeat_after_us", "i8", NEVER),
)
VISIT_COLUMNS = (
    ("patience_us", "i8", NEVER),
    ("acw_us", "i8", 0),
    ("urgency", "i1", 0),
    ("limit_us", "i8", NEVER),
    ("limit_delay_us", "i8", 0),
    ("limit_ending", "i1", _CLOSED),
    ("limit_next", "i8", NONE),
    ("full_delay_us", "i8", 0),
    ("full_ending", "i1", _CLOSED),
    ("full_next", "i8", NONE),
    ("talk_delay_us", "i8", 0),
    ("talk_next", "i8", NONE),
    ("confer_next", "i8", NONE),
    ("limit_keys", "i2", 0),
    ("full_keys", "i2", 0),
    ("talk_keys", "i2", 0),
    ("ring_us", "i8", 0),
    ("reached_at", "i2", 1),
    ("agent_draw", "i8", NONE),
)
DEFAULT = {name: default for name, _, default in (*CALL_COLUMNS, *VISIT_COLUMNS)}


def different(values: Column) -> Column:
    """A column, or one row of it if all rows share one value."""
    return values if values.strides[0] or any(values.strides) else values[:1]


def constant(value: int, dtype: str, n: int) -> Column:
    """A column with one value for all rows, which takes no memory."""
    return np.ndarray((n,), *_one(value, dtype), strides=(0,))


@lru_cache(maxsize=256)
def _one(value: int, dtype: str) -> tuple[np.dtype[Any], bytes]:
    """The type of a value and its bytes."""
    one = np.array(value, dtype)
    return one.dtype, one.tobytes()


def talk_columns(talk_us: Values, m: int) -> Times:
    """Talk times as [m, k], from one value, one per queue visit, or one per visit and column."""
    talk = np.asarray(talk_us, dtype=np.int64)
    if talk.ndim == 0:
        return np.full((m, 1), talk)
    return talk.reshape(len(talk), -1) if m else np.zeros((0, 1), np.int64)


def column(name: str, values: Values, dtype: str, n: int) -> Column:
    """A column of n rows from an array, a list or one value.

    Raises
    ------
    ScenarioError
        When there are not n rows.
    """
    array = np.asarray(values)
    if array.shape == (n,) and n and not any(array.strides):
        array = array[0]
    array = array.astype(dtype, copy=False)
    if array.ndim == 0:
        return np.broadcast_to(array, (n,))  # one value for all rows takes no memory
    if array.shape != (n,):
        raise wrong(f"column {name} has {counted(len(array), 'row')} for {counted(n, 'call')}")
    return array
