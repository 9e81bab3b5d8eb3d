"""Gives a document its types: a pydantic model, or findings that say what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from flows.document import Document, Path, nearest
from flows.errors import Finding, FlowError

__all__ = ["validate"]

M = TypeVar("M", bound=BaseModel)


def validate(document: Document, model: type[M], *, context: Mapping[str, Any] | None = None) -> M:
    """Give the document its types.

    Parameters
    ----------
    document : Document
    model : pydantic model class
    context : mapping, optional
        Passed to the model's validators.

    Raises
    ------
    FlowError
        One finding a mistake: F001 unknown key, F002 missing key, F003 wrong value, F004 unknown node type.
    """
    if not isinstance(document.data, dict):
        raise FlowError(document.finding("F003", "the file must be 'key: value' lines", (), hint="begin with 'ivr: 1'"))
    try:
        return model.model_validate(document.data, context=dict(context or {}))
    except ValidationError as error:
        errors = error.errors(include_url=False)
        deeper = {e["loc"][:n] for e in errors for n in range(len(e["loc"]))}
        mistakes = [e for e in errors if e["type"] != "too_short" or e["loc"] not in deeper]
        raise FlowError(tuple(_schema_finding(document, model, e) for e in mistakes)) from None
    except IvrError as error:
        raise FlowError(error.findings) from None


def _schema_finding(document: Document, model: type[BaseModel], error: Any) -> Finding:
    path = _in_document(document.data, error["loc"])
    kind, context = error["type"], error.get("ctx", {})
    shown = _shown(error["input"])
    if kind == "extra_forbidden":
        allowed = _allowed_keys(model.model_json_schema(), error["loc"][:-1])
        near = nearest(str(path[-1]), allowed)
        hint = f"did you mean {near!r}?" if near else f"allowed here: {', '.join(allowed)}"
        return document.finding("F001", f"unknown key {str(path[-1])!r}", path, hint=hint, of_key=True)
    if kind == "missing":
        key = error["loc"][-1]
        return document.finding("F002", f"{key!r} is missing", path, hint=f"add '{key}: ...'")
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        expected = [t.strip(" '") for t in str(context.get("expected_tags", "")).split(",") if t.strip(" '")]
        tag = str(context.get("tag", ""))
        near = nearest(tag, expected)
        if kind == "union_tag_not_found":
            return document.finding("F002", "'type' is missing", path, hint="say what this node is, e.g. 'type: menu'")
        hint = f"did you mean {near!r}?" if near else f"types: {', '.join(expected)}"
        return document.finding("F004", f"unknown node type {tag!r}", (*path, "type"), hint=hint)
    message, hint = _in_words(kind, error, context, shown)
    return document.finding("F003", message, path, hint=hint)


def _in_words(kind: str, error: Any, context: Mapping[str, Any], shown: str) -> tuple[str, str]:
    if kind == "value_error":
        text = str(context.get("error", error["msg"]))
        message, _, hint = text.partition("; ")
        return message, hint
    kinds = {
        "int_parsing": "a whole number", "int_type": "a whole number", "int_from_float": "a whole number",
        "float_parsing": "a number", "float_type": "a number", "finite_number": "a finite number",
        "bool_parsing": "true or false", "bool_type": "true or false", "string_type": "a text",
        "dict_type": "'key: value' entries", "model_type": "'key: value' entries", "list_type": "a list",
        "tuple_type": "a list", "date_from_datetime_parsing": "a date like 2026-12-25",
        "date_parsing": "a date like 2026-12-25", "model_attributes_type": "'key: value' entries",
        "dataclass_type": "'key: value' entries", "mapping_type": "'key: value' entries",
    }  # fmt: skip
    if kind in kinds:
        return f"{shown} is not {kinds[kind]}", f"write {kinds[kind]}"
    bounds = {"greater_than": ("gt", "above"), "greater_than_equal": ("ge", "at least"),
              "less_than": ("lt", "below"), "less_than_equal": ("le", "at most")}  # fmt: skip
    if kind in bounds:
        key, word = bounds[kind]
        return f"{shown} must be {word} {context[key]}", ""
    if kind in ("literal_error", "enum"):
        expected = str(context.get("expected", "")).replace(" or ", ", ")
        near = nearest(str(error["input"]), [e.strip(" '") for e in expected.split(",")])
        return f"{shown} is not one of {expected}", f"did you mean {near!r}?" if near else ""
    if kind in ("too_short", "too_long", "string_too_short", "string_too_long", "string_pattern_mismatch"):
        return f"{shown}: {error['msg'][0].lower()}{error['msg'][1:]}", ""
    return f"{shown}: {error['msg']}", ""


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _in_document(data: Any, loc: tuple[str | int, ...]) -> Path:
    """The model's location without what the model adds to it (union tags, gathered keys)."""
    path: list[str | int] = []
    here = data
    for part in loc:
        if isinstance(here, dict) and part in here:
            here = here[part]
            path.append(part)
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
            path.append(part)
    return tuple(path)


def _allowed_keys(schema: Mapping[str, Any], loc: tuple[str | int, ...]) -> list[str]:
    """The keys the JSON schema allows at `loc` (a pydantic location, union tags included)."""
    here: Any = schema

    def resolved(part: Any) -> Any:
        while isinstance(part, dict) and "$ref" in part:
            part = schema["$defs"][part["$ref"].rsplit("/", 1)[1]]
        return part

    for part in loc:
        here = resolved(here)
        tags = here.get("discriminator", {}).get("mapping", {})
        choices = [resolved(c) for c in here.get("anyOf", here.get("oneOf", [here]))]
        if part in tags:
            here = {"$ref": tags[part]}
            continue
        inner = next((c["properties"][part] for c in choices if part in c.get("properties", {})), None)
        if inner is None and isinstance(part, int):
            inner = next((c["items"] for c in choices if "items" in c), None)
        if inner is None:
            inner = next((c["additionalProperties"] for c in choices if c.get("additionalProperties")), {})
        here = inner if isinstance(inner, dict) else {}
    here = resolved(here)
    choices = [resolved(c) for c in here.get("anyOf", [here])]
    return sorted({key for c in choices for key in c.get("properties", {})})
