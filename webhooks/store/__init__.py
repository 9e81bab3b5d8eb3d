"""The database of live calls: one for all workers, SQLite or PostgreSQL.

``store`` reads and writes, over the connections of ``database``. ``tables`` are the tables, and ``migrations`` how they
came to be. ``effect_ledger`` and ``effect_lock`` have each effect of a call done once. ``privacy`` deletes rows,
``tombstones`` keep erased ones from coming back, and ``erasure_watch`` has workers forget them. ``preflight`` checks a
database before it is used.
"""

from __future__ import annotations

from webhooks.store.database import UNREACHABLE, OutOfReachError
from webhooks.store.migrate import SchemaTooNewError
from webhooks.store.store import Store, read_records

__all__ = ["UNREACHABLE", "OutOfReachError", "SchemaTooNewError", "Store", "read_records"]
