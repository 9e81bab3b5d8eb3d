"""How the functions of the kernel are compiled: into one loop, without forms that only Python would call; and how kept.

Numba keeps compiled code beside the source, or where that cannot be written in the user's cache folder.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, cast

from numba import njit

__all__ = ["apart", "inline", "kept", "part"]

F = TypeVar("F", bound=Callable[..., Any])
"""Numba's own type, Dispatcher, does not say that what is compiled is called as the function is."""

# Without counting of references: some sixty arrays would be counted at every call of a function. The functions make
# none.
_within = partial(njit, no_cpython_wrapper=True, no_cfunc_wrapper=True, error_model="numpy", _nrt=False)


def inline(function: F) -> F:
    """Compile what stands in the path of every call: the arrays it is given would cost more to pass than its work."""
    return cast("F", _within(forceinline=True)(function))


def apart(function: F) -> F:
    """Compile what is rare, or too long to stand twice."""
    return cast("F", _within()(function))


def part(function: F) -> F:
    """Compile what runs once for many calls: passing its arrays costs nothing then, and it may make some."""
    return cast("F", njit(nogil=True)(function))


def kept(function: F) -> F:
    """Compile without the interpreter's lock, and keep it on disk where a folder can be written."""
    try:
        return cast("F", njit(nogil=True, cache=True)(function))
    except RuntimeError:  # numba found no such folder
        return cast("F", njit(nogil=True)(function))
