"""The pure zone: what a flow is and what a call does, without files, clocks, chance or changing globals."""

from __future__ import annotations

import ast
import tomllib
from fnmatch import fnmatch

from tests.support.modules import MODULES, imports_of, package_of, tree_of, within
from tests.support.paths import ROOT

PURE = (
    "flows.registry",
    "flows.source",
    "flows.kinds",
    "flows.values",
    "flows.protocol",
    "flows.display",
    "flows.speech",
    "flows.entries",
    "flows.nodes",
    "flows.model",
    "flows.analysis",
    "flows.tasks",
    "flows.lint",
    "flows.diagram",
    "flows.map",
    "ivr.records",
    "ivr.routing",
    "ivr.dispatch",
    "ivr.answering",
    "ivr.interpreter",
    "ivr.difference",
)
AT_THE_EDGE = {
    "flows.source.atomic_write": "writes files",
    "flows.source.project_file": "looks for files",
    "flows.source.yaml_reader": "takes the path of a file",
    "flows.display.console": "writes to a terminal",
    "ivr.answering.beside": "looks for files",
    "flows.display.output": "writes files",
    "flows.display.watch": "runs the program and waits for changes of files",
    "flows.model.schema_with_names": "reads files",
    "flows.display.terminal": "asks the terminal and its environment",
    "flows.model.load": "reads files",
    "flows.model.number_lists": "reads files",
    "flows.model.translations": "reads and writes files",
    "flows.lint.baseline": "reads and writes files",
    "flows.lint.formats.sarif": "names files by their addresses",
    "flows.lint.folder_rules": "runs the files of folders",
    "flows.lint.installed_rules": "looks for distributions",
    "flows.lint.around": "looks for files",
    "flows.lint.check_flow": "tells files apart",
    "flows.lint.left_out": "reads .gitignore files",
    "flows.lint.read_target": "reads files",
    "flows.lint.targets": "looks for files",
    "flows.source.shipped": "looks for files",
    "flows.tasks.task_file": "reads files",
    "ivr.records.files": "reads and writes files",
}
"""Exceptions: impure code in the pure rooms, with the reason."""
FAMILIES = {
    "flows.kinds",
    "flows.entries",
    "flows.nodes",
    "flows.lint.rules",
    "flows.map.overlays",
    "flows.speech.entering",
    "flows.speech.languages",
    "flows.model.versions",
    "ivr.routing",
}
"""Packages that look themselves up in ``sys.modules`` to find their members."""

IMPURE_CALLS = {"open", "input", "print"}
IMPURE_METHODS = {"now", "today", "utcnow"}
IMPURE_MODULES = {
    "os",
    "sys",
    "io",
    "time",
    "random",
    "secrets",
    "socket",
    "subprocess",
    "urllib",
    "http",
    "requests",
    "tempfile",
    "shutil",
    "threading",
    "asyncio",
    "logging",
    "sqlite3",
    "pathlib",
}


def impure(module: str) -> list[str]:
    """The imports and calls of a module that a pure module must not have."""
    found = [
        str(one)
        for one in imports_of(module)
        if package_of(one.of) in IMPURE_MODULES and not one.for_types_only and (one.of, module) not in SELF
    ]
    for node in ast.walk(tree_of(MODULES[module])):
        if isinstance(node, ast.Global):
            found.append(f"{module} has a global that changes (line {node.lineno})")
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
            if called in (IMPURE_CALLS if isinstance(node.func, ast.Name) else IMPURE_METHODS):
                found.append(f"{module} calls {called} (line {node.lineno})")
    return found


SELF = {("sys", family) for family in FAMILIES}
ZONE = [module for module in MODULES if within(module, *PURE)]


def test_the_pure_zone_does_no_input_output_clock_or_chance() -> None:
    assert [found for module in ZONE if module not in AT_THE_EDGE for found in impure(module)] == []


def test_whoever_stands_at_the_edge_has_a_reason_to() -> None:
    assert [module for module in AT_THE_EDGE if module not in ZONE or not impure(module)] == []


def test_the_branches_that_make_coverage_counts_are_those_of_the_pure_zone() -> None:
    measured = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["coverage"]["run"]
    counted = {
        module
        for module, path in MODULES.items()
        if package_of(module) in measured["source"]
        and not any(fnmatch(str(path.relative_to(ROOT)), pattern) for pattern in measured["omit"])
    }
    assert counted ^ (set(ZONE) - set(AT_THE_EDGE)) == set()
