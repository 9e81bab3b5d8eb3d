"""An empty database of the service, whose tables are made once for all tests that want one."""

from __future__ import annotations

import sqlite3
import tempfile
from functools import cache
from pathlib import Path

from webhooks.store import Store


@cache
def _tables() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(str(Path(folder, "calls.db")))
        store.check()
        store.close()
        whole = sqlite3.connect(Path(folder, "calls.db"))
        try:
            return whole.serialize()
        finally:
            whole.close()


def empty_database(file: Path) -> Store:
    """The store of a new database."""
    file.write_bytes(_tables())
    return Store(str(file))
