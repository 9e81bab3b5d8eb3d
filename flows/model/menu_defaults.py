"""What holds in every menu of a flow unless the menu says otherwise: ``menu:`` at the top of the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from flows.nodes.base import Node
from flows.nodes.base_again import Again
from flows.nodes.base_dialogue import Dialogue
from flows.values.scalars import Duration, Target

__all__ = ["MenuDefaults"]


class MenuDefaults(BaseModel):
    """Defaults of all menus and yes/no questions of a flow, its parts included; a node's own keys replace them.

    Parameters
    ----------
    attempts
        How many times a menu is presented in all.
    timeout, interdigit
        Silence that ends listening, and the pause allowed between digits.
    no_input, no_match
        What is said before the menu is said again, and where it leads; a menu's own replace them as a whole.
    otherwise
        Node after the last attempt.

    Examples
    --------
    >>> from flows.nodes.menu import Menu
    >>> menu = Menu.model_validate({"type": "menu", "choices": [{"key": "1", "next": "a"}], "attempts": "2"})
    >>> nodes = MenuDefaults.model_validate({"attempts": "1", "otherwise": "desk"}).put_into({"main": menu})
    >>> nodes["main"].attempts, nodes["main"].otherwise
    (2, 'desk')
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    attempts: int | None = Field(default=None, ge=1, le=10)
    timeout: Duration | None = Field(default=None, ge=1, le=60)
    interdigit: Duration | None = Field(default=None, ge=1, le=60)
    no_input: Again | None = None
    no_match: Again | None = None
    otherwise: Target | None = None

    def put_into(self, nodes: Mapping[str, Node]) -> dict[str, Node]:
        """The nodes, with what they leave open."""
        return {
            name: node.model_copy(update=open_) if (open_ := self.left_open(node)) else node
            for name, node in nodes.items()
        }

    def left_open(self, node: Node) -> dict[str, Any]:
        """The defaults that a node takes: those it does not state itself."""
        if not isinstance(node, Dialogue) or not node.takes_defaults:
            return {}
        stated = {key: getattr(self, key) for key in type(self).model_fields if key in self.model_fields_set}
        return {key: value for key, value in stated.items() if value is not None and key not in node.model_fields_set}
