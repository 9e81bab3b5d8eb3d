"""One flow from several files: what it becomes, and every mistake at its own file, line and column."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from flows.lint.context import Context
from flows.lint.engine import lint
from flows.model.compose import MAX_PARTS
from flows.model.flow import Flow
from flows.model.load import load, load_text
from flows.nodes import node_types
from flows.source.finding import FlowError
from flows.values.scalars import TARGET_WORDS
from ivr.interpreter.chain import tabulate
from ivr.phone.call_script import read_scripts
from ivr.phone.flow_scripts import run
from tests.support.paths import DATA

CASES = DATA / "nodes"

LINE = """\
ivr: 1
name: Line
start: main
keys: {0: {next: desk, label: a person}}
parts:
  identify: {file: parts/identify.yaml, exits: {person: desk}}
catalogue: prompts.yaml
queues: {desk: {}}
nodes:
  main:
    type: menu
    intro: $welcome
    choices: [{key: 1, label: your balance, next: who}]
    otherwise: desk
  who: {type: subflow, start: identify, on: {failed: bye}, next: balance}
  balance: {type: play, say: Your balance is twelve dollars., serves: true, next: bye}
  desk: {type: queue, queue: desk, max_wait: 10m, while_waiting: {1: bye}, on: {answered: bye, timeout: bye}}
  bye: {type: hangup, say: $bye}
"""
IDENTIFY = """\
ivr: 1
part: Identify the caller
start: ask
exits: [person]
nodes:
  ask: {type: collect, say: Your account number?, into: account, digits: 6, otherwise: person, next: check}
  check: {type: split, value: account, cases: {"111111": return}, otherwise: sorry}
  sorry: {type: play, say: $sorry, next: return failed}
"""
PROMPTS = """\
ivr: 1
prompts:
  welcome: Welcome.
  bye: Good bye.
  sorry: That number is not known.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "line" / "parts").mkdir(parents=True)
    write(tmp_path / "line", LINE, IDENTIFY, PROMPTS)
    return tmp_path / "line"


def write(folder: Path, line: str = LINE, identify: str = IDENTIFY, prompts: str = PROMPTS) -> Path:
    (folder / "line.yaml").write_text(line, "utf-8")
    (folder / "parts" / "identify.yaml").write_text(identify, "utf-8")
    (folder / "prompts.yaml").write_text(prompts, "utf-8")
    return folder / "line.yaml"


def refused(file: Path) -> list[str]:
    with pytest.raises(FlowError) as error:
        load(file)
    return told(error.value.findings, file.parent)


def told(findings: tuple, folder: Path) -> list[str]:  # type: ignore[type-arg]
    return [f"{Path(f.file).relative_to(folder)}:{f.line}:{f.column} {f.code} {f.message} | {f.hint}" for f in findings]


def test_nodes_of_a_part_have_its_name_before_theirs(folder: Path) -> None:
    flow = load(folder / "line.yaml").flow
    assert list(flow.nodes) == [
        "main",
        "who",
        "balance",
        "desk",
        "bye",
        "identify/ask",
        "identify/check",
        "identify/sorry",
    ]
    assert [w.target for w in flow.nodes["who"].wires()] == ["identify/ask", "balance", "bye"]
    assert [w.target for w in flow.nodes["identify/ask"].wires()] == ["identify/check", "desk"]
    assert [w.target for w in flow.nodes["identify/check"].wires()] == ["return", "identify/sorry"]
    assert flow.nodes["bye"].say.text == {"": "Good bye."}
    assert (flow.parts, flow.catalogue, flow.prompts) == ({}, None, {})


def test_the_composed_line_is_clean_and_can_be_called_and_tabulated(folder: Path) -> None:
    loaded = load(folder / "line.yaml")
    assert [f.code for f in lint(loaded) if f.severity == "error"] == []
    assert {s.node for s in tabulate(loaded.flow).states} == set(loaded.flow.nodes)
    script = (
        "call: balance\n  press 1\n  press 111111\n  expect path main > who > identify/ask > identify/check > who >"
        " balance > bye\n"
    )
    script += 'call: wrong number\n  press 1\n  press 222222\n  hear "not known"\n  ends contained\n'
    assert [run(loaded.flow, s).findings for s in read_scripts(script, "x.calls")] == [(), ()]


def test_one_file_and_several_have_one_meaning(folder: Path) -> None:
    """The same flow written out in one document has the same digest."""
    composed = load(folder / "line.yaml").flow
    whole = Flow.model_validate(composed.model_dump(mode="json", by_alias=True, exclude_defaults=True))
    assert whole == composed
    assert whole.digest == composed.digest


@pytest.mark.parametrize(
    ("name", "was", "now"),
    [
        ("parts/identify.yaml", "digits: 6", "digits: 7"),
        ("prompts.yaml", "Good bye.", "Bye."),
        ("line.yaml", "10m", "9m"),
    ],
)
def test_the_digest_covers_every_file(folder: Path, name: str, was: str, now: str) -> None:
    before = load(folder / "line.yaml").flow.digest
    path = folder / name
    path.write_text(path.read_text("utf-8").replace(was, now), "utf-8")
    assert load(folder / "line.yaml").flow.digest != before


def test_a_part_may_be_used_twice_and_contain_parts(folder: Path) -> None:
    (folder / "parts" / "outer.yaml").write_text(
        "ivr: 1\npart: Outer\nstart: inner\nexits: [out]\nparts: {inner: {file: identify.yaml, exits: {person: out}}}\n"
        "nodes:\n  last: {type: subflow, start: inner, next: return}\n",
        "utf-8",
    )
    line = LINE.replace("catalogue:", "  again: {file: parts/outer.yaml, exits: {out: bye}}\ncatalogue:").replace(
        "next: balance}", "next: twice}"
    )
    line = line.replace("  balance:", "  twice: {type: subflow, start: again, next: balance}\n  balance:")
    flow = load(write(folder, line)).flow
    assert flow.nodes["twice"].start == "again/inner/ask"
    assert flow.nodes["again/inner/ask"].otherwise == "bye"
    assert flow.nodes["identify/ask"].otherwise == "desk"


NO_FIXTURE = {
    "callback": {"type": "callback", "on": {"booked": "b", "failed": "b"}, "otherwise": "b"},
    "lookup": {
        "type": "lookup",
        "url": "https://example.com/",
        "on": {"found": "b", "timeout": {"next": "b"}},
        "failure": "b",
    },
    "message": {"type": "message", "text": "Hi.", "on": {"failed": "b"}, "next": "b"},
    "survey": {"type": "survey", "questions": [{"kind": "csat"}], "next": "b"},
}


@pytest.mark.parametrize("name", node_types())
def test_every_target_of_every_node_type_is_meant_within_its_file(name: str) -> None:
    """A field that holds a target and is not of the type `Target` would lead out of the part."""
    own = {"ivr": "1", "name": "L", "start": "a", "nodes": {"a": NO_FIXTURE.get(name)}}
    data = own if name in NO_FIXTURE else load(CASES / f"{name}.yaml").document.data
    flow = Flow.model_validate(
        data, context={"scope": lambda target: target if target.partition(" ")[0] in TARGET_WORDS else f"x/{target}"}
    )
    for node in flow.nodes.values():
        for wire in node.wires():
            assert (
                wire.target is None or wire.target.startswith("x/") or wire.target.partition(" ")[0] in TARGET_WORDS
            ), (node.type, wire)


def test_lint_finds_what_is_wrong_in_a_part_where_it_stands(folder: Path) -> None:
    identify = IDENTIFY.replace("otherwise: person", "otherwise: sory")
    file = write(folder, identify=identify, prompts=PROMPTS + "  never: Not said.\n")
    assert told(tuple(f for f in lint(load(file)) if f.severity == "error"), folder) == [
        "parts/identify.yaml:6:88 S002 there is no node 'sory' | did you mean 'sorry'?",
    ]


def test_what_is_wrong_with_a_shared_prompt_is_said_once_in_the_catalogue(folder: Path) -> None:
    line = LINE.replace("keys:", "languages: [en-US, es-US]\nkeys:").replace(
        "say: Your balance is twelve dollars.", "say: $bye"
    )
    found = lint(
        load(write(folder, line, prompts=PROMPTS.replace("bye: Good bye.", "bye: {en-US: Good bye.}"))), select=["P001"]
    )
    assert [line for line in told(found, folder) if "prompts.yaml:4" in line] == [
        "prompts.yaml:4:8 P001 nothing is said here in es-US | add 'es-US: ...'",
    ]


def test_the_command_shows_the_line_of_the_part(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from ivr.__main__ import main

    monkeypatch.chdir(folder)
    write(folder, identify=IDENTIFY.replace("next: return failed", "next: nowhere"))
    assert main(["lint", "line.yaml", "--select", "S002"]) == 1
    assert capsys.readouterr().out.startswith(
        "parts/identify.yaml:8:42: error S002 there is no node 'nowhere'\n"
        "  8 |   sorry: {type: play, say: $sorry, next: nowhere}\n"
    )


MISTAKES = {
    "missing part": (
        ("parts/identify.yaml", "parts/identfy.yaml"),
        None,
        ["line.yaml:6:20 Y007 'parts/identfy.yaml': no such file | did you mean {folder}/parts/identify.yaml?"],
    ),
    "outside": (
        ("parts/identify.yaml", "../identify.yaml"),
        None,
        [
            "line.yaml:6:20 Y007 '../identify.yaml' lies outside the flow's folder | "
            "keep the files of a flow together, so that it can be copied and served as a whole"
        ],
    ),
    "absolute": (
        ("parts/identify.yaml", "/etc/passwd"),
        None,
        [
            "line.yaml:6:20 Y007 '/etc/passwd' lies outside the flow's folder | "
            "keep the files of a flow together, so that it can be copied and served as a whole"
        ],
    ),
    "missing catalogue": (
        ("prompts.yaml", "promts.yaml"),
        None,
        ["line.yaml:7:12 Y007 'promts.yaml': no such file | did you mean {folder}/prompts.yaml?"],
    ),
    "node of a part": (
        ("start: identify,", "start: identify/check,"),
        None,
        [
            "line.yaml:15:31 S002 'identify/check' is a node of the part 'identify', which has one way in | write"
            " identify"
        ],
    ),
    "exit not wired": (
        (", exits: {person: desk}", ""),
        None,
        [
            "line.yaml:6:13 S009 the part 'identify' leaves by 'person', and nothing says where that leads | "
            "write identify: {file: parts/identify.yaml, exits: {person: NODE}}"
        ],
    ),
    "unknown exit": (
        ("{person: desk}", "{person: desk, persn: desk}"),
        None,
        ["line.yaml:6:63 F001 the part 'identify' has no exit 'persn' | did you mean 'person'?"],
    ),
    "exit to nowhere": (
        ("{person: desk}", "{person: deks}"),
        None,
        ["line.yaml:6:57 S002 there is no node 'deks' | did you mean 'desk'?"],
    ),
    "node and part": (
        ("  who:", "  identify:"),
        None,
        ["line.yaml:6:3 S008 'identify' is the name of a node already | rename one of them"],
    ),
    "node and exit": (
        None,
        ("exits: [person]", "exits: [person, ask]"),
        [
            "parts/identify.yaml:4:17 S008 'ask' is the name of a node already | rename one of them",
            (
                "line.yaml:6:13 S009 the part 'identify' leaves by 'ask', and nothing says where that leads | "
                "write identify: {file: parts/identify.yaml, exits: {ask: NODE}}"
            ),
        ],
    ),
    "start of a part": (
        None,
        ("start: ask", "start: aks"),
        [
            "parts/identify.yaml:3:8 S001 the part begins with 'aks', which is not one of its nodes"
            " | did you mean 'ask'?"
        ],
    ),
    "flow for a part": (
        None,
        ("part: Identify", "name: Identify"),
        [
            "line.yaml:6:20 Y009 'parts/identify.yaml' is a flow of its own, not a part | "
            "a part begins with 'ivr: 1' and 'part: what it is for' instead of 'name:'"
        ],
    ),
    "key of a flow": (
        None,
        ("exits: [person]", "exits: [person]\nqueues: {}"),
        [
            "parts/identify.yaml:5:1 F001 unknown key 'queues' | "
            "allowed here: catalogue, description, exits, ivr, nodes, part, parts, prompts, start"
        ],
    ),
    "wrong value": (
        None,
        ("digits: 6", "digits: six"),
        ['parts/identify.yaml:6:74 F003 \'six\' is not a number of digits | write "6", or a range like "6-10"'],
    ),
    "not YAML": (
        None,
        ("part: Identify", "part: Identify: "),
        ["parts/identify.yaml:2:15 Y001 a second ': ' on one line | put the text in quotes"],
    ),
    "slash in a name": (
        ("  bye:", "  by/e:"),
        None,
        ["line.yaml:18:3 F003 'by/e' cannot name a node | use letters, digits and _ (not back, repeat, return)"],
    ),
    "unknown prompt": (
        ("say: $bye", "say: $bey"),
        None,
        ["line.yaml:18:28 F005 there is no shared prompt 'bey' | did you mean '$bye'?"],
    ),
    "prompt for a language": (
        ("say: $bye", "say: {en-US: $bye}"),
        None,
        ["line.yaml:18:28 F005 '$bye' stands for a whole prompt | write say: $bye, or $$bye for the text itself"],
    ),
    "prompt twice": (
        ("catalogue: prompts.yaml", "catalogue: prompts.yaml\nprompts: {bye: Bye.}"),
        None,
        ["prompts.yaml:4:3 S008 'bye' is a shared prompt already, in {folder}/line.yaml:8 | rename one or remove it"],
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_every_mistake_stands_in_its_own_file(folder: Path, name: str) -> None:
    line, part, expected = MISTAKES[name]
    file = write(folder, LINE.replace(*line, 1) if line else LINE, IDENTIFY.replace(*part, 1) if part else IDENTIFY)
    assert refused(file) == [text.replace("{folder}", str(folder)) for text in expected]


def test_a_part_that_contains_itself(folder: Path) -> None:
    identify = IDENTIFY.replace("nodes:", "parts: {more: {file: more.yaml, exits: {out: person}}}\nnodes:")
    (folder / "parts" / "more.yaml").write_text(
        "ivr: 1\npart: More\nstart: a\nexits: [out]\nparts:\n  back_again: identify.yaml\nnodes: {a: {type: play, say:"
        " A., next: out}}\n",
        "utf-8",
    )
    file = write(folder, identify=identify)
    way = f"{folder}/parts/identify.yaml > {folder}/parts/more.yaml > {folder}/parts/identify.yaml"
    assert refused(file) == [
        f"parts/more.yaml:6:15 Y008 'identify.yaml' contains itself ({way}) | leave it out here; to begin again, go to"
        " a node"
    ]


def test_a_link_out_of_the_folder_is_refused(folder: Path) -> None:
    outside = folder.parent / "secret.yaml"
    shutil.move(folder / "parts" / "identify.yaml", outside)
    (folder / "parts" / "identify.yaml").symlink_to(outside)
    assert [text.partition(" | ")[0] for text in refused(folder / "line.yaml")] == [
        "line.yaml:6:20 Y007 'parts/identify.yaml' lies outside the flow's folder"
    ]


def test_parts_that_multiply_are_refused(folder: Path) -> None:
    """Each of nine files uses the next one twice: 2 + 4 + ... + 512 uses."""
    for i in range(9):
        uses = f"parts: {{a: p{i + 1}.yaml, b: p{i + 1}.yaml}}\n" if i < 8 else ""
        (folder / f"p{i}.yaml").write_text(
            f"ivr: 1\npart: P\nstart: n\n{uses}nodes: {{n: {{type: hangup}}}}\n", "utf-8"
        )
    file = folder / "many.yaml"
    file.write_text("ivr: 1\nname: M\nstart: n\nparts: {a: p0.yaml}\nnodes: {n: {type: hangup}}\n", "utf-8")
    assert {text.partition(" ")[2].partition(" |")[0] for text in refused(file)} == {
        f"Y004 more than {MAX_PARTS} parts"
    }


def test_a_part_alone_is_no_flow(folder: Path) -> None:
    assert refused(folder / "parts" / "identify.yaml") == [
        "identify.yaml:2:1 Y009 this is a part of a flow, not a flow | name the flow that uses it"
    ]


def test_a_dollar_is_only_a_reference_when_it_can_be_nothing_else() -> None:
    text = (
        "{ivr: 1, name: L, start: a, prompts: {fee: Five dollars.}, nodes: {a: {type: play, say: %s, next: b}, b:"
        " {type: hangup}}}"
    )
    assert load_text(text % "$fee").flow.nodes["a"].say.text == {"": "Five dollars."}
    for said in ("$5 a month", "It costs $fee", "$fee a month", "$"):
        assert load_text(text % said).flow.nodes["a"].say.text == {"": said}
    assert load_text(text % "$$fee").flow.nodes["a"].say.text == {"": "$fee"}


def test_shared_prompts_stand_in_reprompts_labels_and_keys() -> None:
    loaded = load_text(
        "ivr: 1\nname: L\nstart: m\nkeys: {0: {next: b, label: $who}}\nprompts: {who: a person, again:"
        " Again.}\nnodes:\n  m: {type: menu, choices: [{key: 1, label: $who, next: b}], no_input: [{say: $again},"
        " $again], otherwise: b}\n  b: {type: hangup}\n"
    )
    menu = loaded.flow.nodes["m"]
    assert [p.text[""] for p in (loaded.flow.keys["0"].label, menu.choices[0].label, *menu.no_input.say)] == [
        "a person",
        "a person",
        "Again.",
        "Again.",
    ]
    assert loaded.document.place(("nodes", "m", "no_input", 0)) == (5, 33)
    assert Context(loaded.flow, loaded.document).prompt_s(menu.no_input.say[0], "en-US") > 0


def test_composing_is_quick(folder: Path) -> None:
    """200 parts of 25 nodes each, 5,000 nodes, in a second."""
    nodes = (
        "".join(f"  n{i}: {{type: play, say: Hello number {i}., next: n{i + 1}}}\n" for i in range(24))
        + "  n24: {type: hangup}\n"
    )
    (folder / "p.yaml").write_text(f"ivr: 1\npart: P\nstart: n0\nnodes:\n{nodes}", "utf-8")
    parts = "".join(f"  p{i}: p.yaml\n" for i in range(MAX_PARTS))
    cases = ", ".join(f"c{i}: p{i}" for i in range(MAX_PARTS))
    file = folder / "big.yaml"
    file.write_text(
        f"ivr: 1\nname: B\nstart: s\nparts:\n{parts}nodes:\n  s: {{type: split, value: ani, cases: {{{cases}}},"
        " otherwise: p0}\n",
        "utf-8",
    )
    started = dt.datetime.now()
    assert len(load(file).flow.nodes) == 5001
    assert (dt.datetime.now() - started).total_seconds() < 3
