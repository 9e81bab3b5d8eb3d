"""Project settings: ``[tool.ivr.lint]`` in the nearest ``pyproject.toml`` that has it, going up from the flow."""

from __future__ import annotations

import re
from pathlib import Path as FilePath

from flows.lint.settings import NO_SETTINGS, Settings, settings_of
from flows.source.document import Path
from flows.source.finding import Finding

__all__ = ["project_settings"]

_NAME = "pyproject.toml"
_SECTION = ("tool", "ivr", "lint")
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_HEADER = re.compile(r"^\s*\[([^\[\]]+)\]\s*(?:#.*)?$")


def project_settings(flow_file: str | FilePath) -> tuple[Settings, tuple[Finding, ...]]:
    """Return the settings of a flow's project, and a finding for each invalid one (L003, L006).

    Parameters
    ----------
    flow_file : str or path

    Examples
    --------
    >>> project_settings("/nowhere/at/all.yaml")
    (Settings(severity={}, options={}, ignore=(), profile=''), ())
    """
    for folder in FilePath(flow_file).absolute().parents:
        try:
            text = (folder / _NAME).read_bytes().decode("utf-8", "replace")
        except OSError:
            continue
        if "ivr" not in text:
            continue
        found = _read(text, str(folder / _NAME))
        if found is not None:
            return found
    return NO_SETTINGS, ()


def _read(text: str, file: str) -> tuple[Settings, tuple[Finding, ...]] | None:
    import tomllib

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        match = _PLACE.search(said)
        line, column = (int(match[1]), int(match[2])) if match else (0, 0)
        message = f"not TOML: {said[: match.start()].strip() if match else said}"
        return NO_SETTINGS, (
            _finding(
                "L006", message, file, line, column, "correct it; until then the settings of this project do not apply"
            ),
        )
    section: object = data
    for part in _SECTION:
        section = section.get(part) if isinstance(section, dict) else None
        if section is None:
            return None
    if not isinstance(section, dict):
        return NO_SETTINGS, (
            _finding("L003", "tool.ivr.lint is not a table", file, *_place(text, ()), "write '[tool.ivr.lint]'"),
        )
    return settings_of(section, lambda message, path, hint: _finding("L003", message, file, *_place(text, path), hint))


def _finding(code: str, message: str, file: str, line: int, column: int, hint: str) -> Finding:
    return Finding(code=code, severity="error", message=message, file=file, line=line, column=column, hint=hint)


def _place(text: str, path: Path) -> tuple[int, int]:
    """Line and column of a setting: TOML parsers report none, so its words are searched for below the section."""
    lines = text.split("\n")
    words = [str(part) for part in path if isinstance(part, str)]
    best = (1, 1)
    table: list[str] = []
    for number, line in enumerate(lines, 1):
        header = _HEADER.match(line)
        if header:
            table = [part.strip().strip("\"'") for part in header[1].split(".")]
        if tuple(table[:3]) != _SECTION:
            continue
        inside = table[3:]
        if inside != words[: len(inside)]:
            continue
        if header and best == (1, 1):
            best = number, line.index("[") + 1
        rest = words[len(inside) :] if not header else words[-1:]
        at = [re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", line) for word in rest]
        if rest and all(at):
            assert at[-1] is not None
            return number, at[-1].start() + 1
        if rest and at[0] and not header:
            best = number, at[0].start() + 1
    return best
