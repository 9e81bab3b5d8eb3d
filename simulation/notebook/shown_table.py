"""A table as results show it in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

__all__ = ["shown_table"]


def shown_table(title: str, head: Sequence[str], body: Sequence[Sequence[str]], note: str = "") -> str:
    """HTML of a table with a title above and a note below; the first column is a heading.

    Parameters
    ----------
    title : str
    head : sequence of str
    body : sequence of sequence of str
        Cells as plain text.
    note : str
    """
    heads = "".join(_cell("th", text) for text in head)
    lines = "".join(f"<tr>{_cell('th', row[0], 'left')}{''.join(_cell('td', t) for t in row[1:])}</tr>" for row in body)
    shown = f'<table style="border-collapse:collapse"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>'
    below = f"<p><small>{escape(note)}</small></p>" if note else ""
    return f'<div style="overflow-x:auto"><h4>{escape(title)}</h4>{shown}{below}</div>'


def _cell(tag: str, text: str, align: str = "right") -> str:
    return f'<{tag} style="text-align:{align};white-space:nowrap;padding:2px 10px">{escape(text)}</{tag}>'
