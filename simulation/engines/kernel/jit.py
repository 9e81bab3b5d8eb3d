"""How the functions of the kernel are compiled, and which of them are kept on disk.

Numba keeps compiled code beside the source or, where that folder cannot be written, in the user's cache folder.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

__all__ = ["apart", "inline", "kept", "part"]

F = TypeVar("F", bound=Callable[..., Any])
"""Numba's own type, Dispatcher, does not say that what is compiled is called as the function is."""

# Without reference counts: some sixty arrays would be counted at every call. The functions make none.
_WITHIN = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "error_model": "numpy", "_nrt": False}


def _compiled(function: F, **options: Any) -> F:
    return cast("F", njit(**options)(function))


def inline(function: F) -> F:
    """Compile a function into its callers: it runs for every call, and passing its arrays would cost more."""
    return _compiled(function, forceinline=True, **_WITHIN)


def apart(function: F) -> F:
    """Compile a function on its own: it runs rarely, or is too long to stand in two places."""
    return _compiled(function, **_WITHIN)


def part(function: F) -> F:
    """Compile a function that runs once for many calls; it may create arrays."""
    return _compiled(function, nogil=True)


def kept(function: F) -> F:
    """Compile without the interpreter's lock, and keep the result on disk if a folder can be written."""
    try:
        return _compiled(function, nogil=True, cache=True)
    except RuntimeError:  # numba found no such folder
        return _compiled(function, nogil=True)
