"""Run the commands that the documents show, and update the output shown: ``python docs/refresh.py [DOCUMENT
...]``.

`tests.support.documents` says what is a file, a command and an output. Check every figure that changes:
`tests/project/test_docs.py` only checks that it is shown.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.documents import ANYTHING, DOCUMENTS, Shown, matches, played  # noqa: E402 - from this checkout

__all__ = ["refreshed"]


def refreshed(text: str, folder: Path) -> tuple[str, tuple[str, ...]]:
    """The document with the current output of its commands, and the commands that show lines from the middle, which a
    person must update.
    """
    left = []
    for shown in reversed(tuple(played(text, folder))):
        if matches(shown.shown, shown.printed):
            continue
        now = _as_shown(shown)
        if now is None:
            left.append(shown.command)
            continue
        text = text[: shown.begins] + now + text[shown.begins + len(shown.shown) :]
    return text, tuple(reversed(left))


def _as_shown(of: Shown) -> str | None:
    """The part of the output to show, as much as was shown before; None where lines from the middle are shown."""
    parts = ANYTHING.split(of.shown)
    lines = [line.rstrip() + "\n" for line in of.printed.rstrip().splitlines()]
    after = "\n" * (len(of.shown) - len(of.shown.rstrip("\n")) - 1) if of.shown.endswith("\n\n") else ""
    if len(parts) == 1:
        return "".join(lines) + after
    if len(parts) > 2:
        return None
    first, last = (part.count("\n") for part in parts)
    return "".join([*lines[:first], "...\n", *(lines[-last:] if last else [])])


def _main() -> int:
    for path in [Path(name) for name in sys.argv[1:]] or DOCUMENTS:
        before = path.read_text("utf-8")
        with tempfile.TemporaryDirectory() as folder:
            after, left = refreshed(before, Path(folder))
        if after != before:
            path.write_text(after, "utf-8")
            print(f"wrote {path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}")
        for command in left:
            print(f"{path.name}: write by hand what this prints: {command}")
    return 0


if __name__ == "__main__":
    raise SystemExit(_main())
