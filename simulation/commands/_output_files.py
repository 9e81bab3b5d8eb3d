"""Files that a command is asked to write: refused before the work where they cannot be, a finding where it fails after
all.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flows.source.finding import Finding, UsageProblem

__all__ = ["check_folder", "check_target", "write_text", "written"]


def check_target(file: str | None, option: str, endings: tuple[str, ...]) -> None:
    """Refuse a file of another kind, or in a folder that is not there.

    Parameters
    ----------
    file : str or None
    option : str
        Which asked for it.
    endings : tuple of str

    Raises
    ------
    UsageProblem

    Examples
    --------
    >>> check_target("day.pdf", "--report", (".html", ".htm"))
    Traceback (most recent call last):
    flows.source.finding.UsageProblem: X008 --report 'day.pdf' does not end in .html or .htm
    """
    if file is None:
        return
    if not file.lower().endswith(endings):
        raise UsageProblem(
            Finding(
                code="X008",
                severity="error",
                message=f"{option} {file!r} does not end in {' or '.join(endings)}",
                hint=f"for example {option} day{endings[0]}",
            )
        )
    if not Path(file).absolute().parent.is_dir():
        raise UsageProblem(
            Finding(
                code="X008",
                severity="error",
                message=f"{option}: there is no folder {str(Path(file).parent)!r}",
                hint="create it first",
            )
        )


def check_folder(folder: str | None, option: str) -> None:
    """Refuse a folder in whose place there is a file.

    Parameters
    ----------
    folder : str or None
    option : str
        Which asked for it.

    Raises
    ------
    UsageProblem

    Examples
    --------
    >>> check_folder("no_such_folder", "--records")
    """
    if folder is not None and Path(folder).is_file():
        raise UsageProblem(
            Finding(
                code="X008",
                severity="error",
                message=f"{option} {folder!r} is a file, not a folder",
                hint=f"for example {option} monday",
            )
        )


def written(file: str, write: Callable[[], object]) -> None:
    """Write a file or folder by `write`.

    Raises
    ------
    UsageProblem
        When the system refuses.
    """
    try:
        write()
    except OSError as error:
        raise UsageProblem(
            Finding(
                code="X008",
                severity="error",
                message=f"{file} cannot be written: {error.strerror or error}",
                hint="check the path and its permissions",
            )
        ) from None


def write_text(file: str, text: Callable[[], str]) -> None:
    """Write what `text` makes; as `written`."""
    written(file, lambda: Path(file).write_text(text(), encoding="utf-8"))
