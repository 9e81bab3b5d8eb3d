"""menu: offer options by key (and phrase)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from flows.nodes.base import FlowView, Here, KeyView, Move, Reading, Wire
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH, Dialogue
from flows.nodes.base_listening import NOT_UNDERSTOOD, REJECTED, Ears, asked_about, asks_about, ears
from flows.nodes.base_voices import voice_of
from flows.protocol.actions import Action, Event, Keys, Listen, Say, Silence, Speech
from flows.speech.languages import language as language_of
from flows.speech.listening import Phrases, SpeechInput
from flows.speech.prompt import Prompt
from flows.speech.spoken_menu import SpokenMenu, spoken_menu
from flows.speech.timing import say_s
from flows.values.scalars import Key, Share, Target


class Choice(BaseModel):
    """One option of a menu.

    Parameters
    ----------
    key : str
    label : Prompt or None
        What it is for, by language; announced as "For LABEL, press KEY." A key without a label is not announced.
    phrases
        What else callers may say; a list, or lists by language.
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
    phrases: Phrases = {}
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
        labels = tuple((("choices", i, "label"), c.label) for i, c in enumerate(self.choices) if c.label)
        spoken = tuple((("not_understood", i), prompt) for i, prompt in enumerate(self.not_understood))
        return (*own, *labels, *self.retry_prompts(), *spoken)

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

    def _composed(self, flow: FlowView, language: str, first: str) -> SpokenMenu:
        own = {choice.key for choice in self.choices}
        everywhere = [(key, bound.label) for key, bound in flow.keys.items() if key not in own]
        return spoken_menu(
            language,
            first,
            intro=self.intro,
            prompt=self.prompt,
            labels=[*((choice.key, choice.label) for choice in self.choices), *everywhere],
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
            spoken = self.spoken(here.flow, here.language)
            said += [here.speak(option.text, seconds=option.seconds) for option in spoken.options]
        return (*said, self.listen(here))

    def listen(self, here: Here) -> Listen:
        """What the menu waits for."""
        heard = self.ears(here.flow, here.language)
        if asked_about(here.phase):
            return heard.await_answer(self.timeout, self.interdigit)
        keys = tuple(dict.fromkeys([*(c.key for c in self.choices), *here.flow.keys]))
        finish = "" if any("#" in key for key in keys) else "#"
        longest = max(map(len, keys))
        return Listen(keys, longest, finish, self.timeout, self.interdigit, here.language, heard.hints)

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        if not isinstance(event, Silence | Keys | Speech):
            return None
        if isinstance(event, Silence) or (isinstance(event, Keys) and not event.keys):
            return Reading(NO_INPUT)
        heard = self.ears(here.flow, here.language)
        if key := asked_about(here.phase):
            return Reading(heard.answered(here, event, key) or NO_MATCH)
        meant = heard.heard(event) if isinstance(event, Speech) else event
        if isinstance(meant, str):
            return Reading(meant or NO_MATCH)
        known = meant.keys in {c.key for c in self.choices} or meant.keys in here.flow.keys
        return Reading(meant.keys if known else NO_MATCH)

    def outcomes(self, here: Here) -> tuple[str, ...]:
        spoken = self.ears(here.flow, here.language).outcomes
        if key := asked_about(here.phase):
            free = (key for key in here.flow.keys if key not in ("1", "2"))
            told = spoken[-1:] if NOT_UNDERSTOOD in spoken else ()
            return tuple(dict.fromkeys([key, REJECTED, *free, *told, NO_INPUT, NO_MATCH]))
        return tuple(dict.fromkeys([*(c.key for c in self.choices), *here.flow.keys, *spoken, NO_INPUT, NO_MATCH]))

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
        spoken = self.spoken(here.flow, here.language)
        skipped = spoken.own_intro_s if here.attempt > 1 else 0.0
        return lambda outcome: again + spoken.heard_s(outcome) - skipped
