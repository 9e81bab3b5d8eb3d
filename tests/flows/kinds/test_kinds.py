"""What a file is, by what is in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.kinds import Sample, kind_of, kinds, needs
from flows.lint.checks import check_of
from flows.model.load import LIBRARY
from flows.source.top_names import top_names
from tests.support.paths import ROOT

FILES = {
    "baseline": [("known.json", '{"ivr-lint-baseline": 2, "findings": []}\n')],
    "catalogue": [("prompts.yaml", "ivr: 1\nprompts:\n  bye: Goodbye.\n")],
    "column_map": [("map.yaml", "# Which column holds what.\narrived: came\nqueue: line\n"), ("-", "arrived: came\n")],
    "flow": [
        ("clinic.yaml", "# ours\nivr: 1\nname: Clinic\nstart: bye\nnodes: {bye: {type: hangup}}\n"),
        ("clinic.json", '{"ivr": 1, "name": "Clinic", "start": "bye", "nodes": {"bye": {"type": "hangup"}}}'),
        ("forgot_the_version.yaml", "name: Clinic\nstart: bye\nnodes: {bye: {type: hangup}}\n"),
        ("broken.yaml", "ivr: 1\nname: 'It's late'\nnodes: [\n"),
        ("begun.yaml", "{ivr: 1, name: Clinic, nodes: {bye: {type: hangup, say: "),
        ("indented.yaml", "  ivr: 1\n  name: Clinic\n"),
        ("misspelt.yaml", "ivr: 1\nname: Clinic\nnods: {}\n"),
    ],
    "language": [("sw.yaml", "# Swahili\nivr: 1\nlanguage: sw\nlike: en\n")],
    "part": [("identify.yaml", "ivr: 1\npart: Identify\nstart: ask\nnodes: {ask: {type: hangup}}\n")],
    "plans": [
        ("callers.plans", ""),
        ("callers.txt", "# from ivr callers\n\n1,2,wait,0\n*\n"),
        ("callers", "1\r\n2,say:help\r\n"),
    ],
    "scenario": [
        ("monday.yaml", "name: Monday\nflow: clinic.yaml\nhorizon: 12h\narrivals: {}\n"),
        ("no_flow.yaml", "name: Monday\narrivals: {}\nintents: {}\n"),
        ("versioned.yaml", "ivr: 1\nflow: clinic.yaml\nintents: {}\ngroups: {}\n"),
    ],
    "script": [
        ("clinic.calls", ""),
        ("-", "# How calls should go.\n\nCALL: one\n  press 1\n"),
    ],
    "settings": [
        ("ivr.toml", ""),
        ("pyproject.toml", "[project]\nname = 'x'\n[tool.ivr.lint]\nquiet = true\n"),
    ],
    "agents": [
        ("agents.yaml", "agents: {ana: {name: Ana, skills: [sales], browser: true}}\n"),
        ("night.agents.yaml", "routing: longest_wait\ngroups: {desk: {skills: [sales]}}\nagents: {}\n"),
    ],
    "shifts": [
        ("shifts.yaml", "shifts:\n  day: {length: 8h}\n"),
        ("shifts.json", '{"description": "Ours.", "shifts": {"day": {"length": "8h"}}}'),
    ],
    "tasks": [
        ("clinic.tasks.yaml", "# Whom they want.\ntasks:\n  book: {want: A visit, ends: desk}\n"),
        ("tasks.json", '{"description": "Ours.", "tasks": {"book": {"want": "A visit", "ends": "desk"}}}'),
    ],
    "table": [("counts.csv", "calls\n12\n")],
    "translations": [("es.po", ""), ("-", 'msgid ""\nmsgstr ""\n')],
}
"""Files of each kind: as written by people, half finished, and without a name."""
OTHERS = [
    ("Taskfile.yml", "version: '3'\ntasks: {build: {cmds: [make]}}\n"),
    ("docker-compose.yaml", "services: {web: {image: nginx}}\n"),
    ("ci.yml", "name: CI\non: push\njobs: {test: {runs-on: ubuntu-latest, steps: []}}\n"),
    ("deployment.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {}\n"),
    ("promptfoo.yaml", "prompts: [a]\nproviders: [b]\ntests: []\n"),
    ("package.json", '{"name": "x", "scripts": {"start": "node ."}}'),
    ("flow.schema.json", '{"$schema": "x", "title": "Flow", "properties": {"ivr": {}, "nodes": {}}}'),
    ("list.yaml", "- ivr: 1\n- nodes: {}\n"),
    ("text.yaml", "just words\n"),
    ("empty.yaml", ""),
    ("pyproject.toml", "[project]\nname = 'ivr'\n"),
    ("deep.json", "[" * 100_000),
    ("numbers.txt", "12 apples\n3 pears\n"),
    ("notes.txt", "We call: you\n"),
]
"""Files that lie beside ours."""


@pytest.mark.parametrize(("kind", "file", "text"), [(kind, *one) for kind, files in FILES.items() for one in files])
def test_a_file_is_of_one_kind(kind: str, file: str, text: str) -> None:
    assert [one.name for one in kinds().values() if one.fits(Sample(file, text))] == [kind]


@pytest.mark.parametrize(("file", "text"), OTHERS)
def test_a_file_of_others_is_of_none(file: str, text: str) -> None:
    assert [one.name for one in kinds().values() if one.fits(Sample(file, text))] == []


def test_shipped_files_are_of_the_kind_that_their_names_say() -> None:
    ends = {
        ".calls": "script",
        ".scenario.yaml": "scenario",
        ".agents.yaml": "agents",
        ".tasks.yaml": "tasks",
        ".yaml": "flow",
        ".csv": "table",
    }
    paths = [path for path in sorted(LIBRARY.rglob("*")) if path.is_file()]
    for path in paths:
        wanted = next(kind for ending, kind in ends.items() if path.name.endswith(ending))
        sample = Sample(str(path), path.read_text("utf-8"))
        assert [one.name for one in kinds().values() if one.fits(sample)] == [wanted]
    assert (
        len(paths) == 4 + 5 + 4 + 1 + 1 + 1 + 4 * 5
    )  # flows, scenarios, scripts, an agents file, tasks, a table, and five templates of each


def test_every_kind_has_a_file_here_and_a_check_of_its_name() -> None:
    named = {path.stem for path in (ROOT / "flows" / "kinds").glob("[a-z]*.py")} - {"base"}
    assert set(kinds()) == set(FILES) == named
    for kind in kinds().values():
        assert check_of(kind).__module__ == f"flows.lint.checks.{kind.name}"


def test_what_a_file_needs_to_be_one_of_ours_depends_on_its_name() -> None:
    assert [part.partition(" has ")[0] for part in needs(Sample("a.yaml", "")).split("; ")] == [
        "an agents file",
        "a catalogue of prompts",
        "a column map",
        "a flow",
        "a language pack",
        "a part of a flow",
        "a scenario",
        "a file of shifts",
        "a file of tasks",
    ]
    assert needs(Sample("a", "")).count("; ") == len(kinds()) - 1


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("\ufeffivr: 1\r\nname: a\r\n", ("ivr", "name")),
        ("%YAML 1.2\n---\n# c\n'ivr': 1\n\"na me\" : x\nurl:x\n", ("ivr", "na me")),
        ("a: |\n  b: c\nd:\n- e: f\n", ("a", "d")),
        ("{a: {b: 1, c: [d, {e: 2}]}, f: [1], g}", ("a", "f", "g")),
        ("{\n\t'a': 1, b: x y, c", ("a", "b", "c")),  # broken off: c may be the beginning of a name
        ('{"a": 1, "a": 2}', ("a",)),
        ("[a, b]", ()),
        ("", ()),
    ],
)
def test_the_names_at_the_top_of_a_file(text: str, names: tuple[str, ...]) -> None:
    assert top_names(text) == names


def test_a_sample_knows_the_parts_of_its_name() -> None:
    sample = Sample("lines/a.b/Clinic.SCENARIO.YAML", "")
    assert (sample.folder, sample.name, sample.stem, sample.ending) == (
        "lines/a.b/",
        "Clinic.SCENARIO.YAML",
        "Clinic.SCENARIO",
        ".yaml",
    )
    assert (Sample(".hidden", "").ending, Sample("lines\\x.po", "").name) == ("", "x.po")


@pytest.mark.parametrize(
    ("file", "text", "about"),
    [
        ("a.yaml", "ivr: 1\nname: A line\nnodes: {}\n", "A line"),
        ("a.yaml", "ivr: 1\nname: A\ndescription: >\n  The main line.\n  More of it.\n", "The main line."),
        ("a.yaml", "ivr: 1\nname: 'It's\n", ""),
        ("a.yaml", "ivr: 1\npart: Who calls\nstart: a\n", "Who calls"),
        ("a.yaml", "ivr: 1\nprompts: {a: b, c: d}\n", "2 prompts to share."),
        ("a.yaml", "ivr: 1\nprompts: {a: 'b\n", ""),
        ("a.calls", "# How calls go. The rest.\ncall: a\ncall: b\n", "How calls go: 2 calls."),
        ("a.calls", "call: a\n", "1 call."),
        ("ivr.toml", "[lint]\n[simulate]\n[lint.severity]\n", "Settings of lint, simulate."),
        ("pyproject.toml", "[project]\n[tool.ivr.lint]\n[tool.ruff]\n", "Settings of lint."),
        ("es.po", 'msgid ""\nmsgstr ""\n"Language: es_US\\n"\n', "Texts in es-US."),
        ("es.po", "", ""),
        ("known.json", '{"ivr-lint-baseline": 2}', ""),
    ],
)
def test_a_file_says_what_it_is_about(file: str, text: str, about: str) -> None:
    kind = kind_of(Sample(file, text))
    assert kind is not None
    assert kind.about(Sample(file, text)) == about


def test_nothing_that_is_looked_at_needs_a_file(tmp_path: Path) -> None:
    assert kind_of(Sample(str(tmp_path / "gone.calls"), "")) is kinds()["script"]
