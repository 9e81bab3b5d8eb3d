"""Compiled code kept on disk is reused only while its inputs are unchanged."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from simulation.drawing import cached as drawing
from simulation.engines.kernel import cached, calls

KERNEL = Path(cached.__file__).parent
COMPILES = {"apart", "inline", "part"}


def decorators(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {name.id for function in functions for name in function.decorator_list if isinstance(name, ast.Name)}


def test_every_module_of_compiled_functions_counts() -> None:
    for room in (cached, drawing):
        compiled = {path.stem for path in Path(room.__file__).parent.glob("*.py") if decorators(path) & COMPILES}
        assert compiled == {module.__name__.rpartition(".")[2] for module in room.COMPILED}


def test_a_constant_taken_from_elsewhere_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    before = cached.fingerprint_of(KERNEL, cached.COMPILED)
    assert cached.fingerprint_of(KERNEL, cached.COMPILED) == before
    monkeypatch.setattr(calls, "OFFERED", calls.OFFERED - 1)  # of the call table
    assert cached.fingerprint_of(KERNEL, cached.COMPILED) != before
