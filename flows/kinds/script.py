"""Call scripts: calls as they should go."""

from __future__ import annotations

import re

from flows.kinds.base import Kind, Sample
from flows.source.counted import counted

__all__ = ["KIND"]

_BEGINS = r"\ufeff?(?:\s*#[^\n]*\n|\s*\n)*\s*call:"
_COMMENT = r"\ufeff?\s*#\s*([^\n]*)"
_CALL = r"^\s*call:"
_OTHERS = (".yaml", ".yml", ".json", ".toml", ".po", ".csv")


def _fits(sample: Sample) -> bool:
    return sample.ending == ".calls" or (
        sample.ending not in _OTHERS and bool(re.match(_BEGINS, sample.text, re.IGNORECASE))
    )


def _about(sample: Sample) -> str:
    """The first sentence of the comment at the top, and how many calls there are."""
    comment = re.match(_COMMENT, sample.text)
    said = comment[1].partition(". ")[0].rstrip(".") if comment else ""
    calls = len(re.findall(_CALL, sample.text, re.IGNORECASE | re.MULTILINE))
    number = counted(calls, "call")
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
