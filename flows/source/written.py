"""The JSON Schema of a file as people write it, from that of the model it becomes.

The reader takes every scalar as a text and types it by the model; an editor's YAML reads ``3`` as a number and ``true``
as a boolean. Both must be right, so each scalar of the schema allows both spellings. Nothing is ever null in a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["as_written"]

_SPELLED = {
    "integer": {"type": "string", "pattern": r"^\s*[-+]?[0-9]+\s*$"},
    "number": {"type": "string", "pattern": r"^\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*$"},
    "boolean": {"enum": ["true", "false", "yes", "no", "on", "off", "1", "0", "t", "f", "y", "n"]},
}
_CONSTRAINTS = ("pattern", "format", "minLength", "maxLength")


def as_written(schema: Mapping[str, Any]) -> dict[str, Any]:
    """`schema` with every scalar in the spellings a file may have.

    Parameters
    ----------
    schema : mapping
        JSON Schema of a pydantic model.

    Examples
    --------
    >>> as_written({"type": "object", "properties": {"n": {"type": "integer", "maximum": 9}}})["properties"]["n"]
    {'anyOf': [{'type': 'integer', 'maximum': 9}, {'type': 'string', 'pattern': '^\\\\s*[-+]?[0-9]+\\\\s*$'}]}
    >>> as_written({"type": "string"})
    {'type': ['string', 'number', 'boolean']}
    """
    out: dict[str, Any] = {}
    for key, value in schema.items():
        if key in ("properties", "$defs", "patternProperties"):
            out[key] = {name: as_written(part) for name, part in value.items()}
        elif key in ("anyOf", "oneOf"):
            parts = [as_written(part) for part in value if part != {"type": "null"}]
            out[key] = [flat for part in parts for flat in (part["anyOf"] if set(part) == {"anyOf"} else [part])]
        elif isinstance(value, Mapping) and key in ("items", "additionalProperties"):
            out[key] = as_written(value)
        elif not (key == "default" and value is None):
            out[key] = value
    return _both_spellings(out)


def _both_spellings(schema: dict[str, Any]) -> dict[str, Any]:
    if len(schema.get("anyOf", ())) == 1:
        (only,) = schema.pop("anyOf")
        schema = {**only, **schema}
    kind = schema.get("type")
    if "const" in schema:
        value = schema["const"]
        numbers = [int(value)] if isinstance(value, str) and value.isdecimal() else []
        return {**{k: v for k, v in schema.items() if k not in ("const", "type")}, "enum": [value, *numbers]}
    if isinstance(kind, str) and kind in _SPELLED and "enum" not in schema:
        about = {k: schema[k] for k in ("title", "description", "default") if k in schema}
        exact = {k: v for k, v in schema.items() if k not in about}
        return {**about, "anyOf": [exact, _SPELLED[kind]]}
    if kind == "string" and not any(key in schema for key in (*_CONSTRAINTS, "enum")):
        return {**schema, "type": ["string", "number", "boolean"]}
    return schema
