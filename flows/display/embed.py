"""Data for the script of a page."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["embed"]


def embed(data: Any) -> str:
    r"""Return JSON that cannot end the script element that contains it.

    >>> embed("</script>")
    '"\\u003c/script\\u003e"'
    """
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))  # ASCII, so no line separators either
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
