"""Run the commands that the documents show, and update the output shown: ``python docs/refresh.py [DOCUMENT
...]``.

A block marked ``<!-- file: NAME -->`` is a file; in a ``console`` block a line that begins with ``$`` is a command, and
what follows is what it prints. ``...`` on its own line matches any lines. Check every figure that changes:
`tests/project/test_docs.py` only checks that it is shown.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["DOCUMENTS", "ROOT", "Shown", "matches", "played", "refreshed"]

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
_BLOCK = re.compile(
    r"(?:<!-- file: (?P<file>[\w.-]+) -->\n)?^```(?P<kind>[\w-]*)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE
)
_ANYTHING = re.compile(r"^ *\.\.\.\n", re.MULTILINE)
# Commands that wait for a person, need the network, or set up the machine; they are shown, not run.
_NOT_RUN = ("make", "git", "python3 -m venv", "sudo", "pip", "export", "curl", "gunicorn", "ivr serve", "open ")
_TIMEOUT_S = 300


@dataclass(frozen=True)
class Shown:
    """A command of a document.

    Parameters
    ----------
    command : str
    shown : str
        The output that the document shows.
    printed : str
        The actual output.
    begins : int
        Offset of `shown` in the document.
    """

    command: str
    shown: str
    printed: str
    begins: int


def matches(shown: str, printed: str) -> bool:
    """Whether the printed output matches the shown output.

    Examples
    --------
    >>> matches("a\\n...\\nd\\n", "a\\nb\\nc\\nd\\n"), matches("a\\nd\\n", "a\\nb\\n")
    (True, False)
    """
    if shown.strip() == "...":
        return True
    shown, printed = (re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE) for text in (shown, printed))
    pattern = r"(?:.*\n)*?".join(re.escape(part) for part in _ANYTHING.split(shown.rstrip() + "\n"))
    return re.fullmatch(pattern, printed.rstrip() + "\n") is not None


def played(text: str, folder: Path) -> Iterator[Shown]:
    """Run the commands of a document, one after the other, in a folder that gets its files.

    Parameters
    ----------
    text : str
        The document.
    folder : Path
        Empty.
    """
    tools, work = folder / "bin", folder / "work"
    tools.mkdir()
    work.mkdir()
    for name, module in (("ivr", "-m ivr "), ("python", "")):
        tool = tools / name
        tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" {module}"$@"\n', "utf-8")
        tool.chmod(0o755)
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("IVR_", "TWILIO_"))},
        "PATH": f"{tools}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "80",
        "NO_COLOR": "1",
    }
    for block in _BLOCK.finditer(text):
        if block["file"]:
            (work / block["file"]).write_text(block["body"], "utf-8")
        if block["kind"] != "console":
            continue
        code = 0
        for begins in (match.end() for match in re.finditer(r"^\$ ", block["body"], re.MULTILINE)):
            part = re.split(r"^\$ ", block["body"][begins:], maxsplit=1, flags=re.MULTILINE)[0]
            command, _, shown = part.partition("\n")
            while command.endswith("\\"):
                more, _, shown = shown.partition("\n")
                command = f"{command[:-1]} {more.strip().removeprefix('> ')}"
            if command.startswith(_NOT_RUN):
                continue
            done = subprocess.run(
                ["sh", "-c", command.replace("$?", str(code))],
                cwd=work,
                env=environment,
                capture_output=True,
                text=True,
                timeout=_TIMEOUT_S,
                stdin=subprocess.DEVNULL,
            )
            code = done.returncode
            yield Shown(
                command, shown, done.stdout + done.stderr, block.start("body") + begins + len(part) - len(shown)
            )


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
    parts = _ANYTHING.split(of.shown)
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
