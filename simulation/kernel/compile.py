"""How the functions of the kernel are compiled: into one loop, without forms that only Python would call."""

from __future__ import annotations

from numba import njit

__all__ = ["apart", "inline"]

inline = njit(forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, error_model="numpy", _nrt=False)
"""For what stands in the path of every call: the arrays it is given would cost more to pass than its work."""
apart = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, error_model="numpy", _nrt=False)
"""For what is rare."""
