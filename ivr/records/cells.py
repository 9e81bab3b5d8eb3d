"""Values of records as the cells of a table: names instead of codes, None where a value does not apply."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from flows.source.counted import counted
from ivr.records.columns import ColumnArray
from ivr.records.schema import NONE, Column
from ivr.records.tables import RecordsError

__all__ = ["Cell", "as_cells"]

Cell = str | int | bool | None
"""The content of one cell of a file."""


def as_cells(column: Column, values: ColumnArray, names: Mapping[str, tuple[str, ...]]) -> list[Cell]:
    """Values as they are written to files: names instead of codes, None instead of NONE."""
    if column.names:
        known = names[column.names]
        if len(values) and not (values.min() >= -1 and values.max() < len(known)):
            raise RecordsError(
                f"column '{column.name}' has a code outside the {counted(len(known), 'name')} of '{column.names}'"
            )
        lookup = np.array([*known, None], dtype=object)
        written: list[Cell] = lookup[values].tolist()
        return written
    plain: list[Cell] = values.tolist()
    return [None if v == NONE else v for v in plain] if column.optional else plain
