"""Where the compiled drawing keeps each column: one array for each type, with a row for each column.

The talk time comes last, and has a row for each set of groups that talk alike.
"""

from __future__ import annotations

__all__ = ["CODES", "SHORTS", "WHOLES"]

WHOLES = (
    "menu_us",
    "retry",
    "retry_after_us",
    "patience_us",
    "acw_us",
    "limit_us",
    "limit_delay_us",
    "limit_next",
    "full_delay_us",
    "full_next",
    "talk_delay_us",
    "talk_next",
    "ring_us",
    "talk_us",
)
SHORTS = ("intent", "language", "key_presses", "queue", "limit_keys", "full_keys", "talk_keys", "reached_at")
CODES = ("ending", "zero_out", "urgency", "limit_ending", "full_ending")
