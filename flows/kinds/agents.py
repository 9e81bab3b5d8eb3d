"""An agents file: the people who answer a line, their groups and the routing between them."""

from __future__ import annotations

from flows.kinds import scenario
from flows.kinds.base import Kind, Sample, first_sentence

__all__ = ["KIND"]


def _fits(sample: Sample) -> bool:
    names = set(sample.names)
    return "agents" in names and not names & {"ivr", "nodes", "part", "prompts"} and not scenario.KIND.fits(sample)


KIND = Kind(
    name="agents",
    title="an agents file",
    plural="agents files",
    needs="'agents: who answers, by a short name'",
    fits=_fits,
    found_as=(".yaml", ".yml", ".json"),
    about=lambda sample: first_sentence(sample, "description"),
    clean="every queue has somebody who answers; 'ivr agents' shows who",
    has_schema=True,
)
