"""Versions of the flow language, one module each, with the keys to rename to read a file as the next version.

Each module has ``renames(document)``, which yields the path of each key that is renamed in the next version, the new
name, and the reason; the current version yields nothing. ``ivr:`` at the top of a file gives its version.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache
from types import ModuleType
from typing import Any

from flows.registry import members
from flows.source import yaml_reader as native
from flows.source.document import Document, Mark, Path
from flows.source.finding import Finding, FlowError
from flows.source.yaml_edit import applied, checked, renamed_key, with_text
from flows.source.yaml_spans import spans

__all__ = ["CURRENT", "current", "renames", "rewritten", "rewritten_files", "steps"]

CURRENT = 1
"""Version of the flow language that this program writes."""


@cache
def steps() -> dict[int, ModuleType]:
    """The modules by the version they read.

    Examples
    --------
    >>> sorted(steps())
    [0, 1]
    """
    return {int(name.removeprefix("v")): module for name, module in members(sys.modules[__name__]).items()}


def version(document: Document) -> int | None:
    """The version stated in a file; None if it states no valid version number."""
    written = document.data.get("ivr") if isinstance(document.data, dict) else None
    return (
        int(written)
        if isinstance(written, str) and written.isascii() and written.isdecimal() and len(written) < 9
        else None
    )


def renames(document: Document) -> dict[Path, tuple[str, str]]:
    """The keys to rename to read a file as the next version: the new name and the reason, by path.

    Examples
    --------
    >>> from flows.source.yaml_reader import parse
    >>> text = "{ivr: 0, name: L, start: m, nodes: {m: {type: menu, options: [{key: 1, next: m}]}}}"
    >>> renames(parse(text, "a.yaml"))
    {('nodes', 'm', 'options'): ('choices', "the options of a menu are its 'choices'")}
    """
    written = version(document)
    if written is None or written >= CURRENT or written not in steps():
        return {}
    return {path: (name, why) for path, name, why in steps()[written].renames(document)}


def current(document: Document) -> tuple[Document, tuple[Finding, ...]]:
    """The document in the current version, with positions as in the file, and a note for each change.

    Raises
    ------
    FlowError
        V001 if the file is written in a later version.
    """
    notes: list[Finding] = []
    first = version(document)
    if first is not None and first > CURRENT:
        known = " and ".join(map(str, sorted(steps())))
        message = f"the file is written in version {first} of the flow language; this program reads versions {known}"
        raise FlowError(
            document.finding("V001", message, ("ivr",), hint="use a newer program; 'ivr --version' tells which this is")
        )
    while (written := version(document)) is not None and written in steps() and written < CURRENT:
        changes = renames(document)
        for path, (name, why) in changes.items():
            message = f"version {written} of the flow language: {str(path[-1])!r} is read as {name!r}; {why}"
            notes.append(
                document.finding(
                    "V002",
                    message,
                    path,
                    hint="ivr convert --migrate rewrites the file",
                    of_key=True,
                    severity="warning",
                )
            )
        if not changes:
            message = f"version {written} of the flow language is read as version {written + 1}"
            notes.append(
                document.finding(
                    "V002", message, ("ivr",), hint="ivr convert --migrate rewrites the file", severity="warning"
                )
            )
        document = _renamed(document, {path: name for path, (name, _) in changes.items()}, str(written + 1))
    return document, tuple(notes)


def rewritten(document: Document) -> str:
    """The text of a file in the current version, keeping comments and order; unchanged if it is already current.

    Examples
    --------
    >>> print(rewritten(native.parse("ivr: 0  # mine\\nnodes: {m: {type: menu, options: []}}", "a.yaml")))
    ivr: 1  # mine
    nodes: {m: {type: menu, choices: []}}
    """
    document = native.parse(document.text, document.file)
    while (written := version(document)) is not None and written in steps() and written < CURRENT:
        at = spans(document.text)
        names = {path: name for path, (name, _) in renames(document).items()}
        edits = [renamed_key(at, path, name) for path, name in names.items()]
        edits.append(with_text(at, ("ivr",), str(written + 1)))
        text = checked(document, applied(document.text, edits), _renamed(document, names, str(written + 1)).data)
        document = native.parse(text, document.file)
    return document.text


def rewritten_files(document: Document) -> dict[str, str]:
    """The text of every file of a flow in the current version, by file name."""
    return {file: rewritten(replace(document, text=text, file=file)) for file, text in document.texts.items()}


def _renamed(document: Document, names: dict[Path, str], written: str) -> Document:
    """The document with some keys renamed; positions in the file stay the same."""

    def data(value: Any, path: Path) -> Any:
        if isinstance(value, dict):
            return {names.get((*path, key), key): data(inner, (*path, key)) for key, inner in value.items()}
        return [data(inner, (*path, i)) for i, inner in enumerate(value)] if isinstance(value, list) else value

    def moved(path: Path) -> Path:
        return tuple(names.get(path[: i + 1], part) for i, part in enumerate(path))

    def moved_all(marks: dict[Path, Mark]) -> dict[Path, Mark]:
        return {moved(path): mark for path, mark in marks.items()}

    return replace(
        document,
        data=data(document.data, ()) | {"ivr": written},
        marks=moved_all(dict(document.marks)),
        keys=moved_all(dict(document.keys)),
    )
