"""Where records of live calls are kept: one database for all workers, SQLite or PostgreSQL.

``database`` reads and writes; ``tables`` says what there is and ``migrations`` how it came to be; ``effects`` and
``holds`` see to it that what a call does is done once; ``privacy`` and ``erased`` delete.
"""

from __future__ import annotations

from webhooks.store.database import UNREACHABLE, OutOfReachError, SchemaTooNewError, Store, read_records

__all__ = ["UNREACHABLE", "OutOfReachError", "SchemaTooNewError", "Store", "read_records"]
