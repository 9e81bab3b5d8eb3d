"""Settings of a project: the defaults of commands, in ivr.toml or pyproject.toml."""

from __future__ import annotations

import re

from flows.kinds.base import Kind, Sample

__all__ = ["KIND"]

_TABLE = re.compile(
    r"^\s*\[+\s*(?:tool\s*\.\s*ivr\s*\.\s*(\w+)|(?!tool\b|project\b|build-system\b)(\w+))", re.MULTILINE
)
_OURS = re.compile(r"^\s*\[+\s*tool\s*\.\s*[\"']?ivr\b", re.MULTILINE)


def _fits(sample: Sample) -> bool:
    return sample.name == "ivr.toml" or (sample.ending == ".toml" and bool(_OURS.search(sample.text)))


def _about(sample: Sample) -> str:
    named = list(dict.fromkeys(name for match in _TABLE.findall(sample.text) for name in match if name))
    return f"Settings of {', '.join(named)}." if named else ""


KIND = Kind(
    name="settings",
    title="a settings file",
    plural="settings files",
    needs="the name ivr.toml, or a table [tool.ivr] in pyproject.toml",
    fits=_fits,
    found_as=("ivr.toml", "pyproject.toml"),
    about=_about,
    clean="every setting has an effect",
)
