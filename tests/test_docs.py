"""What the documents show is what happens: their files are written, their commands run, their output compared."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
_BLOCK = re.compile(r"(?:<!-- file: (?P<file>[\w.-]+) -->\n)?^```(?P<kind>[\w-]*)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
# Commands that wait for somebody, need the network, or set the machine up; they are shown, not run.
NOT_RUN = ("make", "git", "python3 -m venv", "sudo", "pip", "export", "curl", "gunicorn", "ivr serve", "open ")


def blocks(path: Path) -> list[tuple[str | None, str, str]]:
    return [(m["file"], m["kind"], m["body"]) for m in _BLOCK.finditer(path.read_text("utf-8"))]


def matches(shown: str, printed: str) -> bool:
    """Whether what was printed is what is shown; ``...`` on a line of its own stands for any lines."""
    if shown.strip() == "...":
        return True
    shown, printed = (re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE) for text in (shown, printed))
    pattern = r"(?:.*\n)*?".join(re.escape(part) for part in re.split(r"^ *\.\.\.\n", shown.rstrip() + "\n", flags=re.MULTILINE))
    return re.fullmatch(pattern, printed.rstrip() + "\n") is not None


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_commands_print_what_the_document_shows(path: Path, tmp_path: Path) -> None:
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    ivr = bin_folder / "ivr"
    ivr.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ivr "$@"\n', "utf-8")
    ivr.chmod(0o755)
    work = tmp_path / "work"
    work.mkdir()
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("IVR_", "TWILIO_"))},
        "PATH": f"{bin_folder}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "COLUMNS": "80", "NO_COLOR": "1",
    }  # fmt: skip
    for file, kind, body in blocks(path):
        if file:
            (work / file).write_text(body, "utf-8")
        if kind != "console":
            continue
        code = 0
        for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            while command.endswith("\\"):
                more, _, shown = shown.partition("\n")
                command = f"{command[:-1]} {more.strip().removeprefix('> ')}"
            if command.startswith(NOT_RUN):
                continue
            done = subprocess.run(
                ["sh", "-c", command.replace("$?", str(code))], cwd=work, env=environment, capture_output=True, text=True,
                timeout=180, stdin=subprocess.DEVNULL,
            )  # fmt: skip
            code = done.returncode
            printed = done.stdout + done.stderr
            assert matches(shown, printed), f"$ {command}\nshown:\n{shown}\nprinted:\n{printed}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (path.parent / target).exists(), target


def test_the_comparison_itself_can_fail() -> None:
    assert matches("a\n...\nd\n", "a\nb\nc\nd\n")
    assert not matches("a\nd\n", "a\nb\n")


def test_the_table_of_the_demo_is_what_the_demo_prints() -> None:
    recipe = re.sub(r"\\\n\s*", "", (ROOT / "Makefile").read_text("utf-8"))
    arguments = re.search(r"\(call RUN,(compare northwind .*?) --report", recipe)
    assert arguments
    shown = (ROOT / "README.md").read_text("utf-8").split("$ make demo\n")[1].split("$ make test")[0]
    done = subprocess.run(
        [sys.executable, "-m", "ivr", *shlex.split(arguments[1])], cwd=ROOT, capture_output=True, text=True, timeout=180,
        env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1"},
    )  # fmt: skip
    rows = [line for line in shown.splitlines() if line != "..."]
    assert len(rows) == 7
    assert [row for row in rows if row not in done.stdout.splitlines()] == []


def test_the_picture_of_the_line_is_what_is_drawn_today(tmp_path: Path) -> None:
    drawn = tmp_path / "northwind.svg"
    subprocess.run([sys.executable, "-m", "ivr", "show", "northwind", "--format", "svg", "--output", str(drawn)], cwd=ROOT, check=True)
    assert drawn.read_text("utf-8") == (ROOT / "docs" / "northwind.svg").read_text("utf-8")
