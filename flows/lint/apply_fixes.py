"""Applies the fixes attached to findings, and refuses those that would break the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff

from flows.model.load import Loaded, load_text
from flows.source.finding import Finding, FlowError
from flows.source.yaml_fixes import edited

__all__ = ["Fixed", "apply_fixes", "diff", "fixable"]

_ROUNDS = 50
"""A fix may uncover another finding; no flow needs anywhere near this many rounds."""


@dataclass(frozen=True)
class Fixed:
    """A flow with fixes applied in all of its files.

    Parameters
    ----------
    loaded : Loaded
        The flow after the fixes.
    applied : tuple of Finding
        The findings whose fixes were applied, in order of application.
    refused : tuple of Finding
        An L007 for each fix that was not applied, at the place of the finding.
    """

    loaded: Loaded
    applied: tuple[Finding, ...]
    refused: tuple[Finding, ...]

    @property
    def text(self) -> str:
        """The flow's own file."""
        return self.loaded.document.text

    def fixed_in(self, file: str) -> int:
        """How many findings were fixed in a file."""
        return sum(_file_of(finding) == file for finding in self.applied)


def fixable(findings: Sequence[Finding], *, unsafe: bool) -> tuple[Finding, ...]:
    """The findings whose fixes would be applied."""
    return tuple(f for f in findings if f.fix and (f.fix.safe or unsafe))


def apply_fixes(loaded: Loaded, check: Callable[[Loaded], tuple[Finding, ...]], *, unsafe: bool) -> Fixed:
    """Apply every fix that `check` offers, and repeat until none is left.

    Parameters
    ----------
    loaded : Loaded
    check : callable
        Lints a flow with the settings of this run.
    unsafe : bool
        Whether to also apply fixes that a designer should review.

    Examples
    --------
    >>> from flows.lint.engine import lint
    >>> text = "{ivr: 1, name: L, start: a, nodes: {a: {type: play, say: Hi., next: by}, bye: {type: hangup}}}"
    >>> apply_fixes(load_text(text), lint, unsafe=True).text == text.replace("next: by}", "next: bye}")
    True
    """
    applied: list[Finding] = []
    refused: dict[object, Finding] = {}
    seen = {tuple(loaded.document.texts.items())}
    for _ in range(_ROUNDS):
        wanted = [f for f in fixable(check(loaded), unsafe=unsafe) if (_file_of(f), f.fix) not in refused]
        if not wanted:
            break
        batch, after = wanted, _applied(loaded, wanted)
        if after is None:  # one of them breaks the flow: apply the first alone to find out which
            batch, after = wanted[:1], _applied(loaded, wanted[:1])
        if after is None or not after[1] or tuple(after[0].document.texts.items()) in seen:
            refused[_file_of(batch[0]), batch[0].fix] = _refusal(batch[0])
            continue
        loaded, done = after
        seen.add(tuple(loaded.document.texts.items()))
        applied += done
    return Fixed(loaded, tuple(applied), tuple(refused.values()))


def _applied(loaded: Loaded, findings: Sequence[Finding]) -> tuple[Loaded, list[Finding]] | None:
    """The flow with the fixes that do not overlap applied; None if the result is not a flow."""
    texts = loaded.document.texts
    done: list[Finding] = []
    for file in dict.fromkeys(_file_of(finding) for finding in findings):
        of_file = [finding for finding in findings if _file_of(finding) == file]
        texts[file], fixes = edited(texts[file], list(dict.fromkeys(f.fix for f in of_file if f.fix)), file)
        done += [finding for finding in of_file if finding.fix in fixes]
    file = loaded.document.file
    try:
        return replace(load_text(texts[file], file, texts=texts), missing_audio=loaded.missing_audio), done
    except FlowError:
        return None


def _file_of(finding: Finding) -> str:
    """The file that a finding's fix changes."""
    return finding.fix.file or finding.file if finding.fix else finding.file


def _refusal(finding: Finding) -> Finding:
    message = f"the fix of {finding.code} was not applied: it would break the flow, or change something else"
    return replace(
        finding,
        code="L007",
        severity="warning",
        message=message,
        hint=finding.hint or "fix it by hand",
        fix=None,
        source="",
    )


def diff(before: str, after: str, file: str) -> str:
    """Return the difference as a unified diff; empty if there is none.

    Examples
    --------
    >>> print(diff("a: 1\\n", "a: 2\\n", "x.yaml"), end="")
    --- x.yaml
    +++ x.yaml
    @@ -1 +1 @@
    -a: 1
    +a: 2
    """
    out = []
    for line in unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), file, file):
        out.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(out)
