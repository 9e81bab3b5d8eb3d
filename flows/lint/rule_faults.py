"""What is wrong with the page of a rule that comes from outside: its code, its name, its texts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.lint.problem import Option
from flows.lint.profiles import PROFILES
from flows.lint.rule_codes import OWN_CODE
from flows.lint.rules.base import Rule

__all__ = ["rule_faults"]

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_SEVERITIES = ("error", "warning", "info")
_LONGEST_SUMMARY = 38
_TEXTS = ("what", "why", "example", "better", "source", "options")


def rule_faults(rule: object) -> Iterator[tuple[str, str]]:
    """Message and hint of everything that is wrong with a rule; nothing if it can be used.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from flows.lint.rules import rules
    >>> [hint for _, hint in rule_faults(replace(rules()["S002"], code="ACME1"))]
    ['write e.g. ACME001']
    """
    if not isinstance(rule, Rule):
        yield f"{rule!r} is not a rule", "write RULE = Rule(...), with 'from flows import Rule'"
        return
    if not (isinstance(rule.code, str) and OWN_CODE.fullmatch(rule.code)):
        yield (
            f"{rule.code!r} is not a code for a rule of your own: three to eight capital letters and three digits",
            "write e.g. ACME001",
        )
    if not (isinstance(rule.name, str) and _NAME.fullmatch(rule.name)):
        yield f"{rule.name!r} is not a name for a rule: small letters, digits and hyphens", "write e.g. too-many-nodes"
    if rule.severity not in _SEVERITIES:
        yield f"{rule.severity!r} is not a severity", f"write one of {', '.join(_SEVERITIES)}"
    if not isinstance(rule.summary, str) or not 0 < len(rule.summary.strip()) <= _LONGEST_SUMMARY:
        yield (
            f"{rule.summary!r} is not a summary: 1 to {_LONGEST_SUMMARY} characters, so that 'ivr explain' can list it",
            "say what the rule finds in a few words",
        )
    for name in _TEXTS:
        if not isinstance(getattr(rule, name), str) or not getattr(rule, name).strip():
            yield f"{name!r} of the rule is empty or no text", "write the sentence that 'ivr explain' shows"
    if not (isinstance(rule.settings, tuple) and all(isinstance(option, Option) for option in rule.settings)):
        yield f"{rule.settings!r} is not a tuple of options", "write settings=(MOST,), with MOST = Option(...)"
    yield from _profile_faults(rule)
    if not callable(rule.check):
        yield "the rule has no check", "write check=check, a function that yields Problems"


def _profile_faults(rule: Rule) -> Iterator[tuple[str, str]]:
    for profile in rule.profiles:
        if profile not in PROFILES:
            yield f"{profile!r} is not a profile", f"write some of {', '.join(PROFILES)}, or leave 'profiles' out"
