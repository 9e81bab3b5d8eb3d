"""What a format is asked about: a file or folder, with its first lines and, once needed, its table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flows.source.finding import IvrError
from simulation.call_logs.damage import Damage
from simulation.call_logs.propose import plain
from simulation.call_logs.tables import SPREADSHEETS, Table, read_table, read_text

__all__ = ["Source"]

_HEAD_BYTES = 20_000


@dataclass(frozen=True)
class Source:
    """A log on disk.

    Parameters
    ----------
    path : Path
    """

    path: Path

    @cached_property
    def is_text(self) -> bool:
        """Whether it is a file of text."""
        return self.path.is_file() and self.path.suffix not in (".parquet", *SPREADSHEETS)

    @cached_property
    def head(self) -> str:
        """The first lines of a text; empty for anything else."""
        if not self.is_text:
            return ""
        return read_text(self.path, Damage(str(self.path)), most=_HEAD_BYTES).rpartition("\n")[0] or read_text(
            self.path, Damage(str(self.path)), most=_HEAD_BYTES
        )

    @cached_property
    def table(self) -> Table:
        """The file as a table."""
        return read_table(self.path)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, without case and signs; none for a folder, or a file that names no columns."""
        try:
            return tuple(map(plain, self.table.columns)) if self.path.is_file() else ()
        except IvrError:
            return ()
