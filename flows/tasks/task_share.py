"""How many of a scenario's callers come for a task, and how many of them arrive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from flows.model.flow import Flow
from flows.tasks.task_file import Task

__all__ = ["SharesReader", "TaskShare"]


@dataclass(frozen=True)
class TaskShare:
    """The callers of one task.

    Parameters
    ----------
    intents : tuple of str
        The scenario's intents that are this task; empty if there are none.
    calls : float
        Their share of all calls, 0..1.
    arrive : float
        The share of them, 0..1, for whom one of the task's nodes begins; 0 without callers.
    """

    intents: tuple[str, ...]
    calls: float
    arrive: float


class SharesReader(Protocol):
    """Reads the callers of tasks from a scenario; `ivr.__main__` lends it to ``ivr tasks`` as ``task_shares``."""

    def __call__(self, file: str, flow: Flow, tasks: Mapping[str, Task], /) -> Mapping[str, TaskShare]:
        """By task."""
