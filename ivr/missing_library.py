"""What to say when a command needs a library that is not installed: one line, the same for every command."""

from __future__ import annotations

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from flows.distribution import NAME, library_of

__all__ = ["in_one_line", "require", "to_install"]

_FOR = {
    "simulate": "",
    "serve": "",
    "fast": " for the compiled engine",
    "parquet": " for Parquet files",
    "excel": " for Excel files",
    "postgres": " for PostgreSQL",
    "forecast": " for forecasts",
    "dask": " for clusters",
    "notebook": "",
}
"""Extras, the first that brings a library being told, and what for where a command needs it only sometimes."""

_SETUP_ALL = ("fast", "parquet", "excel", "forecast", "dask", "postgres")
"""What ``make setup-all`` adds to the environment of a checkout."""
_READY = ".ready"
"""The note that ``make`` leaves in an environment that it has made."""


def in_one_line(error: ModuleNotFoundError, command: str) -> str:
    """What is missing and how to install it; empty if the module is of no library of ours.

    Parameters
    ----------
    error : ModuleNotFoundError
    command : str
        As it was called: ``ivr simulate``.

    Examples
    --------
    >>> in_one_line(ModuleNotFoundError(name="simpy"), "ivr simulate").partition(":")[0]
    'ivr simulate needs simpy; install it with'
    """
    library = library_of(error.name or "")
    if library is None:
        return ""
    extra = next((name for name in _FOR if name in library.extras), "")
    return f"{command} needs {library.name}{_FOR.get(extra, '')}; install it with: {to_install(extra)}"


def require(module: str) -> None:
    """Check that a library is installed, before hours of work are lost.

    Parameters
    ----------
    module : str
        Its name; empty if none is needed.

    Raises
    ------
    ModuleNotFoundError

    Examples
    --------
    >>> require("click")
    """
    if module and find_spec(module) is None:
        raise ModuleNotFoundError(f"{module} is not installed", name=module)


def to_install(extra: str, prefix: str = sys.prefix) -> str:
    """The command that adds an extra to this environment, whichever program made it and wherever it is run.

    Parameters
    ----------
    extra : str
        Empty for the libraries that are always needed.
    prefix : str
        The environment.

    Examples
    --------
    >>> to_install("fast", "/no/application")
    "uv pip install --python /no/application 'ivr-flow-simulator[fast]'"
    """
    what = f"'{NAME}[{extra}]'" if extra else NAME
    if Path(prefix, "pipx_metadata.json").exists():
        return f"pipx runpip {NAME} install {what}"
    if extra in _SETUP_ALL and Path(prefix, _READY).exists():
        return "make setup-all"
    if Path(prefix, "uv-receipt.toml").exists() or not Path(prefix, "bin", "pip").exists():
        return f"uv pip install --python {prefix} {what}"
    if Path(shutil.which("pip") or "/").parent == Path(prefix, "bin"):
        return f"pip install {what}"
    return f"{prefix}/bin/pip install {what}"  # the environment is not activated: pip is another's
