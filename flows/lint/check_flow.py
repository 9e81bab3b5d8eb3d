"""Checks flows one after another, and fixes them in memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from flows.analysis.traffic import Facts, Traffic
from flows.display.console import sources_of
from flows.lint.folder_rules import rules_left_out
from flows.lint.project_settings import project_settings
from flows.model.flow import Flow
from flows.model.load import LIBRARY, Loaded, load
from flows.source.finding import Finding, IvrError, usage_error
from flows.speech import languages

__all__ = ["Change", "FlowChecker"]

Rules = Callable[..., tuple[Finding, ...]]
"""Runs the rules over a loaded flow: `flows.lint.engine.lint` with what the command line chooses."""


@dataclass(frozen=True)
class Change:
    """The changes that fixes make in a file.

    Parameters
    ----------
    file, before, after : str
    number : int
        How many findings are fixed.
    """

    file: str
    before: str
    after: str
    number: int


@dataclass
class FlowChecker:
    """Checks flows; findings in files they share are reported once and fixed once.

    Parameters
    ----------
    rules : callable
    fix, unsafe : bool
        Whether to apply fixes; with `unsafe`, also those that a designer should review.
    facts : callable or None
        Returns what a scenario says about a flow.
    options : sequence of str
        Options of ``ivr lint``, whose defaults a project may set beside the rules' settings.
    texts : mapping of file to text
        Used instead of what is in these files.
    rule_folders : sequence of str
        Folders whose rules run; one beside a flow that is not among them is told about.
    """

    rules: Rules
    fix: bool = False
    unsafe: bool = False
    facts: Callable[[Flow], Facts] | None = None
    options: Sequence[str] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    rule_folders: Sequence[str] = ()
    refused: list[Finding] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)
    flows: dict[str, Loaded] = field(default_factory=dict)
    """Those that were to be checked, by file."""
    traffic: dict[str, Traffic] = field(default_factory=dict)
    _known: dict[str, tuple[Loaded | None, tuple[Finding, ...]]] = field(default_factory=dict)

    def check(self, file: str, text: str | None = None) -> tuple[Finding, ...]:
        """Check a flow, including the changes that fixes in earlier flows have made to its parts.

        Parameters
        ----------
        file : str
        text : str, optional
            Instead of that of the file.
        """
        loaded, found = self._checked(file, text, fix=self.fix)
        if loaded is not None:
            self.flows[loaded.document.file] = loaded
        return found

    def is_checked(self, file: str) -> bool:
        """Whether a flow was to be checked itself."""
        return any(os.path.realpath(one) == os.path.realpath(file) for one in self.flows)

    def look_at(self, file: str) -> tuple[Loaded | None, tuple[Finding, ...]]:
        """A flow that another file belongs to, and its findings; it is neither fixed nor reported by itself.

        The flow is None if it cannot be read.
        """
        return self._checked(file, None, fix=False)

    def _checked(self, file: str, text: str | None, *, fix: bool) -> tuple[Loaded | None, tuple[Finding, ...]]:
        at = os.path.realpath(file)
        if at not in self._known:
            self._known[at] = self._read_and_checked(file, text, fix=fix)
        return self._known[at]

    def _read_and_checked(self, file: str, text: str | None, *, fix: bool) -> tuple[Loaded | None, tuple[Finding, ...]]:
        texts = {**self.texts} | ({} if text is None else {file: text})
        texts |= {change.file: change.after for change in self.changes.values()}
        languages.forget()  # the packs of another line, checked before
        try:
            loaded = load(file, texts=texts)
        except IvrError as error:
            self.sources |= sources_of(error.findings)
            return None, error.findings
        settings, wrong = project_settings(loaded.document.file, options=self.options)
        known = self.facts(loaded.flow) if self.facts else Facts()
        found = [*wrong, *rules_left_out(loaded.document.file, self.rule_folders), *known.findings]
        self.sources |= sources_of(found)
        rules = partial(self.rules, settings=settings, staffing=known.staffing, traffic=known.traffic)
        if fix:
            loaded, refused = self._fixed(loaded, rules)
            found += refused
        found += rules(loaded)
        self.sources |= loaded.document.texts
        if known.traffic is not None:
            self.traffic[loaded.document.file] = known.traffic
        return loaded, tuple(found)

    def _fixed(self, loaded: Loaded, rules: Rules) -> tuple[Loaded, tuple[Finding, ...]]:
        from flows.lint.apply_fixes import apply_fixes

        _refuse_shipped(loaded.document.file)
        result = apply_fixes(loaded, rules, unsafe=self.unsafe)
        before = loaded.document.texts
        for name, after in result.loaded.document.texts.items():
            if after != before[name]:
                earlier = self.changes.get(name, Change(name, before[name], "", 0))
                number = earlier.number + result.fixed_in(name)
                self.changes[name] = replace(earlier, after=after, number=number)
        self.refused += result.refused
        return result.loaded, tuple(result.refused)


def _refuse_shipped(file: str) -> None:
    if file.startswith(str(LIBRARY)):
        hint = "copy it to a file of your own first"
        raise usage_error("U001", "a shipped flow cannot be changed", hint, file=file)
