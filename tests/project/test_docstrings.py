"""Examples in docstrings run, and every public name has a docstring."""

from __future__ import annotations

import doctest
import inspect
from importlib import import_module

import pytest

from tests.support.modules import MODULES


@pytest.mark.parametrize("module", [m for m in MODULES if not m.endswith("__main__") and m != "webhooks.wsgi"])
def test_examples_run_and_public_names_are_explained(module: str) -> None:
    loaded = import_module(module)
    failed, _ = doctest.testmod(loaded, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0
    assert (loaded.__doc__ or "").strip(), "a module says what it is for"
    for name in getattr(loaded, "__all__", ()):
        value = getattr(loaded, name)
        if inspect.isfunction(value) or inspect.isclass(value):
            assert (value.__doc__ or "").strip(), f"{name} has no docstring"
