"""``ivr list``: the shipped lines, scenarios and call scripts, and the files of lines in a folder."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

from flows.display.console import guarded
from flows.display.output import as_json
from flows.display.terminal import table_columns
from flows.display.wrap import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["list_files"]

_SHIPPED = {
    "flow": "Shipped lines, for ivr lint, show, call, serve and others",
    "scenario": "Shipped scenarios, for ivr simulate and others",
    "script": "Shipped call scripts, for ivr test",
    "agents": "Shipped agents files, for ivr agents",
}
"""The kinds that are shipped, and their headings."""


_LEAST_ROOM = 30
"""Columns for what is said about a file."""


@dataclass(frozen=True)
class Listed:
    """A file as it is listed.

    Parameters
    ----------
    name : str
        As a command takes it.
    kind : str
        A kind of `flows.kinds`.
    about : str
        A sentence.
    file : str
    shipped : bool
    """

    name: str
    kind: str
    about: str
    file: str
    shipped: bool


@click.command("list")
@click.argument("folder", metavar="[FOLDER]", default=os.curdir, type=click.Path(exists=True, file_okay=False))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the list is written.",
)
@click.option("--json", "json_wanted", is_flag=True, help="Short for --format json.")
@guarded
def list_files(folder: str, form: str, json_wanted: bool) -> int:
    """List the shipped lines, scenarios and call scripts, and the files of lines in FOLDER (default: here).

    Each comes with a sentence about it. Hidden files and those that .gitignore names are left out.
    """
    shipped, here = list(_shipped()), list(_here(folder))
    if json_wanted or form == "json":
        click.echo(as_json([asdict(one) for one in (*shipped, *here)]))
        return 0
    width = table_columns()
    blocks = [
        _block(title, [(one.name, one.about) for one in shipped if one.kind == kind], width)
        for kind, title in _SHIPPED.items()
    ]
    where = "Here" if folder == os.curdir else f"In {folder}"
    if here:
        kind_width = max(len(one.kind) for one in here)
        rows = [(one.name, f"{one.kind:<{kind_width}}  {one.about}".rstrip()) for one in here]
        blocks.append(_block(where, rows, width, indent=kind_width + 2))
    else:
        blocks.append(f"{where} is nothing of a phone line yet; 'ivr init' writes a small one.")
    click.echo("\n\n".join(blocks))
    return 0


def _shipped() -> Iterator[Listed]:
    from flows.kinds import Sample, kind_of
    from flows.model.load import LIBRARY

    for path in sorted(LIBRARY.iterdir()):
        if path.is_file():
            sample = Sample(str(path), path.read_text("utf-8"))
            kind = kind_of(sample)
            if kind is not None and kind.name in _SHIPPED:
                name = path.name.partition(".")[0]
                yield Listed(name, kind.name, kind.about(sample), str(path), shipped=True)


def _here(folder: str) -> Iterator[Listed]:
    from flows.kinds import Sample, kind_of
    from flows.lint.left_out import LeftOut
    from flows.lint.targets import found_in
    from flows.source.finding import FlowError
    from flows.source.yaml_reader import read_text

    for file in found_in(folder, LeftOut()):
        try:
            sample = Sample(file, read_text(file))
        except FlowError:
            continue  # 'ivr lint' says what is wrong with it
        kind = kind_of(sample)
        if kind is not None:
            yield Listed(file, kind.name, kind.about(sample), file, shipped=False)


def _block(title: str, rows: Sequence[tuple[str, str]], width: int, *, indent: int = 0) -> str:
    """A heading, and rows of a name and what it is about: beside it, or below it where too little room is left."""
    first = max((len(name) for name, _ in rows), default=0)
    below = first + 4 + indent + _LEAST_ROOM > width
    start = 4 if below else first + 4
    lines = [title]
    for name, about in rows:
        begun = f"  {name:<{start - 2}}"
        if below:
            lines.append(f"  {name}")
            begun = " " * start
        lines += wrapped(f"{begun}{about}".rstrip(), width, indent=start + indent)
    return "\n".join(lines)
