"""Where values stand, against PyYAML's own tree."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bench.large_flows import dense
from flows.model.load import LIBRARY
from flows.source.document import Mark
from flows.source.document import Path as Way
from flows.source.yaml_reader import parse

SHIPPED = sorted(LIBRARY.glob("*.yaml"))


def by_path(node: yaml.Node, way: Way = ()) -> tuple[dict[Way, Mark], dict[Way, Mark]]:
    """The places of values and of keys, each kept by its path, from PyYAML's own tree."""
    marks: dict[Way, Mark] = {way: (node.start_mark.line + 1, node.start_mark.column + 1)}
    keys: dict[Way, Mark] = {}
    parts = (
        node.value
        if isinstance(node, yaml.MappingNode)
        else enumerate(node.value)
        if isinstance(node, yaml.SequenceNode)
        else ()
    )
    for key, value in parts:
        part = key if isinstance(key, int) else key.value
        if not isinstance(key, int):
            keys[(*way, part)] = key.start_mark.line + 1, key.start_mark.column + 1
        inner_marks, inner_keys = by_path(value, (*way, part))
        marks |= inner_marks
        keys |= inner_keys
    return marks, keys


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_value_of_the_shipped_files(file: Path) -> None:
    document = parse(file.read_text("utf-8"), str(file))
    marks, keys = by_path(yaml.compose(document.text, yaml.CBaseLoader))
    assert list(document.marks.items()) == list(marks.items())  # in the order of the file, too
    assert list(document.keys.items()) == list(keys.items())
    assert (len(document.marks), len(document.keys)) == (len(marks), len(keys))


def test_every_value_of_a_large_file() -> None:
    text = dense(60)
    assert (parse(text, "flow.yaml").marks, parse(text, "flow.yaml").keys) == by_path(
        yaml.compose(text, yaml.CBaseLoader)
    )


def test_an_item_of_a_list_has_no_key() -> None:
    document = parse("list: [d, {e: f}]\n", "flow.yaml")
    assert ("list", 0) in document.marks
    assert () in document.marks
    assert document.keys == {("list",): (1, 1), ("list", 1, "e"): (1, 12)}
