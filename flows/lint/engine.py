"""Runs the rules over a flow and locates each problem in the file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

from flows.analysis.traffic import Staffing, Traffic, with_shares
from flows.lint.context import Context
from flows.lint.loaded_rules import last_line_in
from flows.lint.problem import Problem
from flows.lint.profiles import PROFILES, Profile
from flows.lint.rule_codes import OWN_CODE, begins, letters_of
from flows.lint.rules import Rule, rules
from flows.lint.settings import NO_SETTINGS, Settings, settings_of
from flows.lint.suppressions import Suppression, suppressions
from flows.model.load import Loaded
from flows.source.document import Path, nearest
from flows.source.finding import Finding, Fix, Severity, usage_error

__all__ = ["chosen", "lint"]

_STALE = "N003"
"""Runs last, on the suppressions that hid nothing."""


def lint(
    loaded: Loaded,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    profile: str = "",
    settings: Settings = NO_SETTINGS,
    today: dt.date | None = None,
    staffing: Staffing | None = None,
    traffic: Traffic | None = None,
) -> tuple[Finding, ...]:
    """Return everything that the rules find in a flow, in file order.

    Parameters
    ----------
    loaded : Loaded
        A flow with its document, from `flows.model.load.load`.
    select : iterable of str
        Codes, or prefixes such as ``M`` or ``M1``, to run; all if empty.
    ignore : iterable of str
        Codes, or prefixes, to leave out.
    profile : str
        A name in `flows.lint.profiles.PROFILES`; default: the choice of the flow or its project, or ``default``.
    settings : Settings
        Settings of the project; those of the flow itself take precedence.
    today : date, optional
        For rules that depend on the date; without it they find nothing.
    staffing : Staffing, optional
        Who answers and how soon, from a scenario; without it, rules about agents find nothing.
    traffic : Traffic, optional
        What a scenario's callers choose; without it, the shares that the flow states are used.

    Returns
    -------
    tuple of Finding
        Sorted by file, line and column, without duplicates. A rule that crashes is itself a finding (L001).

    Raises
    ------
    UsageError
        If `select` or `ignore` matches no rule, or `profile` names no profile.

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> text = "{ivr: 1, name: L, start: hi, nodes: {hi: {type: play, say: Hi., next: by}, bye: {type: hangup}}}"
    >>> [(f.code, f.line, f.message) for f in lint(load_text(text))]
    [('S002', 1, "there is no node 'by'")]
    """
    document = loaded.document
    own, wrong = _own_settings(loaded)
    settings = settings.under(own)
    judged = _profile(profile or settings.profile)
    context = Context(
        with_shares(loaded.flow, traffic),
        document,
        loaded.missing_audio,
        {**judged.options, **settings.options},
        today=today,
        staffing=staffing,
        traffic=traffic,
    )
    running = [rule for rule in chosen(select=select, ignore=ignore) if _wanted(rule, judged.name, settings.ignore)]
    first = [rule for rule in running if rule.code != _STALE]
    shown = [finding for rule in first for finding in _run(rule, context)]
    for file, text in document.texts.items():  # any file of the flow may have suppressions
        comments, wrong_comments = suppressions(text, file)
        shown, stale = _suppressed(shown, comments, file, {rule.code for rule in running})
        shown += wrong_comments
        if stale:
            late = replace(context, stale_suppressions=stale)
            shown += [replace(f, file=file) for rule in running if rule.code == _STALE for f in _run(rule, late)]
    order = {file: i for i, file in enumerate(document.texts)}
    severity = {
        code: settings.severity.get(code) or judged.severity_of(code) for code in {finding.code for finding in shown}
    }
    told = [*loaded.notes, *(_weighed(finding, severity[finding.code]) for finding in shown), *wrong]
    once = {(f.code, f.file, f.line, f.column, f.message): f for f in reversed(told)}
    return tuple(
        sorted(once.values(), key=lambda f: (order.get(f.file, len(order)), f.line, f.column, f.code, f.message))
    )


def _own_settings(loaded: Loaded) -> tuple[Settings, tuple[Finding, ...]]:
    data = loaded.document.data.get("lint")
    if not data:
        return NO_SETTINGS, ()

    def placed(message: str, path: Path, hint: str) -> Finding:
        where = ("lint", *path)
        return loaded.document.finding("L003", message, where, hint=hint, of_key=path[0] in ("severity", "options"))

    return settings_of(data, placed)


def _profile(name: str) -> Profile:
    if not name:
        return PROFILES["default"]
    if name not in PROFILES:
        near = nearest(name, list(PROFILES))
        hint = f"did you mean {near}?" if near else f"profiles: {', '.join(PROFILES)}"
        raise usage_error("L002", f"there is no profile {name!r}", hint)
    return PROFILES[name]


def _wanted(rule: Rule, profile: str, ignore: tuple[str, ...]) -> bool:
    """Whether a rule runs: not ignored by the settings, and part of the profile."""
    return not any(begins(rule.code, part) for part in ignore) and rule.within(profile)


def _suppressed(
    found: list[Finding], comments: tuple[Suppression, ...], file: str, ran: set[str]
) -> tuple[list[Finding], tuple[tuple[int, int, str], ...]]:
    """The findings that a file's comments do not hide, and the comments that hide nothing."""
    if not comments:
        return found, ()
    hidden = {(comment.code, comment.hides_line) for comment in comments}
    shown = [f for f in found if f.file != file or (f.code, f.line) not in hidden]
    used = {(f.code, f.line) for f in found if f.file == file} & hidden
    return shown, tuple(
        (c.line, c.column, c.code) for c in comments if c.code in ran and (c.code, c.hides_line) not in used
    )


def _weighed(finding: Finding, severity: Severity | None) -> Finding:
    """The finding with this severity; None keeps its own."""
    return finding if severity is None or severity == finding.severity else replace(finding, severity=severity)


def chosen(*, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[Rule, ...]:
    """Return the rules to run.

    Raises
    ------
    UsageError
        If a code or prefix matches no rule.

    Examples
    --------
    >>> [rule.code for rule in chosen(select=["M00", "S001"], ignore=["M002"])]
    ['S001', 'M001', 'M003']
    """
    known = rules()
    select, ignore = ([part.strip().upper() for part in parts if part.strip()] for parts in (select, ignore))
    for part in (*select, *ignore):
        if not any(begins(code, part) for code in known):
            near = nearest(part, list(known))
            hint = f"did you mean {near}? " if near else ""
            message = f"no rule has the code {part!r}, or a code that begins with it"
            if len(letters_of(part)) > 1:  # of a rule from outside
                raise usage_error("L002", message, "name the folder of the rule with --rules, or install it")
            raise usage_error("L002", message, f"{hint}'ivr explain' lists all")
    return tuple(
        rule
        for code, rule in known.items()
        if rule.check
        and (not select or any(begins(code, part) for part in select))
        and not any(begins(code, part) for part in ignore)
    )


def _own_fix(context: Context, problem: Problem) -> Fix | None:
    """The fix, with its path in the file that it changes, which may be a part or a catalogue of the flow."""
    if problem.fix is None:
        return None
    file, path = context.document.origin(problem.fix.path)
    same = file is context.document.origin(problem.path)[0]
    return replace(problem.fix, path=path, file="" if same else file.file)


def _run(rule: Rule, context: Context) -> Iterator[Finding]:
    assert rule.check is not None
    found: list[Finding] = []
    try:
        for problem in rule.check(context):
            found.append(_placed(rule, context, problem))
    except (Exception, SystemExit) as error:  # a bug in one rule must not hide the findings of the others
        yield _failed(rule, context.document.file, error)
    yield from found


def _failed(rule: Rule, flow_file: str, error: BaseException) -> Finding:
    """The finding about a rule that failed: for a built-in rule at the flow, for another at its own line."""
    said = f"rule {rule.code} ({rule.name}) failed on"
    told = f"{type(error).__name__}: {error}".removesuffix(": ")
    whole = Finding(
        code="L001",
        severity="error",
        message=f"{said} this flow: {told}",
        file=flow_file,
        hint="the other rules ran; please report this with the flow file",
    )
    code = getattr(rule.check, "__code__", None)
    if not OWN_CODE.fullmatch(rule.code) or code is None:
        return whole
    line = last_line_in(error.__traceback__, code.co_filename) or code.co_firstlineno
    return replace(
        whole,
        message=f"{said} {flow_file}: {told}",
        file=code.co_filename,
        line=line,
        column=1,
        hint="correct the rule; the other rules ran",
    )


def _placed(rule: Rule, context: Context, problem: Problem) -> Finding:
    if not isinstance(problem, Problem):
        raise TypeError(f"it yields {problem!r}, which is not a Problem")
    path = problem.path
    document, local = context.document.origin(path)
    line, column = problem.at or document.place(local, of_key=problem.of_key)
    return Finding(
        code=rule.code,
        severity=problem.severity or rule.severity,
        message=problem.message,
        file=document.file,
        line=line,
        column=column,
        node=problem.node or (str(path[1]) if len(path) > 1 and path[0] == "nodes" else ""),
        hint=problem.hint,
        fix=_own_fix(context, problem),
        source=rule.source,
    )
