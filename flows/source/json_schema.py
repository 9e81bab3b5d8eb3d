"""JSON Schemas of our files, for editors: what people may write, with field descriptions from the docstrings.

The reader takes every scalar as a string and the model gives it a type; an editor's YAML reads ``3`` as a number and
``true`` as a boolean. So the schema allows both forms for each scalar. Nothing is ever null in a file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from inspect import cleandoc
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, JsonSchemaWarningKind

__all__ = ["ShortForms", "file_schema", "parameters", "with_short_forms"]

_SECTION = re.compile(r"^Parameters\n-+\n(.*?)(?=\n\n[^\n ]+\n-+\n|\Z)", re.DOTALL | re.MULTILINE)
_ENTRY = re.compile(r"^(\S[^\n:]*?) *(?::[^\n]*)?\n((?: +[^\n]*\n?|\n(?= ))*)", re.MULTILINE)
_NEXT_SECTION = re.compile(r"\n\n(?=[^\n ]+\n-+\n)")
_SPELLED = {
    "integer": {"type": "string", "pattern": r"^\s*[-+]?[0-9]+\s*$"},
    "number": {"type": "string", "pattern": r"^\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*$"},
    "boolean": {"enum": ["true", "false", "yes", "no", "on", "off", "1", "0", "t", "f", "y", "n"]},
}
_CONSTRAINTS = ("pattern", "format", "minLength", "maxLength")


ShortForms = Mapping[tuple[str, str], tuple[dict[str, Any] | None, ...]]
"""Short forms that the models' validators accept, by model and field; None: one of several values."""


def with_short_forms(schema: Mapping[str, Any], name: str, short: ShortForms) -> Mapping[str, Any]:
    """Add short forms to the schema of a file, in place.

    Parameters
    ----------
    schema : mapping
        From `file_schema`.
    name : str
        The name of its model.
    short : mapping
    """
    models = {name: schema, **schema["$defs"]}
    for (model, field), forms in short.items():
        places = models[model]["properties"]
        about = {key: places[field].pop(key) for key in ("description", "title", "default") if key in places[field]}
        places[field] = {**about, "anyOf": [*(form or places[field]["items"] for form in forms), places[field]]}
    return schema


def parameters(model: type) -> dict[str, str]:
    """The description of each field, from the docstrings of a model and its bases.

    Examples
    --------
    >>> from flows.model.flow import Queue
    >>> parameters(Queue)["priority"]
    'Higher is served first.'
    """
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        section = _SECTION.search(cleandoc(base.__dict__.get("__doc__") or ""))
        for entry in _ENTRY.finditer(f"{section[1]}\n" if section else ""):
            found |= {
                name.strip(): " ".join(entry[2].split()).replace("``", "`")
                for name in entry[1].split(",")
                if entry[2].strip()
            }
    return found


class _Described(GenerateJsonSchema):
    """Describes each field with the text from `parameters`, and each model with the first part of its docstring."""

    ignored_warning_kinds: set[JsonSchemaWarningKind] = {  # noqa: RUF012 - an instance variable in pydantic's class
        "skipped-choice",
        "non-serializable-default",
    }

    def model_schema(self, schema: Any) -> JsonSchemaValue:
        out = super().model_schema(schema)
        model = schema["cls"]
        told = parameters(model)
        out["description"] = " ".join(_NEXT_SECTION.split(cleandoc(model.__doc__ or ""))[0].split()).replace("``", "`")
        for name, field in model.model_fields.items():
            written = field.alias or name
            about = told.get(written) or told.get(name)
            place = out.get("properties", {}).get(written)
            if about and place is not None and not field.description:
                place["description"] = about
        return out


def file_schema(model: type[BaseModel]) -> Mapping[str, Any]:
    """The JSON Schema (2020-12) of files read as `model`, as people write them.

    Examples
    --------
    >>> from flows.model.flow import Catalogue
    >>> file_schema(Catalogue)["title"]
    'Catalogue'
    """
    schema = _as_written(TypeAdapter(model).json_schema(by_alias=True, schema_generator=_Described))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _as_written(schema: Mapping[str, Any]) -> dict[str, Any]:
    """`schema` with every scalar in all the forms a file may use.

    Parameters
    ----------
    schema : mapping
        JSON Schema of a pydantic model.

    Examples
    --------
    >>> _as_written({"type": "object", "properties": {"n": {"type": "integer", "maximum": 9}}})["properties"]["n"]
    {'anyOf': [{'type': 'integer', 'maximum': 9}, {'type': 'string', 'pattern': '^\\\\s*[-+]?[0-9]+\\\\s*$'}]}
    >>> _as_written({"type": "string"})
    {'type': ['string', 'number', 'boolean']}
    """
    out: dict[str, Any] = {}
    for key, value in schema.items():
        if key in ("properties", "$defs", "patternProperties"):
            out[key] = {name: _as_written(part) for name, part in value.items()}
        elif key in ("anyOf", "oneOf"):
            parts = [_as_written(part) for part in value if part != {"type": "null"}]
            out[key] = [flat for part in parts for flat in (part["anyOf"] if set(part) == {"anyOf"} else [part])]
        elif isinstance(value, Mapping) and key in ("items", "additionalProperties"):
            out[key] = _as_written(value)
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
        about: dict[str, Any] = {k: schema[k] for k in ("title", "description", "default") if k in schema}
        exact = {k: v for k, v in schema.items() if k not in about}
        return {**about, "anyOf": [exact, _SPELLED[kind]]}
    if kind == "string" and not any(key in schema for key in (*_CONSTRAINTS, "enum")):
        return {**schema, "type": ["string", "number", "boolean"]}
    return schema
