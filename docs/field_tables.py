"""Tables of fields for the reference pages: what may be written for each, in words, with an example that is tested."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from inspect import cleandoc
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from flows.model import flow as models  # noqa: E402
from flows.model.flow import json_schema  # noqa: E402
from flows.nodes import node_types  # noqa: E402
from flows.source import yaml_reader  # noqa: E402
from flows.values.scalars import DURATION_PATTERN, NAMES_OF, digit_range, key_range, seconds_of, share_of  # noqa: E402

Schema = Mapping[str, Any]

_NAMES = {"nodes": "a node", "hours": "opening hours"}
_UNITS = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))
_LONGEST_EXAMPLE = 48
_FIXTURES = ROOT / "tests" / "data"
_ABOUT = {
    "Prompt": "What is said: one text, a text for each language, or in full. `{name}` inserts a value, `$name` stands"
    " for a shared prompt.",
    "Hours": "Opening hours: a time zone, then spans by day, such as `mon-fri`, `sat` or `sun, tue`.",
    "ByData": "What a value decides, by its text: `{value: tier, gold: 5, default: 0}`.",
    "Between": "Other hours between two dates, both included, written like opening hours.",
}


def definitions() -> Schema:
    """Every type of the schema, by its name there."""
    found: Schema = json_schema()["$defs"]
    return found


def title_of(name: str) -> str:
    """A type's name as people read it.

    Examples
    --------
    >>> title_of("flows__model__opening_hours__Hours"), title_of("MenuDefaults")
    ('hours', 'menu defaults')
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.rpartition("__")[2]).lower()


def compounds() -> Mapping[str, Schema]:
    """The types that have fields and are not node types, by the name in the schema, in the order of their titles."""
    typed = {name for name, spec in definitions().items() if "type" in spec.get("properties", {})}
    rest = {name: spec for name, spec in definitions().items() if name not in typed}
    return dict(sorted(rest.items(), key=lambda one: title_of(one[0])))


def about(name: str, spec: Schema) -> str:
    """What a type is for."""
    short = name.rpartition("__")[2]
    described = spec.get("description") or next(
        (part["description"] for part in spec.get("anyOf", ()) if part.get("properties") and "description" in part), ""
    )
    return _ABOUT.get(short, "") or str(described).replace("; `flows.lint.settings` looks up codes and options", "")


def fields_of(spec: Schema) -> Schema:
    """The fields of a type when it is written in full."""
    for part in (spec, *spec.get("anyOf", ())):
        if part.get("properties"):
            found: Schema = part["properties"]
            return found
    return {}


def short_forms(spec: Schema) -> str:
    """What may be written in place of a type's fields."""
    parts = [kind_of(part) for part in spec.get("anyOf", ()) if not part.get("properties")]
    return ", or ".join(dict.fromkeys(part for part in parts if part not in ("value", "entries")))


def table(spec: Schema, examples: Mapping[str, str]) -> list[str]:
    """The fields of a type, a line each.

    Parameters
    ----------
    spec : JSON Schema
    examples : mapping of field to text
    """
    in_full = next((part for part in (spec, *spec.get("anyOf", ())) if part.get("properties")), spec)
    required = set(in_full.get("required", ()))
    alternatives = {one for part in in_full.get("anyOf", ()) for one in part.get("required", ())} - required
    out = ["| field | what is written | default | meaning | example |", "|---|---|---|---|---|"]
    for field, one in fields_of(spec).items():
        if field == "type" and "enum" in one:
            continue
        default = default_of(one)
        if field in required | alternatives:
            default = "required" if field in required else "this or another"
        meaning = _sentence(str(one.get("description", "")))
        example = f"`{examples[field]}`" if field in examples else ""
        out.append(f"| `{field}` | {kind_of(one)} | {default} | {meaning} | {example} |".replace("`|`", "`\\|`"))
    return out


def _sentence(text: str) -> str:
    """A meaning as one reads it in a table."""
    text = text.replace("|", "\\|")
    return (text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".")) if text else ""


def default_of(spec: Schema) -> str:
    """The default of a field, as it would be written."""
    value = spec.get("default")
    if value in (None, "", [], {}) or isinstance(value, Mapping):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, list):
        return f"`[{', '.join(map(str, value))}]`"
    return f"`{span(value)}`" if _is_duration(spec) else f"`{value}`"


def span(seconds: float) -> str:
    """Seconds in their largest whole unit.

    Examples
    --------
    >>> span(604800), span(90), span(0.5)
    ('7d', '90s', '0.5s')
    """
    return next(
        (f"{seconds / size:g}{unit}" for size, unit in _UNITS if seconds and seconds % size == 0), f"{seconds:g}s"
    )


def _is_duration(spec: Schema) -> bool:
    """Whether a number of seconds may also be written ``30s`` or ``15m``."""
    return any(part.get("pattern") == DURATION_PATTERN for part in spec.get("anyOf", ()))


def kind_of(spec: Schema) -> str:
    """What may be written for a field, in words; compound types are links to where they are laid out."""
    if "phone key" in str(spec.get("description", "")):
        return "a [key](flow.md#how-values-are-written)"
    if NAMES_OF in spec:
        return _NAMES.get(spec[NAMES_OF], f"a name of `{spec[NAMES_OF]}`")
    if "$ref" in spec:
        title = title_of(str(spec["$ref"]).rpartition("/")[2])
        return f"[{title}](flow.md#{title.replace(' ', '-')})"
    if "enum" in spec:
        values = list(dict.fromkeys(str(value) for value in spec["enum"] if value != ""))
        return "true or false" if {"true", "false"} <= set(values) else ", ".join(f"`{value}`" for value in values)
    if _is_duration(spec):
        return "[duration](flow.md#how-values-are-written)"
    if spec.get("type") == "array":
        items = spec.get("items", {})
        return f"list of {kind_of(items)}" if items else "list"
    if spec.get("type") == "object":
        return _entries(spec)
    if any("%" in str(part.get("pattern")) and "minimum" not in part for part in spec.get("anyOf", ())):
        rate = "wpm" in str(spec)
        return f"[{'rate' if rate else 'share'}](flow.md#how-values-are-written)"
    if "anyOf" in spec:
        kinds = list(dict.fromkeys(map(kind_of, spec["anyOf"])))
        whole = "whole number" in kinds or "number" in kinds
        return " or ".join(kind for kind in kinds if not (whole and kind == "text")) or "text"
    kind = spec.get("type", "")
    if isinstance(kind, list):
        return "text"
    return {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}.get(
        kind, "value"
    )


def _entries(spec: Schema) -> str:
    if spec.get("properties"):
        return "{" + ", ".join(f"`{name}`" for name in spec["properties"]) + "}"
    names = ", ".join(f"`{one}`" for one in spec.get("propertyNames", {}).get("enum", ()))
    inner = spec.get("additionalProperties")
    to = kind_of(inner) if isinstance(inner, Mapping) and inner else "text"
    if "oneOf" in (inner or {}) if isinstance(inner, Mapping) else False:
        to = "[a node](nodes.md)"
    return f"{names or 'by name'}: {to}"


@cache
def _written() -> Sequence[tuple[str, Mapping[str, Any]]]:
    """Every node in the fixtures, with its type; those of a type's own file first."""
    files = [*sorted((_FIXTURES / "nodes").glob("*.yaml")), *sorted((_FIXTURES / "constructs").glob("*.yaml"))]
    read = [yaml_reader.read(file).data for file in files]
    return [(str(node.get("type")), node) for data in read for node in data.get("nodes", {}).values()]


def node_examples(kind: str) -> Mapping[str, str]:
    """An example of each field of a node type, as the tests of the type write it; long ones are left out."""
    found: dict[str, str] = {}
    for written, node in _written():
        for field, value in node.items() if written == kind else ():
            text = f"{field}: {in_one_line(value)}"
            if len(text) <= _LONGEST_EXAMPLE:
                found.setdefault(field, text)
    return found


def flow_examples() -> Mapping[str, str]:
    """An example of each top-level key, as the tests write it."""
    found: dict[str, str] = {}
    for file in sorted((_FIXTURES / "constructs").glob("*.yaml")):
        for key, value in yaml_reader.read(file).data.items():
            text = f"{key}: {in_one_line(value)}"
            if len(text) <= 2 * _LONGEST_EXAMPLE:
                found.setdefault(key, text)
    return found


def in_one_line(value: object) -> str:
    """A value as it can be written in a line of YAML.

    Examples
    --------
    >>> in_one_line({"0": "operator", "label": ["a", "Press 1: now"]})
    '{0: operator, label: [a, "Press 1: now"]}'
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {in_one_line(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(in_one_line, value)) + "]"
    text = str(value)
    plain = re.fullmatch(r"[^\W_$+][^:#,\[\]{}\"'&*!|>%@`\n]*", text) and text == text.strip()
    return text if plain or re.fullmatch(r"\$\w+", text) else '"' + text.replace('"', '\\"') + '"'


def node_text(kind: type) -> str:
    """The words of a node type's docstring."""
    text = cleandoc(kind.__doc__ or "").partition("\n\nExamples")[0].partition("\n\nParameters")[0]
    return text.replace("``", "`")


def formats() -> Iterator[tuple[str, str, str]]:
    """Formats of values: what it is, examples, and what they mean, worked out by the reader itself."""
    spans = ("30", "15m", "1h30m", "7d", "250ms")
    yield "duration", _codes(spans), "; ".join(f"`{one}` is {seconds_of(one):g} s" for one in spans)
    shares = ("0.4", "40%")
    yield "share", _codes(shares), "; ".join(f"`{one}` is {100 * share_of(one):g} %" for one in shares)
    yield (
        "number of digits",
        "`digits: 6`, `digits: [4, 8]`",
        (f"`6` is exactly {digit_range('6')[0]}; `[4, 8]` is from 4 to 8"),
    )
    yield "key", "`key: 1`, `key: star`, `key: pound`", "`star` is \\*, `pound` is #; a bare # begins a comment"
    yield "several keys", "`keys: 2-5`, `keys: other`", f"`2-5` is {', '.join(key_range('2-5'))}"
    yield "node", "`next: main`", "the name of a node or of a part"
    yield "node", "`next: back`", "the menu before; `repeat`: this one again; `return`: out of a subflow or a part"
    yield "text by language", "`{en-US: Hello., es-US: Hola.}`", "one text alone is in the flow's first language"
    yield (
        "inserted value",
        "`Your balance is {balance:money}.`",
        (
            "a value that was entered, set or looked up; after the colon how it is said: `digits`, `number`, `money`,"
            " `date`, `time`, `phone`"
        ),
    )
    yield "telephone number", '`"+14155550100"`', "with + and country code, in quotes"
    yield "SIP address", "`sip:desk@example.com`", "where a telephone number may stand"
    yield "date", "`2026-12-24`", "year, month, day"
    yield (
        "opening hours",
        '`mon-fri: "08:00-12:00, 13:00-17:00"`',
        ("spans on the 24-hour clock, in quotes; `17:00-01:00` goes past midnight"),
    )
    yield "time zone", "`zone: America/New_York`", "a name of the IANA database"
    yield (
        "entry of callers",
        "`as: date`",
        ("stored as `2026-05-23`, a time as `15:30`, money as `12.50`, a telephone number with + and country code"),
    )
    yield "rate of speaking", "`rate: 90%`, `rate: 135`", "of the voice's own pace, or words a minute"


def _codes(values: Sequence[str]) -> str:
    return ", ".join(f"`{one}`" for one in values)


def outcomes() -> Iterator[tuple[str, str, str, str]]:
    """Ways out of each node type: its name, its outcomes, the fields that lead on, and what is said about them."""
    by_type = {spec["properties"]["type"]["enum"][0]: spec for spec in definitions().values() if _is_node(spec)}
    for name in node_types():
        fields = by_type[name]["properties"]
        on = fields.get("on", {})
        labels = on.get("propertyNames", {}).get("enum", ())
        leads = [field for field, one in fields.items() if NAMES_OF in one and one[NAMES_OF] == "nodes"]
        says = _sentence(str(on.get("description", "")))
        yield name, ", ".join(f"`{one}`" for one in labels), ", ".join(f"`{one}`" for one in leads), says


def _is_node(spec: Schema) -> bool:
    return "enum" in spec.get("properties", {}).get("type", {})


def top_level() -> Schema:
    """The schema of a flow itself."""
    return {key: value for key, value in models.json_schema().items() if key in ("properties", "required")}
