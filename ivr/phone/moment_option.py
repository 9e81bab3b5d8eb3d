"""The type of options that state the moment of a call."""

from __future__ import annotations

from flows.display.options import Checked

__all__ = ["MOMENT"]


def _moment(text: str) -> None:
    from ivr.phone.call_time import read_moment

    read_moment(text)


MOMENT = Checked(_moment)
"""``2026-11-23T10:00``."""
