"""A file of shifts: the kinds of shifts that a roster may be made of, for ``ivr staff --shifts``."""

from __future__ import annotations

from flows.kinds import scenario
from flows.kinds.base import Kind, Sample, first_sentence

__all__ = ["KIND"]


def _fits(sample: Sample) -> bool:
    names = set(sample.names)
    return "shifts" in names and not names & {"ivr", "nodes", "part", "prompts"} and not scenario.KIND.fits(sample)


KIND = Kind(
    name="shifts",
    title="a file of shifts",
    plural="files of shifts",
    needs="'shifts: kinds of shifts by name'",
    fits=_fits,
    found_as=(".yaml", ".yml", ".json"),
    about=lambda sample: first_sentence(sample, "description"),
    clean="'ivr staff --shifts' can read it",
    has_schema=True,
)
