"""``--rules``: the folders whose rules run, for the commands that know rules."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import click

from flows.source.finding import Finding

__all__ = ["OwnRules", "rules_option", "use_own_rules"]

F = TypeVar("F", bound=Callable[..., Any])
_ENVIRONMENT = "IVR_RULES"


@dataclass(frozen=True)
class OwnRules:
    """The rules from outside that a command uses.

    Parameters
    ----------
    findings : tuple of Finding
        What is wrong with them.
    folders : tuple of str
        Folders whose rules run.
    explained_with : mapping of str to str
        Code of a rule to the options with which ``ivr explain`` knows it.
    """

    findings: tuple[Finding, ...] = ()
    folders: tuple[str, ...] = ()
    explained_with: Mapping[str, str] = field(default_factory=dict)


def rules_option(command: F) -> F:
    """Run the rules of folders."""
    return click.option(
        "--rules",
        "rule_folders",
        metavar="FOLDER",
        multiple=True,
        type=click.Path(),
        envvar=_ENVIRONMENT,
        help=f"Also use the rules in FOLDER, programs that you trust; repeatable [env: {_ENVIRONMENT}].",
    )(command)


def use_own_rules(folders: tuple[str, ...]) -> OwnRules:
    """Load the rules of folders and of installed distributions, and use them until the command ends.

    Parameters
    ----------
    folders : tuple of str
        What ``--rules`` says.

    Raises
    ------
    UsageError
        If a folder does not exist.
    click.UsageError
        If a settings file names the folders: it comes with them, and must not say that they are to be trusted.
    """
    from flows.lint.folder_rules import folder_rules
    from flows.lint.rules import installed, rules, with_rules

    context = click.get_current_context()
    source = context.get_parameter_source("rule_folders")
    if source is click.core.ParameterSource.DEFAULT_MAP:
        raise click.UsageError(
            "'rules' cannot be set in a file of the project: rules are programs, and the file comes with them; take it"
            f" out there, and give --rules or {_ENVIRONMENT} where you trust them"
        )
    of_folders = folder_rules(folders, rules())
    context.with_resource(with_rules(of_folders.rules))
    named = source is click.core.ParameterSource.COMMANDLINE
    options = "".join(f" --rules {shlex.quote(folder)}" for folder in folders) if named else ""
    return OwnRules(
        (*installed().findings, *of_folders.findings), folders, {rule.code: options for rule in of_folders.rules}
    )
