"""Runs the rules over a flow and puts their problems where they stand in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flows.context import Context
from flows.document import nearest
from flows.errors import Finding, UsageProblem
from flows.load import Loaded
from flows.rules import Problem, Rule, rules

__all__ = ["chosen", "lint"]


def lint(loaded: Loaded, *, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Everything the rules find in a flow, in the order of the file.

    Parameters
    ----------
    loaded : Loaded
        A flow with its document, from `flows.load.load`.
    select : iterable of str
        Codes, or beginnings of codes such as ``M`` or ``M1``, to run; all when empty.
    ignore : iterable of str
        Codes, or beginnings of codes, to leave out.

    Returns
    -------
    tuple of Finding
        By file, line and column; each once, however many nodes share the words it is about. A rule that fails is a finding (L001) itself.

    Raises
    ------
    UsageProblem
        When `select` or `ignore` name no rule.

    Examples
    --------
    >>> from flows.load import load_text
    >>> loaded = load_text("ivr: 1\\nname: Line\\nstart: hi\\nnodes:\\n  hi: {type: play, say: Hi., next: by}\\n  bye: {type: hangup}\\n")
    >>> [(f.code, f.line, f.message) for f in lint(loaded)]
    [('S002', 5, "there is no node 'by'")]
    """
    context = Context(loaded.flow, loaded.document, loaded.missing_audio)
    found = [f for rule in chosen(select=select, ignore=ignore) for f in _run(rule, context)]
    files = list(loaded.document.texts)
    once = {(f.code, f.file, f.line, f.column, f.message): f for f in reversed((*loaded.notes, *found))}
    return tuple(sorted(once.values(), key=lambda f: (files.index(f.file), f.line, f.column, f.code, f.message)))


def chosen(*, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[Rule, ...]:
    """The rules to run.

    Raises
    ------
    UsageProblem
        When a code or beginning matches no rule.

    Examples
    --------
    >>> [rule.code for rule in chosen(select=["M00", "S001"], ignore=["M002"])]
    ['S001', 'M001', 'M003']
    """
    known = rules()
    select, ignore = ([part.strip().upper() for part in parts if part.strip()] for parts in (select, ignore))
    for part in (*select, *ignore):
        if not any(code.startswith(part) for code in known):
            near = nearest(part, list(known))
            hint = f"did you mean {near}? " if near else ""
            message = f"no rule has the code {part!r} or one that begins so"
            raise UsageProblem(Finding(code="L002", severity="error", message=message, hint=f"{hint}'ivr explain' lists all"))
    return tuple(
        rule for code, rule in known.items()
        if rule.check and (not select or code.startswith(tuple(select))) and not (ignore and code.startswith(tuple(ignore)))
    )  # fmt: skip


def _run(rule: Rule, context: Context) -> Iterator[Finding]:
    assert rule.check is not None
    problems: list[Problem] = []
    try:
        problems.extend(rule.check(context))
    except Exception as error:  # a fault of ours must not hide what the other rules found
        message = f"rule {rule.code} ({rule.name}) failed on this flow: {type(error).__name__}: {error}"
        hint = "the other rules ran; please report this with the flow file"
        yield Finding(code="L001", severity="error", message=message, file=context.document.file, hint=hint)
    for problem in problems:
        path = problem.path
        line, column = context.document.place(path, of_key=problem.of_key)
        yield Finding(
            code=rule.code, severity=problem.severity or rule.severity, message=problem.message,
            file=context.document.origin(path)[0].file, line=line, column=column,
            node=problem.node or (str(path[1]) if len(path) > 1 and path[0] == "nodes" else ""),
            hint=problem.hint, fix=problem.fix, source=rule.source,
        )  # fmt: skip
