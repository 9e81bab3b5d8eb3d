"""Rules in a folder of Python files, which run only when the folder is named.

A folder beside a flow may come from anybody: to lint a flow must not run code that nobody asked to run. So a folder
is named on the command line or in the environment, never by the flow or the settings of its project; what was left
out is a finding.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from flows.lint.loaded_rules import Candidate, InstalledRules, accepted, failure, rules_of
from flows.lint.rules.base import Rule
from flows.source.finding import Finding, usage_error

__all__ = ["FOLDER", "folder_rules", "rules_left_out"]

FOLDER = "rules"
"""The folder beside a flow in which its rules are expected."""
_LEFT_OUT = "L009"


def folder_rules(folders: Sequence[str], known: Mapping[str, Rule]) -> InstalledRules:
    """Run the files of folders, and return their rules and what is wrong with them.

    Parameters
    ----------
    folders : sequence of str
        Folders, or single files.
    known : mapping of code to Rule
        The rules there are already.

    Raises
    ------
    UsageError
        L008, if there is no such folder or file.
    """
    candidates: list[Candidate] = []
    findings: list[Finding] = []
    for folder in {str(Path(folder).resolve()): folder for folder in folders}.values():
        files = _files(folder)
        package = _package(files[0].parent) if files else ""
        for file in files:
            try:
                text = file.read_text("utf-8")
                offered = rules_of(_run(package, file, text))
            except (Exception, SystemExit) as error:
                findings.append(failure(error, "this rule", str(file), "correct the file; the other rules run"))
                continue
            candidates += [Candidate(rule, str(file), text) for rule in offered or ()]
            if offered is None:
                findings.append(_without_rule(file))
    found = accepted(candidates, known)
    return InstalledRules(found.rules, (*findings, *found.findings))


def rules_left_out(flow_file: str, allowed: Iterable[str]) -> tuple[Finding, ...]:
    """An info about the folder of rules beside a flow, if there is one that is not allowed, nor any of its files."""
    folder = Path(flow_file).parent / FOLDER
    if not folder.is_dir() or any(Path(one).resolve().is_relative_to(folder.resolve()) for one in allowed):
        return ()
    try:
        files = [file for file in _python_files(folder) if "RULE" in file.read_text("utf-8", "replace")]
    except OSError:
        return ()
    if not files:
        return ()
    return (_not_run(str(folder), "1 file of rules" if len(files) == 1 else f"{len(files)} files of rules"),)


def _not_run(folder: str, files: str) -> Finding:
    return Finding(
        code=_LEFT_OUT,
        severity="info",
        message=f"{files} beside the flow did not run: rules are programs, and run only if their folder is named",
        file=folder,
        hint=f"if you trust them, add --rules {shlex.quote(folder)}",
    )


def _files(folder: str) -> list[Path]:
    path = Path(folder)
    if path.is_dir():
        return _python_files(path)
    if path.is_file():
        return [path]
    raise usage_error("L008", f"--rules {folder!r} is not a folder", "name a folder of Python files, or one such file")


def _python_files(folder: Path) -> list[Path]:
    """The files of a folder that hold a rule each: none of those whose names say that others share them."""
    return sorted(file for file in folder.glob("*.py") if not file.name.startswith(("_", "base")) and file.is_file())


def _package(folder: Path) -> str:
    """The name of a new package of a folder, whose files can import what they share: ``from ._words import WORDS``."""
    package = f"ivr_rules_{sha256(str(folder.resolve()).encode()).hexdigest()[:12]}"
    for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
        del sys.modules[name]  # the files may have changed since
    spec = ModuleSpec(package, None, is_package=True)
    spec.submodule_search_locations = [str(folder)]
    sys.modules[package] = module_from_spec(spec)
    return package


def _run(package: str, file: Path, text: str) -> ModuleType:
    spec = spec_from_file_location(f"{package}.{file.stem}", file)
    assert spec is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    exec(compile(text, str(file), "exec"), module.__dict__)  # as --rules asks; leaves no compiled file behind
    return module


def _without_rule(file: Path) -> Finding:
    return Finding(
        code="L008",
        severity="error",
        message="there is no rule in this file",
        file=str(file),
        line=1,
        column=1,
        hint="write RULE = Rule(...), or begin the name of the file with _ if only other rules use it",
    )
