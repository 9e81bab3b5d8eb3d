"""The JSON Schema of a model with a word on every field, for editors: from the docstrings that explain it to
programmers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from inspect import cleandoc
from typing import Any, ClassVar

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from flows.source.written import as_written

__all__ = ["file_schema", "parameters"]

_SECTION = re.compile(r"^Parameters\n-+\n(.*?)(?=\n\n[^\n ]+\n-+\n|\Z)", re.DOTALL | re.MULTILINE)
_ENTRY = re.compile(r"^(\S[^\n:]*?) *(?::[^\n]*)?\n((?: +[^\n]*\n?|\n(?= ))*)", re.MULTILINE)
_NEXT_SECTION = re.compile(r"\n\n(?=[^\n ]+\n-+\n)")


def parameters(model: type[BaseModel]) -> dict[str, str]:
    """What the docstrings of a model and its bases say of each field.

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
    """Adds to each field what `parameters` says, and to each model the first part of its docstring."""

    ignored_warning_kinds: ClassVar[set[Any]] = {"skipped-choice", "non-serializable-default"}

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
    """The JSON Schema (2020-12) of files that become `model`, as people write them.

    Examples
    --------
    >>> from flows.model.flow import Catalogue
    >>> file_schema(Catalogue)["title"]
    'Catalogue'
    """
    schema = as_written(TypeAdapter(model).json_schema(by_alias=True, schema_generator=_Described))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
