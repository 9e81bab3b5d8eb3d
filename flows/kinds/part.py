"""A part: nodes that several flows include, with one way in."""

from __future__ import annotations

from flows.kinds.base import Kind, Sample, first_sentence

__all__ = ["KIND"]


def _fits(sample: Sample) -> bool:
    names = set(sample.names)
    return "part" in names and "name" not in names and bool(names & {"ivr", "nodes"})


KIND = Kind(
    name="part",
    title="a part of a flow",
    plural="parts",
    needs="'ivr: 1', 'part: what it is for', 'start' and 'nodes'",
    fits=_fits,
    found_as=(".yaml", ".yml", ".json"),
    about=lambda sample: first_sentence(sample, "part", "description"),
    clean="nothing is wrong with this part",
    has_schema=True,
)
