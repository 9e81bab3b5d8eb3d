"""Philox4x64-10, compiled: the numbers of ``simulation.sampling.streams`` at any address. Salmon et al. (2011)."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from simulation.engines.kernel.jit import apart, inline

__all__ = ["philox", "philox_apart", "uniform"]

_M0, _M1 = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_W0, _W1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
_ROUNDS = 10
_DROP, _STEP = np.uint64(11), 2.0**-53


def _multiply_wide(typing: Any, a: Any, b: Any) -> tuple[Any, Any]:
    """The upper and the lower 64 bits of a product, which processors compute in one instruction and Python types
    cannot hold.
    """
    pair: Any = cast("Any", types).UniTuple(types.uint64, 2)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        wide, narrow = ir.IntType(128), ir.IntType(64)
        product = builder.mul(builder.zext(args[0], wide), builder.zext(args[1], wide))
        high = builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), narrow)
        return context.make_tuple(builder, pair, (high, builder.trunc(product, narrow)))

    return pair(types.uint64, types.uint64), generate


_wide = cast("Any", intrinsic(_multiply_wide))


@inline
def philox(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """The four numbers of a key at a counter, whose fourth word is 0."""
    c3 = np.uint64(0)
    for _ in range(_ROUNDS):
        high0, low0 = _wide(_M0, c0)
        high1, low1 = _wide(_M1, c2)
        c0 = high1 ^ c1 ^ k0
        c1 = low1
        c2 = high0 ^ c3 ^ k1
        c3 = low0
        k0 = k0 + _W0
        k1 = k1 + _W1
    return c0, c1, c2, c3


@apart
def philox_apart(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """The same, for draws that few callers make: not compiled into each place."""
    return philox(c0, c1, c2, k0, k1)


@inline
def uniform(word: np.uint64) -> float:
    """The uniform of a number: its first 53 bits."""
    return (word >> _DROP) * _STEP
