"""Writes plain data as YAML with comments: the innermost mappings in one line, and a line for each day of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from textwrap import wrap
from typing import Any

from simulation.calibration.minimal_flow import quoted

__all__ = ["Dated", "yaml_text"]

_WIDTH = 116
Path = tuple[str, ...]


class Dated(list[str]):
    """Numbers by day: each day's are written in a line of their own, with its label as a comment.

    Parameters
    ----------
    values : list of str
    labels : list of str
        One for each day.
    lengths : list of int, optional
        How many values each day has; default: all as many.
    """

    def __init__(self, values: list[str], labels: list[str], lengths: list[int] | None = None) -> None:
        super().__init__(values)
        self.labels = labels
        self.lengths = lengths or [len(values) // len(labels)] * len(labels)


def yaml_text(data: Mapping[str, Any], notes: Mapping[Path, str]) -> str:
    """Write a mapping.

    Parameters
    ----------
    data : mapping
        Values are texts, lists and mappings.
    notes : mapping of path to str
        Comments, written above the key they are about.

    Examples
    --------
    >>> print(yaml_text({"name": "Bank", "talk": {"exponential": "3m"}}, {("talk",): "3 min (2.9 to 3.1)"}), end="")
    name: Bank
    # 3 min (2.9 to 3.1)
    talk: {exponential: 3m}
    """
    return "\n".join(_block(data, notes, (), 0)) + "\n"


def _block(data: Mapping[str, Any], notes: Mapping[Path, str], path: Path, indent: int) -> list[str]:
    lines: list[str] = []
    pad = "  " * indent
    for key, value in data.items():
        here = (*path, str(key))
        if note := notes.get(here):
            lines += [
                f"{pad}# {line}" for sentence in note.split("\n") for line in _wrapped(sentence, _WIDTH - len(pad))
            ]
        name = quoted(str(key)) if not str(key).isdigit() else str(key)
        flow = _flow(value)
        commented = any(other[: len(here)] == here and other != here for other in notes)
        if isinstance(value, Dated):
            rest = iter(value)
            lines.append(f"{pad}{name}: [")
            for length, label in zip(value.lengths, value.labels, strict=True):
                lines.append(f"{pad}  {', '.join(islice(rest, length))}, # {label}")
            lines.append(f"{pad}]")
        elif isinstance(value, Mapping) and value and (commented or _long(value, len(pad) + len(name) + len(flow) + 2)):
            lines.append(f"{pad}{name}:")
            lines += _block(value, notes, here, indent + 1)
        elif isinstance(value, list) and len(pad) + len(name) + len(flow) + 2 > _WIDTH:
            lines.append(f"{pad}{name}: [")
            lines += [f"{pad}  {line}" for line in _wrapped(flow[1:-1], _WIDTH - len(pad) - 2)]
            lines.append(f"{pad}]")
        else:
            lines.append(f"{pad}{name}: {flow}")
    return lines


def _long(value: Mapping[str, Any], width: int) -> bool:
    return width > _WIDTH or any(isinstance(inner, Dated) for inner in value.values())


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{quoted(str(k))}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    text = str(value)
    number = text.replace(".", "", 1).rstrip("s%hmd").isdigit()
    moment = len(text) >= 10 and text[:4].isdigit() and text[4] == "-"
    zone = "/" in text and " " not in text
    return text if number or moment or zone else quoted(text)


def _wrapped(text: str, width: int) -> list[str]:
    return wrap(text, max(width, 20), break_long_words=False, break_on_hyphens=False) or [""]
