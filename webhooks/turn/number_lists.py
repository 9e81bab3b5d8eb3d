"""The lists of numbers beside the flow, read again when they change: a number is blocked without a new version."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from flows.model.flow import Flow
from flows.model.number_lists import read_list
from flows.source.counted import counted
from flows.source.finding import FlowError
from flows.values.number_list import NumberList

__all__ = ["NumberLists"]

_log = logging.getLogger("ivr.calls")


class NumberLists:
    """Says whether a caller stands in a list.

    Parameters
    ----------
    folder : Path or None
        The flow's; None for a flow without files, whose lists are those that it holds.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._read: dict[str, tuple[tuple[int, int], NumberList]] = {}

    def has(self, flow: Flow, file: str, number: str) -> bool:
        """Whether a number stands in the list as it is now; in a file that cannot be read any more, as it was."""
        if self._folder is None:
            return flow.listed(file, number)
        try:
            found = os.stat(self._folder / file)
            state = found.st_mtime_ns, found.st_size
            if file not in self._read or self._read[file][0] != state:
                numbers, faults = read_list(self._folder, file)
                self._read[file] = state, numbers
                if faults:
                    _log.warning("%s: %s left out; ivr lint tells which", file, counted(len(faults), "line"))
        except (OSError, ValueError, FlowError):
            if file not in self._read:
                return flow.listed(file, number)
        return self._read[file][1].has(number)
