"""``menu:`` at the top of a flow: where it holds, where its mistakes are found, and that it is no other meaning."""

from __future__ import annotations

import pytest

from flows.lint.engine import lint
from flows.model.flow import Flow
from flows.model.load import load, load_text
from flows.model.translations import texts
from flows.source.finding import FlowError

NODES = """nodes:
  main: {type: menu, choices: [{key: 1, label: sales, next: desk}]%s}
  more: {type: menu, choices: [{key: 1, label: sales, next: desk}], attempts: 3, no_input: []%s}
  ask: {type: collect, say: Your number?, into: number, digits: 4, next: desk}
  desk: {type: hangup}
"""
HEAD = "ivr: 1\nname: L\nstart: main\n"
DEFAULTS = "menu:\n  attempts: 2\n  timeout: 7s\n  no_input: [Again., Once more.]\n  otherwise: desk\n"


def test_it_is_put_into_menus_that_leave_it_open_and_means_the_same_as_written_there() -> None:
    flow = load_text(HEAD + DEFAULTS + NODES % ("", "")).flow
    main, more, ask = (flow.nodes[name] for name in ("main", "more", "ask"))
    assert (main.attempts, main.timeout, main.otherwise) == (2, 7.0, "desk")
    assert [prompt.text[""] for prompt in main.no_input.say] == ["Again.", "Once more."]
    assert (more.attempts, more.timeout, more.no_input.say, more.otherwise) == (3, 7.0, (), "desk")
    assert (ask.attempts, ask.timeout, ask.otherwise) == (3, 5.0, None)
    out = ", attempts: 2, timeout: 7s, no_input: [Again., Once more.], otherwise: desk"
    written = load_text(HEAD + NODES % (out, ", timeout: 7s, otherwise: desk")).flow
    assert flow.digest == written.digest
    assert Flow.model_validate(flow.model_dump(mode="json", by_alias=True)).digest == flow.digest


def test_a_mistake_in_it_is_found_once_where_it_is_written() -> None:
    with pytest.raises(FlowError) as caught:
        load_text(HEAD + "menu: {attempts: 20, otherwize: desk}\n" + NODES % ("", ""))
    assert [(f.code, f.line, f.column, f.message) for f in caught.value.findings] == [
        ("F003", 4, 18, "'20' must be at most 10"),
        ("F001", 4, 22, "unknown key 'otherwize'"),
    ]


def test_what_is_wrong_with_its_words_and_targets_stands_at_the_top() -> None:
    loaded = load_text(HEAD + "menu:\n  no_input:\n    say: [Punch 1.]\n    next: nobody\n" + NODES % ("", ""))
    places = {(f.code, f.line, f.column) for f in lint(loaded) if f.code in ("S002", "P104")}
    assert ("S002", 7, 11) in places
    assert all(line in (6, 7) for _, line, _ in places)


def test_its_texts_are_translated_once() -> None:
    loaded = load_text(HEAD + "languages: [en-US, es-US]\n" + DEFAULTS + NODES % ("", ""))
    assert [text.place for text in texts(loaded, "es-US") if text.words == "Once more."] == ["menu.no_input.1"]


def test_it_holds_in_parts_too_and_may_use_shared_prompts(tmp_path) -> None:
    (tmp_path / "part.yaml").write_text(
        "ivr: 1\npart: A part\nstart: inner\nnodes:\n"
        "  inner: {type: menu, choices: [{key: 1, label: sales, next: return}]}\n"
    )
    (tmp_path / "line.yaml").write_text(
        "ivr: 1\nname: L\nstart: a\nparts: {p: part.yaml}\nprompts: {again: Once more.}\n"
        "menu: {attempts: 1, otherwise: desk, no_match: [$again]}\n"
        "nodes:\n  a: {type: subflow, start: p, next: desk}\n  desk: {type: hangup}\n"
    )
    loaded = load(str(tmp_path / "line.yaml"))
    inner = loaded.flow.nodes["p/inner"]
    assert (inner.attempts, inner.otherwise, inner.no_match.say[0].text[""]) == (1, "desk", "Once more.")
    assert loaded.document.place(("nodes", "p/inner", "otherwise")) == (6, 32)
    assert loaded.document.place(("nodes", "p/inner", "no_match", 0)) == (5, 18)
