"""A column map: which column of a table of calls holds what, for ``ivr calibrate --map``."""

from __future__ import annotations

from flows.kinds.base import Kind, Sample

__all__ = ["KIND"]


def _fits(sample: Sample) -> bool:
    names = set(sample.names)
    return sample.ending in ("", ".yaml", ".yml") and "arrived" in names and not names & {"ivr", "flow", "nodes"}


KIND = Kind(
    name="column_map",
    title="a column map",
    plural="column maps",
    needs="'arrived', and names of columns, as ivr calibrate writes it",
    fits=_fits,
    found_as=(".yaml", ".yml"),
    about=lambda sample: "Which column of a table of calls holds what.",
    clean="'--map' can read it",
)
