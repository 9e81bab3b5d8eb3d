"""What ``ivr lint`` prints as text: findings, a last line about all of them, and what was not checked."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from flows.display.console import closing, render_by_file, render_text, sources_of, summary
from flows.display.terminal import columns_of, is_quiet, note, wants_colour
from flows.display.wrap import wrapped

if TYPE_CHECKING:
    from flows.lint.run import Run
    from flows.source.finding import Finding

__all__ = ["report_text", "say_what_was_not_checked"]

_SHOWN = 4
"""How many of the files that are none of ours are named."""


def say_what_was_not_checked(run: Run) -> None:
    """Say beside the report what was left out, and what was checked only in part."""
    for remark in run.remarks:
        note(remark)
    if run.left_out:
        shown = ", ".join(run.left_out[:_SHOWN]) + (
            f" and {more} more" if (more := len(run.left_out) - _SHOWN) > 0 else ""
        )
        note(f"left out, because nothing of a phone line is in it: {shown}")


def report_text(
    run: Run,
    found: Sequence[Finding],
    *,
    some_rules: bool,
    known: int,
    baseline: str,
    explained_with: Mapping[str, str],
) -> str:
    """The findings as text, followed by the summary, available fixes and costs; those of many files under headings.

    Parameters
    ----------
    run : Run
    found : sequence of Finding
        Those to show.
    some_rules, known, baseline, explained_with
        As for `flows.display.console.summary`.
    """
    width, colour = columns_of(sys.stdout), wants_colour(sys.stdout)
    told = summary(
        found,
        where=_where(run, found),
        colour=colour,
        some_rules=some_rules,
        known=known,
        baseline=baseline,
        clean=_clean(run),
        explained_with=explained_with,
    )
    sources = {**run.sources, **sources_of([f for f in found if f.file not in run.sources])}
    if len(run.checked) > 1:
        titles = {file: kind.title for file, kind in run.checked.items() if kind}
        shown = render_by_file(found, sources=sources, titles=titles, colour=colour, width=width)
    else:
        shown = render_text(found, sources=sources, colour=colour, width=width)
    if is_quiet():
        return shown
    said = (told, *closing(found), *run.costs(found))
    last = "\n".join(line for sentence in said for line in wrapped(sentence, width))
    return f"{shown}\n\n{last}".lstrip("\n")


def _where(run: Run, found: Sequence[Finding]) -> str:
    """In how many of the files something was found, if there are several."""
    if len(run.checked) < 2:
        return ""
    bad = {finding.file for finding in found}
    return f" in {len(bad)} of {len(bad | {*run.checked})} files" if found else f" in {len(run.checked)} files"


def _clean(run: Run) -> str:
    """What it means that nothing was found: for one kind, what its files are good for; else how many of each."""
    kinds = Counter(kind.name for kind in run.checked.values() if kind)
    known = {kind.name: kind for kind in run.checked.values() if kind}
    if not known:
        return "what is named is excluded, so nothing was checked"
    if len(known) == 1:
        return next(iter(known.values())).clean
    numbers = [
        f"{n} {known[name].plural if n > 1 else known[name].title.partition(' ')[2]}" for name, n in kinds.items()
    ]
    return ", ".join(numbers)
