"""menu: offer options by key (and phrase)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import islice, product
from typing import ClassVar, Literal

from pydantic import Field

from flows.nodes.base import FlowView, Here, KeyView, Reading, Wire
from flows.nodes.base_choice import KEY, OTHER, Choice
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH, Dialogue
from flows.protocol.actions import Action, Event, Keys, Listen, Say, Silence, Speech
from flows.speech.prompt import Prompt, fill
from flows.speech.spoken_menu import SpokenMenu, Told, spoken_menu
from flows.speech.timing import say_s

_KEYPAD = "1234567890*#"
_MOST_VARIANTS = 256
_PRESSED = f"{{{KEY}}}"
_PUNCTUATION = re.compile(r"[^\w\s]")


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
        labels = tuple((("choices", i, c.words_key), c.label) for i, c in enumerate(self.choices) if c.label)
        return (*own, *labels, *self.retry_prompts())

    def reads(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        conditions = ((i, n, one) for i, c in enumerate(self.choices) for n, one in enumerate(c.when))
        return tuple((("choices", i, "when", n, "value"), one.value) for i, n, one in conditions)

    def writes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for choice in self.choices for name in choice.sets))

    def writes_on(self, outcome: str) -> tuple[str, ...]:
        return tuple(self.sets_on(outcome))

    def sets_on(self, outcome: str) -> Mapping[str, str]:
        """The text stored under each name when the call leaves by `outcome`."""
        return next((choice.sets for choice in self.choices if choice.key == outcome), {})

    def inserts(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        texts = ((i, name, text) for i, choice in enumerate(self.choices) for name, text in choice.sets.items())
        return tuple((("choices", i, "set", name), text.replace(_PRESSED, "")) for i, name, text in texts)

    def copies(self) -> Mapping[str, str]:
        return {
            name: " ".join(c.sets.get(name, "") for c in self.choices).replace(_PRESSED, "") for name in self.writes()
        }

    @cached_property
    def _offers(self) -> dict[tuple[str, ...], Menu]:
        """The menu with fewer choices, by the keys of those offered."""
        return {}

    def offered(self, here: Here) -> Menu:
        """The menu without the choices that this caller is not offered; the whole menu if there is no call."""
        if here.values is None or not any(choice.when for choice in self.choices):
            return self
        return self._with(tuple(choice for choice in self.choices if choice.is_offered(here)))

    def _with(self, choices: tuple[Choice, ...]) -> Menu:
        keys = tuple(choice.key for choice in choices)
        if keys not in self._offers:
            fields = {name: getattr(self, name) for name in type(self).model_fields}
            plain = tuple(choice.model_copy(update={"when": ()}) for choice in choices)
            self._offers[keys] = type(self).model_construct(**(fields | {"choices": plain}))
        return self._offers[keys]

    @cached_property
    def variants(self) -> tuple[Menu, ...]:
        """The menus that callers can meet, as conditions hold or do not; only this one if nothing is conditional."""
        texts: dict[str, list[str]] = {}
        for one in (one for choice in self.choices for one in choice.when):
            texts.setdefault(one.value, [""]).extend(text.removesuffix("*") for text in one.texts)
        if not texts:
            return (self,)
        found = {}
        for values in islice(product(*(dict.fromkeys(of) for of in texts.values())), _MOST_VARIANTS):
            known = dict(zip(texts, values, strict=True))
            fitting = (c for c in self.choices if all(one.fits(known[one.value]) for one in c.when))
            menu = self._with(tuple(fitting))
            found[tuple(choice.key for choice in menu.choices)] = menu
        return tuple(found.values())

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

    @cached_property
    def own_keys(self) -> frozenset[str]:
        """Every key that some choice names."""
        return frozenset(key for choice in self.choices for key in choice.all_keys)

    @property
    def takes_others(self) -> bool:
        """Whether every key that is not named is an answer too."""
        return any(choice.key == OTHER for choice in self.choices)

    def _composed(self, keys: Mapping[str, KeyView], language: str, first: str) -> SpokenMenu:
        own = (Told(c.key, c.label, " ".join(c.all_keys), c.verb is not None) for c in self.choices)
        everywhere = (Told(key, bound.label) for key, bound in keys.items() if key not in self.own_keys)
        named = sorted(own, key=lambda told: told.key == OTHER)  # "any other key" means nothing before the others
        rest = [told for told in named if told.key == OTHER]
        return spoken_menu(
            language,
            first,
            intro=self.intro,
            prompt=self.prompt,
            labels=[*(told for told in named if told.key != OTHER), *everywhere, *rest],
        )

    def enter(self, here: Here) -> tuple[Action, ...]:
        said: list[Action] = list(self.reprompt(here))
        if self.intro and here.attempt == 1:
            said.append(here.say(self.intro, barge_in=True))
        if self.prompt:
            said.append(here.say(self.prompt, barge_in=True))
        else:
            spoken = self.offered(here).spoken(here.flow, here.language)
            said += [Say(o.text, here.language, o.audio, o.seconds, barge_in=True) for o in spoken.options]
        return (*said, self.listen(here))

    def listen(self, here: Here) -> Listen:
        """What the menu waits for."""
        menu = self.offered(here)
        named = [*(key for choice in menu.choices for key in choice.all_keys), *self._free(here)]
        keys = tuple(dict.fromkeys([*named, *(_KEYPAD if menu.takes_others else ())]))
        finish = "" if any("#" in key for key in keys) else "#"
        hints = tuple(phrase for choice in menu.choices for phrase in choice.phrases)
        longest = max(map(len, keys), default=1)
        return Listen(keys, longest, finish, self.timeout, self.interdigit, here.language, hints)

    def _free(self, here: Here) -> tuple[str, ...]:
        """The keys that work everywhere and are no choice here, offered or not."""
        return tuple(key for key in here.flow.keys if key not in self.own_keys)

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        if isinstance(event, Silence):
            return Reading(NO_INPUT)
        menu = self.offered(here)
        if isinstance(event, Keys):
            return menu._key_pressed(here, event.keys, self._free(here))
        if isinstance(event, Speech):
            key = menu._key_spoken(event.text)
            return self._chosen(here, key, key) if key else Reading(NO_MATCH)
        return None

    def _key_pressed(self, here: Here, keys: str, free: tuple[str, ...]) -> Reading:
        if not keys:
            return Reading(NO_INPUT)
        chosen = next((choice.key for choice in self.choices if keys in choice.all_keys), "")
        if chosen:
            return self._chosen(here, chosen, keys)
        if keys in free:
            return Reading(keys)
        return self._chosen(here, OTHER, keys) if self.takes_others else Reading(NO_MATCH)

    def _chosen(self, here: Here, outcome: str, pressed: str) -> Reading:
        values, home = {**(here.values or {}), KEY: pressed}, here.flow.languages[0]
        sets = self.sets_on(outcome).items()
        return Reading(outcome, {name: fill(text, values, language=here.language, home=home) for name, text in sets})

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
        own = (choice.key for choice in self.offered(here).choices)
        return tuple(dict.fromkeys([*own, *self._free(here), NO_INPUT, NO_MATCH]))

    def hearing(self, here: Here) -> Callable[[str], float]:
        again = sum(say_s(action) for action in self.reprompt(here) if isinstance(action, Say)) if here.reason else 0.0
        spoken = self.offered(here).spoken(here.flow, here.language)
        skipped = spoken.own_intro_s if here.attempt > 1 else 0.0
        return lambda outcome: again + spoken.heard_s(outcome) - skipped
