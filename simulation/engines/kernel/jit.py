"""How the functions of the kernel are compiled: into one loop, without forms that only Python would call; and how kept.

Numba keeps compiled code beside the source, or where that cannot be written in the user's cache folder.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from numba import njit

__all__ = ["apart", "inline", "kept"]

# Without counting of references: some sixty arrays would be counted at every call of a function. The functions make
# none.
_within = partial(njit, no_cpython_wrapper=True, no_cfunc_wrapper=True, error_model="numpy", _nrt=False)


def inline(function: Callable) -> Callable:
    """Compile what stands in the path of every call: the arrays it is given would cost more to pass than its work."""
    return _within(forceinline=True)(function)


def apart(function: Callable) -> Callable:
    """Compile what is rare, or too long to stand twice."""
    return _within()(function)


def kept(function: Callable) -> Callable:
    """Compile without the interpreter's lock, and keep it on disk where a folder can be written."""
    try:
        return njit(nogil=True, cache=True)(function)
    except RuntimeError:  # numba found no such folder
        return njit(nogil=True)(function)
