"""A prompt: what callers hear in each language, as text or recordings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    TypeAdapter,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import CoreSchema

from flows.speech.ssml import is_ssml, plain, safe
from flows.speech.values import masked, spoken_value
from flows.speech.voice import Pace

__all__ = ["SLOT", "Prompt", "PromptError", "fill", "placeholders", "reference", "slots", "words_path"]

SLOT = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)(?::([a-z]+)(?::([^{}:]{1,80}))?)?\}")
"""A placeholder: the value's name, its format, and the format's argument."""
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_FORMS = {"text", "audio", "seconds", "voice", "rate"}
_BY_LANGUAGE = ("text", "audio", "voice")
_REFERENCE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")


class PromptError(ValueError):
    """A reference to a shared prompt that does not exist; `code` is the code of the resulting finding."""

    code = "F005"


def reference(text: Any) -> str:
    """The shared prompt that a text refers to (``$welcome``), or an empty string.

    A dollar sign before a number or inside a text is just a dollar sign; ``$$welcome`` is the text "$welcome".

    Examples
    --------
    >>> reference("$welcome"), reference("$5 a month"), reference("$$welcome")
    ('welcome', '', '')
    """
    match = _REFERENCE.fullmatch(text.strip()) if isinstance(text, str) and "$" in text else None
    return match[1] if match else ""


class Prompt(BaseModel):
    """Words in one or more languages.

    Written as a text (``say: Welcome.``), one text per language (``say: {en-US: Welcome., es-US: Bienvenido.}``) or
    in full (``say: {text: ..., audio: ..., seconds: 4.2}``). A text without a tag is in the flow's first language.
    ``say: $welcome`` uses the shared prompt of that name (``prompts:``, or a file named by ``catalogue:``).

    Parameters
    ----------
    text, audio : dict of str to str
        By language tag; the key ``""`` means the flow's first language.
    seconds : float or None
        Stated length of the recording or text.
    voice : dict of str to str
        The carrier's voice, by language tag, instead of the flow's; the key ``""`` means every language.
    rate : float or None
        How fast it is said, as a share of normal, instead of the flow's rate.

    Examples
    --------
    >>> Prompt.model_validate("Welcome.").text
    {'': 'Welcome.'}
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    text: dict[str, str] = Field(default_factory=dict)
    audio: dict[str, str] = Field(default_factory=dict)
    seconds: float | None = Field(default=None, ge=0, le=3600, allow_inf_nan=False)
    voice: dict[str, str] = Field(default_factory=dict)
    rate: Pace | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any, info: ValidationInfo) -> Any:
        return _in_full(value, info)

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        words = {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]}
        full = {
            "type": "object",
            "properties": {
                "text": {**words, "description": "The words; with a recording, what it says."},
                "audio": {**words, "description": "A recording: a file next to the flow, or an address."},
                "seconds": {
                    "type": "number",
                    "minimum": 0,
                    "maximum": 3600,
                    "description": "How long it takes; default: worked out.",
                },
                "voice": {**words, "description": "A voice of the carrier, instead of the flow's."},
                "rate": TypeAdapter(Pace).json_schema(),
            },
            "additionalProperties": False,
        }
        a_language = {
            "type": "object",
            "propertyNames": {"pattern": "^(?!say$)[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"},
            "additionalProperties": {"type": "string"},
        }
        shorter = [{"type": "string"}, full, a_language]
        said = {
            "type": "object",
            "properties": {"say": {"anyOf": shorter}},
            "required": ["say"],
            "additionalProperties": False,
        }
        return {"title": "Prompt", "anyOf": [*shorter, said]}

    @field_validator("text", "audio", "voice")
    @classmethod
    def _language_tags(cls, texts: dict[str, str]) -> dict[str, str]:
        for tag in texts:
            if tag and (tag == "say" or not _TAG.fullmatch(tag)):  # "say" is a valid tag, but never meant
                if " " in tag.strip():
                    raise ValueError(
                        f"{tag!r} is not a language; if a text has a comma, put it in quotes: in braces a comma ends it"
                    )
                raise ValueError(f"{tag!r} is not a language; write texts by language tag: {{en-US: ..., es-US: ...}}")
        return texts

    def words(self, language: str, first: str) -> str:
        """The words in `language`, else in the flow's `first` language, else in any; SSML without its tags."""
        return plain(self.marked(language, first))

    def marked(self, language: str, first: str) -> str:
        """Like `words`, but keeping SSML tags."""
        return _pick(self.text, language, first)

    def recording(self, language: str, first: str) -> str:
        """The recording for `language`, or an empty string."""
        return self.audio.get(language) or (self.audio.get("", "") if language == first else "")

    def missing(self, languages: tuple[str, ...]) -> tuple[str, ...]:
        """The `languages` in which the prompt has neither text nor recording."""
        first = languages[0]
        return tuple(
            tag
            for tag in languages
            if not self.text.get(tag)
            and not self.audio.get(tag)
            and not (tag == first and (self.text.get("") or self.audio.get("")))
        )


def _in_full(value: Any, info: ValidationInfo) -> Any:
    """A prompt in any of its short forms, expanded to text, audio and seconds."""
    if isinstance(value, str):
        if name := reference(value):
            return _shared(name, info)
        return {"text": {"": value.replace("$$", "$", 1) if reference(value[1:]) else value}}
    if not isinstance(value, Mapping):
        return value
    if set(value) == {"say"}:
        if isinstance(value["say"], Mapping) and set(value["say"]) == {"say"}:
            raise ValueError("a say stands within a say; write it once")
        return _in_full(value["say"], info)
    for text in (*_texts(value), *_texts(value.get("text"))) if info.context else ():
        if name := reference(text):
            raise PromptError(
                f"{text!r} stands for a whole prompt; write say: ${name}, or $${name} for the text itself"
            )
    if not set(value) & _FORMS:
        return {"text": dict(value)}
    return {k: {"": v} if k in _BY_LANGUAGE and isinstance(v, str) else v for k, v in value.items()}


def words_path(written: Any, part: Literal["text", "audio"] = "text") -> tuple[str, ...]:
    """Where a prompt's words (or recordings) are within the prompt as written, whichever form it uses.

    Parameters
    ----------
    written : str or mapping
        The prompt as written.
    part : {"text", "audio"}

    Returns
    -------
    tuple of str
        The path from the prompt to a text, or to texts by language.

    Examples
    --------
    >>> words_path("Hello."), words_path({"en-US": "Hello."}), words_path({"say": {"text": "Hello.", "seconds": "2"}})
    ((), (), ('say', 'text'))
    """
    path: tuple[str, ...] = ()
    if isinstance(written, Mapping) and set(written) == {"say"}:
        path, written = ("say",), written["say"]
    return (*path, part) if isinstance(written, Mapping) and set(written) & _FORMS else path


def _texts(value: Any) -> tuple[Any, ...]:
    return tuple(value.values()) if isinstance(value, Mapping) else (value,)


def _shared(name: str, info: ValidationInfo) -> Any:
    known: Mapping[str, Prompt] = (info.context or {}).get("prompts", {})
    if name not in known:
        near = next(iter(get_close_matches(name, list(known), n=1)), "")
        hint = f"did you mean '${near}'?" if near else f"add it under prompts:, or write '$${name}' to say just that"
        raise PromptError(f"there is no shared prompt {name!r}; {hint}")
    shared = known[name]
    return {
        "text": shared.text,
        "audio": shared.audio,
        "seconds": shared.seconds,
        "voice": shared.voice,
        "rate": shared.rate,
    }


def _pick(texts: Mapping[str, str], language: str, first: str) -> str:
    if own := texts.get(language):
        return own
    if language == first and (own := texts.get("")):
        return own
    return texts.get(first) or texts.get("") or next((t for t in texts.values() if t), "")


def placeholders(text: str) -> tuple[str, ...]:
    """Names of the values a text inserts.

    Examples
    --------
    >>> placeholders("Your balance is {balance:money}, {name}.")
    ('balance', 'name')
    """
    return tuple(m[1] for m in SLOT.finditer(text))


def slots(text: str) -> tuple[str, ...]:
    """The placeholders of a text as written.

    Examples
    --------
    >>> slots("Your balance is {balance:money}.")
    ('{balance:money}',)
    """
    return tuple(m[0] for m in SLOT.finditer(text))


def fill(
    text: str,
    values: Mapping[str, str],
    *,
    language: str = "en",
    home: str = "",
    secret: frozenset[str] = frozenset(),
    keep_unknown: bool = False,
) -> str:
    """`text` with its values inserted in spoken form; unknown values are left out. In SSML, values are escaped.

    Parameters
    ----------
    text : str
        With ``{name}``, ``{name:format}`` or ``{name:format:more}``; see `flows.speech.values`.
    values : mapping of str to str
    language, home : str
        Language spoken, and the flow's first.
    secret : frozenset of str
        Names of values that are never said or written in full.
    keep_unknown : bool
        True to keep the placeholder of an unknown value.

    Examples
    --------
    >>> fill("You entered {pin:digits}.", {"pin": "402"})
    'You entered 4 0 2.'
    >>> fill("Card {card}.", {"card": "4012888888881881"}, secret=frozenset({"card"}))
    'Card a number ending in 8 1.'
    """

    if "{" not in text:
        return text
    written = safe if is_ssml(text) else str

    def one(match: re.Match[str]) -> str:
        value = values.get(match[1], "")
        if keep_unknown and match[1] not in values:
            return match[0]
        if match[1] in secret:
            return written(masked(value, language))
        return written(
            spoken_value(value, match[2], more=match[3] or "", language=language, home=home) if match[2] else value
        )

    return SLOT.sub(one, text)
