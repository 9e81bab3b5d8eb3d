"""Project settings of the linter: the table ``lint`` of the nearest settings file, going up from the flow."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from flows.lint.settings import NO_SETTINGS, Settings, settings_of
from flows.source.finding import Finding
from flows.source.project_file import ProjectFile, project_file

if TYPE_CHECKING:
    from pathlib import Path as FilePath

__all__ = ["project_settings", "settings_in"]

_TABLE = "lint"


def project_settings(
    flow_file: str | FilePath, *, options: Collection[str] = ()
) -> tuple[Settings, tuple[Finding, ...]]:
    """Return the settings of a flow's project, and a finding for each invalid one (L003, L006).

    Parameters
    ----------
    flow_file : str or path
    options : collection of str
        Options of ``ivr lint``, whose defaults stand in the same table.

    Examples
    --------
    >>> project_settings("/nowhere/at/all.yaml")
    (Settings(severity={}, options={}, ignore=(), profile=''), ())
    """
    project = project_file(flow_file)
    return (NO_SETTINGS, ()) if project is None else settings_in(project, options=options)


def settings_in(project: ProjectFile, *, options: Collection[str] = ()) -> tuple[Settings, tuple[Finding, ...]]:
    """Return the linter's settings in a settings file, and a finding for each invalid one.

    Parameters
    ----------
    project : ProjectFile
    options : collection of str
        As for `project_settings`.

    Examples
    --------
    >>> from flows.source.project_file import parse_project
    >>> settings_in(parse_project("[lint]\\nprofile = 'es'\\n", "ivr.toml"))[0].profile
    'es'
    """
    if project.wrong:
        return NO_SETTINGS, project.wrong
    table = project.data.get(_TABLE, {})
    if not isinstance(table, dict):
        name = project.spoken((_TABLE,))
        return NO_SETTINGS, (project.finding(f"{name} is not a table", (_TABLE,), f"write '[{name}]'"),)
    own = {key: value for key, value in table.items() if key.replace("_", "-") not in options}
    return settings_of(
        own, lambda message, path, hint: project.finding(message, (_TABLE, *path), hint), also=tuple(options)
    )
