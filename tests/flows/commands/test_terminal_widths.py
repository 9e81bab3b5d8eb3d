"""What `ivr show` and `ivr lint` print on terminals of any width: nothing runs off, no word is broken, every colour can
be read.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from flows.diagram.draw import draw
from flows.diagram.renderers import tree
from flows.display.console import render_text
from flows.model.load import load
from flows.source.finding import Finding
from tests.support.paths import ROOT

_CODE = re.compile(r"\x1b\[[0-9;]*m")
LABEL = "billing and everything that has to do with what you owe us or what we owe you this month"
LONG = f"""ivr: 1
name: A line with faults
start: main
nodes:
  main:
    type: menu
    choices:
      - {{key: 1, label: {LABEL}, next: biling_department}}
      - {{key: 2, label: hours, next: bye}}
  bye: {{type: hangup}}
"""


def printed(columns: int, *arguments: str, cwd: Path = ROOT, **environ: str) -> list[str]:
    """What a command prints on a terminal so wide."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    settings = (
        {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
        | {"TERM": "xterm-256color"}
        | environ
    )
    settings["PYTHONPATH"] = str(ROOT)
    process = subprocess.Popen(
        [sys.executable, "-m", "ivr", *arguments],
        cwd=cwd,
        env=settings,
        stdout=theirs,
        stderr=theirs,
        stdin=subprocess.DEVNULL,
    )
    os.close(theirs)
    said = b""
    try:
        while chunk := os.read(ours, 65_536):
            said += chunk
    except OSError:  # the other side is closed
        pass
    os.close(ours)
    process.wait(timeout=60)
    return said.decode().replace("\r\n", "\n").splitlines()


def plain(lines: list[str]) -> list[str]:
    return [_CODE.sub("", line) for line in lines]


@pytest.mark.parametrize("columns", [80, 100, 200])
def test_show_uses_the_width_there_is(columns: int) -> None:
    lines = plain(printed(columns, "show", "northwind"))
    assert max(map(len, lines)) <= columns
    row = next(line for line in lines if "7* account_is_business" in line)
    assert ("account_is_business → return" in row) == (
        columns == 200
    )  # names, figures and what callers are offered all have room
    assert any("offered as" in line for line in lines) == (columns >= 100)


def test_two_hundred_columns_cut_nothing_that_callers_are_offered() -> None:
    text = draw(load("northwind").flow, width=200)
    assert "…" not in text
    assert "a question about a charge / more time to pay\n" in text


def test_columns_counts_first() -> None:
    assert max(map(len, plain(printed(200, "show", "northwind", COLUMNS="80")))) <= 80


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_lint_breaks_no_word(columns: int, tmp_path: Path) -> None:
    (tmp_path / "line.yaml").write_text(LONG)
    lines = plain(printed(columns, "lint", "line.yaml", cwd=tmp_path))
    assert max(map(len, lines)) <= columns
    piped = subprocess.run(
        [sys.executable, "-m", "ivr", "lint", "line.yaml"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    sentences = [line for line in piped.stdout.splitlines() if not re.match(r" +\d* ?\|", line)]
    on_terminal = [line for line in lines if not re.match(r" +\d* ?\|", line)]
    assert any(len(line) > 80 for line in sentences)  # in a pipe a sentence is one line
    assert " ".join(" ".join(on_terminal).split()) == " ".join(
        " ".join(sentences).split()
    )  # the same words, none in two


def test_the_caret_stays_under_a_word_of_a_long_line() -> None:
    line = "x" * 40 + " " + "say: " + "y" * 60 + " next: by"
    finding = Finding(
        code="S002",
        severity="error",
        message="there is no node 'by'",
        file="a.yaml",
        line=1,
        column=line.index("by") + 1,
    )
    for width in (40, 60, 80, 0):
        *_, shown, caret = render_text([finding], sources={"a.yaml": line}, width=width).splitlines()
        assert width == 0 or len(shown) <= width
        assert shown[caret.index("^") :].startswith("by")
        assert caret.count("^") == 2
    word = Finding(code="S002", severity="error", message="too long", file="a.yaml", line=1, column=1)
    assert len(render_text([word], sources={"a.yaml": "z" * 300 + " " + "w" * 50}, width=80).splitlines()[1]) <= 80


# xterm's 256 colours: 16 + 36 r + 6 g + b, each of six steps; https://invisible-island.net/xterm/xterm.faq.html
_STEPS = (0, 95, 135, 175, 215, 255)


def luminance(rgb: tuple[int, int, int]) -> float:
    """Relative luminance, WCAG 2.2."""
    linear = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_every_colour_of_the_tree_can_be_read_on_dark_and_on_light() -> None:
    """At least 4 : 1 on black and on white, and 3 : 1 on the backgrounds of a usual dark and a usual light theme."""
    codes = {code for code in (*tree._COLOURS.values(), tree._KEY, tree._BAD, tree._GOOD) if code not in ("", "2")}
    for code in codes:
        number = int(re.fullmatch(r"38;5;(\d+)(?:;1)?", code)[1]) - 16  # type: ignore[index]
        rgb = _STEPS[number // 36], _STEPS[number // 6 % 6], _STEPS[number % 6]
        for background, least in (
            ((0, 0, 0), 4.0),
            ((255, 255, 255), 4.0),
            ((30, 30, 30), 3.0),
            ((253, 246, 227), 3.0),
        ):
            assert contrast(rgb, background) >= least, (code, background)


def test_no_colour_in_a_pipe_and_under_no_color() -> None:
    assert any("\x1b[" in line for line in printed(80, "show", "northwind"))
    assert not any("\x1b" in line for line in printed(80, "show", "northwind", NO_COLOR="1"))
    piped = subprocess.run(
        [sys.executable, "-m", "ivr", "show", "northwind"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "\x1b" not in piped.stdout


ERLANG = ("erlang", "a", "--arrivals", "360", "--aht", "5m", "--patience", "2m", "--agents", "32")


def test_a_table_goes_on_below_its_last_column() -> None:
    lines = printed(60, *ERLANG, "--color", "never", FORCE_COLOR="1")
    assert lines[5:9] == [
        "Wait at all      30.6 %  of callers find every agent busy",
        "Abandonment       5.8 %  of callers hang up",
        "Service level    85.5 %  handled within 20 s, of all who did",
        "                         not hang up by then",
    ]
    assert any("\x1b[1m" in line for line in printed(60, *ERLANG))


def test_progress_is_shown_on_a_terminal_unless_quiet() -> None:
    validate = ("validate", "--engine", "reference", "--only", "seconds")
    assert "validating" in "".join(printed(80, *validate))
    quiet = printed(80, *validate, "--quiet", NO_COLOR="1")
    assert "validating" not in "".join(quiet)
    assert not any("\x1b" in line for line in quiet)
    assert plain(quiet)[-1] == "10 targets of 1 model met."
