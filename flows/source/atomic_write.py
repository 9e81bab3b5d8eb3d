"""Writes a file whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path as FilePath

from flows.source.finding import usage_error

__all__ = ["write_whole"]

_MARK = "\ufeff".encode()


def write_whole(file: str, text: str, *, before: str | None = None) -> None:
    """Write a file so that no reader ever sees half of it: under another name first, then renamed over the file.

    Parameters
    ----------
    file : str
        Its permissions and byte order mark stay as they are; a link is followed.
    text : str
    before : str, optional
        The text that the file must still hold.

    Raises
    ------
    UsageError
        U001 when it cannot be written, or no longer holds `before`.
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
