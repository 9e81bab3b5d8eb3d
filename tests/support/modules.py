"""The modules of the product: their rooms, and what each imports."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.support.paths import ROOT

PACKAGES = ("flows", "ivr", "simulation", "webhooks")


def _modules() -> dict[str, Path]:
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = path
    return found


MODULES = _modules()
"""Every module of the four packages, by its dotted name."""


@dataclass(frozen=True)
class Import:
    """One import: by whom, of what, on which line, and when it runs."""

    by: str
    of: str
    line: int
    at_the_top: bool
    for_types_only: bool

    def __str__(self) -> str:
        return f"{self.by} imports {self.of} (line {self.line})"


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text("utf-8"))


def imports_in(path: Path, by: str) -> Iterator[Import]:
    """Every import of a file, including those inside functions and those only for type checkers.

    ``from a import b`` is an import of ``a.b`` where that is a module of ours, and else of ``a``.
    """

    def visit(node: ast.AST, *, top: bool, types: bool) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(by, alias.name, node.lineno, top, types)
        elif isinstance(node, ast.ImportFrom):
            assert node.module, f"{path}:{node.lineno} imports from a dot: write the whole name"
            assert not node.level, f"{path}:{node.lineno} imports from a dot: write the whole name"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield Import(by, inner if inner in MODULES else node.module, node.lineno, top, types)
        top = top and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        types = types or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))
        for child in ast.iter_child_nodes(node):
            yield from visit(child, top=top, types=types)

    return visit(tree_of(path), top=True, types=False)


@cache
def imports_of(module: str) -> tuple[Import, ...]:
    """Every import of a module."""
    return tuple(dict.fromkeys(imports_in(MODULES[module], module)))


def all_imports() -> Iterator[Import]:
    """Every import of every module."""
    for module in MODULES:
        yield from imports_of(module)


def library_imports() -> list[Import]:
    """Every import of a library."""
    known = {*PACKAGES, "ivr_flow_simulator", *sys.stdlib_module_names, "_typeshed"}
    return [one for one in all_imports() if package_of(one.of) not in known]


def package_of(module: str) -> str:
    """The first part of a dotted name."""
    return module.partition(".")[0]


def room_of(module: str) -> str:
    """A package or module directly inside one of the four packages, or one of the four itself: ``flows.speech``."""
    return ".".join(module.split(".")[:2])


def within(module: str, *places: str) -> bool:
    """Whether a module is one of these, or inside one."""
    return any(module == place or module.startswith(f"{place}.") for place in places)
