"""Draws a flow in any form that has a module in `flows.diagram.renderers`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import flows.diagram.renderers
from flows.diagram.plan import plan
from flows.model.flow import Flow
from flows.registry import members

__all__ = ["draw", "forms"]


@cache
def _renderers() -> dict[str, Callable[..., str]]:
    return {name: module.render for name, module in members(flows.diagram.renderers).items()}


def forms() -> tuple[str, ...]:
    """The forms in which a flow can be drawn.

    Examples
    --------
    >>> forms()
    ('dot', 'mermaid', 'tree')
    """
    return tuple(_renderers())


def draw(flow: Flow, form: str = "tree", *, language: str = "", width: int = 80, colour: bool = False) -> str:
    """Draw a flow.

    Parameters
    ----------
    flow : Flow
    form : str
        One of `forms`.
    language : str
        Language of the words and seconds; default: the flow's first language.
    width : int
        Width of the text tree in columns.
    colour : bool
        Whether to colour the text tree, for a terminal.

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> text = "{ivr: 1, name: L, start: hi, nodes: {hi: {type: play, say: Hi., next: bye}, bye: {type: hangup}}}"
    >>> print(draw(load_text(text).flow, "mermaid").splitlines()[0])
    flowchart LR
    """
    return _renderers()[form](plan(flow, language=language), width=width, colour=colour)
