"""Applies the fixes that findings carry until none is left, and refuses those that would break the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff

from flows.model.load import Loaded, load_text
from flows.source.finding import Finding, FlowError
from flows.source.yaml_fixes import edited

__all__ = ["Mended", "diff", "mendable", "mended"]

_ROUNDS = 50
"""A fix may uncover another; no flow needs nearly so many rounds."""


@dataclass(frozen=True)
class Mended:
    """A flow with its fixes applied, in every file that it is made of.

    Parameters
    ----------
    loaded : Loaded
        The flow as mended.
    applied : tuple of Finding
        What was mended, in the order of mending.
    refused : tuple of Finding
        L007 for each fix that was not made, where it was to be.
    """

    loaded: Loaded
    applied: tuple[Finding, ...]
    refused: tuple[Finding, ...]

    @property
    def text(self) -> str:
        """The whole of the flow's own file."""
        return self.loaded.document.text

    def mended_in(self, file: str) -> int:
        """How many findings were mended in a file."""
        return sum(_file_of(finding) == file for finding in self.applied)


def mendable(findings: Sequence[Finding], *, unsafe: bool) -> tuple[Finding, ...]:
    """The findings whose fixes would be applied."""
    return tuple(f for f in findings if f.fix and (f.fix.safe or unsafe))


def mended(loaded: Loaded, check: Callable[[Loaded], tuple[Finding, ...]], *, unsafe: bool) -> Mended:
    """A flow with every fix applied that `check` offers, again and again until nothing is left to mend.

    Parameters
    ----------
    loaded : Loaded
    check : callable
        The linter with its settings: what it finds in a flow.
    unsafe : bool
        True to apply the fixes as well that a designer should look at.

    Examples
    --------
    >>> from flows.lint.engine import lint
    >>> text = "{ivr: 1, name: L, start: a, nodes: {a: {type: play, say: Hi., next: by}, bye: {type: hangup}}}"
    >>> mended(load_text(text), lint, unsafe=True).text == text.replace("next: by}", "next: bye}")
    True
    """
    applied: list[Finding] = []
    refused: dict[object, Finding] = {}
    seen = {tuple(loaded.document.texts.items())}
    for _ in range(_ROUNDS):
        wanted = [f for f in mendable(check(loaded), unsafe=unsafe) if (_file_of(f), f.fix) not in refused]
        if not wanted:
            break
        batch, after = wanted, _applied(loaded, wanted)
        if after is None:  # one of them breaks the flow; alone it can be told which
            batch, after = wanted[:1], _applied(loaded, wanted[:1])
        if after is None or not after[1] or tuple(after[0].document.texts.items()) in seen:
            refused[_file_of(batch[0]), batch[0].fix] = _refusal(batch[0])
            continue
        loaded, done = after
        seen.add(tuple(loaded.document.texts.items()))
        applied += done
    return Mended(loaded, tuple(applied), tuple(refused.values()))


def _applied(loaded: Loaded, findings: Sequence[Finding]) -> tuple[Loaded, list[Finding]] | None:
    """The flow with the fixes that fit together; None when it is no flow any more."""
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
    """The file that the finding's fix changes."""
    return finding.fix.file or finding.file if finding.fix else finding.file


def _refusal(finding: Finding) -> Finding:
    message = f"the fix of {finding.code} was not made: it would break the flow, or change more than it says"
    return replace(
        finding,
        code="L007",
        severity="warning",
        message=message,
        hint=finding.hint or "mend it by hand",
        fix=None,
        source="",
    )


def diff(before: str, after: str, file: str) -> str:
    """The difference as a unified diff; empty when there is none.

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
