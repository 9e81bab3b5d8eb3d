"""Checks the settings of a project: the linter's here, those of the commands where the commands are known."""

from __future__ import annotations

from flows.kinds import Sample
from flows.lint.around import Around
from flows.lint.project_settings import settings_in
from flows.source.finding import Finding
from flows.source.project_file import parse_project

__all__ = ["check"]


def check(sample: Sample, around: Around) -> tuple[Finding, ...]:
    """Every setting that has no effect."""
    project = parse_project(sample.text, sample.file)
    if project is None:
        return ()
    found = settings_in(project, options=around.flows.options)[1]
    if not project.wrong and "settings" in around.lent:
        found = (*found, *around.lent["settings"](sample, None))
    return tuple(sorted(found, key=lambda one: (one.line, one.column)))
