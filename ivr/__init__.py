"""What a call does: the interpreter, the terminal phone, records and measures, routing.

What the package offers is loaded on first use; ``docs/api.md`` has examples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

try:
    from flows.registry import on_first_use
except ImportError as error:  # another's `flows` stands where ours should
    from ivr_flow_simulator import refuse

    refuse(error)

if TYPE_CHECKING:
    from ivr.interpreter.clock_and_chance import advance
    from ivr.interpreter.session import Session
    from ivr.interpreter.step import step
    from ivr.records.files import read as read_records
    from ivr.records.files import write as write_records
    from ivr.records.measures import measures, sums
    from ivr.records.tables import Records

__all__ = ["Records", "Session", "advance", "measures", "read_records", "step", "sums", "write_records"]

__getattr__ = on_first_use(
    __name__,
    {
        "Records": "ivr.records.tables:Records",
        "Session": "ivr.interpreter.session:Session",
        "advance": "ivr.interpreter.clock_and_chance:advance",
        "measures": "ivr.records.measures:measures",
        "read_records": "ivr.records.files:read",
        "step": "ivr.interpreter.step:step",
        "sums": "ivr.records.measures:sums",
        "write_records": "ivr.records.files:write",
    },
)
