"""The documents show what really happens: their files are written, their commands run, and the output compared."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator
from importlib import util
from pathlib import Path

import pytest
import yaml

from flows.lint.engine import lint
from flows.model.load import load
from ivr.__main__ import main
from tests.support.documents import BLOCK, DOCUMENTS, NOT_RUN, commands_of, matches, played, run_here
from tests.support.paths import ROOT

_spec = util.spec_from_file_location("refresh", ROOT / "docs" / "refresh.py")
assert _spec is not None
assert _spec.loader is not None
refresh = util.module_from_spec(_spec)
sys.modules["refresh"] = refresh
_spec.loader.exec_module(refresh)
_KINDS = ("console", "yaml", "json", "toml", "nginx", "python", "text")
"""Languages of blocks. ``text`` is read only: a tree of folders, and the tables that other tests write and compare."""
_CHECKED_ELSEWHERE = {"nginx": "tests/journeys/test_faults_nginx.py", "python": "tests/webhooks/service/test_serve.py"}
"""Fragments that another test takes from the document and runs."""
_NAMED = re.compile(r"`((?:flows|ivr|simulation|webhooks|tests|docs|bench)(?:/[\w.*-]+)+/?)`")
_TEST = re.compile(r"`(test_\w+)`")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_commands_print_what_the_document_shows(path: Path, tmp_path: Path) -> None:
    for command in played(path.read_text("utf-8"), tmp_path):
        assert matches(command.shown, command.printed), (
            f"$ {command.command}\nshown:\n{command.shown}\nprinted:\n{command.printed}"
        )


def test_a_document_is_refreshed_with_as_much_as_it_shows(tmp_path: Path) -> None:
    text = """**`a.txt`**

```text
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


def blocks(kind: str) -> Iterator[tuple[Path, re.Match[str]]]:
    """The blocks of a language in all documents."""
    for path in DOCUMENTS:
        yield from ((path, block) for block in BLOCK.finditer(path.read_text("utf-8")) if block["kind"] == kind)


def test_every_block_has_a_language_and_is_checked() -> None:
    """A block is a file, which commands then use; or commands, which are played; or a fragment, which is read."""
    wrong = []
    for path in DOCUMENTS:
        text = path.read_text("utf-8")
        fences = text.count("\n```") - 2 * len(BLOCK.findall(text))
        wrong += [f"{path.name}: a block that does not end"] if fences else []
        for block in BLOCK.finditer(text):
            place = f"{path.name}: {(block['file'] or block['body'].splitlines()[0])[:60]}"
            if not block["file"] and block["kind"] not in _KINDS:
                wrong.append(f"{place}: {block['kind'] or 'no'} language")
            if block["kind"] != "console" and re.search(r"^(?:\$|ivr|make|python) ", block["body"], re.MULTILINE):
                wrong.append(f"{place}: commands outside a console block")
    assert wrong == []


def test_names_of_files_are_seen_when_a_document_is_rendered() -> None:
    """In a comment, or behind the language of a block, only an editor would show them: write **`NAME`** above it."""
    hidden = [
        f"{path.name}: {line}"
        for path in DOCUMENTS
        for line in path.read_text("utf-8").splitlines()
        if "<!--" in line or re.match(r"```\S+[ \t]+\S", line)
    ]
    assert hidden == []


def test_commands_that_are_only_shown_set_up_the_machine() -> None:
    shown = [
        (path.name, command)
        for path, block in blocks("console")
        for command, _, _ in commands_of(block["body"])
        if f"{command} ".startswith(NOT_RUN)
    ]
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for name, command in shown:
        word, target, *_ = command.split()
        assert word != "make" or re.search(rf"^{target}:", makefile, re.MULTILINE), f"{name}: no target {target}"
    assert {name for name, _ in shown} <= {"README.md", "CONTRIBUTING.md", "editors.md"}


def test_a_recipe_is_short_and_has_no_error_but_the_one_it_shows(tmp_path: Path) -> None:
    found = {}
    for path, block in blocks("yaml"):
        if path.name != "recipes.md" or not block["file"]:
            continue
        assert len(block["body"].splitlines()) <= 14, block["file"]
        if "nodes:" in block["body"]:
            file = tmp_path / block["file"]
            file.write_text(block["body"], "utf-8")
            loaded = load(file)
            found[block["file"]] = [each.code for each in lint(loaded) if each.severity == "error"]
    assert len(found) > 10
    assert {file: codes for file, codes in found.items() if codes} == {"tongues.yaml": ["P001"], "dead.yaml": ["S004"]}


def test_fragments_can_be_read() -> None:
    for path, block in blocks("yaml"):
        if block["file"]:  # a command reads it
            continue
        assert isinstance(yaml.safe_load(block["body"]), dict | list), f"{path.name}: {block['body'][:60]}"
    for _, block in blocks("json"):
        json.loads(block["body"])
    for _, block in blocks("toml"):
        tomllib.loads(block["body"])
    for kind, test in _CHECKED_ELSEWHERE.items():
        assert f"```{kind}" in (ROOT / test).read_text("utf-8")
        assert len([1 for path, block in blocks(kind) if not block["file"]]) == 1


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_files_and_tests_that_a_document_names_exist(path: Path) -> None:
    text = path.read_text("utf-8")
    names = {name for name in _NAMED.findall(text) if not re.search(r"NAME|FAMILY|CODE|xx", name)}
    assert [name for name in sorted(names) if not any(_found(name))] == []
    tests = {file.stem for file in (ROOT / "tests").rglob("test_*.py")}
    assert sorted({name for name in _TEST.findall(text) if name not in tests}) == []


def _found(name: str) -> Iterator[Path]:
    yield from ROOT.glob(name.rstrip("/"))
    yield from ROOT.glob(f"{name.rstrip('/')}.py")


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
    words = shlex.split(arguments[1])
    _, printed, _ = run_here(lambda: main(words), ROOT, {**os.environ, "COLUMNS": "80", "NO_COLOR": "1"})
    rows = [line for line in shown.splitlines() if line != "..."]
    assert len(rows) == 7
    assert [row for row in rows if row not in printed.splitlines()] == []


def test_the_picture_of_the_line_is_what_is_drawn_today(tmp_path: Path) -> None:
    drawn = tmp_path / "northwind.svg"
    assert main(["show", "northwind", "--format", "svg", "--output", str(drawn)]) == 0
    assert drawn.read_text("utf-8") == (ROOT / "docs" / "northwind.svg").read_text("utf-8")
