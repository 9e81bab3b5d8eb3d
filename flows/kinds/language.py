"""A language pack: how a language that has none here is spoken, or a region's own words."""

from __future__ import annotations

from flows.kinds.base import Kind, Sample

__all__ = ["KIND"]


def _fits(sample: Sample) -> bool:
    names = set(sample.names)
    return names >= {"ivr", "language"} and not names & {"name", "nodes", "start", "part"}


KIND = Kind(
    name="language",
    title="a language pack",
    plural="language packs",
    needs="'ivr: 1' and 'language'",
    fits=_fits,
    found_as=(".yaml", ".yml"),
    about=lambda sample: "The phrases of a language.",
    clean="every phrase can be said",
    has_schema=True,
)
