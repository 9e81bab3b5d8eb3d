"""Settings of a project: the defaults of commands, in ivr.toml or pyproject.toml."""

from __future__ import annotations

from flows.kinds.base import Kind, Sample
from flows.source.project_file import OWN_NAME, PROJECT_NAMES, mentions_ours, parse_project

__all__ = ["KIND"]


def _fits(sample: Sample) -> bool:
    return sample.name == OWN_NAME or (sample.ending == ".toml" and mentions_ours(sample.text))


def _about(sample: Sample) -> str:
    project = parse_project(sample.text, sample.file)
    named = ", ".join(project.data) if project else ""
    return f"Settings of {named}." if named else ""


KIND = Kind(
    name="settings",
    title="a settings file",
    plural="settings files",
    needs="the name ivr.toml, or a table [tool.ivr] in pyproject.toml",
    fits=_fits,
    found_as=PROJECT_NAMES,
    about=_about,
    clean="every setting has an effect",
)
