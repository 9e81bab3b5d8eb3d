"""How the kernel's functions are compiled, and which of them are cached on disk.

Numba caches compiled code next to the source or, if that folder is not writable, in the user's cache folder.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

__all__ = ["apart", "inline", "kept", "part"]

F = TypeVar("F", bound=Callable[..., Any])
"""Numba's own type, Dispatcher, loses the signature of the compiled function."""

# No reference counting, which would touch some sixty arrays on every call: these functions create no arrays.
_WITHIN = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "error_model": "numpy", "_nrt": False}


def _compiled(function: F, **options: Any) -> F:
    return cast("F", njit(**options)(function))


def inline(function: F) -> F:
    """Compile a function into its callers: it runs for every call, and passing its arrays would cost more."""
    return _compiled(function, forceinline=True, **_WITHIN)


def apart(function: F) -> F:
    """Compile a function on its own: it runs rarely, or is too long to inline twice."""
    return _compiled(function, **_WITHIN)


def part(function: F) -> F:
    """Compile a function that runs once for many calls; it may create arrays."""
    return _compiled(function, nogil=True)


def kept(function: F) -> F:
    """Compile to run without the interpreter's lock, and cache the result on disk if a folder is writable."""
    try:
        return _compiled(function, nogil=True, cache=True)
    except RuntimeError:  # numba found no such folder
        return _compiled(function, nogil=True)
