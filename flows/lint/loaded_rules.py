"""Rules from Python files and modules: what they define, checked, and where they are wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType, TracebackType

from flows.lint.rule_faults import rule_faults
from flows.lint.rules.base import Rule
from flows.source.finding import Finding

__all__ = ["Candidate", "InstalledRules", "accepted", "failure", "last_line_in", "rules_of"]

WRONG = "L008"
"""Code of a rule from outside that cannot be used."""


@dataclass(frozen=True)
class InstalledRules:
    """Rules from outside that can be used, and findings about those that cannot."""

    rules: tuple[Rule, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """Something that a file offers as a rule.

    Parameters
    ----------
    rule : object
    file, text : str
        Where it is defined; both may be empty.
    offered_by : str
        Who offers it, for a rule without a file.
    """

    rule: object
    file: str
    text: str = ""
    offered_by: str = ""

    @property
    def line(self) -> int:
        """The line of its code in the file, else that of ``RULE``, else the first; 0 without a file."""
        code = getattr(self.rule, "code", "")
        for pattern in (rf"""\bcode *= *["']{re.escape(str(code))}["']""", r"^RULES?\b"):
            if found := re.search(pattern, self.text, re.MULTILINE):
                return self.text.count("\n", 0, found.start()) + 1
        return int(bool(self.file))


def rules_of(module: ModuleType) -> Sequence[object] | None:
    """What a module offers: its ``RULE``, or the sequence ``RULES``; None if it has neither."""
    if hasattr(module, "RULE"):
        return [module.RULE]
    offered = getattr(module, "RULES", None)
    return list(offered) if isinstance(offered, Iterable) and not isinstance(offered, str) else None


def accepted(candidates: Iterable[Candidate], known: Mapping[str, Rule]) -> InstalledRules:
    """The candidates that are rules, with codes and names that no other rule has; a finding for each of the others.

    Parameters
    ----------
    candidates : iterable of Candidate
        The first of two with the same code counts.
    known : mapping of code to Rule
        The rules there are already.
    """
    taken = {name: "" for rule in known.values() for name in (rule.code, rule.name)}
    rules: list[Rule] = []
    findings: list[Finding] = []
    for candidate in candidates:
        rule, faults = candidate.rule, list(rule_faults(candidate.rule))
        if not faults and isinstance(rule, Rule):
            twice = next((name for name in (rule.code, rule.name) if name in taken), None)
            if twice is None:
                rules.append(rule)
                taken |= dict.fromkeys((rule.code, rule.name), f" in {candidate.file}:{candidate.line}")
                continue
            faults = [(f"{twice!r} is a rule already{taken[twice]}", "give this one a code and a name of its own")]
        who = "" if candidate.file else f"{candidate.offered_by}: "
        findings += [_wrong(f"{who}{message}", hint, candidate.file, candidate.line) for message, hint in faults]
    return InstalledRules(tuple(rules), tuple(findings))


def failure(error: BaseException, what: str, file: str, hint: str) -> Finding:
    """The finding for a file that raised an error when it was loaded, at the line where it did.

    Parameters
    ----------
    error : BaseException
    what : str
        What cannot be loaded, as the subject of a sentence.
    file : str
        The file, or empty if it is not known.
    hint : str
    """
    line = (error.lineno if isinstance(error, SyntaxError) else last_line_in(error.__traceback__, file)) or 1
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    told = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return _wrong(f"{what} cannot be loaded: {told}", hint, file, line if file else 0)


def last_line_in(trace: TracebackType | None, file: str) -> int:
    """The line of a file in which an error was raised or passed on last; 0 if it never was there."""
    line = 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _wrong(message: str, hint: str, file: str, line: int) -> Finding:
    column = int(bool(line))
    return Finding(code=WRONG, severity="error", message=message, file=file, line=line, column=column, hint=hint)
