"""Reader and published schema agree: a mutated file is refused by both because of its form, or by neither.

What only one of them can know is listed here, in `READER_ONLY` and `SCHEMA_ONLY`, each with its reason.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Callable, Mapping
from typing import Any

import jsonschema
import pytest

from flows.model.flow import Catalogue, Part, json_schema
from flows.model.load import load_text
from flows.source import yaml_reader as native
from flows.source.finding import FlowError, IvrError, ScenarioError
from flows.source.json_schema import file_schema
from flows.source.validate import validate
from ivr.answering.agents_file import agents_schema
from simulation.loading.tables import with_tables
from simulation.scenario.json_schema import scenario_schema
from simulation.scenario.model import Scenario
from tests.support.library import LIBRARY
from tests.support.mutation_seeds import COMPOSED, scenarios, seeds
from tests.support.mutations import mutated_data

NUMBER = int(os.environ.get("IVR_FUZZ", "1500"))

READER_ONLY = {
    "a name is free, but for a few words and signs": r"^'.*' cannot name an? |^'.*' is the name of an? ",
    "the languages with phrases grow without the schema": r" has no phrases yet$|^a language is named twice$",
    "JSON Schema does not count the entries of a whole file": (
        r"^a (flow|part) has at least one node$|^more than 200 parts$"
    ),
    "JSON Schema cannot compare one text with another": (
        r" overlap$| ends before it begins$| is before \d{4}-\d\d-\d\d$| does not fit in | is given twice, in "
        r"|the smaller first$|^(a question|a window|a time) is"
        r" named twice$| is said to be sensitive and is not |^nothing says when the answer means "
    ),
    "what a type takes is known by the type": (
        r"^nothing says (what is entered|which digits fit|how many digits there are)$| has a meaning only with "
        r"|^'as: \w+' (does not take|knows how many) | is not (a whole number|an amount|a country code|a pattern: .*)$"
        r"|^no (number|amount) is at least |^there is no currency | may hold digits, | days are more than ten years$"
        r"| has two meanings in this list$| items are assumed and at most "
    ),
    "JSON Schema cannot add": r" sum to |; together they are at most |^hear_all \+ key_ahead is ",
    "a text may be empty there": r"^nothing is written here$|^the text is empty$",
    "zones, calendars and days are looked up": (
        r" is not a time zone$| is not a (calendar|date)|^no calendar |has an hour above 24:00|is not a date and time$"
    ),
    "a number in quotes has no bounds there": (
        r" must be (above|below|at least|at most) | is not a (sensible duration|duration|share|number of digits|day"
        r"|span of time|time of day)$|^'[\d.]+' is not (an HTTP status|a rate of speaking)$"
        r"|^a list has \d+ entries|^a mapping is not a text$"
        r"| is not a ((whole|finite) )?number$|^'[\d.]+' is not 'key: value' entries$"
        r"|: digits go from"
        r" |^(lognormal|exponential|constant|uniform|erlang|gamma|weibull): \w+ is | lacks \w+"
    ),
    "an address, a place in an answer or a header is more than its letters": (
        r" is not a valid address: | cannot be sent as a header$| cannot name a value$| cannot name an outcome$"
        r"| is not a path into | is not a pattern$"
    ),
    "what one field needs of another": (
        r" by shares|^arrivals of kind |^a group has either |^a break has from "
        r"|^constant arrivals have one rate| has a (share and no case|case and no share)$"
        r"|^a list is about the caller|^a dial node dials one number or several$| cannot happen here$"
        r"|^somebody to dial is | could be any number$"
        r"| needs neither a list nor |^address goes with allow$"
        r"|^an allowed number begins | can be sent to telephone numbers only$|^on names nothing but a"
        r" timeout$|^timeout has no conditions$|^'is' says what a field holds|^no day has hours$"
    ),
    "shared prompts stand in other places of the file": r"^there is no shared prompt | stands for a whole prompt$",
    "a text by language may have any name there": r" is not a language$",
    "two spellings of one key, and a number where a key belongs": (
        r" is (bound|given) twice|^'([-+]\d+|\d{5,})' is not a phone key$"
    ),
    "files that are named are looked for": (
        r": no such file$| lies outside the flow's folder$| cannot be read| is not a path$|this is a folder"
    ),
}
"""What the schema cannot say, with its reason, and how the reader's findings about it read."""
SCHEMA_ONLY = {
    "earlier versions are read, with a note, and editors offer the current one": r"^ivr: '0' is not one of ",
}
"""What the reader takes and the schema does not, with its reason."""


def explained(messages: list[str]) -> bool:
    return all(any(re.search(pattern, message) for pattern in READER_ONLY.values()) for message in messages)


def refused(read: Callable[[], Any]) -> list[str]:
    try:
        read()
    except IvrError as error:
        return [finding.message for finding in error.findings]
    return []


def disagreement(data: Any, validator: jsonschema.Draft202012Validator, messages: list[str]) -> str:
    wrong = [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:100]}" for e in validator.iter_errors(data)]
    if (
        wrong
        and not messages
        and not all(any(re.search(pattern, w) for pattern in SCHEMA_ONLY.values()) for w in wrong)
    ):
        return f"only the schema refuses it: {wrong[0]}"
    if messages and not wrong and not explained(messages):
        return f"only the reader refuses it: {messages}"
    return ""


FLOW = jsonschema.Draft202012Validator(json_schema())


def test_flows() -> None:
    told, sound, unsound = [], 0, 0
    small = seeds()[:-4]
    for number in range(NUMBER):
        rng = random.Random(number)
        _, _, data = rng.choice(seeds()[-4:] if number % 20 == 0 else small)
        way, changed = mutated_data(rng, data, gentle=rng.random() < 0.3)
        try:
            text = json.dumps(changed, ensure_ascii=False)
            read = native.parse(text, "flow.yaml").data  # what the schema judges is what the reader reads
        except FlowError:
            continue
        messages = refused(lambda text=text: load_text(text))
        sound, unsound = sound + (not messages), unsound + bool(messages)
        if problem := disagreement(read, FLOW, messages):
            told.append(f"{number} ({way}): {problem}")
    assert told == []
    assert min(sound, unsound) > NUMBER / 10  # both kinds are compared


OTHERS: Mapping[str, tuple[Any, Any, Mapping[str, Any]]] = {
    "part": (Part, native.parse(COMPOSED["parts/identify.yaml"], "p").data, file_schema(Part)),
    "catalogue": (Catalogue, native.parse(COMPOSED["prompts.yaml"], "c").data, file_schema(Catalogue)),
    **{name: (Scenario, data, scenario_schema()) for name, (_, data) in scenarios().items()},
}


@pytest.mark.parametrize("kind", OTHERS)
def test_parts_catalogues_and_scenarios(kind: str) -> None:
    model, data, schema = OTHERS[kind]
    validator = jsonschema.Draft202012Validator(schema)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert [e.message for e in validator.iter_errors(data)] == []
    told = []
    for number in range(NUMBER // 10):
        rng = random.Random(number)
        way, changed = mutated_data(rng, data, gentle=rng.random() < 0.3)
        try:
            document = native.parse(json.dumps(changed, ensure_ascii=False), str(LIBRARY / kind))
        except FlowError:
            continue
        try:
            read = with_tables(document, lambda: None)[0] if model is Scenario else document
        except ScenarioError:  # of names and lengths in its tables, which a schema does not know
            continue
        messages = refused(lambda read=read: validate(read, model))
        if problem := disagreement(document.data, validator, messages):
            told.append(f"{number} ({way}): {problem}")
    assert told == []


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        ("flow", json_schema()),
        ("part", file_schema(Part)),
        ("catalogue", file_schema(Catalogue)),
        ("scenario", scenario_schema()),
        ("agents", agents_schema()),
    ],
)
def test_every_field_is_explained(kind: str, schema: Mapping[str, Any]) -> None:
    models = {kind: schema, **schema["$defs"]}
    silent = [
        f"{name}.{field}"
        for name, model in models.items()
        for field, spec in model.get("properties", {}).items()
        if field != "type" and name != "Prompt" and not spec.get("description")
    ]
    assert silent == []
