"""Whether the menus lead callers to what they come for: the way, its keys and seconds, and labels that mislead.

How near a label is to what a caller wants is judged by words alone: the telling words of the task (without "I", "want",
"please" and the like) that the label has too, in the same or another form (*bill*, *billing*). For a right label, words
of the phrases that are listed for it count as well: they are the designer's word that callers say one for the other. A
wrong label can only mislead by what is heard. No meanings are known: *refund* and *money back* are strangers. That is
why a task without any word of the way is a guess, not a fault. That people follow the words that smell of their goal is
information scent: Pirolli and Card (1999), "Information foraging", Psychological Review 106, 643-675.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from flows.analysis.heard_labels import heard_labels
from flows.analysis.quickest_paths import Leaf, Paths
from flows.analysis.times_to_leaf import first_time
from flows.model.flow import Flow
from flows.nodes.menu import Menu
from flows.speech.listening import phrases_in
from flows.speech.understanding import kindred, understand
from flows.tasks.task_file import Task

__all__ = ["Judgement", "Label", "Turn", "Verdict", "judge"]

Verdict = Literal["clear", "guess", "misleading", "unreachable"]
"""How it goes: the right label has more of the caller's words than any other; it has not; another label has at least as
many and one of its own, or a caller who says them is sent elsewhere; or nothing on offer leads there."""


@dataclass(frozen=True)
class Label:
    """One option of a menu, beside a task.

    Parameters
    ----------
    key : str
    words : str
        As announced.
    likeness : float
        0..1, the share of the task's telling words that it has; a right one, also in its phrases.
    shared : tuple of str
        Those words.
    right : bool
        Whether what the task asks for can be reached behind it, without coming back to this menu.
    """

    key: str
    words: str
    likeness: float
    shared: tuple[str, ...]
    right: bool


@dataclass(frozen=True)
class Turn:
    """A menu on the way: the option to choose, and the options beside it.

    Parameters
    ----------
    node, key : str
    labels : tuple of Label
        All announced options, in their order.
    understood : tuple of str
        The keys that the line understands if the task is said here in full; empty if this menu takes no speech.
    """

    node: str
    key: str
    labels: tuple[Label, ...]
    understood: tuple[str, ...] = ()

    @property
    def wrong(self) -> tuple[Label, ...]:
        """The options that mislead: wrong ones with as much of the task as any right one, and a word that it lacks."""
        best, words = self._best
        return tuple(
            label
            for label in self.labels
            if not label.right and label.likeness >= best and not words.issuperset(label.shared)
        )

    @property
    def misheard(self) -> bool:
        """Whether a caller who says the task here is understood, and sent elsewhere."""
        rights = {label.key for label in self.labels if label.right}
        return len(self.understood) == 1 and self.key not in self.understood and rights.isdisjoint(self.understood)

    @property
    def verdict(self) -> Verdict:
        """How it goes at this menu."""
        if self.wrong or self.misheard:
            return "misleading"
        best, _ = self._best
        others = max((label.likeness for label in self.labels if not label.right), default=0.0)
        return "clear" if best > others else "guess"

    @property
    def _best(self) -> tuple[float, frozenset[str]]:
        """The greatest likeness of a right option, and all words that right options share with the task."""
        right = [label for label in self.labels if label.right]
        words = frozenset(word for label in right for word in label.shared)
        return max((label.likeness for label in right), default=0.0), words


@dataclass(frozen=True)
class Judgement:
    """How callers fare with one task.

    Parameters
    ----------
    name, want : str
        The task, and what callers say they want; empty if it is not said in this language.
    end : str
        Where they get it soonest; empty if it is nowhere on offer.
    seconds : float
        Mean time of first-time callers until it begins.
    presses, menus : int
        Keys pressed, and menus passed.
    turns : tuple of Turn
        The menus on the way.
    """

    name: str
    want: str
    end: str = ""
    seconds: float = 0.0
    presses: int = 0
    menus: int = 0
    turns: tuple[Turn, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst of its menus; a way without menus is clear, and so is one of which nothing is said to compare."""
        if not self.end:
            return "unreachable"
        found = {turn.verdict for turn in self.turns} if self.want else set[Verdict]()
        return "misleading" if "misleading" in found else "guess" if "guess" in found else "clear"


def judge(flow: Flow, tasks: Mapping[str, Task], language: str = "") -> tuple[Judgement, ...]:
    """How first-time callers fare with each task.

    Parameters
    ----------
    flow : Flow
    tasks : mapping of str to Task
    language : str
        Language of the callers; default: the flow's first.

    Examples
    --------
    >>> from flows.model.load import load
    >>> task = Task.model_validate({"want": "I have a question about a charge", "ends": "billing_queue"})
    >>> (found,) = judge(load("northwind").flow, {"charge": task})
    >>> found.end, [(turn.node, turn.key, turn.verdict) for turn in found.turns][-1]
    ('billing_queue', ('billing_menu', '2', 'clear'))
    """
    paths = Paths(flow, language)
    return tuple(_judged(flow, name, task, paths) for name, task in tasks.items())


def _judged(flow: Flow, name: str, task: Task, paths: Paths) -> Judgement:
    want = task.words(paths.language, flow.languages[0])
    promised = [end for end in task.ends if end in paths.found and paths.promises(flow.start, {end})]
    if not promised:
        return Judgement(name, want)
    leaf = min((paths.to(end) for end in promised), key=lambda one: one.quickest.seconds)
    time = first_time(leaf.legs)
    turns = tuple(_turns(flow, task, want, leaf, paths))
    return Judgement(name, want, leaf.node, time.mean_s, leaf.quickest.presses, leaf.quickest.levels, turns)


def _turns(flow: Flow, task: Task, want: str, leaf: Leaf, paths: Paths) -> Iterator[Turn]:
    passed: list[str] = []
    for node, outcome in leaf.way:
        menu = flow.nodes[node]
        if not isinstance(menu, Menu):
            continue
        passed.append(node)
        onward = paths.onward(node)
        right = {key for key, to in onward.items() if key == outcome or paths.promises(to, task.ends, passed)}
        labels = tuple(_labels(flow, node, menu, want, right, paths.language))
        yield Turn(node, outcome, labels, _understood(flow, menu, want, paths.language))


def _labels(flow: Flow, node: str, menu: Menu, want: str, right: Collection[str], language: str) -> Iterator[Label]:
    first, telling = flow.languages[0], kindred(want, want, language)
    own = {choice.key for choice in menu.choices}
    heard = [(menu.choices[one.place], one.words) for one in heard_labels(flow, node, menu, language)]
    offered = [(choice.key, words, choice.phrases) for choice, words in heard]
    offered += [
        (key, bound.label.words(language, first), bound.phrases)
        for key, bound in flow.keys.items()
        if bound.label and key not in own
    ]
    for key, words, phrases in offered:
        texts = (words, *(phrases_in(phrases, language) if key in right else ()))
        found = {word for text in texts for word in kindred(want, text, language)}
        shared = tuple(word for word in telling if word in found)
        yield Label(key, words, len(shared) / len(telling) if telling else 0.0, shared, key in right)


def _understood(flow: Flow, menu: Menu, want: str, language: str) -> tuple[str, ...]:
    listens = menu.ears(flow, language)
    return understand(want, listens.choices, language) if want and listens.choices else ()
