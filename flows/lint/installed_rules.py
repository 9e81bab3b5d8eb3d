"""Rules of installed distributions, found by their entry points in the group ``ivr.rules``.

Reading what every installed distribution offers takes longer than many a check of a flow, so their files are first
searched for the name of the group.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from flows.lint.loaded_rules import Candidate, InstalledRules, accepted, failure, rules_of
from flows.lint.rules.base import Rule
from flows.registry import members
from flows.source.finding import Finding

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["InstalledRules", "installed_rules"]

GROUP = "ivr.rules"
_NODES = "ivr.nodes"
_SECTIONS = (b"[ivr.rules]", b"[ivr.nodes]")
_REFUSED = "L010"


def installed_rules(known: Mapping[str, Rule]) -> InstalledRules:
    """The rules that installed distributions offer, and what is wrong with them.

    Parameters
    ----------
    known : mapping of code to Rule
        The built-in rules.
    """
    path = _search_path()
    if not _any_offered(path):
        return InstalledRules()
    points = _entry_points(path)
    candidates: list[Candidate] = []
    findings = [_refused(point) for point in points if point.group == _NODES]
    for point in (point for point in points if point.group == GROUP):
        try:
            candidates += _candidates(point.load(), _dist(point))
        except (Exception, SystemExit) as error:
            file = _raised_in(error, point)
            hint = f"correct or uninstall {_dist(point)}; its entry point is '{point.name} = {point.value}'"
            findings.append(failure(error, f"the rules of {_dist(point)}", file, hint))
    found = accepted(candidates, known)
    return InstalledRules(found.rules, (*findings, *found.findings))


def _search_path() -> list[str]:
    """Where distributions are installed; not where the user stands, which may be a folder that somebody else wrote."""
    here = Path.cwd()
    return [folder for folder in dict.fromkeys(sys.path) if folder and Path(folder).resolve() != here]


def _any_offered(path: Sequence[str]) -> bool:
    """Whether a distribution on the path names one of the groups of entry points."""
    for folder in path:
        for file in Path(folder).glob("*-info/entry_points.txt"):
            try:
                text = file.read_bytes()
            except OSError:
                continue
            if any(section in text for section in _SECTIONS):
                return True
    return False


def _entry_points(path: Sequence[str]) -> list[EntryPoint]:
    """The entry points of both groups, sorted; of a distribution that is installed twice, those found first."""
    from importlib.metadata import distributions

    found: dict[str, list[EntryPoint]] = {}
    for dist in distributions(path=list(path)):
        points = [point for point in dist.entry_points if point.group in (GROUP, _NODES)]
        if points:
            found.setdefault(dist.name, points)
    return [point for _, points in sorted(found.items()) for point in sorted(points, key=lambda point: point.name)]


def _candidates(offered: object, by: str) -> Iterator[Candidate]:
    """The rules of what an entry point names: a rule, several, a module with some, or a package of such modules."""
    if isinstance(offered, ModuleType):
        parts = members(offered).values() if hasattr(offered, "__path__") and rules_of(offered) is None else [offered]
        for module in parts:
            file = module.__file__ or ""
            text = Path(file).read_text("utf-8", "replace") if file else ""
            yield from (Candidate(rule, file, text, by) for rule in rules_of(module) or [None])
        return
    for rule in offered if isinstance(offered, Iterable) and not isinstance(offered, str) else [offered]:
        check = getattr(rule, "check", None)
        file = check.__code__.co_filename if inspect.isfunction(check) else ""
        yield Candidate(rule, file, Path(file).read_text("utf-8", "replace") if file else "", by)


def _raised_in(error: BaseException, point: EntryPoint) -> str:
    """The file of a distribution in which loading its rules failed; empty if it was not in one of its files."""
    if isinstance(error, SyntaxError):
        return error.filename or ""
    spec = find_spec(point.module.partition(".")[0])
    home = (spec and spec.origin) or ""
    home = str(Path(home).parent) if spec and spec.submodule_search_locations else home
    trace, file = error.__traceback__, ""
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        file, trace = name if home and name.startswith(home) else file, trace.tb_next
    return file


def _dist(point: EntryPoint) -> str:
    return point.dist.name if point.dist else "an unknown distribution"


def _refused(point: EntryPoint) -> Finding:
    return Finding(
        code=_REFUSED,
        severity="warning",
        message=f"{_dist(point)} offers a node type, {point.name!r}, which is not used: a flow has one meaning",
        hint=f"build it from the node types there are ('ivr explain {_REFUSED}'), or propose it for the project",
    )
