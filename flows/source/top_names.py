"""The names at the top of a file, read without reading the rest, also from a file that is broken further down."""

from __future__ import annotations

import json
import re

import yaml

__all__ = ["top_names"]

_SKIPPED = r"(?:[ \t]*(?:#[^\n]*)?\r?\n|(?:---|%)[^\n]*\n)*"
_NAME = r"(?:\"([^\"\n]*)\"|'([^'\n]*)'|([^\s\"'#{\[&*!|>-][^:\n#]*?))[ \t]*:(?=\s|\Z)"


def top_names(text: str) -> tuple[str, ...]:
    """The names of the entries at the top of a YAML or JSON text, in order; empty if it has none.

    Parameters
    ----------
    text : str

    Examples
    --------
    >>> top_names("# a line\\nivr: 1\\nname: Line\\nnodes:\\n  bye: {type: hangup}\\n")
    ('ivr', 'name', 'nodes')
    >>> top_names('{"ivr": 1, "nodes": {"bye": {}}}'), top_names("a text"), top_names("[a, b]")
    (('ivr', 'nodes'), (), ())
    """
    text = text.removeprefix("\ufeff")
    begins = re.match(_SKIPPED, text)
    start = begins.end() if begins else 0
    indent = len(text[start:]) - len(text[start:].lstrip(" \t"))
    first = text[start + indent : start + indent + 1]
    if first == "{":
        return _in_braces(text)
    if first == "[":
        return ()
    found = re.finditer(rf"^{re.escape(text[start : start + indent])}{_NAME}", text[start:], re.MULTILINE)
    return tuple(dict.fromkeys(next(part for part in match.groups() if part is not None) for match in found))


def _in_braces(text: str) -> tuple[str, ...]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return _by_events(text)
    return tuple(data) if isinstance(data, dict) else ()


def _by_events(text: str) -> tuple[str, ...]:
    """The names by YAML's events, up to the first mistake."""
    found: list[str] = []
    depth, of_key = 0, True
    try:
        for event in yaml.parse(text.replace("\t", " "), Loader=yaml.CSafeLoader):
            at_top = depth == 1
            if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                depth -= 1
                at_top = depth == 1
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                depth += 1
                continue
            elif at_top and of_key and isinstance(event, yaml.ScalarEvent):
                found.append(event.value)
            of_key = not of_key if at_top else of_key
    except (yaml.YAMLError, RecursionError):
        pass
    return tuple(dict.fromkeys(found))
