"""Follows the hint of a finding to the letter: parses the hint and changes the plain data of the flow."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from typing import Any

import yaml

from flows.model.opening_hours_hints import day_numbers
from flows.source.document import Document, Path, value_at
from flows.source.finding import Finding
from flows.source.yaml_fixes import edited
from flows.source.yaml_reader import parse

__all__ = ["followed", "followed_in_text", "reread"]

Data = dict[str, Any]
Follow = Callable[["re.Match[str]", Finding, Document, Data], bool]


def followed(finding: Finding, document: Document) -> str | None:
    """The text of the flow after following the hint; None when a program cannot follow it."""
    if finding.fix is not None:
        text, made = edited(document.text, [finding.fix])
        return text if made else None
    for pattern, follow in FOLLOWED.items():
        if match := re.search(pattern, finding.hint):
            data = copy.deepcopy(document.data)
            if follow(match, finding, document, data):
                return json.dumps(data, ensure_ascii=False)
    if match := re.search(r"^remove (\w+) from the comment", finding.hint):
        lines = document.text.split("\n")
        at = lines[finding.line - 1]
        rest = re.sub(rf",\s*{match[1]}\b|\b{match[1]}\s*,\s*|\b{match[1]}\b", "", at, count=1)
        lines[finding.line - 1] = re.sub(r"\s*# ivr: ignore\s*(--.*)?$", "", rest)
        return "\n".join(lines)
    return None


def followed_in_text(finding: Finding, text: str) -> str | None:
    """The same for a file that cannot be read as data: the change is made where the finding points."""
    for pattern, change in IN_TEXT.items():
        if match := re.search(pattern, f"{finding.message} | {finding.hint}"):
            lines = text.split("\n")
            line, at = lines[finding.line - 1], finding.column - 1
            lines[finding.line - 1] = change(match, line[:at], line[at:])
            return "\n".join(lines)
    return None


def _path(finding: Finding, document: Document) -> Path:
    """The path of the text, or failing that the entry, that the finding marks."""
    at = finding.line, finding.column
    texts = [
        path for path, mark in document.marks.items() if mark == at and isinstance(value_at(document.data, path), str)
    ]
    keys = [path for path, mark in document.keys.items() if mark == at]
    return (texts or keys or [path for path, mark in document.marks.items() if mark == at] or [()])[0]


def _around(finding: Finding, document: Document, data: Data) -> Data:
    """The node, or the entry of another list, that contains the finding; else the flow."""
    path = _path(finding, document)
    if finding.node:
        return data["nodes"][finding.node]  # type: ignore[no-any-return]
    here = value_at(data, path[:2]) if len(path) >= 2 else None
    return here if isinstance(here, dict) else data


def _set(here: Data, entries: Any) -> bool:
    if not isinstance(entries, dict):
        return False
    for key, value in entries.items():
        if isinstance(value, dict) and isinstance(here.get(key), dict):
            here[key].update(value)
        else:
            here[key] = value
    return True


def _add(match: re.Match[str], finding: Finding, document: Document, data: Data) -> bool:
    if re.search(r"NODE|\.\.\.", match["entry"]) or (
        "in every language" in finding.hint and len(data.get("languages", "1")) > 1
    ):
        return False
    entries, path = yaml.load(match["entry"], yaml.BaseLoader), _path(finding, document)
    here = data if "to the flow" in finding.hint else _around(finding, document, data)
    return _set(value_at(data, path[:-1]) if path and path[-1] in entries else here, entries)


def _mean(match: re.Match[str], finding: Finding, document: Document, data: Data) -> bool:
    path, meant = _path(finding, document), match["meant"]
    if not path:
        return False
    misspelt = (
        next((key for key in value_at(data, path) if repr(key) in finding.message), None)
        if isinstance(value_at(data, path), dict)
        else None
    )
    if misspelt is not None:
        path = (*path, misspelt)
    here = value_at(data, path[:-1])
    at = finding.line, finding.column
    if misspelt is not None or (
        document.keys.get(path) == at and not (document.marks.get(path) == at and isinstance(here[path[-1]], str))
    ):
        items = [(meant if key == path[-1] else key, value) for key, value in here.items()]
        here.clear()
        here.update(items)
    elif meant.startswith("{"):
        old = re.search(r"\{(\w+)\}", finding.message)
        here[path[-1]] = here[path[-1]].replace(old[0] if old else meant, meant)
    elif isinstance(here[path[-1]], list):
        misspelt = next(old for old in here[path[-1]] if repr(old) in finding.message)
        here[path[-1]][here[path[-1]].index(misspelt)] = meant
    else:
        here[path[-1]] = meant
    return True


def _write_value(match: re.Match[str], finding: Finding, document: Document, data: Data) -> bool:
    path = _path(finding, document)
    here, name = value_at(data, path[:-1]), match["value"].strip("{}").partition(":")[0]
    here[path[-1]] = here[path[-1]].replace(f"{{{name}}}", match["value"])
    return True


def _choices(finding: Finding, data: Data) -> list[Data]:
    return data["nodes"][finding.node]["choices"]  # type: ignore[no-any-return]


def _label(choice: Data) -> str:
    label = choice.get("label", "")
    return next(iter(label.values())) if isinstance(label, dict) else label


def _renumber(match: re.Match[str], finding: Finding, document: Document, data: Data) -> bool:
    """The keys in the order in which the choices are spoken, which in a composed prompt is the order of the file."""
    shared = data.get("keys", {})
    mine = [c for c in _choices(finding, data) if c["key"] in tuple("123456789") and c["key"] not in shared]
    keys = re.split(r", (?=\d)", match["keys"])
    if "prompt" in data["nodes"][finding.node] or len(mine) < len(keys):
        return False
    for choice, key in zip(mine[: len(keys)], keys, strict=True):
        choice["key"] = key
    return True


def _same_key(match: re.Match[str], finding: Finding, document: Document, data: Data) -> bool:
    path = _path(finding, document)
    choices = _choices(finding, data)
    if "prompt" in data["nodes"][finding.node]:
        return False
    for key, label in re.findall(r"key (\S+) for '([^']*)'", match["others"] or ""):
        next(c for c in choices if _label(c) == label)["key"] = key
    choices[int(path[3])]["key"] = match["key"]
    return True


def _key(match: re.Match[str], finding: Finding, document: Document, data: Data) -> bool:
    path = _path(finding, document)
    if path[-1] != "key":
        return False
    value_at(data, path[:-1])["key"] = match["key"]
    return True


def _single_keys(match: re.Match[str], finding: Finding, document: Document, data: Data) -> bool:
    choices = _choices(finding, data)
    if "prompt" in data["nodes"][finding.node]:
        return False
    for key, label in re.findall(r"(\d) for '([^']*)'", match["others"]):
        next(c for c in choices if _label(c) == label)["key"] = key
    return True


def _retarget(data: Any, old: str, new: str) -> None:
    """Redirect every exit that leads to one node to another."""
    places = {"next", "otherwise", "failure", "fallback", "start"}
    for key, value in list(data.items()) if isinstance(data, dict) else list(enumerate(data)):
        if isinstance(value, dict | list):
            _retarget(value, old, new)
        elif (
            value == old
            and isinstance(data, dict)
            and (key in places or key not in ("type", "label", "say", "queue", "box", "into", "value"))
        ):
            data[key] = new


def _merge(match: re.Match[str], finding: Finding, document: Document, data: Data) -> bool:
    removed = (
        re.findall(r"'(\w+)'", finding.message.split(" do")[0]) if "exactly" in finding.message else [finding.node]
    )
    for name in removed:
        del data["nodes"][name]
        _retarget(data, name, match["to"])
    return True


def _rename(match: re.Match[str], finding: Finding, document: Document, data: Data) -> bool:
    old, new = str(_path(finding, document)[1]), match["name"]
    data["nodes"] = {new if name == old else name: node for name, node in data["nodes"].items()}
    _retarget(data, old, new)
    return True


def _before(match: re.Match[str], finding: Finding, document: Document, data: Data) -> bool:
    cases = data["nodes"][finding.node]["cases"]
    moved = cases.pop(match["first"])
    items = []
    for case, target in cases.items():
        items += [(match["first"], moved)] if case == match["second"] else []
        items.append((case, target))
    data["nodes"][finding.node]["cases"] = dict(items)
    return True


def _remove_entry(match: re.Match[str], finding: Finding, document: Document, data: Data) -> bool:
    _around(finding, document, data).pop(match["entry"])
    return True


def _remove_here(match: re.Match[str], finding: Finding, document: Document, data: Data) -> bool:
    path = _path(finding, document)
    for name in re.findall(r"'(\w+)'", finding.hint.partition("remove it with ")[2]):
        del data["nodes"][name]
    while path:
        here = value_at(data, path[:-1])
        del here[path[-1]]
        path = path[:-1]
        if here:
            return True
    return False


def _hours(match: re.Match[str], finding: Finding, document: Document, data: Data) -> bool:
    """New days and spans for a calendar; drops the wrong one and those that are replaced."""
    path = _path(finding, document)
    name = next(
        (
            path[:i]
            for i in range(len(path), 0, -1)
            if isinstance(value_at(data, path[:i]), dict) and "zone" in value_at(data, path[:i])
        ),
        path,
    )
    calendar = value_at(data, name)
    new = dict(re.findall(r'([a-z-]+): "([^"]*)"', match["entries"]))
    covered = {day for days in new for day in day_numbers(days) or ()}
    for days in [key for key in calendar if key not in ("zone", "closed", "holidays")]:
        numbers = day_numbers(days)
        if numbers is None or set(numbers) <= covered:
            del calendar[days]
    calendar.update(new)
    return True


def _value(match: re.Match[str], finding: Finding, document: Document, data: Data) -> bool:
    path = _path(finding, document)
    value_at(data, path[:-1])[path[-1]] = match["zone"] or match["other"]
    return True


def _list(match: re.Match[str], finding: Finding, document: Document, data: Data) -> bool:
    path = _path(finding, document)
    value_at(data, path[:-1])[path[-1]] = yaml.load(match["list"], yaml.BaseLoader)
    return True


def _otherwise(match: re.Match[str], finding: Finding, document: Document, data: Data) -> bool:
    data["nodes"][finding.node]["otherwise"] = match["to"]
    if match["gone"]:
        del data["nodes"][match["gone"]]
    return True


def _next(match: re.Match[str], finding: Finding, document: Document, data: Data) -> bool:
    data["nodes"][match["last"]]["next"] = match["to"]
    return True


def _fallback(match: re.Match[str], finding: Finding, document: Document, data: Data) -> bool:
    data["fallback"] = match["to"]
    for name in re.findall(r"'(\w+)'", finding.message.partition(": ")[2]):
        del data["nodes"][name]["otherwise"]
    if match["gone"]:
        del data["nodes"][match["gone"]]
    return True


def _https(match: re.Match[str], finding: Finding, document: Document, data: Data) -> bool:
    path = _path(finding, document)
    value_at(data, path[:-1])[path[-1]] = re.sub(r"^\w+://", "https://", value_at(data, path))
    return True


FOLLOWED: dict[str, Follow] = {
    r"^(?:[^;]*; )?(?:add|write) '(?P<entry>\w+: [^']*)'(?:$|,| to the flow|; )": _add,
    r"^(?:write|add) \"(?P<entry>\w[\w-]*: .*)\"$": _add,
    r"did you mean '?(?P<meant>[^'?]+)'?\?": _mean,
    r"^write '(?P<meant>withheld)' for callers": _mean,
    r"^write it without spaces or punctuation: '(?P<meant>[^']+)'": _mean,
    r"remove the case$": _remove_here,
    r"^write (?P<value>\{\w+:\w+\})$": _write_value,
    r"^give (?:them the keys|it key) (?P<keys>\d(?:, \d)*)": _renumber,
    r"^use key (?P<key>\S+?) here too(?P<others>, and key .*)?(?:, or|; or)": _same_key,
    r"^use another key, e\.g\. (?P<key>\d)": _key,
    r"^use single keys: (?P<others>.*)$": _single_keys,
    r"^(?:use it, or )?lead callers to '(?P<to>\w+)' (?:at once )?and remove": _merge,
    r"^call it '(?P<name>\w+)'": _rename,
    r"^put '(?P<first>[^']+)' before '(?P<second>[^']+)'": _before,
    r"^remove '(?P<entry>\w+)'": _remove_entry,
    r"^(?:use it, or remove it|remove them, or ask|lead a choice or 'next' here, or remove it)": _remove_here,
    r"^remove it, or (?:lead|write|name)": _remove_here,
    r"write (?:an entry for each: )?(?P<entries>(?:[a-z-]+: \"[^\"]*\"(?:, )?)+)": _hours,
    r"^(?:it stands for several: )?write '(?P<zone>\w+/\w+)'|such as '(?P<other>\w+/\w+)'$": _value,
    r"^write (?P<list>\[[^\]]*\])$": _list,
    r"^lead 'otherwise' to '(?P<to>\w+)'(?: and remove '(?P<gone>\w+)')?, or": _otherwise,
    r"^lead 'next' of '(?P<last>\w+)' to '(?P<to>\w+)'": _next,
    r"^leave 'otherwise' out in all of them and add 'fallback: (?P<to>\w+)' to the flow"
    r"(?: and remove '(?P<gone>\w+)')?": _fallback,
    r"^use a URL that begins with https://": _https,
}
"""Patterns of hints, and how to follow each; the first that matches counts."""
IN_TEXT: dict[str, Callable[[re.Match[str], str, str], str]] = {
    r"\| write (pound|star), or": lambda match, before, after: f"{before}{match[1]}{after[1:]}",
    r"\| write '((?!name: value)\w+: .*)'$": lambda match, before, after: (
        before + match[1] + "".join(re.findall(r"\s+#.*$", after))
    ),
    r"\| write a plain space$": lambda match, before, after: f"{before} {after[1:]}",
    r"a \} too many \| remove it$": lambda match, before, after: f"{before}{after[1:]}",
    r"\| close it with \}$": lambda match, before, after: f"{before}{after}}}",
    r"no space after '(\w+):' \|": (
        lambda match, before, after: (before + after).replace(f"{match[1]}:", f"{match[1]}: ", 1)
    ),
    r"a text cannot begin with @ \| put the text in quotes": lambda match, before, after: (
        before + re.sub(r"^([^,}]*)", r'"\1"', after)
    ),
}
"""By message and hint: the text before and after the place, rebuilt."""


def reread(text: str) -> str:
    """The flow without its comments, to compare with the result of a change of its data."""
    return json.dumps(parse(text, "flow.yaml").data, ensure_ascii=False)
