"""Edits of one value, entry or list of a YAML text leave all else as it is."""

from __future__ import annotations

import difflib
import random

import pytest

from flows.model.load import LIBRARY
from flows.source.finding import Fix, FlowError
from flows.source.yaml_fixes import edited
from flows.source.yaml_reader import parse
from flows.source.yaml_spans import spans

SCALARS = {
    "plain": "a: one two  # c\nb: x\n",
    "single": "a: 'one two'  # c\nb: x\n",
    "double": 'a: "one two"  # c\nb: x\n',
    "folded": "a: >\n  one\n  two\n# c\nb: x\n",
    "literal": "a: |-\n  one two\n# c\nb: x\n",
    "over lines": "a: one\n  two\n# c\nb: x\n",
    "flow": "{a: one two, b: x}  # c\n",
    "json": '{"a": "one two",\n\t"b": "x"}',
    "crlf": "a: one two  # c\r\nb: x\r\n",
    "no end of line": "b: x\na: one two",
    "wide": "会: x\na: one two # 会\nb: 📞\n",
    "quoted over lines": 'a: "one\n  two"\n# c\nb: x\n',
}
VALUES = [
    "one",
    "bye",
    "one three",
    "It's so.",
    'say "x"',
    "a: b",
    "x # y",
    "- x",
    "",
    " x ",
    "true",
    "{x}",
    "两",
    "a\\b",
    "*",
    "one two three",
    "a, b",
]


@pytest.mark.parametrize("style", SCALARS)
@pytest.mark.parametrize("value", VALUES)
def test_a_text_is_replaced_in_every_style_and_nothing_else_changes(style: str, value: str) -> None:
    text = SCALARS[style]
    after, applied = edited(text, [Fix(("a",), value)])
    assert applied
    assert parse(after, "x").data == {**parse(text, "x").data, "a": value}
    assert [line for line in after.splitlines() if "#" in line and "c" in line.partition("# ")[2]] or "# c" not in text
    span = spans(text)[("a",)]
    tail = text[span.end :].strip()
    assert after.startswith(text[: span.start])
    assert after.rstrip().endswith(tail)
    again, _ = edited(after, [Fix(("a",), value)])
    assert parse(again, "x").data == parse(after, "x").data


def test_the_quotes_stay() -> None:
    assert edited(SCALARS["single"], [Fix(("a",), "It's")])[0] == "a: 'It''s'  # c\nb: x\n"
    assert edited(SCALARS["double"], [Fix(("a",), 'a "b"')])[0] == 'a: "a \\"b\\""  # c\nb: x\n'
    assert edited(SCALARS["plain"], [Fix(("a",), "three")])[0] == "a: three  # c\nb: x\n"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("m:\n  a: 1  # x\n  # y\nz: 1\n", "m:\n  a: 1  # x\n  k: v\n  # y\nz: 1\n"),
        ("m: {a: 1}  # x\n", "m: {a: 1, k: v}  # x\n"),
        ("m: {a: 1,}\n", "m: {a: 1, k: v,}\n"),
        ("m: {a: 1,\n  b: [x, y]  # c\n  }\n", "m: {a: 1,\n  b: [x, y], k: v  # c\n  }\n"),
        ("m:\n  a: |\n    x\n\n    y\n\n\nz: 1\n", "m:\n  a: |\n    x\n\n    y\n  k: v\n\n\nz: 1\n"),
        ("l:\n- m:\n    a: 1", None),
        ("m:\r\n  a: 1\r\n", "m:\r\n  a: 1\r\n  k: v\r\n"),
        ("m:\n  a:\n    - 1\n    - 2 # t\nz: 1\n", "m:\n  a:\n    - 1\n    - 2 # t\n  k: v\nz: 1\n"),
        ("m:\n  a: 1", "m:\n  a: 1\n  k: v"),
    ],
)
def test_an_entry_is_inserted_after_the_last(text: str, after: str | None) -> None:
    result, applied = edited(text, [Fix(("m", "k"), "v", kind="insert")])
    assert (result, bool(applied)) == (text if after is None else after, after is not None)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("l: [a, b,  c]  # x\n", "l: [c, a,  b]  # x\n"),
        ("l:\n  - a  # 1\n  - b\n  - c  # 3\n", "l:\n  - c  # 3\n  - a  # 1\n  - b\n"),
        ("l:\n- a\n- b\n- c", "l:\n- c\n- a\n- b"),
        ("l:\n  # all of them\n  - a\n\n  - b\n  - c\n# end\n", "l:\n  # all of them\n  - c\n\n  - a\n  - b\n# end\n"),
        ("l:\n  # A\n  - a\n  # B\n  - b\n  # C\n  - c\n", "l:\n  # C\n  - c\n  # A\n  - a\n  # B\n  - b\n"),
        (
            "l:\n  - x: 1\n    y: 2\n\n  - |\n    t\n\n  - c\nz: 1\n",
            "l:\n  - c\n\n  - x: 1\n    y: 2\n\n  - |\n    t\nz: 1\n",
        ),
        ("l: [a,  # A\n  b,\n  c]\n", "l: [c,  # A\n  a,\n  b]\n"),
    ],
)
def test_a_list_is_put_into_another_order(text: str, after: str) -> None:
    result, applied = edited(text, [Fix(("l",), None, kind="reorder", order=(2, 0, 1))])
    assert result == after
    assert applied


def test_what_cannot_be_edited_by_itself_is_left() -> None:
    for text in ("- - a\n  - b\n- c\n", "l: [a]\n", "{l: a}"):
        assert edited(
            text, [Fix(("l",), None, kind="reorder", order=(1, 0)), Fix((0,), None, kind="reorder", order=(1, 0))]
        ) == (text, ())


@pytest.mark.parametrize("name", sorted(p.stem for p in LIBRARY.glob("*.yaml") if "." not in p.stem))
def test_any_text_and_any_list_of_the_shipped_flows_can_be_changed_alone(name: str) -> None:
    text = (LIBRARY / f"{name}.yaml").read_text("utf-8")
    document = parse(text, name)
    rng = random.Random(7)
    places = spans(text)
    scalars = [path for path, span in places.items() if span.scalar]
    for path in rng.sample(scalars, 25):
        value = rng.choice(VALUES)
        after, applied = edited(text, [Fix(path, value)])
        assert applied
        assert parse(after, name).scalar(path) == value
        changed = [line for line in difflib.ndiff(text.splitlines(), after.splitlines()) if line[0] in "-+"]
        span = places[path]
        assert sum(line[0] == "-" for line in changed) <= text.count("\n", span.start, span.end) + 1
    lists = [
        path
        for path, span in places.items()
        if not span.scalar and (*path, 1) in places and isinstance(document.data, dict)
    ]
    for path in lists[:10]:
        size = sum(1 for other in places if len(other) == len(path) + 1 and other[: len(path)] == path)
        order = tuple(rng.sample(range(size), size))
        after, applied = edited(text, [Fix(path, None, kind="reorder", order=order)])
        assert applied or order == tuple(range(size))
        back = tuple(order.index(i) for i in range(size))
        assert edited(after, [Fix(path, None, kind="reorder", order=back)])[0] == text


def test_a_file_that_cannot_be_read_is_not_edited() -> None:
    with pytest.raises(FlowError):
        edited("a: [", [Fix(("a",), "x")])
