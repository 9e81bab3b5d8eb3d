"""Tries a rule on a flow, for tests of rules that come from outside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from flows.lint.engine import lint
from flows.lint.rule_faults import rule_faults
from flows.lint.rules import with_rules
from flows.lint.rules.base import Rule
from flows.lint.settings import Settings
from flows.model.load import load_text
from flows.source.finding import Finding, IvrError

__all__ = ["try_rule"]


def try_rule(
    rule: Rule,
    flow: str,
    *,
    options: Mapping[str, float] | None = None,
    profile: str = "",
    today: dt.date | None = None,
) -> tuple[Finding, ...]:
    """Return what one rule of your own finds in a flow.

    Parameters
    ----------
    rule : Rule
    flow : str
        The text of a flow file.
    options : mapping of str to float, optional
        Options of the rule that are set, by name; the others keep their defaults.
    profile : str
    today : date, optional
        For a rule that depends on the date.

    Returns
    -------
    tuple of Finding
        The findings of this rule alone, in file order.

    Raises
    ------
    IvrError
        L008, if the rule lacks something (its code, name, page); L001, with the line, if its check raises an error.
    FlowError
        If the flow cannot be read.

    Examples
    --------
    >>> from flows import Problem
    >>> def check(context):
    ...     yield Problem(("name",), "no name is good enough", "think of another")
    >>> rule = Rule(code="ACME002", name="bad-name", severity="info", summary="a name", what="A name.", why="Taste.",
    ...     example="name: L", better="name: M", source="Our own", check=check)
    >>> found = try_rule(rule, "{ivr: 1, name: L, start: bye, nodes: {bye: {type: hangup}}}")
    >>> [(f.code, f.line, f.column, f.message) for f in found]
    [('ACME002', 1, 16, 'no name is good enough')]
    """
    faults = list(rule_faults(rule))
    if faults:
        raise IvrError([Finding(code="L008", severity="error", message=said, hint=hint) for said, hint in faults])
    set_options = {(rule.code, name): value for name, value in (options or {}).items()}
    with with_rules([rule]):
        found = lint(
            load_text(flow), select=[rule.code], profile=profile, settings=Settings(options=set_options), today=today
        )
    failed = [finding for finding in found if finding.code == "L001"]
    if failed:
        raise IvrError(failed)
    return tuple(finding for finding in found if finding.code == rule.code)
