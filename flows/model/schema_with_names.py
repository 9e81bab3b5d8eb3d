"""The JSON Schema of one flow: where a node, a queue or another name is expected, an editor offers those of the file.

Names are offered, not prescribed: the schema refuses no more than the one for all flows. It is made from the file as it
stands, so that a flow with errors has one too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flows.source import yaml_reader
from flows.source.finding import IvrError
from flows.source.json_schema import file_schema
from flows.values.scalars import NAMES_OF, TARGET_WORDS

__all__ = ["names_in", "schema_with_names", "with_names"]

_PROMPT = "#/$defs/Prompt"


def schema_with_names(file: str) -> Mapping[str, Any]:
    """The schema of a flow or a part, with the names in it.

    Parameters
    ----------
    file : str

    Raises
    ------
    FlowError
        If it is not YAML.
    """
    from flows.model.flow import Flow, Part

    data = yaml_reader.read(file).data
    whole = data if isinstance(data, Mapping) else {}
    every = file_schema(Part if "part" in whole else Flow)
    found: Mapping[str, Any] = with_names(every, names_in(whole, _catalogue(whole, file)))
    return found


def names_in(data: Mapping[str, Any], catalogue: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    """The names that a file gives, by what they name.

    Parameters
    ----------
    data, catalogue : mapping
        A flow or a part, and its file of shared prompts, as read.

    Examples
    --------
    >>> names_in({"nodes": {"main": {}}, "parts": {"pin": "pin.yaml"}, "prompts": {"hi": "Hello."}}, {})["nodes"]
    ('main', 'pin', 'back', 'repeat', 'return')
    """
    named = {kind: _keys(data, kind) for kind in ("nodes", "queues", "hours", "switches", "attempts")}
    exits = data.get("exits")
    returns = [f"return {one}" for one in exits if isinstance(one, str)] if isinstance(exits, list | tuple) else []
    targets = (*named["nodes"], *_keys(data, "parts"), *TARGET_WORDS, *returns)
    prompts = tuple(f"${name}" for name in dict.fromkeys((*_keys(data, "prompts"), *_keys(catalogue, "prompts"))))
    return {**named, "nodes": targets, "prompts": prompts}


def with_names(schema: Any, names: Mapping[str, Sequence[str]]) -> Any:
    """`schema` with names offered where they are expected.

    Parameters
    ----------
    schema : JSON Schema
    names : mapping
        As from `names_in`.

    Examples
    --------
    >>> with_names({"type": "string", "x-names-of": "queues"}, {"queues": ("sales",)})
    {'anyOf': [{'enum': ['sales']}, {'type': 'string', 'x-names-of': 'queues'}]}
    """
    if isinstance(schema, list):
        return [with_names(part, names) for part in schema]
    if not isinstance(schema, Mapping):
        return schema
    kind = schema.get(NAMES_OF, "prompts" if schema.get("$ref") == _PROMPT else None)
    offered = list(names.get(kind, ())) if kind else []
    if not offered:
        return {key: with_names(part, names) for key, part in schema.items()}
    about = {key: schema[key] for key in ("title", "description", "default") if key in schema}
    exact = {key: part for key, part in schema.items() if key not in about}
    return {**about, "anyOf": [{"enum": offered}, exact]}


def _keys(data: Mapping[str, Any], kind: str) -> tuple[str, ...]:
    found = data.get(kind)
    return tuple(map(str, found)) if isinstance(found, Mapping) else ()


def _catalogue(data: Mapping[str, Any], file: str) -> Mapping[str, Any]:
    """The file of shared prompts; empty if there is none, or none that can be read: `ivr lint` says why."""
    name = data.get("catalogue")
    if not isinstance(name, str) or not name:
        return {}
    try:
        found = yaml_reader.read(str(Path(file).parent / name)).data
    except IvrError:
        return {}
    return found if isinstance(found, Mapping) else {}
