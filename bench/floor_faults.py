"""The whole minute of faults: 100 callers, 20 agents, and a dispatcher that is killed about every second.

``python -m bench.floor_faults [RUNS]`` plays it, each time on a new database, and says what happened; it fails when a
caller is lost, an agent has two calls, a telephone rings twice for one offer, or a record is wrong.
"""

from __future__ import annotations

import sys
import tempfile
import time
from importlib import util
from pathlib import Path

_STORY = Path(__file__).parent.parent / "tests" / "webhooks" / "dispatch" / "test_faults.py"


def main(runs: int) -> None:
    """Play the minute so many times."""
    spec = util.spec_from_file_location("test_faults", _STORY)
    assert spec is not None
    assert spec.loader is not None
    story = util.module_from_spec(spec)
    spec.loader.exec_module(story)
    for run in range(1, runs + 1):
        began_s = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            kills = story.killed_again_and_again(f"{folder}/calls.sqlite", agents=20, callers=100, seconds=60.0)
        print(f"run {run}: 100 callers, 20 agents, {kills} kills in a minute: nobody lost", end=" ")
        print(f"({time.perf_counter() - began_s:.0f} s)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
