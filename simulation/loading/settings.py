"""Settings from the command line, such as ``groups.billing.agents=12``, applied to a scenario as read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from flows.source import yaml_reader as native
from flows.source.document import Document, Path, nearest
from flows.source.finding import Finding, FlowError, ScenarioError, usage_error

__all__ = ["settings_of", "with_settings"]

_OPTION = "--set "
_OPEN_FAMILIES = {("groups",), ("intents",)}
"""Mappings whose keys the scenario chooses: a setting may change an entry but not add one."""


def with_settings(document: Document, settings: Sequence[str]) -> Document:
    """Apply settings to the plain data of a scenario, before it is checked.

    Parameters
    ----------
    document : Document
    settings : sequence of str
        ``dotted.path=value``, applied in order.

    Returns
    -------
    Document
        Findings about a value from a setting give that setting as their file.

    Raises
    ------
    UsageError
        X007 when a setting is not of the form ``dotted.path=value``.
    ScenarioError
        X007 when the scenario has no such place.

    Examples
    --------
    >>> document = native.parse("horizon: 12h\\nlines: 5", "day.yaml")
    >>> with_settings(document, ["lines=0"]).finding("X005", "too few", ("lines",)).file
    '--set lines=0'
    """
    if not settings:
        return document
    data, sources = deepcopy(document.data), dict(document.sources)
    for setting in settings:
        name, equals, text = setting.partition("=")
        parts = tuple(part.strip() for part in name.strip().split("."))
        if not equals or not all(parts) or not text.strip():
            raise usage_error(
                "X007",
                f"{setting!r} sets nothing",
                "write --set dotted.path=value, for example --set groups.billing.agents=12",
            )
        value = _value(text, setting)
        parent = _parent(data, parts, setting)
        parent[int(parts[-1]) if isinstance(parent, list) else parts[-1]] = value
        path = _path(data, parts)
        sources = {place: origin for place, origin in sources.items() if place[: len(path)] != path}
        given = Document(None, {(): (0, 0)}, {}, f"{_OPTION}{setting}", "")
        for depth in range(1, len(path) + 1):
            if depth == len(path) or (path[:depth] not in document.marks and path[:depth] not in sources):
                sources[path[:depth]] = given, ()
    return Document(data, document.marks, document.keys, document.file, document.text, sources)


def settings_of(document: Document) -> tuple[str, ...]:
    """The settings that were applied to a document, in order, as far as later ones have not replaced them.

    Examples
    --------
    >>> settings_of(with_settings(native.parse("lines: 5", "day.yaml"), ["horizon=12h", "lines=7"]))
    ('horizon=12h', 'lines=7')
    """
    files = dict.fromkeys(origin.file for origin, _ in document.sources.values())
    return tuple(file.removeprefix(_OPTION) for file in files if file.startswith(_OPTION))


def _value(text: str, setting: str) -> Any:
    try:
        return native.parse(f"value: {text.strip()}", "").data["value"]
    except FlowError as error:
        found = error.findings[0]
        raise usage_error("X007", f"{setting!r}: {found.message}", "write the value as in the file") from None


def _parent(data: Any, parts: tuple[str, ...], setting: str) -> Any:
    """The mapping or list that holds the last part; missing mappings are added."""
    here = data
    for depth, part in enumerate(parts):
        last = depth == len(parts) - 1
        if isinstance(here, list):
            if not re.fullmatch(r"\d+", part) or int(part) >= len(here):
                raise _no_such(
                    setting, parts[: depth + 1], f"'{'.'.join(parts[:depth])}' is a list of {len(here)}", "count from 0"
                )
            if last:
                return here
            here = here[int(part)]
            continue
        if not isinstance(here, dict):
            raise _no_such(
                setting, parts[: depth + 1], f"'{'.'.join(parts[:depth])}' is a single value", "set it as a whole"
            )
        if parts[:depth] in _OPEN_FAMILIES and part not in here:
            near = nearest(part, list(here))
            hint = f"did you mean {near!r}?" if near else f"there are {', '.join(here)}"
            raise _no_such(setting, parts[: depth + 1], f"no {part!r} in {'.'.join(parts[:depth])}", hint)
        if last:
            return here
        # `routing: NAME` is short for `routing: {policy: NAME}`
        if parts[: depth + 1] == ("routing",) and isinstance(here.get(part), str):
            here[part] = {"policy": here[part]}
        here = here.setdefault(part, {})
    return here


def _no_such(setting: str, parts: tuple[str, ...], why: str, hint: str) -> ScenarioError:
    return ScenarioError(
        Finding(
            code="X007",
            severity="error",
            message=f"there is no {'.'.join(parts)!r}: {why}",
            file=f"{_OPTION}{setting}",
            hint=hint,
        )
    )


def _path(data: Any, parts: tuple[str, ...]) -> Path:
    path: list[str | int] = []
    here = data
    for part in parts:
        key: str | int = int(part) if isinstance(here, list) else part
        path.append(key)
        here = here[key]
    return tuple(path)
