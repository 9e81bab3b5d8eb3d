"""Writes a file completely or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path as FilePath

from flows.source.finding import usage_error

__all__ = ["write_whole"]

_MARK = "\ufeff".encode()


def write_whole(file: str, text: str, *, before: str | None = None) -> None:
    """Write a file atomically: write to a temporary file, then rename it over the original.

    Parameters
    ----------
    file : str
        Its permissions and byte order mark are kept; links are followed.
    text : str
    before : str, optional
        The text the file must still contain.

    Raises
    ------
    UsageError
        U001 if it cannot be written or no longer contains `before`.
    """
    path = FilePath(os.path.realpath(file))
    try:
        raw = path.read_bytes() if path.exists() else b""
        mark = _MARK if raw.startswith(_MARK) else b""
        if before is not None and raw.removeprefix(mark) != before.encode():
            raise usage_error("U001", "was changed while it was being mended", "run the command again", file=file)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(mark + text.encode())
                stream.flush()
                os.fsync(stream.fileno())
            if path.exists():
                shutil.copymode(path, name)
            else:
                os.chmod(name, 0o666 & ~_umask())
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        why = error.strerror or str(error)
        raise usage_error(
            "U001", f"cannot be written: {why}", "check the folder and its permissions", file=file
        ) from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
