"""The JSON Schema of scenario files for editors, made from the models so that every field is covered."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import signature
from typing import Any

from flows.source.json_schema import ShortForms, file_schema, with_short_forms
from simulation.sampling.distributions import kinds
from simulation.scenario.field_types import ALSO, MAIN
from simulation.scenario.model import Scenario

__all__ = ["scenario_schema"]

_NUMBER = {"type": ["number", "string"]}
_NAMES = {"type": "array", "items": {"type": "string"}}
_BY_NAME = {
    "type": "object",
    "description": "by intent or queue",
    "minProperties": 1,
    "additionalProperties": {"anyOf": [_NUMBER, {"type": "array", "items": _NUMBER}]},
}
_OF_FILE = {"file": {"type": "string"}, "column": {"type": "string"}}
_COLUMN = {
    "type": "object",
    "properties": _OF_FILE,
    "required": ["file", "column"],
    "additionalProperties": False,
}
_DAILY = {
    "type": "object",
    "description": "by date, or {file, date, column}",
    "properties": {**_OF_FILE, "date": {"type": "string"}},
    "additionalProperties": _NUMBER,
}
_TIMES_FROM = {
    "description": "Means from a column of a CSV file, one row for each interval.",
    "type": "object",
    "properties": {
        **_OF_FILE,
        "unit": {"enum": ["s", "min", "h"]},
        "like": {"type": ["string", "object"], "description": "the distribution without its mean; exponential"},
    },
    "required": ["file", "column"],
    "additionalProperties": False,
}
_FROM_A_FILE = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "description": "CSV, Parquet or xlsx file, relative to the scenario"},
        "column": {"type": "string", "description": "the column of times; not needed where there is only one"},
        "unit": {
            "enum": ["us", "ms", "s", "min", "h"],
            "description": "of plain numbers; default: as the name ends, else s",
        },
        "where": {
            "type": "object",
            "additionalProperties": {"anyOf": [{"type": "string"}, _NAMES]},
            "description": "only rows with these values, by column",
        },
    },
    "additionalProperties": False,
}
"""Times of a column (``simulation.loading.observed_times``)."""
_SHORT: ShortForms = {
    ("Arrivals", "per_hour"): (_NUMBER, _BY_NAME),
    ("Arrivals", "calls"): (_BY_NAME,),
    ("Arrivals", "columns"): (_NAMES, {"const": "intents", "description": "a column of each intent, by its name"}),
    ("Arrivals", "profile"): (_COLUMN,),
    ("Arrivals", "daily"): (None, _DAILY),
    ("Intent", "goal"): ({"type": "string"},),
    ("Intent", "share"): (_NUMBER,),
    ("Costs", "lost_call"): (_NUMBER,),
    ("Group", "agents"): (None, _COLUMN),
    ("Group", "skills"): ({"type": "string"}, _NAMES),
    ("Scenario", "routing"): ({"type": "string"},),
    ("QueueTimes", "transfer"): ({"$ref": "#/$defs/Transfer"},),
}


def scenario_schema() -> Mapping[str, Any]:
    """The JSON Schema (2020-12) of a scenario file.

    Examples
    --------
    >>> sorted(scenario_schema()["$defs"]["Times"]["properties"])[:3]
    ['constant', 'csv', 'empirical']
    """
    schema = with_short_forms(_with_times(file_schema(Scenario)), "Scenario", _SHORT)
    schema["$defs"]["Arrivals"]["properties"].pop("dated")  # stated as daily
    return {**schema, "$defs": {**schema["$defs"], "Times": _times()}}


def _with_times(part: Any) -> Any:
    """The schema with every distribution replaced by a reference; a distribution has exactly one entry."""
    if isinstance(part, Mapping):
        if part.get("minProperties") == part.get("maxProperties") == 1:
            return {"$ref": "#/$defs/Times"} | {key: part[key] for key in ("title", "description") if key in part}
        return {key: _with_times(value) for key, value in part.items()}
    return [_with_times(value) for value in part] if isinstance(part, list) else part


def _times() -> dict[str, Any]:
    """Every distribution with its parameters."""
    value = {"anyOf": [_NUMBER, {"type": "array", "items": _NUMBER}, {"$ref": "#/$defs/Times"}]}
    known: dict[str, Any] = {}
    for name, kind in kinds().items():
        names = [*signature(kind).parameters, *ALSO.get(name, ())]
        about = (kind.__doc__ or "").strip().split("\n")[0]
        whole = {
            "type": "object",
            "properties": {key: {**value, "description": f"{key} of the distribution"} for key in names},
            "additionalProperties": False,
        }
        known[name] = {"description": about, "anyOf": [value, whole] if name in MAIN else [whole]}
    known["empirical"]["anyOf"].append(_FROM_A_FILE)
    mixed = {"type": "object", "required": ["share"], "minProperties": 2, "maxProperties": 2}
    known["mix"] = known["mixture"] = {
        "description": "Distributions of any kinds, each with its share.",
        "type": "array",
        "items": mixed,
        "minItems": 1,
    }
    known["csv"] = _TIMES_FROM
    about = "A distribution of a time, such as {exponential: 3m} or {lognormal: {mean: 4m, cv: 0.8}}."
    return {
        "description": about,
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "properties": known,
        "additionalProperties": False,
    }
