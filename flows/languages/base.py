"""What a language must state so that prompts can be composed and timed in it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Language"]


@dataclass(frozen=True, kw_only=True)
class Language:
    """The phrases and the speaking rate of one language.

    Parameters
    ----------
    code : str
        Primary subtag, e.g. ``es``.
    name : str
        The language's name in itself.
    option : str
        One option of a menu, function before key; ``{label}`` and ``{key}``.
    option_key_first : str
        The order guides advise against, to recognise it.
    star, pound : str
        The names of ``*`` and ``#``.
    no_input, no_match : str
        Said before the options when a caller was silent, or pressed what is not offered.
    confirm : str
        Reads a value back; ``{value}``, and keys 1 and 2.
    position : str
        Tells a waiting caller the place in the queue; ``{position}``.
    expected_wait_one, expected_wait : str
        Tell the expected wait when it is one minute, and ``{minutes}``.
    apology : str
        Said when a call cannot go on.
    vowels : str
        Characters that make a syllable; a run of them is one.
    syllables_per_s : float
        Conversational rate (Pellegrino, Coupé & Marsico 2011, Language 87(3), table 1).
    words_per_minute : float or None
        Announcer's rate where one is established (English: 150); None to go by syllables.
    wrong_verbs : tuple of str
        Verbs that are wrong for a key ("punch", "depress").
    say_key : tuple of str
        Words before an announced key, to read keys back out of a written prompt.
    """

    code: str
    name: str
    option: str
    option_key_first: str
    star: str
    pound: str
    no_input: str
    no_match: str
    confirm: str
    position: str
    expected_wait_one: str
    expected_wait: str
    apology: str
    vowels: str
    syllables_per_s: float
    words_per_minute: float | None = None
    wrong_verbs: tuple[str, ...] = ()
    say_key: tuple[str, ...] = ()
    number_words: tuple[str, ...] = ()

    def key_name(self, key: str) -> str:
        """How a key is spoken: ``*`` and ``#`` by name, digits one by one.

        Examples
        --------
        >>> from flows.languages import language
        >>> language("en-US").key_name("#"), language("es-US").key_name("12")
        ('pound', '1 2')
        """
        return " ".join({"*": self.star, "#": self.pound}.get(c, c) for c in key)
