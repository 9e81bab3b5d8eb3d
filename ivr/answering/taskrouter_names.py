"""Names as TaskRouter's expressions can hold them."""

from __future__ import annotations

import hashlib
import re

__all__ = ["language_name", "plain_name"]

_OTHER = re.compile(r"[^A-Za-z0-9_ ]")


def plain_name(name: str) -> str:
    """A name without hyphens and other characters that TaskRouter's expressions do not take; different names stay so.

    Examples
    --------
    >>> plain_name("billing"), plain_name("tech-es")
    ('billing', 'tech_es_1e34bb')

    Source: twilio.com/docs/taskrouter/expression-syntax ("Hyphens are not supported").
    """
    plain = _OTHER.sub("_", name)
    return name if plain == name else f"{plain}_{hashlib.sha256(name.encode()).hexdigest()[:6]}"


def language_name(tag: str) -> str:
    """A language by its code alone.

    Examples
    --------
    >>> language_name("es-US")
    'es'
    """
    return tag.partition("-")[0].lower()
