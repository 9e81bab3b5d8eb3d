"""A catalogue: prompts that flows and parts share by name, in every language."""

from __future__ import annotations

from flows.kinds.base import Kind, Sample
from flows.source.counted import counted
from flows.source.finding import FlowError
from flows.source.yaml_reader import parse

__all__ = ["KIND"]


def _fits(sample: Sample) -> bool:
    names = set(sample.names)
    return names >= {"ivr", "prompts"} and not names & {"name", "nodes", "part", "start"}


def _about(sample: Sample) -> str:
    try:
        prompts = parse(sample.text, sample.file).data.get("prompts")
    except FlowError:
        return ""
    number = len(prompts) if isinstance(prompts, dict) else 0
    return f"{counted(number, 'prompt')} to share."


KIND = Kind(
    name="catalogue",
    title="a catalogue of prompts",
    plural="catalogues",
    needs="'ivr: 1' and 'prompts'",
    fits=_fits,
    found_as=(".yaml", ".yml", ".json"),
    about=_about,
    clean="every prompt can be said",
    has_schema=True,
)
