"""A project's settings file: ``ivr.toml``, or ``[tool.ivr]`` in ``pyproject.toml``; the nearest going up counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from flows.source.document import Mark, Path
from flows.source.finding import Finding

__all__ = ["OWN_NAME", "PROJECT_NAMES", "ProjectFile", "mentions_ours", "parse_project", "project_file"]

OWN_NAME = "ivr.toml"
PROJECT_NAMES = (OWN_NAME, "pyproject.toml")
"""In the order in which a folder is asked."""

_TOOL = ("tool", "ivr")
_OURS = r"""^\s*\[*\s*tool\s*(?:\.\s*["']?ivr\b|\]|=)"""
_PLACE = r"\(at line (\d+), column (\d+)\)"
_HEADER = r"\s*\[+([^\[\]]+)\]+\s*(?:#.*)?$"
_KEY = r"\s*([\w\"'. -]+?)\s*="
"""Patterns that are compiled when there is something to place, which is seldom."""


@dataclass(frozen=True)
class ProjectFile:
    """The settings of a project as written.

    Parameters
    ----------
    file, text : str
    section : tuple of str
        Where our table is in the file: empty for ``ivr.toml``, else ``("tool", "ivr")``.
    data : mapping
        Our table: a table for each command. Empty if it cannot be read.
    wrong : tuple of Finding
        Why it cannot be read: L006, or L003 if it is not a table.
    """

    file: str
    text: str
    section: tuple[str, ...]
    data: Mapping[str, Any] = field(default_factory=dict)
    wrong: tuple[Finding, ...] = ()

    @property
    def folder(self) -> FilePath:
        """The folder of the file, to which the paths in it are relative."""
        return FilePath(self.file).parent

    def spoken(self, path: Path) -> str:
        """The name of a setting, or of a table, as the file would write it.

        Examples
        --------
        >>> ProjectFile("pyproject.toml", "", ("tool", "ivr")).spoken(("lint", "quiet"))
        'tool.ivr.lint.quiet'
        """
        return ".".join(str(part) for part in (*self.section, *path))

    def place(self, path: Path) -> Mark:
        """Line and column of a setting, or of the innermost table around it that is in the file.

        TOML parsers report no places, so the names are searched for line by line.

        Examples
        --------
        >>> ProjectFile("ivr.toml", "[lint]\\nquiet = true\\n", ()).place(("lint", "quiet"))
        (2, 1)
        """
        wanted = [*self.section, *(str(part) for part in path if isinstance(part, str))]
        best, depth, table = (1, 1), 0, list[str]()
        for number, line in enumerate(self.text.split("\n"), 1):
            if header := re.match(_HEADER, line):
                table = _names(header[1])
                own, rest, column = table, "", line.index("[") + 1
            elif key := re.match(_KEY, line):
                own, rest, column = [*table, *_names(key[1])], line[key.end() :], key.start(1) + 1
            else:
                continue
            if own != wanted[: len(own)]:
                continue
            inner = [re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", rest) for word in wanted[len(own) :]]
            if all(inner):
                if header and wanted:
                    column = line.rindex(wanted[-1]) + 1
                last = inner[-1] if inner else None
                return number, len(line) - len(rest) + last.start() + 1 if last else column
            if len(own) > depth:
                best, depth = (number, column), len(own)
        return best

    def finding(self, message: str, path: Path, hint: str, *, code: str = "L003") -> Finding:
        """A finding placed at a setting."""
        line, column = self.place(path)
        return _finding(code, message, self.file, line, column, hint)


def project_file(start: str | FilePath) -> ProjectFile | None:
    """The nearest settings file, going up from a file or a folder; None if there is none.

    Parameters
    ----------
    start : str or path
        Need not exist.

    Examples
    --------
    >>> project_file("/nowhere/at/all.yaml")
    """
    at = FilePath(start).absolute()
    for folder in (at, *at.parents):
        for name in PROJECT_NAMES:
            try:
                text = (folder / name).read_bytes().decode("utf-8-sig", "replace")
            except OSError:
                continue
            found = parse_project(text, _shown(folder / name))
            if found is not None:
                return found
    return None


def _shown(file: FilePath) -> str:
    """A file as messages name it: from where the command runs, if it lies there or below."""
    here = FilePath.cwd()
    return str(file.relative_to(here)) if file.is_relative_to(here) else str(file)


def mentions_ours(text: str) -> bool:
    """Whether a TOML text seems to have a table of ours, told without reading it.

    Examples
    --------
    >>> mentions_ours("[project]\\nname = 'ivr'\\n"), mentions_ours("[tool.ivr.lint]\\nquiet = true\\n")
    (False, True)
    """
    return "ivr" in text and re.search(_OURS, text, re.MULTILINE) is not None


def parse_project(text: str, file: str) -> ProjectFile | None:
    """The settings in the text of a file; None if it is a ``pyproject.toml`` without any of ours.

    Examples
    --------
    >>> parse_project("[lint]\\nquiet = true\\n", "ivr.toml").data
    {'lint': {'quiet': True}}
    >>> parse_project("[project]\\nname = 'ivr'\\n", "pyproject.toml")
    """
    section = () if FilePath(file).name == OWN_NAME else _TOOL
    if section and not mentions_ours(text):
        return None
    import tomllib

    try:
        table: object = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        match = re.search(_PLACE, said)
        line, column = (int(match[1]), int(match[2])) if match else (0, 0)
        message = f"not TOML: {said[: match.start()].strip() if match else said}"
        hint = "correct it; until then the settings of this project do not apply"
        return ProjectFile(file, text, section, wrong=(_finding("L006", message, file, line, column, hint),))
    for part in section:
        table = table.get(part) if isinstance(table, dict) else None
        if table is None:
            return None
    found = ProjectFile(file, text, section)
    if isinstance(table, dict):
        return ProjectFile(file, text, section, table)
    return ProjectFile(
        file, text, section, wrong=(found.finding("tool.ivr is not a table", (), "write '[tool.ivr.lint]'"),)
    )


def _names(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in dotted.split(".")]


def _finding(code: str, message: str, file: str, line: int, column: int, hint: str) -> Finding:
    return Finding(code=code, severity="error", message=message, file=file, line=line, column=column, hint=hint)
