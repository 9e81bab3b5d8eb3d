"""The documents show what really happens: their files are written, their commands run, and the output compared."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from importlib import util
from pathlib import Path

import pytest

from tests.support.paths import ROOT

_spec = util.spec_from_file_location("refresh", ROOT / "docs" / "refresh.py")
assert _spec is not None
assert _spec.loader is not None
refresh = util.module_from_spec(_spec)
sys.modules["refresh"] = refresh
_spec.loader.exec_module(refresh)
DOCUMENTS = refresh.DOCUMENTS


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_commands_print_what_the_document_shows(path: Path, tmp_path: Path) -> None:
    for command in refresh.played(path.read_text("utf-8"), tmp_path):
        assert refresh.matches(command.shown, command.printed), (
            f"$ {command.command}\nshown:\n{command.shown}\nprinted:\n{command.printed}"
        )


def test_a_document_is_refreshed_with_as_much_as_it_shows(tmp_path: Path) -> None:
    text = """<!-- file: a.txt -->
```
one
two
three
```

```console
$ cat a.txt
zero
...
$ tail -n 1 a.txt
four

$ head -n 2 a.txt
one
two
```
"""
    after, left = refresh.refreshed(text, tmp_path)
    assert (after, left) == (text.replace("zero\n", "one\n").replace("four\n", "three\n"), ())


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (path.parent / target).exists(), target


def test_the_comparison_itself_can_fail() -> None:
    assert refresh.matches("a\n...\nd\n", "a\nb\nc\nd\n")
    assert not refresh.matches("a\nd\n", "a\nb\n")


def test_the_table_of_the_demo_is_what_the_demo_prints() -> None:
    recipe = re.sub(r"\\\n\s*", "", (ROOT / "Makefile").read_text("utf-8"))
    arguments = re.search(r"\(call RUN,(compare northwind .*?) --report", recipe)
    assert arguments
    shown = (ROOT / "README.md").read_text("utf-8").split("$ make demo\n")[1].split("$ make test")[0]
    done = subprocess.run(
        [sys.executable, "-m", "ivr", *shlex.split(arguments[1])],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1"},
    )
    rows = [line for line in shown.splitlines() if line != "..."]
    assert len(rows) == 7
    assert [row for row in rows if row not in done.stdout.splitlines()] == []


def test_the_picture_of_the_line_is_what_is_drawn_today(tmp_path: Path) -> None:
    drawn = tmp_path / "northwind.svg"
    subprocess.run(
        [sys.executable, "-m", "ivr", "show", "northwind", "--format", "svg", "--output", str(drawn)],
        cwd=ROOT,
        check=True,
    )
    assert drawn.read_text("utf-8") == (ROOT / "docs" / "northwind.svg").read_text("utf-8")
