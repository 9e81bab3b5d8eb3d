"""menu: offer options by key (and phrase)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from flows.nodes.base import FlowView, Here, KeyView, Reading, Wire
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH, Dialogue
from flows.protocol.actions import Action, Event, Keys, Listen, Say, Silence, Speech
from flows.speech.prompt import Prompt
from flows.speech.spoken_menu import SpokenMenu, spoken_menu
from flows.speech.timing import say_s
from flows.values.scalars import Key, Share, Target

_PUNCTUATION = re.compile(r"[^\w\s]")


class Choice(BaseModel):
    """One option of a menu.

    Parameters
    ----------
    key : str
    label : Prompt or None
        What it is for, by language; announced as "For LABEL, press KEY." A key without a label is not announced.
    phrases : list of str
        What callers may say instead of the key.
    next : str
        Node, or ``back``, ``repeat``, ``return``.
    share : float or None
        Share of callers in this menu who want this option, 0..1.
    pinned : bool
        True to keep its place when the order is optimised.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    key: Key
    label: Prompt | None = None
    phrases: tuple[str, ...] = ()
    then: Target = Field(alias="next", description="node that follows")
    share: Share | None = None
    pinned: bool = False


class Menu(Dialogue):
    """Offer options; the prompt is composed from the choices or written out in `prompt`.

    Parameters
    ----------
    choices
        The options, in spoken order.
    intro
        Said before the options, the first time only.
    prompt
        Said instead of the prompt composed from the choices.

    Examples
    --------
    >>> node = Menu.model_validate({"type": "menu", "choices": [{"key": "1", "label": "billing", "next": "billing"}]})
    >>> [(wire.outcome, wire.target) for wire in node.wires()]
    [('1', 'billing'), ('otherwise', None)]
    """

    keeps_place: ClassVar[bool] = True
    takes_defaults: ClassVar[bool] = True

    type: Literal["menu"]
    intro: Prompt | None = None
    prompt: Prompt | None = None
    choices: tuple[Choice, ...] = Field(min_length=1, max_length=100)

    def wires(self) -> tuple[Wire, ...]:
        choices = tuple(Wire(c.key, c.then, ("choices", i, "next"), True, c.label) for i, c in enumerate(self.choices))
        return (*choices, *self.retry_wires())

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        own = tuple(((name,), p) for name, p in (("intro", self.intro), ("prompt", self.prompt)) if p)
        labels = tuple((("choices", i, "label"), c.label) for i, c in enumerate(self.choices) if c.label)
        return (*own, *labels, *self.retry_prompts())

    @cached_property
    def _known_words(self) -> dict[tuple[str, str], tuple[Mapping[str, KeyView], SpokenMenu]]:
        """What `spoken` has composed, by language and first language, with the flow's keys at that time."""
        return {}

    def spoken(self, flow: FlowView, language: str) -> SpokenMenu:
        """What the menu says in `language`, option by option: its own choices, then the global keys; composed once."""
        languages = language, flow.languages[0]
        keys, words = self._known_words.get(languages, (None, None))
        if words is None or keys is not flow.keys:
            words = self._composed(flow.keys, *languages)
            self._known_words[languages] = flow.keys, words
        return words

    def _composed(self, keys: Mapping[str, KeyView], language: str, first: str) -> SpokenMenu:
        own = {choice.key for choice in self.choices}
        everywhere = [(key, bound.label) for key, bound in keys.items() if key not in own]
        return spoken_menu(
            language,
            first,
            intro=self.intro,
            prompt=self.prompt,
            labels=[*((choice.key, choice.label) for choice in self.choices), *everywhere],
        )

    def enter(self, here: Here) -> tuple[Action, ...]:
        said: list[Action] = list(self.reprompt(here))
        if self.intro and here.attempt == 1:
            said.append(here.say(self.intro, barge_in=True))
        if self.prompt:
            said.append(here.say(self.prompt, barge_in=True))
        else:
            spoken = self.spoken(here.flow, here.language)
            said += [Say(o.text, here.language, seconds=o.seconds, barge_in=True) for o in spoken.options]
        return (*said, self.listen(here))

    def listen(self, here: Here) -> Listen:
        """What the menu waits for."""
        keys = tuple(dict.fromkeys([*(c.key for c in self.choices), *here.flow.keys]))
        finish = "" if any("#" in key for key in keys) else "#"
        hints = tuple(phrase for choice in self.choices for phrase in choice.phrases)
        longest = max(map(len, keys))
        return Listen(keys, longest, finish, self.timeout, self.interdigit, here.language, hints)

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        if isinstance(event, Silence):
            return Reading(NO_INPUT)
        if isinstance(event, Keys):
            if not event.keys:
                return Reading(NO_INPUT)
            known = event.keys in {c.key for c in self.choices} or event.keys in here.flow.keys
            return Reading(event.keys if known else NO_MATCH)
        if isinstance(event, Speech):
            return Reading(self._key_spoken(event.text) or NO_MATCH)
        return None

    def _key_spoken(self, text: str) -> str:
        """The key with the longest phrase found in `text`; an empty string if there is none."""
        said = f" {_PUNCTUATION.sub(' ', text.lower())} "
        said = f" {' '.join(said.split())} "
        matches = [
            (len(plain), -index, choice.key)
            for index, choice in enumerate(self.choices)
            for phrase in choice.phrases
            if (plain := " ".join(_PUNCTUATION.sub(" ", phrase.lower()).split())) and f" {plain} " in said
        ]
        return max(matches)[2] if matches else ""

    def outcomes(self, here: Here) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*(c.key for c in self.choices), *here.flow.keys, NO_INPUT, NO_MATCH]))

    def hearing(self, here: Here) -> Callable[[str], float]:
        again = sum(say_s(action) for action in self.reprompt(here) if isinstance(action, Say)) if here.reason else 0.0
        spoken = self.spoken(here.flow, here.language)
        skipped = spoken.own_intro_s if here.attempt > 1 else 0.0
        return lambda outcome: again + spoken.heard_s(outcome) - skipped
