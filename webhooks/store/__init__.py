"""The database of live calls: one for all workers, SQLite or PostgreSQL.

``store`` reads and writes, over the connections of ``database``. ``tables`` defines the tables, ``migrations`` their
history. ``effect_ledger`` and ``effect_lock`` ensure that each effect of a call is done once. ``privacy`` deletes
rows, ``tombstones`` keeps erased ones from coming back, and ``erasure_watch`` makes workers forget them. ``preflight``
checks a
database before it is used.
"""

from __future__ import annotations

from webhooks.store.database import UNREACHABLE, OutOfReachError
from webhooks.store.migrate import SchemaTooNewError
from webhooks.store.store import Store, read_records

__all__ = ["UNREACHABLE", "OutOfReachError", "SchemaTooNewError", "Store", "read_records"]
