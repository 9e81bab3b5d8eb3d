"""A flow: what callers of one line hear and press."""

from __future__ import annotations

from flows.kinds import catalogue, language, part, scenario
from flows.kinds.base import Kind, Sample, first_sentence

__all__ = ["KIND"]


def _fits(sample: Sample) -> bool:
    names = set(sample.names)
    if not ("ivr" in names or names >= {"nodes", "start"}):
        return False
    return not any(other.KIND.fits(sample) for other in (catalogue, language, part, scenario))


KIND = Kind(
    name="flow",
    title="a flow",
    plural="flows",
    needs="'ivr: 1', 'name', 'start' and 'nodes'",
    fits=_fits,
    found_as=(".yaml", ".yml", ".json"),
    about=lambda sample: first_sentence(sample, "description", "name"),
    clean="every caller gets somewhere",
    has_schema=True,
)
