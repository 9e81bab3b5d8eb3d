"""Where the compiled drawing keeps each column: one array for each type, with a row for each column.

The talk time comes last, and has a row for each set of groups that talk alike; after it come pauses, with a row for
each set of groups that pause alike.
"""

from __future__ import annotations

from simulation.sampling.purposes import EXITS, TALK

WHOLES = (
    "menu_us",
    "retry",
    "retry_after_us",
    "repeat_after_us",
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
    "agent_draw",
    "talk_us",
)
(
    MENU_US,
    RETRY,
    RETRY_AFTER,
    REPEAT_AFTER,
    PATIENCE,
    WORK,
    LIMIT_US,
    LIMIT_DELAY,
    LIMIT_NEXT,
    FULL_DELAY,
    FULL_NEXT,
    TALK_DELAY,
    TALK_NEXT,
    RING,
    AGENT_DRAW,
    TALK_US,
) = range(len(WHOLES))
SHORTS = ("intent", "language", "key_presses", "queue", "limit_keys", "full_keys", "talk_keys", "reached_at")
INTENT, LANGUAGE, PRESSES, QUEUE, LIMIT_KEYS, FULL_KEYS, TALK_KEYS, REACHED = range(len(SHORTS))
CODES = ("ending", "zero_out", "urgency", "limit_ending", "full_ending")
ENDING, ZERO_OUT, URGENCY, LIMIT_ENDING, FULL_ENDING = range(len(CODES))
CALLERS = ("arrived", "number", "before", "kept", "row")
"""What is known of each caller: when they arrive, their number, when their last menu ended, the patience they keep, and
the row of their last call. Only the first if nobody calls twice and none come in a surge."""
ARRIVED, NUMBER, BEFORE, KEPT, ROW = range(len(CALLERS))
SHARES, KNOWN = range(2)
"""Of each caller in `of_caller`: which shares of intents are theirs, and the intent if a trace tells it."""
BY_LIMIT, BY_FULL, BY_TALK, BY_TRANSFER = range(1, len(EXITS) + 1)
"""The exits of a queue."""
WAYS = len(EXITS) + 1
BLOCK = 256
"""How many callers' draws are computed at once."""
CALLER_AHEAD, MENU_AHEAD, VISIT_AHEAD = 0, 4, 8
"""Where `ahead` has the four uniforms of a caller, of their first two steps in the menu, and of their first visit."""
AHEAD = 12
SCORED = (MENU_AHEAD + 1, MENU_AHEAD + 3, VISIT_AHEAD + TALK)
"""Which of them draw times, and have their normal quantiles in `score`: two steps, and the talk."""
