"""Call scripts: calls as they should go."""

from __future__ import annotations

import re

from flows.kinds.base import Kind, Sample

__all__ = ["KIND"]

_BEGINS = re.compile(r"\ufeff?(?:\s*#[^\n]*\n|\s*\n)*\s*call:", re.IGNORECASE)
_COMMENT = re.compile(r"\ufeff?\s*#\s*([^\n]*)")
_CALL = re.compile(r"^\s*call:", re.IGNORECASE | re.MULTILINE)
_OTHERS = (".yaml", ".yml", ".json", ".toml", ".po", ".csv")


def _fits(sample: Sample) -> bool:
    return sample.ending == ".calls" or (sample.ending not in _OTHERS and bool(_BEGINS.match(sample.text)))


def _about(sample: Sample) -> str:
    """The first sentence of the comment at the top, and how many calls there are."""
    comment = _COMMENT.match(sample.text)
    said = comment[1].partition(". ")[0].rstrip(".") if comment else ""
    calls = len(_CALL.findall(sample.text))
    number = f"{calls} call{'' if calls == 1 else 's'}"
    return f"{said}: {number}." if said else f"{number}."


KIND = Kind(
    name="script",
    title="a file of call scripts",
    plural="files of call scripts",
    needs="calls that begin with 'call: its name'",
    fits=_fits,
    found_as=(".calls",),
    about=_about,
    clean="every line can be played; 'ivr test' plays them",
)
