"""What rules propose to write: the text to the letter, where it belongs, and that the finding is gone after it."""

from __future__ import annotations

import pytest

from flows.lint.engine import lint
from flows.model.load import load, load_text
from flows.source.document import Document
from flows.source.finding import Finding
from flows.speech.languages import language
from tests.support.paths import DATA

FOLDER = DATA / "rules"
FIXES = {
    "P103": [(("nodes", "main", "prompt"), "Welcome. For billing, press 1. For sales, press 2.")],
    "P104": [
        (("nodes", "main", "prompt", "en-US"), "For billing, press 1. For sales, press the 2 key."),
        (("nodes", "main", "prompt", "es-US"), "Para facturas, oprima el 1. Para ventas, oprima 2."),
        (("nodes", "sales", "say", "en-US"), "Press 1 to accept."),
    ],
    # The third sentence of the fixture announces keys: it cannot be left out, so nothing is proposed for it.
    "P105": [(("nodes", "main", "say", "en-US"), "Northwind."), (("nodes", "main", "say", "es-US"), "Northwind.")],
    "P108": [
        (("nodes", "tell", "say", "en-US"), "Case {case}. You called from {ani}. Or call 8 0 0 5 5 5 0 1 0 0."),
        (("nodes", "tell", "say", "en-US"), "Case {case:digits}. You called from {ani:digits}. Or call 8005550100."),
    ],
    "P112": [
        (("nodes", "main", "intro", "en-US"), "Choose one of the three following options."),
        (("nodes", "main", "intro", "es-US"), "Elija una de las 3 opciones."),
    ],
}


def findings(code: str) -> tuple[Document, list[Finding]]:
    loaded = load(FOLDER / code / "bad.yaml")
    return loaded.document, [finding for finding in lint(loaded, select=[code]) if finding.fix]


@pytest.mark.parametrize("code", FIXES)
def test_fixes_are_these_and_callers_hear_them(code: str) -> None:
    _, found = findings(code)
    assert [(finding.fix.path, finding.fix.value) for finding in found if finding.fix] == FIXES[code]
    assert not any(finding.fix.safe for finding in found if finding.fix)


@pytest.mark.parametrize("code", FIXES)
def test_a_fix_stands_at_a_text_and_mends_its_finding(code: str) -> None:
    document, found = findings(code)
    for finding in found:
        assert finding.fix
        assert finding.fix.value
        old = document.data
        for part in finding.fix.path:
            old = old[part]
        assert isinstance(old, str)
        assert document.text.count(old) >= 1
        mended = load_text(document.text.replace(old, finding.fix.value))
        left = [(f.line, f.message) for f in lint(mended, select=[code])]
        assert (finding.line, finding.message) not in left


def test_two_options_in_one_sentence_are_not_turned_round() -> None:
    text = (
        "ivr: 1\nname: L\nstart: m\nnodes:\n  m: {type: menu, prompt: Press 1 for sales or 2 for bills., "
        "choices: [{key: 1, next: b}, {key: 2, next: b}], otherwise: b}\n  b: {type: hangup, say: Goodbye.}\n"
    )
    assert [finding.fix for finding in lint(load_text(text), select=["P103"])] == [None]


@pytest.mark.parametrize(
    ("tag", "said", "better"),
    [
        ("en-US", "Press 1 to end this call.", "To end this call, press 1."),
        ("de-DE", "Drücken Sie 1, um zu zahlen.", "Um zu zahlen, drücken Sie die 1."),
        ("de-DE", "Drücken Sie 1 für Fragen.", "Für Fragen drücken Sie die 1."),
        ("es-US", "Oprima 1 para pagar.", "Para pagar, oprima 1."),
        ("zh-CN", "请按1，查询账单。", "查询账单，请按1。"),
    ],
)
def test_what_callers_do_is_not_said_like_what_they_want(tag: str, said: str, better: str) -> None:
    text = (
        f"ivr: 1\nname: L\nlanguages: [{tag}]\nstart: m\nnodes:\n  m: {{type: menu, prompt: '{said}', "
        "choices: [{key: 1, next: b}], otherwise: b}\n  b: {type: hangup, say: x.}\n"
    )
    assert [f.fix.value for f in lint(load_text(text), select=["P103"]) if f.fix] == [better]


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("billing", "For billing, press 1."),
        ("to pay a bill", "To pay a bill, press 1."),
        ("For sales", "For sales, press 1."),
        ("tools", "For tools, press 1."),
    ],
)
def test_a_label_may_begin_with_its_preposition(label: str, said: str) -> None:
    assert language("en-US").say_option(label, "1") == said
