"""Where sentences end, in the scripts of all languages."""

from __future__ import annotations

import re

__all__ = ["ENDS", "PAUSES", "QUESTION_MARKS", "SENTENCE"]

QUESTION_MARKS = "?？"
"""Marks that end a question."""
ENDS = ".!。！" + QUESTION_MARKS
"""Marks that end a sentence."""
PAUSES = ENDS + ":;：；"
"""Marks that end a sentence or a part of one."""
SENTENCE = re.compile(rf"[^{ENDS}]*(?:[{ENDS}]+\s*|$)")
"""A sentence with the whitespace after it."""
