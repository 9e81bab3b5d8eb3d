"""menu: offer options by key (and phrase)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import islice, product
from typing import ClassVar, Literal

from pydantic import Field

from flows.nodes.base import FlowView, Here, Move, Reading, Wire
from flows.nodes.base_choice import KEY, OTHER, Choice
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH, Dialogue
from flows.nodes.base_listening import NOT_UNDERSTOOD, REJECTED, Ears, asked_about, asks_about, ears
from flows.nodes.base_views import KeyView
from flows.nodes.base_voices import voice_of
from flows.protocol.actions import Action, Event, Keys, Listen, Say, Silence, Speech
from flows.speech.languages import language as language_of
from flows.speech.listening import SpeechInput
from flows.speech.prompt import Prompt, fill
from flows.speech.spoken_menu import SpokenMenu, Told, spoken_menu
from flows.speech.timing import say_s

_KEYPAD = "1234567890*#"
_MOST_VARIANTS = 256
_PRESSED = f"{{{KEY}}}"


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
    speech
        Whether callers may say what they want, and how sure the recogniser must be; default: as the flow states, else
        whether a choice lists phrases.
    not_understood
        Said instead of `no_match` to callers who spoke; one text for each repetition.

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
    speech: SpeechInput | None = None
    not_understood: tuple[Prompt, ...] = ()

    def wires(self) -> tuple[Wire, ...]:
        choices = tuple(Wire(c.key, c.then, ("choices", i, "next"), True, c.label) for i, c in enumerate(self.choices))
        return (*choices, *self.retry_wires())

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        own = tuple(((name,), p) for name, p in (("intro", self.intro), ("prompt", self.prompt)) if p)
        labels = tuple((("choices", i, c.words_key), c.label) for i, c in enumerate(self.choices) if c.label)
        spoken = tuple((("not_understood", i), prompt) for i, prompt in enumerate(self.not_understood))
        return (*own, *labels, *self.retry_prompts(), *spoken)

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
            words = self._composed(flow, *languages)
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

    def _composed(self, flow: FlowView, language: str, first: str) -> SpokenMenu:
        own = (Told(c.key, c.label, " ".join(c.all_keys), c.verb is not None) for c in self.choices)
        everywhere = (Told(key, bound.label) for key, bound in flow.keys.items() if key not in self.own_keys)
        named = sorted(own, key=lambda told: told.key == OTHER)  # "any other key" means nothing before the others
        rest = [told for told in named if told.key == OTHER]
        return spoken_menu(
            language,
            first,
            intro=self.intro,
            prompt=self.prompt,
            labels=[*(told for told in named if told.key != OTHER), *everywhere, *rest],
            rate=lambda prompt: voice_of(flow, language, prompt)[1],
        )

    @cached_property
    def _known_ears(self) -> dict[tuple[str, str], tuple[FlowView, Ears]]:
        """What `ears` has made, by language and first language, with the flow at that time."""
        return {}

    def ears(self, flow: FlowView, language: str) -> Ears:
        """What the menu understands in `language`; made once."""
        languages = language, flow.languages[0]
        known, found = self._known_ears.get(languages, (None, None))
        if found is None or known is not flow:
            own = [(choice.key, choice) for choice in self.choices]
            found = ears(flow, language, own, own=self.speech, prompt=self.prompt, tells=bool(self.not_understood))
            self._known_ears[languages] = flow, found
        return found

    def reprompt(self, here: Here) -> tuple[Action, ...]:
        if here.reason == NOT_UNDERSTOOD and self.not_understood and not here.phase:
            said = self.not_understood[min(max(self.failed(here, NO_MATCH), 1), len(self.not_understood)) - 1]
            return (here.say(said, barge_in=True),)
        if here.reason == NOT_UNDERSTOOD:
            spoken = language_of(here.language)
            return (here.speak(spoken.hearing.not_understood or spoken.no_match),)
        return super().reprompt(here)

    def enter(self, here: Here) -> tuple[Action, ...]:
        if key := asked_about(here.phase):
            return (*self.reprompt(here), self.ears(here.flow, here.language).question(here, key), self.listen(here))
        said: list[Action] = list(self.reprompt(here))
        if self.intro and here.attempt == 1:
            said.append(here.say(self.intro, barge_in=True))
        if self.prompt:
            said.append(here.say(self.prompt, barge_in=True))
        else:
            spoken = self.offered(here).spoken(here.flow, here.language)
            said += [here.speak(o.text, audio=o.audio, seconds=o.seconds) for o in spoken.options]
        return (*said, self.listen(here))

    def listen(self, here: Here) -> Listen:
        """What the menu waits for."""
        menu = self.offered(here)
        heard = menu.ears(here.flow, here.language)
        if asked_about(here.phase):
            return heard.await_answer(self.timeout, self.interdigit)
        named = [*(key for choice in menu.choices for key in choice.all_keys), *self._free(here)]
        keys = tuple(dict.fromkeys([*named, *(_KEYPAD if menu.takes_others else ())]))
        finish = "" if any("#" in key for key in keys) else "#"
        longest = max(map(len, keys), default=1)
        return Listen(keys, longest, finish, self.timeout, self.interdigit, here.language, heard.hints)

    def _free(self, here: Here) -> tuple[str, ...]:
        """The keys that work everywhere and are no choice here, offered or not."""
        return tuple(key for key in here.flow.keys if key not in self.own_keys)

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        if isinstance(event, Silence):
            return Reading(NO_INPUT)
        if not isinstance(event, Keys | Speech):
            return None
        menu = self.offered(here)
        heard = menu.ears(here.flow, here.language)
        if key := asked_about(here.phase):
            answer = NO_INPUT if event == Keys("") else heard.answered(here, event, key)
            return menu._named(here, key, self._free(here)) if answer == key else Reading(answer or NO_MATCH)
        if isinstance(event, Keys):
            return menu._key_pressed(here, event.keys, self._free(here))
        meant = heard.heard(event)
        return (
            menu._named(here, meant.keys, self._free(here)) if isinstance(meant, Keys) else Reading(meant or NO_MATCH)
        )

    def _named(self, here: Here, key: str, free: tuple[str, ...]) -> Reading:
        """What a key means that was understood: that of a choice, or a number."""
        chosen = next((choice for choice in self.choices if choice.key == key), None)
        if chosen is None:
            return self._key_pressed(here, key, free)
        return self._chosen(here, key, next(iter(chosen.all_keys), key))

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

    def outcomes(self, here: Here) -> tuple[str, ...]:
        spoken = self.offered(here).ears(here.flow, here.language).outcomes
        if key := asked_about(here.phase):
            free = (key for key in here.flow.keys if key not in ("1", "2"))
            told = spoken[-1:] if NOT_UNDERSTOOD in spoken else ()
            return tuple(dict.fromkeys([key, REJECTED, *free, *told, NO_INPUT, NO_MATCH]))
        own = (choice.key for choice in self.offered(here).choices)
        return tuple(dict.fromkeys([*own, *self._free(here), *spoken, NO_INPUT, NO_MATCH]))

    def next(self, here: Here, outcome: str) -> Move:
        if phase := asks_about(outcome):
            return self.onward(here, phase)
        if outcome == REJECTED:
            return self.retry(here, NO_MATCH)._replace(reason="")
        if outcome == NOT_UNDERSTOOD:
            move = self.retry(here, NO_MATCH, phase=here.phase)
            return move._replace(reason=NOT_UNDERSTOOD) if move.reason == NO_MATCH else move
        return super().next(here, outcome)

    def hearing(self, here: Here) -> Callable[[str], float]:
        if asked_about(here.phase):
            return super().hearing(here)
        again = sum(say_s(action) for action in self.reprompt(here) if isinstance(action, Say)) if here.reason else 0.0
        spoken = self.offered(here).spoken(here.flow, here.language)
        skipped = spoken.own_intro_s if here.attempt > 1 else 0.0
        return lambda outcome: again + spoken.heard_s(outcome) - skipped
