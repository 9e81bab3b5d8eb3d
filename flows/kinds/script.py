"""Call scripts: calls as they should go."""

from __future__ import annotations

import re

from flows.kinds.base import Kind, Sample

__all__ = ["KIND"]

_BEGINS = re.compile(r"\ufeff?(?:\s*#[^\n]*\n|\s*\n)*\s*call:", re.IGNORECASE)
_OTHERS = (".yaml", ".yml", ".json", ".toml", ".po", ".csv")


def _fits(sample: Sample) -> bool:
    return sample.ending == ".calls" or (sample.ending not in _OTHERS and bool(_BEGINS.match(sample.text)))


KIND = Kind(
    name="script",
    title="a file of call scripts",
    plural="files of call scripts",
    needs="calls that begin with 'call: its name'",
    fits=_fits,
    found_as=(".calls",),
    clean="every line can be played; 'ivr test' plays them",
)
