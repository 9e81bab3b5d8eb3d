"""What goes wrong when a phone line is written in YAML, and the finding a designer needs: code, place, message,
hint.
"""

from __future__ import annotations

import pytest

from flows.model.load import load_text
from flows.source.finding import Finding, FlowError
from tests.support.yaml_traps import HEAD, TRAPS


def findings(text: str) -> list[str]:
    with pytest.raises(FlowError) as caught:
        load_text(text)
    return [line_of(finding) for finding in caught.value.findings]


def line_of(finding: Finding) -> str:
    return f"{finding.line}:{finding.column} {finding.code} {finding.message} | {finding.hint}"


@pytest.mark.parametrize("name", TRAPS)
def test_the_finding_says_what_to_write(name: str) -> None:
    text, expected = TRAPS[name]
    if "nodes:" not in text and text.startswith(HEAD):
        text += "nodes:\n  main: {type: hangup}\n"
    assert findings(text) == [expected]


def test_everything_that_is_missing_is_said_at_once() -> None:
    assert findings("ivr: 1\n") == [
        f"1:1 F002 '{key}' is missing | add '{key}: ...'" for key in ("name", "start", "nodes")
    ]


def test_a_no_break_space_in_a_text_is_a_text() -> None:
    assert load_text(HEAD + "nodes:\n  main: {type: hangup, say: À\xa09\xa0heures.}\n").flow.nodes["main"].say.text == {
        "": "À\xa09\xa0heures."
    }


def test_scalars_are_never_guessed() -> None:
    flow = load_text(
        "ivr: 1\nname: 007\nstart: no\nkeys: {010: yes}\nhours: {o: {zone: UTC, mon-fri: 9:00-17:00}}\nnodes:\n  no:"
        " {type: dial, number: +14155550100, otherwise: yes}\n  yes: {type: hangup, say: 1e3}\n  1.0: {type: hangup}\n"
    ).flow
    assert (flow.name, flow.start, list(flow.keys), list(flow.nodes)) == ("007", "no", ["010"], ["no", "yes", "1.0"])
    assert flow.nodes["no"].number == "+14155550100"  # YAML 1.1 reads the integer 14155550100
    assert flow.nodes["yes"].say.text == {"": "1e3"}
    assert flow.hours["o"].week == {"mon-fri": "9:00-17:00"}  # YAML 1.1 reads 9:00 as the number 540


def test_star_and_pound_may_be_named_or_quoted() -> None:
    text = "ivr: 1\nname: L\nstart: m\nkeys: {%s: repeat, %s: back}\nnodes: {m: {type: hangup}}\n"
    for star, pound in (("star", "pound"), ("asterisk", "hash"), ('"*"', '"#"'), ("'*'", "'#'"), ("STAR", "Pound")):
        assert list(load_text(text % (star, pound)).flow.keys) == ["*", "#"]


def test_hashes_and_stars_in_quotes_and_comments_mean_nothing() -> None:
    text = (
        'ivr: 1  # version *: and #: here\nname: "A #: and *: b"\nstart: m\nnodes:\n  m: {type: hangup, say: "Press #:'
        ' or *:"}  # *\n'
    )
    assert load_text(text).flow.name == "A #: and *: b"


def test_json_is_the_same_thing() -> None:
    loaded = load_text('{\n\t"ivr": 1, "name": "L",\n\t"start": "m",\n\t"nodes": {"m": {"type": "hangup"}}}')
    assert loaded.flow.start == "m"
    assert loaded.document.place(("start",)) == (3, 11)  # a tab, then "start": in 9 columns, and a space
