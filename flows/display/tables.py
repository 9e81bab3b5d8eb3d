"""Tables for a terminal, a pipe or a file: aligned text, two spaces between columns.

This is not `rich.table`, because callers add to single lines (a meaning at the end, a verdict in colour) and check
their width against 80 columns, while rich renders a whole table to a console's width and wraps or cuts cells.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["table"]


def table(
    rows: Sequence[Sequence[str]], *, head: Sequence[str] = (), left: int = 1, indent: str = "  ", gap: int = 2
) -> list[str]:
    """Lines of a table whose columns are as wide as their widest cell.

    Parameters
    ----------
    rows : sequence of sequence of str
        The same number of cells in each; without `head`, at least one row.
    head : sequence of str, optional
        Column headings.
    left : int
        The first `left` columns are left-aligned, the others right-aligned.
    indent : str
        Put before each line.
    gap : int
        Spaces between columns.

    Returns
    -------
    list of str
        Without trailing spaces.

    Examples
    --------
    >>> table([["a", "1"], ["bcd", "23"]], head=["name", "n"])
    ['  name   n', '  a      1', '  bcd   23']
    """
    cells = [head, *rows] if head else rows
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]

    def line(row: Sequence[str]) -> str:
        aligned = (
            f"{cell:<{width}}" if i < left else f"{cell:>{width}}"
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        return (indent + (" " * gap).join(aligned)).rstrip()

    return [line(row) for row in cells]
