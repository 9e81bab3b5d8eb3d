"""Which call script belongs to which flow, by their names."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

__all__ = ["with_scripts"]

_FLOWS = (".yaml", ".yml")
_SCRIPT = ".calls"


def with_scripts(files: Iterable[Path]) -> tuple[tuple[Path, Path], ...]:
    """Flows with the call script of the same name beside them, of which either was named; each once, in order.

    Parameters
    ----------
    files : iterable of Path
        Flows, call scripts, and others, which are passed over.

    Examples
    --------
    >>> with_scripts([Path("nowhere.calls"), Path("README.md")])
    ()
    """
    pairs = (
        (flow, file.with_suffix(_SCRIPT))
        for file in files
        if file.suffix in (*_FLOWS, _SCRIPT)
        for flow in map(file.with_suffix, _FLOWS if file.suffix == _SCRIPT else (file.suffix,))
    )
    return tuple(dict.fromkeys(pair for pair in pairs if all(file.is_file() for file in pair)))
