"""Node types, the building blocks of a flow, one file each; more can be added."""

from __future__ import annotations

import sys
from functools import cache

from flows.nodes.base import Node
from flows.registry import members

__all__ = ["node_types"]


@cache
def node_types() -> dict[str, type[Node]]:
    """Node types by name.

    Examples
    --------
    >>> "menu" in node_types()
    True
    """
    return {name: getattr(module, name.capitalize()) for name, module in members(sys.modules[__name__]).items()}
