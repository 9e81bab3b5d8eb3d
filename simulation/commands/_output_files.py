"""Output files of commands: checked before the work begins; a failed write is a finding."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flows.source.finding import usage_error
from ivr.missing_library import require

__all__ = ["check_folder", "check_libraries", "check_tables", "check_target", "write_text", "written"]


def check_target(file: str | None, option: str, endings: tuple[str, ...]) -> None:
    """Reject a file with any other extension, or in a folder that does not exist.

    Parameters
    ----------
    file : str or None
    option : str
        The option that asks for it.
    endings : tuple of str

    Raises
    ------
    UsageError

    Examples
    --------
    >>> check_target("day.pdf", "--report", (".html", ".htm"))
    Traceback (most recent call last):
    flows.source.finding.UsageError: X008 --report 'day.pdf' does not end in .html or .htm
    """
    if file is None:
        return
    if not file.lower().endswith(endings):
        raise usage_error(
            "X008", f"{option} {file!r} does not end in {' or '.join(endings)}", f"for example {option} day{endings[0]}"
        )
    if not Path(file).absolute().parent.is_dir():
        raise usage_error("X008", f"{option}: there is no folder {str(Path(file).parent)!r}", "create it first")


def check_folder(folder: str | None, option: str) -> None:
    """Reject a folder if a file with that name exists.

    Parameters
    ----------
    folder : str or None
    option : str
        The option that asks for it.

    Raises
    ------
    UsageError

    Examples
    --------
    >>> check_folder("no_such_folder", "--records")
    """
    if folder is not None and Path(folder).is_file():
        raise usage_error("X008", f"{option} {folder!r} is a file, not a folder", f"for example {option} monday")


def check_tables(place: str | None) -> None:
    """Reject a place for tables that is neither a folder nor a workbook in an existing folder.

    Raises
    ------
    UsageError

    Examples
    --------
    >>> check_tables("no_such_folder/day.xlsx")
    Traceback (most recent call last):
    flows.source.finding.UsageError: X008 --tables: there is no folder 'no_such_folder'
    """
    if place is not None and place.lower().endswith(".xlsx"):
        check_target(place, "--tables", (".xlsx",))
    else:
        check_folder(place, "--tables")


def check_libraries(
    calls_file: str | None = None,
    records_folder: str | None = None,
    tables_at: str | None = None,
    tables_format: str = "csv",
) -> None:
    """Reject what is asked for if a library that writes it is not installed.

    Raises
    ------
    ModuleNotFoundError

    Examples
    --------
    >>> check_libraries("day.csv")
    """
    workbook = bool(tables_at) and str(tables_at).lower().endswith(".xlsx")
    parquet = str(calls_file).lower().endswith(".parquet") or (tables_format == "parquet" and not workbook)
    require("pyarrow" if records_folder or parquet else "")
    require("openpyxl" if workbook else "")


def written(file: str, write: Callable[[], object]) -> None:
    """Call `write`, which writes a file or a folder.

    Raises
    ------
    UsageError
        X008, if the system refuses.
    """
    try:
        write()
    except OSError as error:
        raise usage_error(
            "X008", f"{file} cannot be written: {error.strerror or error}", "check the path and its permissions"
        ) from None


def write_text(file: str, text: Callable[[], str]) -> None:
    """Write the text that `text` returns; errors are handled as in `written`."""
    written(file, lambda: Path(file).write_text(text(), encoding="utf-8"))
