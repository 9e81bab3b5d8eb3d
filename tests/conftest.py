"""What many tests need: the shipped flows, and this folder on the import path."""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ["IVR_TODAY"] = "2026-11-24"  # no test may depend on the day on which it runs; commands that are started see it too
sys.path.insert(0, str(Path(__file__).parent))

from flows.load import LIBRARY  # noqa: E402

NODE_FLOWS = tuple(sorted(str(path) for path in (Path(__file__).parent / "nodes").glob("*.yaml")))
"""One flow for each node type, with every exit."""
SHIPPED = tuple(sorted(path.stem for path in LIBRARY.glob("*.yaml") if not path.stem.endswith(".scenario")))
