"""A scenario: who calls a flow, what they want, and who answers."""

from __future__ import annotations

from flows.kinds.base import Kind, Sample, first_sentence

__all__ = ["KIND"]

_OWN = {"flow", "horizon", "arrivals", "intents", "groups"}
"""What every scenario states and no flow does; one of them may be missing, or all but two."""


def _fits(sample: Sample) -> bool:
    names = set(sample.names)
    return "nodes" not in names and len(names & _OWN) >= 2


KIND = Kind(
    name="scenario",
    title="a scenario",
    plural="scenarios",
    needs="'flow', 'start', 'horizon', 'arrivals', 'intents' and 'groups'",
    fits=_fits,
    found_as=(".yaml", ".yml", ".json"),
    about=lambda sample: first_sentence(sample, "description", "name"),
    clean="it can be simulated",
    has_schema=True,
)
