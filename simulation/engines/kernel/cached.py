"""The compiled functions that Python calls, and how they are cached on disk.

Numba notices a change only in the file of the function that is called. To notice any other change too, the functions
here capture a fingerprint of the kernel's source text and of the constants it imports.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from simulation.engines.kernel import (
    agents,
    calls,
    chats,
    conference,
    cost_loops,
    due,
    event_heaps,
    floor,
    hands,
    linked_lists,
    loop,
    measure_loops,
    outbound,
    pauses,
    random_choice,
    record_loops,
    visit_order,
)
from simulation.engines.kernel.jit import kept
from simulation.engines.kernel.state import World

__all__ = [
    "COMPILED",
    "add_call_costs",
    "add_calls",
    "add_stretches",
    "add_times",
    "add_visits",
    "calls_are_sound",
    "fill_visits",
    "fingerprint_of",
    "order_of_visits",
    "run_on",
    "times_are_sound",
]

COMPILED = (
    agents,
    calls,
    chats,
    conference,
    cost_loops,
    due,
    event_heaps,
    floor,
    hands,
    linked_lists,
    loop,
    measure_loops,
    outbound,
    pauses,
    random_choice,
    record_loops,
    visit_order,
)
"""The modules that consist of compiled functions."""


def fingerprint_of(folder: Path, modules: Sequence[ModuleType]) -> int:
    """A number that changes with the source in a folder and with any constant compiled into its modules."""
    text = b"".join(path.read_bytes() for path in sorted(folder.glob("*.py")))
    numbers = [
        (module.__name__, name, value)
        for module in modules
        for name, value in sorted(vars(module).items())
        if isinstance(value, int | float | tuple)
    ]
    return int.from_bytes(blake2b(text + repr(numbers).encode(), digest_size=7).digest())


def _entries(fingerprint: int) -> tuple[Callable[..., Any], ...]:
    # Captured values are part of numba's cache key, and a value must be read to be captured.
    def run_on(w: World) -> int:
        fingerprint  # noqa: B018 - read to be captured
        return loop.run_on(w)

    def order_of_visits(w: World, rows: npt.NDArray[np.int64]) -> int:
        fingerprint  # noqa: B018 - read to be captured
        return visit_order.order_of_visits(w, rows)

    def add_calls(*arrays: Any) -> None:
        fingerprint  # noqa: B018 - read to be captured
        measure_loops.add_calls(*arrays)

    def add_visits(*arrays: Any) -> None:
        fingerprint  # noqa: B018 - read to be captured
        measure_loops.add_visits(*arrays)

    def add_times(*arrays: Any) -> None:
        fingerprint  # noqa: B018 - read to be captured
        measure_loops.add_times(*arrays)

    def add_call_costs(*arrays: Any) -> None:
        fingerprint  # noqa: B018 - read to be captured
        cost_loops.add_call_costs(*arrays)

    def add_stretches(*arrays: Any) -> None:
        fingerprint  # noqa: B018 - read to be captured
        cost_loops.add_stretches(*arrays)

    def fill_visits(*arrays: Any) -> bool:
        fingerprint  # noqa: B018 - read to be captured
        return record_loops.fill_visits(*arrays)

    def calls_are_sound(*arrays: Any) -> bool:
        fingerprint  # noqa: B018 - read to be captured
        return record_loops.calls_are_sound(*arrays)

    def times_are_sound(*arrays: Any) -> bool:
        fingerprint  # noqa: B018 - read to be captured
        return record_loops.times_are_sound(*arrays)

    entries: tuple[Callable[..., Any], ...] = (
        run_on,
        order_of_visits,
        add_calls,
        add_visits,
        add_times,
        add_call_costs,
        add_stretches,
        fill_visits,
        calls_are_sound,
        times_are_sound,
    )
    return tuple(kept(entry) for entry in entries)


(
    run_on,
    order_of_visits,
    add_calls,
    add_visits,
    add_times,
    add_call_costs,
    add_stretches,
    fill_visits,
    calls_are_sound,
    times_are_sound,
) = _entries(fingerprint_of(Path(__file__).parent, COMPILED))
