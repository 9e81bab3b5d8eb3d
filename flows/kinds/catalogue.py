"""A catalogue: prompts that flows and parts share by name, in every language."""

from __future__ import annotations

from flows.kinds.base import Kind, Sample

__all__ = ["KIND"]


def _fits(sample: Sample) -> bool:
    names = set(sample.names)
    return names >= {"ivr", "prompts"} and not names & {"name", "nodes", "part", "start"}


KIND = Kind(
    name="catalogue",
    title="a catalogue of prompts",
    plural="catalogues",
    needs="'ivr: 1' and 'prompts'",
    fits=_fits,
    found_as=(".yaml", ".yml", ".json"),
    clean="every prompt can be said",
)
