"""What a menu says, option by option; shared by calls, timing, rules and diagrams."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from flows.speech import timing
from flows.speech.announcements import announcements
from flows.speech.languages import language as language_of
from flows.speech.prompt import Prompt
from flows.speech.ssml import is_ssml, plain

__all__ = ["SpokenMenu", "SpokenOption", "Told", "spoken_menu"]


@dataclass(frozen=True)
class SpokenOption:
    """One announced key: its words in the menu, their length in seconds, and the recording of them, if there is one."""

    key: str
    text: str
    seconds: float
    audio: str = ""


@dataclass(frozen=True)
class SpokenMenu:
    """A menu as spoken in one language.

    Parameters
    ----------
    intro : str
        What is said before the first option.
    intro_s : float
    own_intro_s : float
        The part of `intro_s` that is said only on the first attempt.
    options : tuple of SpokenOption
        In spoken order, global keys last.
    closing_s : float
        Seconds of speech after the last option.
    composed : bool
        True if the words were composed from the choices, False if `prompt` was written out.
    """

    intro: str
    intro_s: float
    own_intro_s: float
    options: tuple[SpokenOption, ...]
    closing_s: float
    composed: bool

    @property
    def gap_s(self) -> float:
        """Pause between two options; none is added to a written prompt."""
        return timing.GAP_S if self.composed else 0.0

    @cached_property
    def total_s(self) -> float:
        """Seconds of the whole prompt, including gaps between options."""
        return self._heard[""] + self.closing_s

    def heard_s(self, key: str) -> float:
        """Seconds until `key` has been announced; the whole prompt if it never is.

        Examples
        --------
        >>> SpokenMenu("", 1.0, 0.0, (SpokenOption("1", "", 2.0), SpokenOption("2", "", 3.0)), 0.0, True).heard_s("2")
        6.6
        """
        return self._heard.get(key, self.total_s) if key else self.total_s

    @cached_property
    def _heard(self) -> dict[str, float]:
        return timing.announced_s(
            self.intro_s, ((option.key, option.seconds) for option in self.options), gap_s=self.gap_s
        )


class Told(NamedTuple):
    """One key to announce.

    Parameters
    ----------
    key : str
    label : Prompt or None
        What it is for; a key without a label is not announced.
    keys : str
        All keys with the same effect, joined by spaces; default: `key`.
    to_do : bool
        Whether the label is something that callers do.
    """

    key: str
    label: Prompt | None
    keys: str = ""
    to_do: bool = False


def spoken_menu(
    language: str,
    first: str,
    *,
    intro: Prompt | None,
    prompt: Prompt | None,
    labels: Iterable[Told],
) -> SpokenMenu:
    """What a menu says in a language.

    Parameters
    ----------
    language, first : str
        Tags of the language spoken and of the flow's first.
    intro : Prompt or None
        Said before the options, on the first attempt only.
    prompt : Prompt or None
        Said instead of the prompt composed from `labels`.
    labels : iterable of Told
        The keys in spoken order with what each is for.

    Examples
    --------
    >>> labels = [Told("1", Prompt(text={"": "sales"})), Told("2", None)]
    >>> spoken_menu("en-US", "en-US", intro=None, prompt=None, labels=labels).options
    (SpokenOption(key='1', text='For sales, press 1.', seconds=1.6, audio=''),)
    """
    intro_words, intro_s = "", 0.0
    if intro is not None:
        intro_words, stated_s = intro.words(language, first), intro.seconds
        intro_s = timing.speech_s(intro.marked(language, first), language) if stated_s is None else stated_s
    if prompt is not None:
        marked, whole_s = prompt.marked(language, first), prompt.seconds
        if whole_s is None and is_ssml(marked):
            whole_s = timing.speech_s(marked, language)
        return _written(plain(marked), whole_s, language, intro_words, intro_s)
    phrase = language_of(language)
    options = []
    for key, label, keys, to_do in labels:
        if label is not None:
            text = phrase.say_option(label.words(language, first), keys or key, to_do=to_do)
            audio = label.recording(language, first)
            stated_s = label.seconds if audio else None
            seconds = timing.speech_s(text, language) if stated_s is None else stated_s
            options.append(SpokenOption(key, text, seconds, audio))
    return SpokenMenu(intro_words, intro_s, intro_s, tuple(options), 0.0, True)


def _written(text: str, stated_s: float | None, language: str, intro: str, intro_s: float) -> SpokenMenu:
    """A written prompt split at its announcements; a stated length is divided in proportion to the words."""
    found = announcements(text, language)
    spoken_s = timing.speech_s(text, language)
    scale = 1.0 if stated_s is None or not spoken_s else stated_s / spoken_s
    cuts = [found[0].start, *(a.end for a in found)] if found else [len(text)]
    options = []
    for announced, start, end in zip(found, cuts, cuts[1:], strict=False):
        options.append(
            SpokenOption(announced.key, text[start:end].strip(), timing.speech_s(text[start:end], language) * scale)
        )
    before = text[: cuts[0]]
    before_s = timing.speech_s(before, language) * scale if spoken_s else stated_s or 0.0
    closing_s = timing.speech_s(text[cuts[-1] :], language) * scale
    return SpokenMenu(f"{intro} {before}".strip(), intro_s + before_s, intro_s, tuple(options), closing_s, False)
