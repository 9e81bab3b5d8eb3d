"""Checks a file of tasks, and the nodes that it names against the flow beside it."""

from __future__ import annotations

from flows.kinds import Sample
from flows.lint.around import Around
from flows.lint.checks._flow_beside import flow_beside
from flows.source.finding import Finding
from flows.tasks.task_file import tasks_findings

__all__ = ["check"]


def check(sample: Sample, around: Around) -> tuple[Finding, ...]:
    """Everything that is wrong with a file of tasks."""
    return tasks_findings(sample, flow_beside(sample, around, "the form of the tasks"))
