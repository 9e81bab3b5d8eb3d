"""The types of columns and tables of records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy.typing as npt

__all__ = ["ColumnArray", "Columns"]

ColumnArray = npt.NDArray[Any]
"""One column, one value a row; its dtype is what `ivr.records.schema.SCHEMA` says of it: int8 to int64, or bool."""
Columns = Mapping[str, ColumnArray]
"""The columns of one table by name, all of equal length."""
