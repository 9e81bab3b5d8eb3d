"""A file of tasks: what callers come for and where each should end, for ``ivr tasks``."""

from __future__ import annotations

from flows.kinds.base import Kind, Sample, first_sentence

__all__ = ["KIND"]


def _fits(sample: Sample) -> bool:
    names = set(sample.names)
    return "tasks" in names and not names - {"tasks", "description"}


KIND = Kind(
    name="tasks",
    title="a file of tasks",
    plural="files of tasks",
    needs="'tasks: what callers come for, by name'",
    fits=_fits,
    found_as=(".yaml", ".yml", ".json"),
    about=lambda sample: first_sentence(sample, "description"),
    clean="'ivr tasks' can read it",
    has_schema=True,
)
