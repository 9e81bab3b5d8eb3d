"""Tables of records from rows written by hand."""

from __future__ import annotations

from ivr.records.tables import empty_table


def filled(table, rows):
    """A table with one row per dict; columns that are not named keep their default."""
    filled = empty_table(table, len(rows))
    for i, row in enumerate(rows):
        for name, value in row.items():
            filled[name][i] = value
    return filled
