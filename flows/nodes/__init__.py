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
    return {name: getattr(module, _class(name)) for name, module in members(sys.modules[__name__]).items()}


def _class(name: str) -> str:
    """The class of a node type: `YesNo` for ``yes_no``."""
    return "".join(word.capitalize() for word in name.split("_"))
