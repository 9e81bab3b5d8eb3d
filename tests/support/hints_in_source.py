"""Every hint in the source, as a pattern of its text: a part in braces matches anything."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from tests.support.paths import ROOT

__all__ = ["ROOT", "hints_in"]

_PLACES = {
    "Problem": 2,
    "problem": 1,
    "_wrong": 1,
    "_hopeless": 2,
    "_finding": -1,
    "not_as_written": 3,
    "refuse": 2,
    "placed": 2,
    "say": 2,
    "_no_such": 3,
    "usage_error": 2,
    "UsageError": 0,
}
"""Functions that take a hint, and in which argument; ``click.UsageError`` has it in its message, after a ``;``."""


@cache
def hints_in(module: str) -> tuple[str, ...]:
    """Patterns of the hints of a module, in the order of its lines.

    Parameters
    ----------
    module : str
        Path from the root of the repository.
    """
    tree = ast.parse((ROOT / module).read_text("utf-8"))
    given: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        for name, value in _assigned(node):
            given.setdefault(name, []).append(value)
    found = {}
    for node in ast.walk(tree):
        for expression in _given_as_hint(node):
            for text in _texts(expression, given, frozenset()):
                pattern = _pattern(text)
                found.setdefault(pattern.partition(r";\ ")[2] if _is_usage(node) else pattern, text.lineno)
    return tuple(
        sorted((pattern for pattern in found if re.search("[a-z]{3}", pattern)), key=lambda pattern: found[pattern])
    )


def _assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The values of names, and what functions that make hints return."""
    if isinstance(node, ast.FunctionDef):
        yield from (
            (f"{node.name}()", inner.value) for inner in ast.walk(node) if isinstance(inner, ast.Return) and inner.value
        )
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield target.id, node.value
            elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                yield from (
                    (name.id, value)
                    for name, value in zip(target.elts, node.value.elts, strict=True)
                    if isinstance(name, ast.Name)
                )


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _is_usage(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _called(node) == "UsageError"


def _given_as_hint(node: ast.AST) -> Iterator[ast.expr]:
    yield from (value for name, value in _assigned(node) if name == "hint")
    if isinstance(node, ast.Call):
        yield from (keyword.value for keyword in node.keywords if keyword.arg == "hint")
        name = _called(node)
        at = _PLACES.get(name)
        if at is not None and (at < len(node.args)):
            yield node.args[5 if name == "_finding" and len(node.args) > 5 else at]
    elif isinstance(node, ast.FunctionDef) and re.match(
        r"tuple\[str, str(, str)?\]", ast.unparse(node.returns) if node.returns else ""
    ):
        for inner in ast.walk(node):
            if isinstance(inner, ast.Return) and inner.value is not None:
                yield from (
                    made.elts[-1]
                    for made in ast.walk(inner.value)
                    if isinstance(made, ast.Tuple) and len(made.elts) > 1
                )


def _texts(node: ast.expr, given: dict[str, list[ast.expr]], seen: frozenset[str]) -> Iterator[ast.expr]:
    match node:
        case ast.IfExp():
            yield from (*_texts(node.body, given, seen), *_texts(node.orelse, given, seen))
        case ast.Name(id=name) | ast.Call(func=ast.Name(id=name)) if name not in seen:
            for value in given.get(name if isinstance(node, ast.Name) else f"{name}()", ()):
                yield from _texts(value, given, seen | {name})
        case ast.JoinedStr():
            yield node
        case ast.Constant() if isinstance(node.value, str):
            yield node


def _pattern(text: ast.expr) -> str:
    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
    return "".join(re.escape(part.value) if isinstance(part, ast.Constant) else ".*" for part in parts)
