"""Mutated inputs by number: the same number gives the same input, and most of them get far.

A designer's file is wrong in one place, not everywhere: the seeds are shipped flows and fixtures, and most changes
keep their form (a target that leads elsewhere, a value from another flow, a node of another type), so that they reach
the rules and not only the reader. The rest breaks form, texts, encodings and sizes.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml

from flows.source import yaml_reader as native
from tests.support.mutation_seeds import (
    AIMS,
    COMPOSED,
    ENCODINGS,
    JUNK,
    NAMES,
    NUMBERS,
    PIECES,
    SPOKEN,
    TAGS,
    TARGETS,
    WORDS,
    at,
    by_key,
    nodes_of_all,
    places,
    scenarios,
    scripts,
    seeds,
    translations,
)

__all__ = ["FAMILIES", "Case", "case_of"]

Rng = random.Random


@dataclass(frozen=True)
class Case:
    """One input: its files by name, of which the first is opened.

    Parameters
    ----------
    family : str
        What is read: one of `FAMILIES`.
    way : str
        How it was mutated.
    files : dict of str to str or bytes
    of : str
        The flow it belongs to, for translations, scripts and scenarios.
    """

    family: str
    way: str
    files: dict[str, str | bytes] = field(repr=False)
    of: str = ""


# --- structure -----------------------------------------------------------------------------------------------------


def _spot(
    rng: Rng, data: Any, wanted: Callable[[tuple[Any, ...], Any], bool] = lambda path, value: True
) -> tuple[Any, Any] | None:
    """A container and the key in it of a suitable value; None if there is none."""
    every = [path for path in places(data) if wanted(path, at(data, path))]
    if not every:
        return None
    *way, last = rng.choice(every)
    return at(data, tuple(way)), last


def _nodes(data: Any) -> dict[str, Any]:
    nodes = data.get("nodes") if isinstance(data, dict) else None
    return {name: node for name, node in nodes.items() if isinstance(node, dict)} if isinstance(nodes, dict) else {}


def retarget(rng: Rng, data: Any) -> None:
    spot = _spot(
        rng,
        data,
        lambda path, value: (
            isinstance(value, str)
            and (path[-1] in AIMS or (len(path) > 1 and path[-2] in ("on", "cases", "keys", "while_waiting", "exits")))
        ),
    )
    if spot:
        spot[0][spot[1]] = rng.choice([*_nodes(data), *TARGETS, str(spot[0][spot[1]])[:-1]])


def shuffle_nodes(rng: Rng, data: Any) -> None:
    """Swap, rename, duplicate, remove or graft a node."""
    nodes = _nodes(data)
    if not nodes:
        return
    name, other = rng.choice([*nodes]), rng.choice([*nodes])
    match rng.randrange(5):
        case 0:
            data["nodes"][name], data["nodes"][other] = nodes[other], nodes[name]
        case 1:
            data["nodes"][rng.choice(NAMES)] = copy.deepcopy(nodes[name])
        case 2:
            data["nodes"][f"{name}2"] = data["nodes"].pop(name)
        case 3:
            del data["nodes"][name]
        case _:
            data["nodes"][name] = copy.deepcopy(rng.choice(nodes_of_all()))


def retype(rng: Rng, data: Any) -> None:
    nodes = _nodes(data)
    if nodes:
        nodes[rng.choice([*nodes])]["type"] = rng.choice(by_key()["type"])


def crossed(rng: Rng, data: Any) -> None:
    """A value of the same key from elsewhere: valid in form, but odd here."""
    spot = _spot(rng, data, lambda path, value: path[-1] in by_key())
    if spot:
        spot[0][spot[1]] = copy.deepcopy(rng.choice(by_key()[spot[1]]))


def added(rng: Rng, data: Any) -> None:
    """A key found next to this one in other flows, or anywhere."""
    spot = _spot(rng, data, lambda path, value: isinstance(value, dict))
    here = spot[0][spot[1]] if spot else data
    if isinstance(here, dict):
        key = rng.choice([*by_key()])
        here[key] = copy.deepcopy(rng.choice(by_key()[key]))


def removed(rng: Rng, data: Any) -> None:
    if spot := _spot(rng, data):
        del spot[0][spot[1]]


def renamed(rng: Rng, data: Any) -> None:
    spot = _spot(rng, data, lambda path, value: isinstance(path[-1], str))
    if spot:
        spot[0][rng.choice([*WORDS, *by_key(), "0", "star", "pound", *TAGS])] = spot[0].pop(spot[1])


def renumbered(rng: Rng, data: Any) -> None:
    """Another number, mostly with the same unit."""
    spot = _spot(rng, data, lambda path, value: isinstance(value, str) and value[:1].isdecimal())
    if spot:
        text = spot[0][spot[1]]
        digits = len(text) - len(text.lstrip("0123456789"))
        same_unit = rng.choice(["0", "1", "2", "9", "45", "0.3", "1000"]) + text[digits:]
        spot[0][spot[1]] = same_unit if rng.random() < 0.7 else rng.choice(NUMBERS)


def _insert(rng: Rng, text: str) -> str:
    i = rng.randrange(len(text) + 1)
    return text[:i] + rng.choice(WORDS)[:200] + text[i + rng.randrange(3) :]


def respelt(rng: Rng, data: Any) -> None:
    """Any text: a name, a type, a time."""
    if spot := _spot(rng, data, lambda path, value: isinstance(value, str)):
        spot[0][spot[1]] = _insert(rng, spot[0][spot[1]])


def reworded(rng: Rng, data: Any) -> None:
    """Texts that are heard or read."""
    spot = _spot(
        rng,
        data,
        lambda path, value: isinstance(value, str) and (path[-1] in SPOKEN or (path[-2:-1] and path[-2] in SPOKEN)),
    )
    if spot:
        spot[0][spot[1]] = rng.choice(
            [_insert(rng, spot[0][spot[1]]), rng.choice(by_key()["en-US"]), spot[0][spot[1]] * 5]
        )


def relisted(rng: Rng, data: Any) -> None:
    spot = _spot(rng, data, lambda path, value: isinstance(value, list | dict))
    if not spot:
        return
    value = spot[0][spot[1]]
    if isinstance(value, dict):
        spot[0][spot[1]] = rng.choice(
            [
                {},
                dict(reversed(value.items())),
                {**value, **{f"{k}_": copy.deepcopy(v) for k, v in value.items()}},
                [value],
                [*value],
            ]
        )
    else:
        spot[0][spot[1]] = rng.choice(
            [
                [],
                value[::-1],
                value + copy.deepcopy(value),
                value[:1],
                copy.deepcopy(value[:1]) * 30,
                value and value[0],
            ]
        )


def relanguaged(rng: Rng, data: Any) -> None:
    if isinstance(data, dict) and "nodes" in data:
        data["languages"] = rng.sample(TAGS, rng.randrange(1, 5))


def junked(rng: Rng, data: Any) -> None:
    if spot := _spot(rng, data):
        spot[0][spot[1]] = copy.deepcopy(rng.choice([*JUNK, *WORDS]))


def swapped(rng: Rng, data: Any) -> None:
    one, two = _spot(rng, data), _spot(rng, data)
    if one and two:
        one[0][one[1]], two[0][two[1]] = copy.deepcopy(two[0][two[1]]), copy.deepcopy(one[0][one[1]])


def nested(rng: Rng, data: Any) -> None:
    if spot := _spot(rng, data):
        value: Any = spot[0][spot[1]]
        for _ in range(rng.choice((1, 3, 30, 38, 45, 100))):
            value = [value] if rng.random() < 0.5 else {"say": value}
        spot[0][spot[1]] = value


KEEP_FORM = (
    retarget,
    retarget,
    retarget,
    shuffle_nodes,
    shuffle_nodes,
    crossed,
    crossed,
    crossed,
    renumbered,
    reworded,
    reworded,
    relanguaged,
)
BREAK_FORM = (respelt, retype, added, removed, renamed, relisted, junked, swapped, nested)


def mutated_data(rng: Rng, data: Any, *, gentle: bool) -> tuple[str, Any]:
    """The names of the changes made, and the data."""
    data, done = copy.deepcopy(data), []
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        change = rng.choice(KEEP_FORM if gentle or rng.random() < 0.5 else BREAK_FORM)
        done.append(change.__name__)
        change(rng, data)
    return "+".join(dict.fromkeys(done)), data


def written(rng: Rng, data: Any) -> str:
    """As JSON, or as YAML with various line breaks."""
    if rng.random() < 0.6:
        return json.dumps(data, ensure_ascii=rng.random() < 0.2, indent=rng.choice([None, 1, "\t"]))
    try:
        text = yaml.dump(
            data, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=rng.choice([40, 200])
        )
    except (yaml.YAMLError, UnicodeError):  # half a surrogate pair
        return json.dumps(data)
    return text.replace("\n", rng.choice(["\n", "\n", "\n", "\r\n"]))


# --- text, bytes, sizes ----------------------------------------------------------------------------------------------


def mutated_text(rng: Rng, text: str) -> str:
    for _ in range(rng.choice((1, 1, 2, 4))):
        i, lines = rng.randrange(len(text) + 1), text.split("\n")
        a, b = rng.randrange(len(lines)), rng.randrange(len(lines))
        match rng.randrange(9):
            case 0:
                text = text[:i] + rng.choice(PIECES) + text[i:]
            case 1:
                text = text[:i] + text[i + rng.randrange(1, 40) :]
            case 2:
                lines[a], lines[b] = lines[b], lines[a]
                text = "\n".join(lines)
            case 3:
                lines[a] = " " * rng.randrange(9) + lines[a].lstrip()
                text = "\n".join(lines)
            case 4:
                text = text[:i] + rng.choice(WORDS) + text[i:]
            case 5:
                text = text[:i] + text[i : i + 60] * rng.choice((2, 20)) + text[i:]
            case 6:
                lines[a] = lines[a].replace(
                    ": ",
                    rng.choice(
                        [": &a ", ": *a ", ": !!str ", ": !x ", ": |\n", ": >-\n", ": '", ':"', ":\t", " : ", ":: "]
                    ),
                    1,
                )
                text = "\n".join(lines)
            case 7:
                del lines[min(a, b) : max(a, b)]
                text = "\n".join(lines) or "\n"
            case _:
                text = rng.choice(
                    [
                        "\ufeff" + text,
                        text.replace("\n", "\r\n"),
                        text.replace("\n", "\r"),
                        text.rstrip("\n"),
                        text + "\n" + text,
                        text.replace("  ", "\t"),
                    ]
                )
    return text


def mutated_bytes(rng: Rng, text: str) -> bytes:
    half = rng.randrange(len(text) + 1)
    one, two = rng.choice(ENCODINGS), rng.choice(ENCODINGS)
    whole = rng.random() < 0.7
    raw = bytearray(
        text.encode(one, "replace")
        if whole
        else text[:half].encode(one, "replace") + text[half:].encode(two, "replace")
    )
    for _ in range(rng.choice((0, 1, 3, 20))):
        raw[rng.randrange(len(raw))] = rng.randrange(256)
    return bytes(raw[: rng.choice((len(raw), len(raw), rng.randrange(len(raw))))])


def sized(rng: Rng, text: str) -> str:
    """Too deep, too long, too many."""
    n = rng.choice((39, 41, 200, 2000))
    match rng.randrange(8):
        case 0:
            return text + "\ndescription: " + "[" * n + "]" * rng.choice((0, n))
        case 1:
            return text + "\ndescription: " + "{a: " * n
        case 2:
            return text + "\n" + "\n".join(" " * i + "a:" for i in range(n))
        case 3:
            return text + "\n# " + "x" * rng.choice((100_000, 4_000_000))
        case 4:
            return text.replace("say: ", f"say: {'word ' * n}", 1)
        case 5:
            many = "".join(f"  extra{i}: {{type: hangup, say: Bye {i}.}}\n" for i in range(n))
            return text.replace("nodes:\n", f"nodes:\n{many}", 1)
        case 6:
            chain = "".join(f"  chain{i}: {{type: play, say: {i}., next: chain{i + 1}}}\n" for i in range(n))
            return text.replace("nodes:\n", f"nodes:\n{chain}", 1)
        case _:
            return (
                "a: &a [x, x]\n"
                + "".join(f"b{i}: &b{i} [*{'a' if not i else f'b{i - 1}'}, *a]\n" for i in range(n))
                + text
            )


# --- families --------------------------------------------------------------------------------------------------------


def _seed(rng: Rng) -> tuple[str, str, Any]:
    """A large flow one time in six: they are slow, and the fixtures together use every feature."""
    every = seeds()
    return rng.choice(every[-4:] if rng.random() < 1 / 6 else every[:-4])


def _flow(rng: Rng) -> Case:
    name, _, data = _seed(rng)
    way, changed = mutated_data(rng, data, gentle=rng.random() < 0.6)
    return Case("flow", f"{way} of {name}", {"flow.yaml": written(rng, changed)})


def _text(rng: Rng) -> Case:
    name, text, _ = _seed(rng)
    return Case("text", f"text of {name}", {"flow.yaml": mutated_text(rng, text)})


def _bytes(rng: Rng) -> Case:
    name, text, _ = _seed(rng)
    return Case("bytes", f"bytes of {name}", {"flow.yaml": mutated_bytes(rng, text)})


def _size(rng: Rng) -> Case:
    name, text, _ = rng.choice(seeds()[:-4])
    return Case("size", f"size of {name}", {"flow.yaml": sized(rng, text)})


def _composed(rng: Rng) -> Case:
    """Mutate one of the three files, or exchange two."""
    files: dict[str, str | bytes] = dict(COMPOSED)
    name = rng.choice([*files])
    text = COMPOSED[name]
    match rng.randrange(16):
        case 0:
            files[name] = mutated_text(rng, text)
        case 1:
            files[name] = mutated_bytes(rng, text)
        case 2:
            other = rng.choice([*files])
            files[name], files[other] = files[other], files[name]
        case 3:
            del files[rng.choice(["parts/identify.yaml", "prompts.yaml"])]
        case _:
            files[name] = written(rng, mutated_data(rng, native.parse(text, name).data, gentle=rng.random() < 0.7)[1])
    return Case("parts", name, files)


def _translation(rng: Rng) -> Case:
    of = rng.choice([*translations()])
    text = translations()[of][0]
    entries = text.split("\n\n")
    i = rng.randrange(len(entries))
    match rng.randrange(5):
        case 0:
            raw: str | bytes = mutated_bytes(rng, text)
        case 1:
            entries[i] = mutated_text(rng, entries[i])
            raw = "\n\n".join(entries)
        case 2:
            entries[i] = entries[i].replace(
                'msgstr "', f'msgstr "{json.dumps(rng.choice(WORDS)[:300], ensure_ascii=False)[1:-1]}', 1
            )
            raw = "\n\n".join(entries)
        case 3:
            raw = "\n\n".join(
                [
                    *entries[:i],
                    rng.choice(["#, fuzzy\n", "#~ ", 'msgid_plural "x"\n', 'msgctxt "x"\n']) + entries[i],
                    *entries[i:],
                ]
            )
        case _:
            raw = mutated_text(rng, text)
    return Case("translation", of, {"es.po": raw}, of)


def _script(rng: Rng) -> Case:
    of = rng.choice([*scripts()])
    text = scripts()[of]
    lines = text.split("\n")
    for _ in range(rng.choice((1, 1, 2, 5))):
        i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
        match rng.randrange(6):
            case 0:
                lines[i] = rng.choice(lines)
            case 1:
                lines[i], lines[j] = lines[j], lines[i]
            case 2:
                lines.insert(
                    i,
                    "  "
                    + rng.choice(
                        [
                            "press",
                            "say",
                            "wait",
                            "answer",
                            "at",
                            "given",
                            "draw",
                            "lookup",
                            "expect value",
                            "language",
                            "from",
                            "hang up",
                            "record",
                            "call:",
                        ]
                    )
                    + " "
                    + rng.choice(WORDS),
                )
            case 3:
                lines[i] = lines[i].rpartition(" ")[0] + " " + rng.choice(WORDS)[:300].replace("\n", " ")
            case 4:
                del lines[i : i + rng.randrange(1, 4)]
                lines = lines or [""]
            case _ if rng.random() < 0.2:
                return Case("script", of, {"a.calls": mutated_bytes(rng, text)}, of)
    return Case("script", of, {"a.calls": "\n".join(lines)}, of)


def _scenario(rng: Rng) -> Case:
    of = rng.choice([*scenarios()])
    text, data = scenarios()[of]
    match rng.randrange(8):
        case 0:
            raw: str | bytes = mutated_bytes(rng, text)
        case 1 | 2:
            raw = mutated_text(rng, text)
        case _:
            raw = written(rng, mutated_data(rng, data, gentle=rng.random() < 0.3)[1])
    return Case("scenario", of, {f"{of}.scenario.yaml": raw}, of)


FAMILIES: dict[str, tuple[Callable[[Rng], Case], int]] = {
    "flow": (_flow, 100),
    "text": (_text, 30),
    "bytes": (_bytes, 12),
    "size": (_size, 2),
    "parts": (_composed, 20),
    "translation": (_translation, 6),
    "script": (_script, 16),
    "scenario": (_scenario, 14),
}
"""What is mutated, and its share of 200 inputs."""


def case_of(number: int) -> Case:
    """The input with that number."""
    rng = random.Random(number)
    (make,) = rng.choices([make for make, _ in FAMILIES.values()], [weight for _, weight in FAMILIES.values()])
    return make(rng)
