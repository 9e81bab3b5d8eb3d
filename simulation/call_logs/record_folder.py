"""Writes records as Parquet, or as CSV where pyarrow is not installed."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from ivr.records.files import write
from ivr.records.tables import Records

__all__ = ["write_records"]


def write_records(records: Records, folder: str | Path) -> None:
    """Write records into a folder, for ``ivr report`` and ``ivr backtest``."""
    write(records, folder, format="parquet" if find_spec("pyarrow") else "csv")
