"""Plans of callers: what each presses, a line per caller, for ``ivr swarm --plans``."""

from __future__ import annotations

import re

from flows.kinds.base import Kind, Sample
from flows.source.counted import counted

__all__ = ["KIND"]

_BEGINS = r"\ufeff?(?:[ \t]*(?:#[ \t][^\n]*)?\r?\n)*[ \t]*[0-9*#]+[ \t]*(?:,[^\n]*)?(?:\r?\n|\Z)"
"""Comments, then keys, and what follows them between commas."""


def _fits(sample: Sample) -> bool:
    return sample.ending == ".plans" or (sample.ending in ("", ".txt") and bool(re.match(_BEGINS, sample.text)))


KIND = Kind(
    name="plans",
    title="a file of plans",
    plural="files of plans",
    needs="a line for each caller, like 1,2,wait,0",
    fits=_fits,
    found_as=(".plans",),
    about=lambda sample: (
        f"What {counted(sum(1 for line in sample.text.splitlines() if line.strip()), 'caller')} will press."
    ),
    clean="'ivr swarm --plans' can read it",
)
