"""Validates a document as a pydantic model, or raises findings that say what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from flows.source.counted import counted
from flows.source.document import Document, Path, nearest
from flows.source.finding import Finding, FlowError, IvrError

__all__ = ["validate"]

M = TypeVar("M", bound=BaseModel)


def validate(document: Document, model: type[M], *, context: Mapping[str, Any] | None = None) -> M:
    """The document as a model.

    Parameters
    ----------
    document : Document
    model : pydantic model class
    context : mapping, optional
        Passed to the model's validators.

    Raises
    ------
    FlowError
        One finding per mistake: F001 unknown key, F002 missing key, F003 wrong value, F004 unknown node type.
    """
    if not isinstance(document.data, dict):
        raise FlowError(document.finding("F003", "the file must be 'key: value' lines", (), hint="begin with 'ivr: 1'"))
    try:
        return model.model_validate(document.data, context=dict(context or {}))
    except ValidationError as error:
        errors = error.errors(include_url=False)
        deeper = {e["loc"][:n] for e in errors for n in range(len(e["loc"]))}
        mistakes = [e for e in errors if e["type"] != "too_short" or e["loc"] not in deeper]
        findings = _one_for_the_other(mistakes, [_schema_finding(document, model, e) for e in mistakes])
        meant = {f"did you mean {e['loc'][-1]!r}?" for e in mistakes if e["type"] == "missing"}
        misspelt = {f.hint for f in findings if f.code == "F001" and f.hint in meant}
        told = [f for f in findings if not (f.code == "F002" and f"did you mean {f.message.split()[0]}?" in misspelt)]
        raise FlowError(tuple(sorted(told, key=lambda f: (f.line, f.column)))) from None
    except IvrError as error:
        raise FlowError(error.findings) from None


def _one_for_the_other(mistakes: list[Any], findings: list[Finding]) -> list[Finding]:
    """Merge findings: a lone unknown key next to a lone missing key was probably meant to be that key."""
    by_place: dict[Any, dict[str, list[int]]] = {}
    for i, error in enumerate(mistakes):
        by_place.setdefault(error["loc"][:-1], {}).setdefault(error["type"], []).append(i)
    gone = set()
    for kinds in by_place.values():
        extra, missing = kinds.get("extra_forbidden", []), kinds.get("missing", [])
        if len(extra) == len(missing) == 1 and "did you mean" not in findings[extra[0]].hint:
            hint = f"is it meant to be {mistakes[missing[0]]['loc'][-1]!r}, which is missing here?"
            findings[extra[0]] = replace(findings[extra[0]], hint=hint)
            gone.add(missing[0])
    return [finding for i, finding in enumerate(findings) if i not in gone]


def _schema_finding(document: Document, model: type[BaseModel], error: Any) -> Finding:
    kind, context = error["type"], error.get("ctx", {})
    raised = context.get("error")
    path = _in_document(document.data, (*error["loc"], *getattr(raised, "within", ())))
    shown = _shown(error["input"])
    if kind == "extra_forbidden":
        allowed = _allowed_keys(_schema_at(model, error["loc"][:-1]))
        near = nearest(str(path[-1]), allowed)
        hint = f"did you mean {near!r}?" if near else f"allowed here: {', '.join(allowed)}"
        if not near and error["input"] == "":
            hint = "inside { } a comma ends a text: put the whole text in quotes"
        return document.finding("F001", f"unknown key {str(path[-1])!r}", path, hint=hint, of_key=True)
    if kind == "missing":
        key = error["loc"][-1]
        return document.finding(
            "F002", f"{key!r} is missing", path, hint="add 'ivr: 1'" if key == "ivr" else f"add '{key}: ...'"
        )
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        expected = [t.strip(" '") for t in str(context.get("expected_tags", "")).split(",") if t.strip(" '")]
        tag = str(context.get("tag", ""))
        near = nearest(tag, expected)
        if kind == "union_tag_not_found":
            return document.finding("F002", "'type' is missing", path, hint="say what this node is, e.g. 'type: menu'")
        hint = f"did you mean {near!r}?" if near else f"types: {', '.join(expected)}"
        return document.finding("F004", f"unknown node type {tag!r}", (*path, "type"), hint=hint)
    message, hint = _in_words(kind, error, context, shown)
    if kind == "string_pattern_mismatch":
        described = _schema_at(model, error["loc"]).get("description", "")
        message, hint = (
            f"{shown} is not allowed here",
            f"write {described}" if described else f"pattern: {context['pattern']}",
        )
    if kind in _BOUNDS and "a duration" in _schema_at(model, error["loc"]).get("description", ""):
        key, word = _BOUNDS[kind]
        message, hint = f"{document.scalar(path) or error['input']!r} must be {word} {_duration(context[key])}", ""
    if kind in _ENTRIES and not hint.startswith(("put", "leave")):
        hint = _example(_schema_at(model, error["loc"]), error["input"]) or hint
    of_key = error["loc"][-1:] == ("[key]",) or getattr(raised, "of_key", False)
    found = document.finding(getattr(raised, "code", "F003"), message, path, hint=hint, of_key=of_key)
    if (offset := getattr(raised, "offset", None)) is not None:
        line, column = document.within(path, offset)
        return replace(found, line=line, column=column)
    return found


def _duration(seconds: float) -> str:
    """Seconds as written in a flow."""
    for size, unit in ((3600, "h"), (60, "m")):
        if seconds and seconds % size == 0:
            return f"{seconds / size:g}{unit}"
    return f"{seconds:g}s"


def _example(schema: Mapping[str, Any], given: Any) -> str:
    """An example of an entry in braces, using what was written if it looks like a node type."""
    types = schema.get("discriminator", {}).get("mapping", {})
    if types:
        near = nearest(str(given), list(types)) if isinstance(given, str) else ""
        needs_no_more = near == "hangup" or not near
        return "write for example {type: hangup}" if needs_no_more else f"write {{type: {near}, ...}}"
    one_of = next((choice.get("required", ()) for choice in schema.get("anyOf", ())), ())
    required = [str(key) for key in (*one_of, *schema.get("required", ()))]
    return f"write {{{', '.join(f'{key}: ...' for key in required)}}}" if required else ""


_ENTRIES = ("dict_type", "model_type", "model_attributes_type", "dataclass_type", "mapping_type")
_LISTS = ("list_type", "tuple_type")
_KINDS = {
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "string_type": "a text",
    "date_from_datetime_parsing": "a date like 2026-12-25",
    "date_parsing": "a date like 2026-12-25",
    **dict.fromkeys(_ENTRIES, "'key: value' entries"),
    **dict.fromkeys(_LISTS, "a list"),
}
_BOUNDS = {
    "greater_than": ("gt", "above"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "below"),
    "less_than_equal": ("le", "at most"),
}


def _in_words(kind: str, error: Any, context: Mapping[str, Any], shown: str) -> tuple[str, str]:
    given = error["input"]
    if kind == "value_error":
        message, _, hint = str(context.get("error", error["msg"])).partition("; ")
        return message, hint
    if kind in _KINDS:
        return _wrong_kind(kind, given, shown, str(context.get("class_name", "")))
    if kind in _BOUNDS:
        key, word = _BOUNDS[kind]
        bound = context[key]
        whole = isinstance(bound, float) and bound.is_integer()
        return f"{shown} must be {word} {int(bound) if whole else bound}", ""
    if kind in ("literal_error", "enum"):
        expected = str(context.get("expected", "")).replace(" or ", ", ")
        near = nearest(str(given), [e.strip(" '") for e in expected.split(",")])
        one_of = "one of " if "," in expected else ""
        return f"{shown} is not {one_of}{expected}", f"did you mean {near!r}?" if near else f"write {expected}"
    if kind in ("too_short", "string_too_short") and not given:
        what = "the list is empty" if kind == "too_short" else "the text is empty"
        return what, "write at least one" if kind == "too_short" else "write something"
    if kind in ("too_short", "too_long", "string_too_short", "string_too_long"):
        bound = context.get("max_length", context.get("min_length"))
        has = counted(len(given), "character") if kind.startswith("string") else counted(len(given), "entry", "entries")
        allowed = f"at most {bound} may be given" if "max_length" in context else f"at least {bound} must be given"
        return f"{shown} has {has}; {allowed}", ""
    return f"{shown}: {error['msg']}", ""


def _wrong_kind(kind: str, given: Any, shown: str, model: str) -> tuple[str, str]:
    if model == "Prompt":
        return f"{shown} cannot be spoken", "write a text, or a text by language: {en-US: ..., es-US: ...}"
    if given == "":
        return f"nothing is written here; {_KINDS[kind]} belong{'s' * (kind not in _ENTRIES)} here", ""
    if kind in _ENTRIES and isinstance(given, str) and ":" in given.strip(":"):
        return f"{shown} is not {_KINDS[kind]}", "put a space after the colon"
    if kind in _ENTRIES and isinstance(given, list):
        return f"{shown} stands where 'name: value' entries belong", "leave out the '- ' and give each entry a name"
    if kind in _LISTS and isinstance(given, dict):
        return f"{shown} stands where a list belongs", "begin each entry with '- '"
    if kind in _LISTS and isinstance(given, str):
        return f"{shown} is not a list", f"write [{given}]"
    return f"{shown} is not {_KINDS[kind]}", f"write {_KINDS[kind]}"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _in_document(data: Any, loc: tuple[str | int, ...]) -> Path:
    """The document path for a pydantic location, which also has union tags and collected keys."""
    path: list[str | int] = []
    here = data
    tag_passed = False
    for part in loc:
        if isinstance(here, dict) and here.get("type") == part and not tag_passed:
            tag_passed = True  # pydantic adds the node type here; the node may also have a key of that name
        elif isinstance(here, dict) and part in here:
            here, tag_passed = here[part], False
            path.append(part)
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
            path.append(part)
    return tuple(path)


@cache
def _json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of a model, cached because every mistake in a file looks it up."""
    return model.model_json_schema()


def _schema_at(model: type[BaseModel], loc: tuple[str | int, ...]) -> dict[str, Any]:
    """The JSON schema at `loc` (a pydantic location, including union tags); empty if there is none."""
    schema = _json_schema(model)
    here: Any = schema

    def resolved(part: Any) -> Any:
        while isinstance(part, dict) and "$ref" in part:
            part = schema["$defs"][part["$ref"].rsplit("/", 1)[1]]
        return part

    for part in loc:
        here = resolved(here)
        tags = here.get("discriminator", {}).get("mapping", {})
        choices = [here, *(resolved(c) for c in here.get("anyOf", here.get("oneOf", ())))]
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
    return {**here, "anyOf": [resolved(c) for c in here["anyOf"]]} if "anyOf" in here else dict(here)


def _allowed_keys(schema: Mapping[str, Any]) -> list[str]:
    return sorted({key for choice in (schema, *schema.get("anyOf", ())) for key in choice.get("properties", {})})
