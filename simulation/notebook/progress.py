"""A progress bar for notebooks and terminals."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape

from flows.display.terminal import console

__all__ = ["in_a_notebook", "shown_progress"]

_EVERY = 200
"""A bar is drawn anew this many times at most."""


def in_a_notebook() -> bool:
    """Whether the program runs in the kernel of a notebook.

    >>> in_a_notebook()
    False
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and "IPKernelApp" in getattr(shell, "config", {})


@dataclass(frozen=True)
class _Bar:
    """A progress bar of the browser's own; nothing if nothing is being done."""

    what: str = ""
    done: int = 0
    total: int = 0

    def _repr_html_(self) -> str:
        value = f' value="{self.done}"' if self.total else ""
        bar = f'<progress max="{self.total or 1}"{value}></progress> {self.done}/{self.total or "…"}'
        return f"{escape(self.what)} {bar}" if self.what else ""

    def __repr__(self) -> str:
        return f"{self.what} {self.done}/{self.total}" if self.total else self.what


@contextmanager
def shown_progress(what: str, *, shown: bool | None) -> Iterator[Callable[[int, int], None] | None]:
    """Show a progress bar, which disappears when the work is done.

    Parameters
    ----------
    what : str
        What is being done.
    shown : bool or None
        None shows it in a notebook only.

    Yields
    ------
    callable or None
        To be called with the number done and the total.
    """
    notebook = in_a_notebook()
    if not (notebook if shown is None else shown):
        yield None
    elif notebook:
        yield from _of_a_notebook(what)
    else:
        yield from _of_a_terminal(what)


def _of_a_notebook(what: str) -> Iterator[Callable[[int, int], None]]:
    """The browser's own element, updated in place."""
    from IPython.display import DisplayHandle

    bar = DisplayHandle()
    bar.display(_Bar(what))

    def update(done: int, total: int) -> None:
        if done == total or done % max(total // _EVERY, 1) == 0:
            bar.update(_Bar(what, done, total))

    try:
        yield update
    finally:
        bar.update(_Bar())


def _of_a_terminal(what: str) -> Iterator[Callable[[int, int], None]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
