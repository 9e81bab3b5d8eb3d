"""``ivr init``: a small line to begin with."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.display.console import guarded
from flows.display.output import as_json
from flows.display.terminal import is_quiet
from flows.model.load import PACKS
from ivr.commands._line_names import name_from
from ivr.commands._line_templates import DEFAULT_TRADE, ENDINGS, line_of, name_in, trade_in, trades

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["init"]

_NOT_IN_A_NAME = re.compile(r"[\x00-\x1f\x7f{}<>$\\]")
_LONGEST_NAME = 60
_TAG = re.compile(r"[a-z]{2,3}")


@click.command()
@click.argument("where", metavar="[FOLDER | FILE.yaml]", default="")
@click.option(
    "--trade", type=click.Choice(trades()), help=f"Default: the one that the name says, else {DEFAULT_TRADE}."
)
@click.option(
    "--name",
    default="",
    metavar="TEXT",
    help="The organisation, as callers hear it; default: as FOLDER or FILE is called.",
)
@click.option(
    "--language",
    default="",
    metavar="TAG",
    help="Begin a language pack instead, languages/TAG.yaml, for a language without phrases here: --language sw.",
)
@click.option("--json", "json_wanted", is_flag=True, help="Print the files and the next commands as JSON.")
@guarded
def init(where: str, trade: str | None, name: str, language: str, json_wanted: bool) -> int:
    """Write a small line to begin with: a flow without findings, a scenario of its callers, call scripts that pass, and
    people who answer.

    They go into FOLDER, which is made if there is none, under its name; or they are named after FILE.yaml. Nothing is
    asked, and no file is overwritten.

    \b
    Example: ivr init riverside --trade clinic --name "Riverside Clinic"
    """
    if wrong := _NOT_IN_A_NAME.search(name):
        raise click.UsageError(f"--name contains {wrong[0]!r}; write it as callers hear it, in letters and digits")
    if len(name) > _LONGEST_NAME:
        raise click.UsageError(f"--name has {len(name)} characters; callers hear it first, so {_LONGEST_NAME} at most")
    if language:
        return _begin_pack(Path(where), language, json_wanted=json_wanted)
    folder, stem, whole = _place(where or trade or DEFAULT_TRADE)
    trade = trade or trade_in(stem) or DEFAULT_TRADE
    texts = line_of(trade, f"{stem}.yaml", " ".join(name.split()) or name_from(_as_called(where), trade))
    files = {folder / f"{stem}{ending}": text for ending, text in texts.items()}
    _write(folder, files)
    flow, scenario, *_ = names = [str(folder / f"{stem}{ending}") for ending in ENDINGS]
    _tell(names, _next(flow, scenario, [str(folder)] if whole else names), name=name_in(texts), json_wanted=json_wanted)
    return 0


def _begin_pack(folder: Path, tag: str, *, json_wanted: bool) -> int:
    """Write a language pack to be translated, in the folder of a flow."""
    if not _TAG.fullmatch(tag):
        raise click.UsageError(f"--language {tag!r} is not a language; write its code: --language sw")
    from ivr.commands._language_template import language_template

    file = folder / PACKS / f"{tag}.yaml"
    _write(file.parent, {file: language_template(tag)})
    _tell([str(file)], [shlex.join(["ivr", "lint", str(file)])], json_wanted=json_wanted)
    return 0


def _tell(files: Sequence[str], following: Sequence[str], *, name: str = "", json_wanted: bool) -> None:
    if json_wanted:
        click.echo(as_json({"files": files, **({"name": name} if name else {}), "next": following}))
    elif not is_quiet():
        heard = [f"Callers hear {name!r}; --name gives another.", ""] if name else []
        lines = ["Written:", *(f"  {file}" for file in files), "", *heard, "Next:", *(f"  {one}" for one in following)]
        click.echo("\n".join(lines))


def _as_called(where: str) -> str:
    """The name of the folder or the file, as the designer wrote it; empty if they named none."""
    path = Path(where)
    is_file = path.suffix.lower() in (".yaml", ".yml") and not path.is_dir()
    return (path.stem if is_file else path.resolve().name) if where else ""


def _place(where: str) -> tuple[Path, str, bool]:
    """The folder, the name of the files without an ending, and whether the folder holds nothing else."""
    path = Path(where)
    if path.suffix.lower() in (".yaml", ".yml") and not path.is_dir():
        return path.parent, path.stem, False
    words = re.sub(r"[^\w-]+", "_", path.resolve().name).strip("_").lower()
    return path, words or DEFAULT_TRADE, not path.is_dir() or not any(path.iterdir())


def _write(folder: Path, files: dict[Path, str]) -> None:
    there = [str(file) for file in files if file.exists() or file.is_symlink()]
    if there:
        known = f"{', '.join(there)} {'is' if len(there) == 1 else 'are'} there already"
        raise click.UsageError(f"{known}; name another folder or file, nothing was written")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            with file.open("x", encoding="utf-8", newline="") as opened:
                opened.write(text)
    except OSError as error:
        why = error.strerror or error
        at = error.filename or folder
        raise click.UsageError(f"{str(at)!r} cannot be written: {why}; check the folder and its permissions") from None


def _next(flow: str, scenario: str, checked: Sequence[str]) -> list[str]:
    """The commands to go on with."""
    commands = [
        ["lint", *checked],
        ["show", flow],
        ["call", flow],
        ["test", flow],
        ["simulate", scenario],
        ["serve", flow, "--desk"],
    ]
    return [shlex.join(["ivr", *command]) for command in commands]
