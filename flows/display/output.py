"""Output of commands: JSON on the terminal, and files."""

from __future__ import annotations

import json
from pathlib import Path

import click

from flows.source.atomic_write import write_whole

__all__ = ["as_json", "write_output"]


def as_json(data: object) -> str:
    """Data as JSON, in the format every command prints.

    Examples
    --------
    >>> print(as_json({"flow": "Línea"}))
    {
      "flow": "Línea"
    }
    """
    return json.dumps(data, indent=2, ensure_ascii=False)


def write_output(file: str, text: str) -> None:
    """Write the file that ``--output`` names, completely or not at all.

    Parameters
    ----------
    file : str
    text : str

    Raises
    ------
    click.UsageError, UsageError
        If the file cannot be written.
    """
    path = Path(file)
    if path.is_file() or not path.exists():  # a pipe or a device cannot be replaced
        write_whole(file, text)
        return
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        why = error.strerror or error
        raise click.UsageError(f"{file!r} cannot be written: {why}; check the folder and its permissions") from None
