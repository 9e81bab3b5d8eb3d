"""Texts to translators and back: nothing changes but what they changed, and what cannot be taken over is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.model import translations as po
from flows.model.load import LIBRARY, load, load_text
from flows.source.finding import FlowError
from flows.source.yaml_edit import spelled
from flows.source.yaml_reader import parse
from flows.source.yaml_spans import spans
from ivr.__main__ import main
from tests.support.library import SHIPPED

LINE = """\
# A small line.
ivr: 1
name: Línea
languages: [en-US, es-US]
start: main   # where it begins
keys: {0: {next: desk, label: a person}}
prompts:
  bye: {en-US: Good bye., es-US: Adiós.}
nodes:
  main:
    type: menu
    note: the first thing callers hear
    choices:
      # keep this one first
      - {key: 1, label: {en-US: your balance, es-US: su saldo}, next: balance}
      - key: 2
        label:
          en-US: sales   # short
        next: desk
    no_input:
      - Please press a key.
      - say: {text: "Again, please."}
    otherwise: desk
  balance:
    type: play
    say: >
      Your balance is {balance:money},
      {name}.
    next: bye
  desk: {type: hangup, say: 'Good bye, then.'}
  bye: {type: hangup, say: $bye}
"""
PLACES = [
    ("nodes.main.choices.0.label", "your balance", "su saldo"),
    ("nodes.main.choices.1.label", "sales", ""),
    ("nodes.main.no_input.0", "Please press a key.", ""),
    ("nodes.main.no_input.1.say.text", "Again, please.", ""),
    ("nodes.balance.say", "Your balance is {balance:money}, {name}.\n", ""),
    ("nodes.desk.say", "Good bye, then.", ""),
    ("prompts.bye", "Good bye.", "Adiós."),
    ("keys.0.label", "a person", ""),
]
TRANSLATED = """\
# A small line.
ivr: 1
name: Línea
languages: [en-US, es-US]
start: main   # where it begins
keys: {0: {next: desk, label: {en-US: a person, es-US: una persona}}}
prompts:
  bye: {en-US: Good bye., es-US: "Hasta luego, adiós."}
nodes:
  main:
    type: menu
    note: the first thing callers hear
    choices:
      # keep this one first
      - {key: 1, label: {en-US: your balance, es-US: su saldo}, next: balance}
      - key: 2
        label:
          en-US: sales   # short
          es-US: ventas, y más
        next: desk
    no_input:
      - {en-US: Please press a key., es-US: "Oprima una tecla: la que sea."}
      - say: {text: {en-US: "Again, please.", es-US: Otra vez.}}
    otherwise: desk
  balance:
    type: play
    say: {en-US: "Your balance is {balance:money}, {name}.\\n", es-US: "{name}, su saldo es {balance:money}."}
    next: bye
  desk: {type: hangup, say: {en-US: "Good bye, then.", es-US: "¿Algo más?"}}
  bye: {type: hangup, say: $bye}
"""
SPANISH = {
    "keys.0.label": "una persona",
    "prompts.bye": "Hasta luego, adiós.",
    "nodes.main.choices.1.label": "ventas, y más",
    "nodes.main.no_input.0": "Oprima una tecla: la que sea.",
    "nodes.main.no_input.1.say.text": "Otra vez.",
    "nodes.balance.say": "{name}, su saldo es {balance:money}.",
    "nodes.desk.say": "¿Algo más?",
}


def loaded(text: str = LINE):  # type: ignore[no-untyped-def]
    return load_text(text, "line.yaml")


def translated(changes: dict[str, str], text: str = LINE) -> str:
    import polib

    file = polib.pofile(po.export(loaded(text), "es-US"))
    for entry in file:
        entry.msgstr = changes.get(entry.msgctxt, entry.msgstr)
    return str(file)


def told(text: str, changed: str = LINE) -> list[str]:
    _, findings = po.taken_over(loaded(changed), text, "es.po", "es-US")
    return [f"{f.file}:{f.line}:{f.column} {f.severity} {f.code} {f.message} | {f.hint}" for f in findings]


def test_every_text_goes_out_once_with_what_is_translated() -> None:
    assert [(t.place, t.words, t.translation) for t in po.texts(loaded(), "es-US")] == PLACES


def test_translators_are_told_where_a_text_is_heard() -> None:
    out = po.export(loaded(), "es-US")
    assert '"Language: es_US\\n"' in out
    assert (
        "#. node main (menu): what key 2 is for; heard: For your balance, press 1. For sales, press 2. For a person,"
        ' press 0. [the first thing callers hear]\n#: line.yaml:18\nmsgctxt "nodes.main.choices.1.label"\nmsgid'
        ' "sales"\nmsgstr ""\n' in out
    )
    assert "#. node main (menu): said when the caller was silent, time 2 [the first thing callers hear]\n" in out
    assert '#, python-brace-format\nmsgctxt "nodes.balance.say"\n' in out
    assert "#. node bye (hangup): said; shared prompt bye\n" in out or "#. node bye (hangup): said\n" in out


def test_translations_come_back_and_everything_else_stays_as_it_is() -> None:
    files, findings = po.taken_over(loaded(), translated(SPANISH), "es.po", "es-US")
    assert files["line.yaml"] == TRANSLATED
    assert findings == ()
    again = loaded(files["line.yaml"])
    assert {t.place: t.translation for t in po.texts(again, "es-US")} == {"nodes.main.choices.0.label": "su saldo"} | {
        place.removesuffix(".text") if False else place: words for place, words in SPANISH.items()
    }


def test_taken_over_twice_changes_nothing_more() -> None:
    files, _ = po.taken_over(loaded(), translated(SPANISH), "es.po", "es-US")
    assert po.taken_over(loaded(files["line.yaml"]), translated({}, files["line.yaml"]), "es.po", "es-US") == ({}, ())


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_ends_stay(newline: str) -> None:
    files, _ = po.taken_over(
        loaded(LINE.replace("\n", newline)), translated({"nodes.main.choices.1.label": "ventas"}), "es.po", "es-US"
    )
    expected = LINE.replace(
        "          en-US: sales   # short\n", "          en-US: sales   # short\n          es-US: ventas\n"
    )
    assert files["line.yaml"] == expected.replace("\n", newline)


@pytest.mark.parametrize("name", SHIPPED)
def test_out_and_back_changes_no_byte(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flow, out = tmp_path / "flow.yaml", tmp_path / "es.po"
    flow.write_bytes((LIBRARY / f"{name}.yaml").read_bytes())
    assert main(["convert", str(flow), "--to", "po", "--language", "es-US", "--output", str(out)]) == 0
    assert main(["convert", str(flow), "--from-po", str(out), "--language", "es-US"]) == 0
    assert flow.read_bytes() == (LIBRARY / f"{name}.yaml").read_bytes()
    assert capsys.readouterr().err.endswith("no file changed: nothing new\n")


@pytest.mark.parametrize("name", SHIPPED)
def test_a_new_translation_of_every_text_is_read_back(name: str) -> None:
    """Texts made to be difficult to write: quotes, colons, hashes, digits, braces, accents."""
    import polib

    flow = load(name)
    file = polib.pofile(po.export(flow, "es-US"))
    odd = (
        "No: # 1",
        "yes",
        '"así", dijo',
        "it's",
        "- x",
        "10",
        "ñandú {",
        "a\tb",
        "fin:",
        "¿Qué? \U0001f600",
        "x #y",
        "última",
    )
    for index, entry in enumerate(file):
        entry.msgstr = f"{odd[index % len(odd)].replace('{', '')} {' '.join(po.slots(entry.msgid))}".strip()
    files, findings = po.taken_over(flow, str(file), "es.po", "es-US")
    assert findings == ()
    after = load_text(files[flow.document.file], flow.document.file)
    assert [t.translation for t in po.texts(after, "es-US")] == [entry.msgstr for entry in file]


def test_what_is_not_taken_over_is_told_with_its_line() -> None:
    import polib

    file = polib.pofile(
        translated(SPANISH | {"nodes.balance.say": "Su saldo es {saldo:money}, {name}.", "nodes.desk.say": ""})
    )
    by_place = {entry.msgctxt: entry for entry in file}
    by_place["nodes.main.no_input.0"].msgid = "Press something."
    by_place["nodes.main.choices.1.label"].flags.append("fuzzy")
    by_place["keys.0.label"].msgctxt = "keys.9.label"
    text = str(file)
    line = {
        place: text[: text.index(f'msgctxt "{place}"')].count("\n") + 1
        for place in [*by_place, "keys.9.label"]
        if place != "keys.0.label"
    }
    assert told(text) == [
        (
            f"es.po:{line['nodes.main.choices.1.label']}:1 warning G005 nodes.main.choices.1.label: the translation is"
            " marked fuzzy | have it reviewed and remove the mark"
        ),
        (
            f"es.po:{line['nodes.main.no_input.0']}:1 warning G002 nodes.main.no_input.0: 'Press something.' is not"
            " what the flow says | it is 'Please press a key.' now; export again and translate that"
        ),
        (
            f"es.po:{line['nodes.balance.say']}:1 error G001 nodes.balance.say: the translation lacks {{balance:money}}"
            " and has {saldo:money} instead | copy the {...} as they are"
        ),
        (
            f"es.po:{line['nodes.desk.say']}:1 warning G003 nodes.desk.say: 'Good bye, then.' is not translated |"
            " translate it"
        ),
        (
            f"es.po:{line['keys.9.label']}:1 warning G004 the flow has no text at 'keys.9.label' | it was moved or"
            " removed; export again"
        ),
        (
            "line.yaml:6:31 warning G003 keys.0.label has no entry in es.po and no translation | export again and"
            " translate it"
        ),
    ]
    files, _ = po.taken_over(loaded(), text, "es.po", "es-US")
    assert "Otra vez." in files["line.yaml"]
    assert "saldo es" not in files["line.yaml"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('msgid "a"\nmsgstr "b"\nnonsense\n', "es.po:3:1 G006 from here on this is not a gettext PO file"),
        ('msgid ""\nmsgstr ""\n"Language: fr_CA\\n"\n', "es.po:3:1 G006 the file is in 'fr-CA', not 'es-US'"),
    ],
)
def test_what_is_no_po_file(text: str, expected: str) -> None:
    with pytest.raises(FlowError) as error:
        po.taken_over(loaded(), text, "es.po", "es-US")
    (finding,) = error.value.findings
    assert f"{finding.where} {finding.code} {finding.message}" == expected


def test_parts_and_catalogues_are_translated_in_their_own_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "line.yaml").write_text(
        "ivr: 1\nname: L\nlanguages: [en-US, es-US]\nstart: hi\nparts: {a: a.yaml, b: a.yaml}\ncatalogue: p.yaml\n"
        "nodes:\n  hi: {type: play, say: $hello, next: one}\n  one: {type: subflow, start: a, next: two}\n"
        "  two: {type: subflow, start: b, next: bye}\n  bye: {type: hangup, say: $hello}\n",
        "utf-8",
    )
    (tmp_path / "a.yaml").write_text(
        "ivr: 1\npart: A\nstart: x\nnodes: {x: {type: play, say: In a part., next: return}}  # end\n", "utf-8"
    )
    (tmp_path / "p.yaml").write_text("ivr: 1\nprompts:\n  hello: Hello.  # short\n  never: {en-US: Never.}\n", "utf-8")
    flow, out = str(tmp_path / "line.yaml"), tmp_path / "es.po"
    assert main(["convert", flow, "--to", "po", "--language", "es-US", "-o", str(out)]) == 0
    assert [line for line in out.read_text("utf-8").splitlines() if line.startswith("msgctxt")] == [
        'msgctxt "p.yaml: prompts.hello"',
        'msgctxt "a.yaml: nodes.x.say"',
        'msgctxt "p.yaml: prompts.never"',
    ]
    for was, now in (("Hello.", "Hola."), ("In a part.", "En una parte."), ("Never.", "Nunca.")):
        out.write_text(
            out.read_text("utf-8").replace(f'msgid "{was}"\nmsgstr ""', f'msgid "{was}"\nmsgstr "{now}"'), "utf-8"
        )
    assert main(["convert", flow, "--from-po", str(out), "--language", "es-US"]) == 0
    assert (
        (tmp_path / "a.yaml")
        .read_text("utf-8")
        .endswith("say: {en-US: In a part., es-US: En una parte.}, next: return}}  # end\n")
    )
    assert (tmp_path / "p.yaml").read_text(
        "utf-8"
    ) == "ivr: 1\nprompts:\n  hello: {en-US: Hello., es-US: Hola.}  # short\n  never: {en-US: Never., es-US: Nunca.}\n"
    capsys.readouterr()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "nothing to do, or too much"),
        (["--to", "po", "--migrate"], "nothing to do, or too much"),
        (["--to", "po"], "--language is missing"),
        (["--to", "po", "--language", "fr-CA"], "--language 'fr-CA' is not spoken here"),
        (["--to", "po", "--language", "en-US"], "--language en-US is the language translated from"),
        (["--from-po", "no.po", "--language", "es-US"], "no such file"),
        (["--from-po", "no.po", "--language", "es-US", "--output", "x"], "--output goes with --to"),
    ],
)
def test_wrong_usage(arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert", "northwind", *arguments]) == 2
    assert expected in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "Sí.",
        "yes",
        "10",
        "-x",
        "a: b",
        "a:b",
        "a #b",
        "a#b",
        "'q'",
        '"q"',
        "{x}",
        "a, b",
        " lead",
        "end ",
        "end:",
        "tab\t",
        "ñ\n",
        "#",
        "\U0001f600",
        "​x",
    ],
)
@pytest.mark.parametrize("around", ["a: %s\n", "a: {b: %s, c: d}\n", "- %s # x\n"])
def test_a_text_is_written_so_that_it_is_read_back(text: str, around: str) -> None:
    written = spelled(text, in_braces="{" in around, words=True)
    data = parse(around % written, "x.yaml").data
    assert data in ({"a": text}, {"a": {"b": text, "c": "d"}}, [text])


def test_spans_hold_what_was_read() -> None:
    for name in SHIPPED:
        document = parse(load(name).document.text, name)  # without what defaults add to menus
        at = spans(document.text)
        assert set(at) == set(document.marks)
        keys = {path: span.key for path, span in at.items() if span.key}
        assert set(keys) == set(document.keys)
        for path, (start, end) in keys.items():
            assert document.text[start:end].strip("'\"") == path[-1]
            assert end > start
