"""Prompts: how they are written, what is said in which language, and values inserted."""

from __future__ import annotations

import jsonschema
import pytest
from pydantic import ValidationError

from flows.model.flow import json_schema
from flows.speech.prompt import Prompt, fill, placeholders


def prompt(written: object) -> Prompt:
    return Prompt.model_validate(written)


def test_a_text_is_in_the_flows_first_language() -> None:
    said = prompt("Welcome.")
    assert said.words("en-US", "en-US") == "Welcome."
    assert said.missing(("en-US", "es-US")) == ("es-US",)


def test_a_text_a_language() -> None:
    said = prompt({"en-US": "Welcome.", "es-US": "Bienvenido."})
    assert said.words("es-US", "en-US") == "Bienvenido."
    assert said.missing(("en-US", "es-US")) == ()


def test_in_full() -> None:
    said = prompt(
        {"text": {"en-US": "Welcome."}, "audio": {"en-US": "welcome.wav", "es-US": "hola.wav"}, "seconds": "4.2"}
    )
    assert said.recording("es-US", "en-US") == "hola.wav"
    assert said.seconds == 4.2
    assert said.missing(("en-US", "es-US")) == ()  # a recording says it too


def test_in_full_with_plain_texts() -> None:
    said = prompt({"text": "Welcome.", "audio": "welcome.wav"})
    assert said.words("en-US", "en-US") == "Welcome."
    assert said.recording("en-US", "en-US") == "welcome.wav"
    assert said.recording("es-US", "en-US") == ""  # a recording is of one language


def test_a_list_entry_may_name_what_it_is() -> None:
    assert prompt({"say": {"en-US": "Again."}}).words("en-US", "en-US") == "Again."


@pytest.mark.parametrize(
    ("texts", "language", "said"),
    [
        ({"en-US": "Hello.", "es-US": "Hola."}, "fr-FR", "Hello."),  # the flow's first
        ({"es-US": "Hola."}, "fr-FR", "Hola."),  # any
        ({"en-US": "Hello.", "es-US": ""}, "es-US", "Hello."),  # an empty text says nothing
        ({}, "en-US", ""),
    ],
)
def test_where_a_language_is_missing(texts: dict[str, str], language: str, said: str) -> None:
    assert Prompt(text=texts).words(language, "en-US") == said


@pytest.mark.parametrize("tag", ["english", "en_US", "1", "e", "en-", "say"])
def test_a_key_that_is_no_language_is_refused(tag: str) -> None:
    with pytest.raises(ValidationError, match="is not a language"):
        prompt({tag: "Welcome.", "en-US": "Welcome."})


def test_numbers_are_no_prompt() -> None:
    with pytest.raises(ValidationError):
        prompt(["Welcome."])
    with pytest.raises(ValidationError):
        prompt({"text": "Welcome.", "seconds": "long"})


def test_a_prompt_does_not_change() -> None:
    with pytest.raises(ValidationError):
        prompt("Welcome.").seconds = 3.0


def test_placeholders_in_the_order_of_the_text() -> None:
    assert placeholders("{b:money} and {a}, {a:digits}; {} { x } {1}") == ("b", "a", "a")


@pytest.mark.parametrize(
    ("text", "values", "said"),
    [
        ("Your balance is {balance}.", {"balance": "12.50"}, "Your balance is 12.50."),
        ("You entered {pin:digits}.", {"pin": "402"}, "You entered 4 0 2."),
        ("Hello {name}.", {}, "Hello ."),  # an unknown value is left out
        ("{a}", {"a": "{b}", "b": "secret"}, "{b}"),  # a value is not read again
        ("100 % {of} it", {"of": "of"}, "100 % of it"),
        ("{}", {"": "x"}, "{}"),
        ("{a.b} {a[0]}", {"a": "x"}, "{a.b} {a[0]}"),  # no template language
    ],
)
def test_values_are_inserted(text: str, values: dict[str, str], said: str) -> None:
    assert fill(text, values) == said


def test_the_json_schema_takes_every_form() -> None:
    flow = {"ivr": "1", "name": "L", "start": "a", "nodes": {"a": {"type": "hangup"}}}
    for say in ("Hi.", {"en-US": "Hi."}, {"text": "Hi.", "audio": {"en-US": "hi.wav"}, "seconds": 1.5}):
        jsonschema.validate({**flow, "nodes": {"a": {"type": "hangup", "say": say}}}, dict(json_schema()))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**flow, "nodes": {"a": {"type": "hangup", "say": ["Hi."]}}}, dict(json_schema()))
