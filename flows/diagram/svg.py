"""Converts DOT to SVG with the ``graphviz-pure`` program, or with ``dot`` if only that is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from flows.source.finding import UsageError, usage_error

__all__ = ["to_svg"]

_FONTS = "Arial, Helvetica, 'Liberation Sans', sans-serif"
_LIMIT_S = 60.0


def to_svg(dot: str) -> str:
    """Convert DOT to SVG, adding fallback fonts and removing comments and titles.

    Raises
    ------
    UsageError
        U001 if neither program is installed, or the conversion fails.
    """
    program = _program()
    if program is None:
        raise _failed(
            "SVG needs graphviz-pure or dot, and neither is installed",
            "pip install graphviz-pure, or use --format mermaid",
        )
    try:
        done = subprocess.run(
            [program, "-Tsvg"], input=dot.encode(), capture_output=True, timeout=_LIMIT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _failed(f"{Path(program).name} could not draw: {error}", "use --format mermaid or dot") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no message"]
        raise _failed(f"{Path(program).name} failed: {said[-1]}", "use --format mermaid or dot")
    svg = done.stdout.decode("utf-8")
    svg = re.sub(r"<!--(?! Title).*?-->\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r'font-family="Arial[^"]*"', f'font-family="{_FONTS}"', svg)
    return re.sub(r"<title>.*?</title>\s*", "", svg)


def _program() -> str | None:
    """The program to run, preferring the one next to the running Python, as in a virtual environment."""
    beside = Path(sys.executable).with_name("graphviz-pure")
    return str(beside) if beside.exists() else shutil.which("graphviz-pure") or shutil.which("dot")


def _failed(message: str, hint: str) -> UsageError:
    return usage_error("U001", message, hint)
