"""The kinds of files that people write for a line, one file each: this room alone says what a file is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import flows.kinds as family
from flows.kinds.base import Kind, Sample
from flows.registry import members

__all__ = ["Kind", "Sample", "kind_of", "kinds", "needs"]


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of file by its name.

    Examples
    --------
    >>> " ".join(kinds())  # doctest: +NORMALIZE_WHITESPACE
    'agents baseline catalogue column_map flow language part plans scenario script settings shifts table tasks
    translations'
    """
    found = [module.KIND for module in members(family).values()]
    return {kind.name: kind for kind in found}


def kind_of(sample: Sample) -> Kind | None:
    """The kind of a file, by what is in it; None if it is none of ours.

    Examples
    --------
    >>> kind_of(Sample("monday.yaml", "name: Monday\\nflow: clinic.yaml\\nhorizon: 12h\\n")).name
    'scenario'
    >>> kind_of(Sample("compose.yaml", "services: {web: {image: nginx}}"))
    """
    return next((kind for kind in kinds().values() if kind.fits(sample)), None)


def needs(sample: Sample) -> str:
    """What would make a file one of each kind that its name allows.

    Parameters
    ----------
    sample : Sample
        A file of no kind.

    Examples
    --------
    >>> needs(Sample("compose.yaml", "services: {}")).split("; ")[3]
    "a flow has 'ivr: 1', 'name', 'start' and 'nodes'"
    """
    fitting = [kind for kind in kinds().values() if sample.ending in kind.found_as]
    return "; ".join(f"{kind.title} has {kind.needs}" for kind in fitting or kinds().values())
