"""Progress bars for work that takes a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from flows.display.terminal import console, shows_progress

__all__ = ["Bar", "progress_bar"]


class Bar(NamedTuple):
    """What a run calls to show progress; None if there is no terminal."""

    progress: Callable[[int, int], None] | None
    on_compile: Callable[[], None] | None
    says: Callable[[str], None] = lambda what: None
    """Called with what is done from now on."""


@contextmanager
def progress_bar(what: str, *, in_percent: bool = False) -> Iterator[Bar]:
    """Show a progress bar on a terminal, which also says when the engine is being compiled; nothing in a pipe."""
    if not shows_progress():
        yield Bar(None, None)
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[done]}"), TimeRemainingColumn())

    def told(done: int, total: int) -> str:
        return f"{100 * done // total} %" if in_percent else f"{done}/{total}"

    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None, done="")  # no total is shown before it is known
        now = [what]
        yield Bar(
            lambda done, total: bar.update(
                task, description=now[0], completed=done, total=total, done=told(done, total)
            ),
            lambda: bar.update(task, description="compiling the engine, once; about 20 s"),
            lambda other: now.__setitem__(0, other),
        )
