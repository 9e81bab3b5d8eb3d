"""Work without garbage collection, for what is made once and lives to the end of the command."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["uncollected"]


@contextmanager
def uncollected() -> Iterator[None]:
    """Without garbage collection: imported modules and large flows are thousands of small objects that stay, and looking
    through them again and again would double the time of a short command.

    Examples
    --------
    >>> import gc
    >>> with uncollected():
    ...     gc.isenabled()
    False
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.freeze()  # what is there stays; later collections need not look at it
            gc.enable()
