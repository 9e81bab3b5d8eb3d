"""``ivr convert``: exports and imports translations, and migrates flows to the current version of the language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import click

from flows.completion import any_file, flow_names
from flows.display.console import findings_exit_code, guarded, report
from flows.display.output import write_output
from flows.display.terminal import note
from flows.source.counted import counted
from flows.source.finding import Finding

__all__ = ["convert"]


@click.command()
@click.argument("flow_file", metavar="FLOW", shell_complete=flow_names)
@click.option("--to", "to", type=click.Choice(["po"]), help="Write all texts for translators, as gettext PO.")
@click.option(
    "--from-po",
    metavar="FILE",
    shell_complete=any_file,
    help="Write the translations of a PO file into FLOW and the files it names.",
)
@click.option(
    "--migrate", is_flag=True, help="Rewrite FLOW and the files it names in the current version of the language."
)
@click.option("--language", default="", metavar="TAG", help="Language translated into, such as es-US.")
@click.option("--output", "-o", metavar="FILE", shell_complete=any_file, help="Where --to writes; default: the screen.")
@guarded
def convert(
    flow_file: str, to: str | None, from_po: str | None, migrate: bool, language: str, output: str | None
) -> int:
    """Take the texts of FLOW to translators and back, or FLOW to the current version; comments and order stay.

    \b
    Examples: ivr convert line.yaml --to po --language es-US --output es.po
              ivr convert line.yaml --from-po es.po --language es-US
              ivr convert line.yaml --migrate

    Exit code: 0 done, 1 with errors or warnings (what is sound is written all the same), 2 for wrong usage.
    """
    from flows.model import translations, versions
    from flows.model.load import load
    from flows.source.yaml_reader import read_text

    if sum((to is not None, from_po is not None, migrate)) != 1:
        raise click.UsageError("nothing to do, or too much; name one of --to po, --from-po FILE and --migrate")
    if output is not None and to is None:
        raise click.UsageError("--output goes with --to; the other two change the flow's own files")
    loaded = load(flow_file)
    if migrate:
        rewritten = versions.rewritten_files(loaded.document)
        changed = {file: text for file, text in rewritten.items() if text != loaded.document.texts[file]}
        return _rewrite(changed, (), f"version {versions.CURRENT} already")
    _check_translation(loaded.flow.languages, language)
    if from_po is not None:
        changed, findings = translations.taken_over(loaded, read_text(from_po), from_po, language)
        return _rewrite(changed, findings, "nothing new")
    text = translations.export(loaded, language)
    if output is None:
        click.echo(text.rstrip("\n"))
        return 0
    write_output(output, text)
    note(f"{output}: {counted(len(translations.texts(loaded, language)), 'text')}")
    return 0


def _check_translation(languages: Sequence[str], language: str) -> None:
    first, *others = languages
    if not language:
        raise click.UsageError(
            f"--language is missing; the flow speaks {', '.join(others)} besides {first}"
            if others
            else (
                f"--language is missing; list the language translated into in the flow's 'languages', after {first},"
                " and name it here"
            )
        )
    if language in others:
        return
    if language != first:
        meant = f"name one of {', '.join(others)}, or write" if others else "write"
        raise click.UsageError(
            f"--language {language!r} is not spoken here; {meant} 'languages: [{', '.join((*languages, language))}]' in"
            " the flow"
        )
    hint = (
        f"name another of the flow's languages: {', '.join(others)}"
        if others
        else "list another in the flow's 'languages' and name that"
    )
    raise click.UsageError(f"--language {language} is the language translated from; {hint}")


def _rewrite(changed: Mapping[str, str], findings: Sequence[Finding], otherwise: str) -> int:
    from flows.source.atomic_write import write_whole

    for file, text in changed.items():
        write_whole(file, text)
        note(f"{file}: rewritten")
    if findings:
        report(findings)
    if not changed:
        note(f"no file changed: {otherwise}")
    return findings_exit_code(findings)
