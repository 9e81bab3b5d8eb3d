"""The blocks of documents, played as a reader would: files are written, commands run, services started.

A block under a line of its own with a file's name in bold (**`line.yaml`**) is that file. In a ``console`` block a line
that begins with ``$`` is a command, and what follows is what it prints; ``...`` on its own line matches any lines.
``export`` sets a variable for the commands after it. A service (`SERVICES`) runs until the document ends or another one
takes its port.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import runpy
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ivr.__main__ import main
from tests.support.document_services import SERVICES, DocumentServices
from tests.support.paths import ROOT

__all__ = ["ANYTHING", "BLOCK", "DOCUMENTS", "NOT_RUN", "Shown", "commands_of", "matches", "played", "run_here"]

DOCUMENTS = sorted(
    [*(ROOT / "docs").glob("*.md"), *(path for path in ROOT.glob("*.md") if path.name != "CHANGELOG.md")]
)
BLOCK = re.compile(
    r"(?:^\*\*`(?P<file>[\w./-]+)`\*\*\n\n)?^```(?P<kind>[\w-]*)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE
)
NOT_RUN = ("make ", "git clone ", "pip ", "pipx ", "uv ")
"""Commands that set up the machine, or the project with its tests: they are shown, not run."""
ANYTHING = re.compile(r"^ *\.\.\.\n", re.MULTILINE)
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_FOR_A_SHELL = re.compile(r"[|;&<>`*?~\\]")
_EXPORT = re.compile(r"export (\w+)=(\S*)$")
_TIMEOUT_S = 300
_TOOLS = {"ivr": "-m ivr ", "python": "", "gunicorn": "-m gunicorn ", "flask": "-m flask "}


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
    pattern = r"(?:.*\n)*?".join(re.escape(part) for part in ANYTHING.split(shown.rstrip() + "\n"))
    return re.fullmatch(pattern, printed.rstrip() + "\n") is not None


def commands_of(body: str) -> Iterator[tuple[str, str, int]]:
    """Each command of a ``console`` block, the output it shows, and the offset of that output in the block.

    Examples
    --------
    >>> list(commands_of("$ cat a \\\\\\n> b\\none\\n$ ls\\n"))
    [('cat a b', 'one\\n', 12), ('ls', '', 21)]
    """
    for begins in (match.end() for match in re.finditer(r"^\$ ", body, re.MULTILINE)):
        part = re.split(r"^\$ ", body[begins:], maxsplit=1, flags=re.MULTILINE)[0]
        command, _, shown = part.partition("\n")
        while command.endswith("\\"):
            more, _, shown = shown.partition("\n")
            command = f"{command[:-1].rstrip()} {more.strip().removeprefix('> ')}"
        yield command, shown, begins + len(part) - len(shown)


def played(text: str, folder: Path) -> Iterator[Shown]:
    """Play a document in a folder that gets its files.

    Parameters
    ----------
    text : str
        The document.
    folder : Path
        Empty.
    """
    work, environment = folder / "work", _environment(folder / "bin")
    work.mkdir()
    with DocumentServices(work, environment) as services:
        for block in BLOCK.finditer(text):
            if block["file"]:
                file = work / block["file"]
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(block["body"], "utf-8")
            if block["kind"] != "console":
                continue
            code = 0
            for command, shown, begins in commands_of(block["body"]):
                if f"{command} ".startswith(NOT_RUN):
                    continue
                if export := _EXPORT.match(command):
                    environment[export[1]] = services.real(export[2])
                    continue
                at = block.start("body") + begins
                if command.startswith(SERVICES):
                    yield Shown(command, shown, services.start(command, lambda said, of=shown: matches(of, said)), at)
                    continue
                code, printed = _run(services.real(command.replace("$?", str(code))), work, environment)
                yield Shown(command, shown, services.documented(printed), at)


def _run(command: str, work: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    """The exit code of a command, and what it prints."""
    ours, _, file = command.partition(" > ")
    if _FOR_A_SHELL.search(_QUOTED.sub("", ours + file)) or "$" in command:
        return _run_in_a_shell(command, work, environment)
    word, *arguments = shlex.split(ours)
    if word == "ivr":
        code, out, err = run_here(lambda: main(arguments), work, environment)
    elif word == "python" and len(arguments) == 1:
        code, out, err = run_here(lambda: runpy.run_path(arguments[0], run_name="__main__") and 0, work, environment)
    else:
        return _run_in_a_shell(command, work, environment)
    if file:
        (work / file).write_text(out, "utf-8")
    return code, err if file else out + err


def _run_in_a_shell(command: str, work: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=work,
        env=environment,
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_S,
        stdin=subprocess.DEVNULL,
    )
    return done.returncode, done.stdout + done.stderr


def run_here(run: Callable[[], int], work: Path, environment: Mapping[str, str]) -> tuple[int, str, str]:
    """Exit code, output and messages of a program of ours, in this process: most of a process is its start.

    Parameters
    ----------
    run : callable
        Runs it, and returns its exit code.
    work : Path
        The folder it stands in.
    environment : mapping of str to str
        All its variables.
    """
    out, err, before, keyboard = io.StringIO(), io.StringIO(), dict(os.environ), sys.stdin
    os.environ.clear()
    os.environ.update(environment)
    sys.stdin = io.StringIO()
    try:
        with contextlib.chdir(work), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run()
    finally:
        sys.stdin = keyboard
        os.environ.clear()
        os.environ.update(before)
    return code, out.getvalue(), err.getvalue()


def _environment(tools: Path) -> dict[str, str]:
    """That of a terminal of 80 columns with nothing set, in which our commands are found."""
    tools.mkdir()
    for name, module in _TOOLS.items():
        tool = tools / name
        tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" {module}"$@"\n', "utf-8")
        tool.chmod(0o755)
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith(("IVR_", "TWILIO_"))},
        "PATH": f"{tools}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "80",
        "NO_COLOR": "1",
        **{f"GIT_{who}_{what}": "reader@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }
