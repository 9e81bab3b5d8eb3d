"""What is wrong in a whole settings file, for ``ivr lint``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import click

from flows.kinds import Sample
from flows.model.flow import Flow
from flows.source.finding import Finding
from flows.source.project_file import parse_project
from ivr.settings.defaults import defaults_of, unknown_tables

__all__ = ["SettingsFindings"]


@dataclass(frozen=True)
class SettingsFindings:
    """Checks settings files.

    Parameters
    ----------
    commands : mapping of str to callable
        Every command by its name: returns it, and another of the same name if there is one.
    """

    commands: Mapping[str, Callable[[], Sequence[click.Command]]]

    def __call__(self, sample: Sample, flow: Flow | None) -> tuple[Finding, ...]:
        """Every table that is not a command's, and every default that no option takes.

        Parameters
        ----------
        sample : Sample
        flow : Flow or None
            Not used.
        """
        project = parse_project(sample.text, sample.file)
        if project is None:
            return ()
        found = list(unknown_tables(project, tuple(self.commands)))
        for name, commands in self.commands.items():
            if name in project.data:
                found += defaults_of(project, (name,), commands()).found
        return tuple(sorted(found, key=lambda one: (one.line, one.column)))
