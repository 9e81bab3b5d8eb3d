"""Callers in menus, one by one: written from docs/callers.md, docs/seconds.md, docs/reference/nodes.md and
docs/engines.md.

Nothing here comes from the product's code except the phrases of the languages, so it can be wrong only where the
documents are. A walk ends where the caller joins the first queue; the rest belongs to the floor.
"""

import csv
import datetime
import math
import random
from collections import namedtuple
from pathlib import Path

import yaml

from tests.support.models.choices import Flow, Intent, Place, same
from tests.support.models.plain_flow import plain_flow
from tests.support.models.prompts import ALL_KEYS, amount, lengths, usual_length

# The result of a call in the menus: `queue`, or the outcome of a call that joined none; the queue node or the last
# message that served the caller.
End = namedtuple("End", "outcome place seconds presses")

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
QUESTIONS = {"csat": [str(n) for n in range(1, 6)], "nps": [str(n) for n in range(11)], "resolved": ["1", "2"]}
DEFAULTS = {
    "hear_all": 0.15,
    "key_ahead": 0.1,
    "wrong_key": 0.01,
    "no_input": 0.03,
    "zero_out": 0.02,
    "no_entry": 0.05,
    "wrong_entry": 0.03,
    "hang_up_per_minute": 0.02,
    "leave_message": 0.7,
    "reaction": {"lognormal": {"mean": "1s", "cv": "0.5"}},
    "lookup": {"constant": "1s"},
    "message": {"constant": "30s"},
    "ring": {"constant": "10s"},
}


def read(path: Path) -> dict:
    """A YAML file with every scalar a text."""
    return yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)


def sample(rng: random.Random, law: dict) -> float:
    """One draw of a distribution as a scenario states it."""
    ((name, told),) = law.items()
    if name == "constant":
        return amount(told)
    if name == "exponential":
        return rng.expovariate(1 / amount(told))
    if name == "lognormal":
        mean, spread = amount(told["mean"]), math.log(1 + amount(told["cv"]) ** 2)
        return rng.lognormvariate(math.log(mean) - spread / 2, math.sqrt(spread))
    raise NotImplementedError(name)


def pick(rng: random.Random, shares: dict) -> str:
    """One of several, in proportion."""
    return rng.choices(list(shares), list(shares.values()))[0]


def with_calls(scenario: dict, folder: Path) -> dict:
    """A scenario with the calls of each intent in place of the file that has a column for each."""
    arrivals = scenario["arrivals"]
    if arrivals.get("columns") != "intents":
        return scenario
    with (folder / arrivals["file"]).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    calls = {intent: [row[intent] for row in rows] for intent in scenario["intents"]}
    return scenario | {"arrivals": arrivals | {"calls": calls}}


class Left(Exception):  # noqa: N818 - a signal, not an error
    """The caller hangs up."""


class Callers:
    """All callers of a scenario.

    Parameters
    ----------
    scenario, flow : dict
        The two files.
    """

    def __init__(self, scenario: dict, flow: dict) -> None:
        self.scenario, behaviour = scenario, scenario.get("behaviour") or {}
        flow = plain_flow(flow)
        self.flow = Flow(flow, behaviour)
        self.intents: dict[str, Intent] = {}
        for name, intent in scenario["intents"].items():
            goals = intent["goal"]
            self.intents[name] = Intent(self.flow, frozenset([goals] if isinstance(goals, str) else goals))
        self.languages = {
            k: amount(v) for k, v in (behaviour.get("languages") or {next(iter(self.flow.words)): "1"}).items()
        }
        begin = scenario["start"] if " " in scenario["start"] else scenario["start"] + " 00:00"
        self.begins = datetime.datetime.fromisoformat(begin)

    def moment(self, rng: random.Random, intent: str) -> float:
        """When a caller of an intent arrives, in seconds from the start."""
        told, interval = self.scenario["arrivals"], amount(self.scenario.get("interval", "30m"))
        if told["kind"] == "constant":
            return rng.uniform(0, amount(self.scenario["horizon"]))
        calls = told.get("calls") or told["per_hour"]
        calls = [amount(v) for v in (calls[intent] if isinstance(calls, dict) else calls)]
        step = rng.choices(range(len(calls)), calls)[0]
        return (step + rng.random()) * interval

    def open_at(self, hours: str, moment: float) -> str:
        """The exit of an `hours` node at a moment."""
        told, now = self.flow.flow["hours"][hours], self.begins + datetime.timedelta(seconds=moment)
        if now.date().isoformat() in (told.get("closed") or ()):
            return "holiday"
        clock = now.hour * 3600 + now.minute * 60 + now.second + now.microsecond / 1e6
        for days, times in told.items():
            first, _, last = days.partition("-")
            if first not in DAYS or not DAYS.index(first) <= now.weekday() <= DAYS.index(last or first):
                continue
            opens, closes = (int(t[:2]) * 3600 + int(t[3:]) * 60 for t in times.split("-"))
            if opens <= clock < closes:
                return "open"
        return "closed"

    def walk(self, rng: random.Random, intent: str, language: str, moment: float) -> End:
        """One caller from the start of the flow to the first queue or the end of the call."""
        return Caller(self, rng, intent, language, moment).walk()


class Caller:
    """One caller going through the menus."""

    def __init__(self, callers: Callers, rng: random.Random, intent: str, language: str, moment: float) -> None:
        self.callers, self.flow, self.rng, self.own, self.moment = callers, callers.flow, rng, language, moment
        self.intent = callers.intents[intent]
        self.seeks, self.noes = True, frozenset()
        self.place: Place = self.flow.start(next(iter(self.flow.words)))
        self.seconds, self.presses, self.listens = 0.0, 0, rng.random()
        self.settled, self.served, self.unsettled = "", "-", "contained"
        self.endurance = rng.expovariate(1.0)

    def says(self, what: str) -> object:
        """A behaviour setting, for this node or for all."""
        here = self.flow.said_of(self.place.node)
        told = here.get(what, self.flow.behaviour.get(what, DEFAULTS[what]))
        return told if isinstance(told, dict) else amount(told)

    def draw(self, what: str, most: float = math.inf) -> float:
        """A behaviour time, drawn anew."""
        told = self.says(what)
        return min(most, sample(self.rng, told) if isinstance(told, dict) else told)

    def pass_leg(self, seconds: float, presses: int = 0, *, stays: bool = False) -> None:
        """A leg passes, unless the caller hangs up in it."""
        measured = "hung_up" in self.flow.stated(self.place.node)
        rate = 0.0 if measured else self.says("hang_up_per_minute") / 60
        if not stays and rate > 0:
            if self.endurance < seconds * rate:
                self.seconds += self.endurance / rate
                raise Left
            self.endurance -= seconds * rate
        self.seconds += seconds
        self.presses += presses

    def walk(self) -> End:
        """Go from node to node."""
        try:
            for _ in range(1000):
                end = self.step()
                if end:
                    return end
        except Left:
            return self.ends(self.settled or "abandoned_in_menu")
        return self.ends("failed")

    def ends(self, outcome: str) -> End:
        """The call is over."""
        return End(outcome, self.served if outcome == "contained" else "-", self.seconds, self.presses)

    def say(self, prompt: object) -> float:
        """Seconds of a prompt in the language of the call."""
        return self.flow.words[self.place.language].seconds(prompt)

    def step(self) -> End | None:
        """One node."""
        node, name = self.flow.nodes[self.place.node], self.place.node
        kind, reached = node["type"], self.seeks and name in self.intent.goals
        if kind == "queue":
            self.pass_leg(self.say(node.get("say")), stays=True)
            return End("queue", name, self.seconds, self.presses)
        if kind == "hangup":
            self.pass_leg(self.say(node.get("say")), stays=True)
            return self.ends(node.get("outcome") or self.settled or self.unsettled)
        if kind in ("menu", "collect", "language"):
            self.place = self.prompt(kind)
            return None
        if kind == "survey":
            self.survey(node)
        elif kind == "play":
            self.pass_leg(self.say(node["say"]))
            if node.get("serves") == "true":
                self.settled, self.served = "contained", name
                if reached:
                    return self.ends("contained")
        elif kind == "set":
            self.place = self.flow.set(self.place)
            return None
        elif kind == "dial":
            self.pass_leg(self.say(node.get("say")) + self.draw("ring", amount(node.get("timeout", "30s"))))
            self.settled, self.seeks = "transferred_out", self.seeks and not reached
            answered = (node.get("on") or {}).get("answered")
            if not answered:
                return self.ends("transferred_out")
            self.place = self.flow.enter(self.place, answered)
            return None
        elif kind == "voicemail":
            return self.voicemail(node, reached)
        else:
            self.answer(node, kind)
            return None
        self.place = self.flow.enter(self.place, node.get("next"))
        return None

    def voicemail(self, node: dict, reached: bool) -> End | None:
        """Leave a message, or stay silent."""
        self.pass_leg(self.say(node.get("say")))
        target = node.get("next")
        if self.rng.random() < self.says("leave_message"):
            self.pass_leg(self.draw("message", amount(node.get("max", "120s"))), stays=True)
            self.settled = "voicemail"
        else:
            self.pass_leg(5.0, stays=True)
            self.unsettled, target = "abandoned_in_menu", node.get("otherwise") or target
        self.seeks = self.seeks and not reached
        if not target:
            return self.ends(self.settled or self.unsettled)
        self.place = self.flow.enter(self.place, target)
        return None

    def answer(self, node: dict, kind: str) -> None:
        """Nodes that others decide."""
        asked, asks = self.place, self.flow.asks(self.place)
        if kind == "hours":
            now = self.callers.open_at(node["hours"], self.moment + self.seconds)
            outcome = now
            there = self.flow.enter(asked, node["on"].get(now) or node["on"].get("closed"))
            self.settled = self.settled if now == "open" else "closed"
        else:
            answers = self.flow.answers(asked)
            outcome = pick(self.rng, {o: s for o, s, _ in answers})
            there = next(t for o, _, t in answers if o == outcome)
            wait = 0.0
            if kind == "lookup":
                most = amount(node.get("timeout", "3s"))
                wait = most if outcome == "timeout" else self.draw("lookup", most)
            self.pass_leg(self.say(node.get("say")) + wait)
        self.place = there
        if (
            asks
            and self.seeks
            and outcome != "open"
            and same(self.flow, asked.node) in self.intent.on_the_way(self.own)
        ):
            self.noes = self.intent.told(asked, there, self.noes)

    def survey(self, node: dict) -> None:
        """Question after question; 3 % skip one, and all answers are equally likely."""
        words = self.flow.words[self.place.language]
        before = self.say(node.get("say"))
        for question in node["questions"]:
            asked = before + words.seconds(question.get("say") or getattr(words.phrases, question["kind"]))
            before = 0.0
            if self.rng.random() < 0.03:
                self.pass_leg(asked + amount(node.get("timeout", "5")))
                continue
            key = self.rng.choice(QUESTIONS[question["kind"]])
            pause = amount(node.get("interdigit", "3")) if question["kind"] == "nps" and len(key) == 1 else 0.0
            self.pressed(asked, len(key), pause)
        self.pass_leg(self.say(node.get("thanks")))

    def pressed(
        self, heard: float, keys: int, pause: float = 0.0, *, ahead: bool = False, total: float | None = None
    ) -> None:
        """A leg that ends with keys."""
        if ahead or self.listens >= 1 - self.says("key_ahead"):
            heard = 0.0
        elif self.listens < self.says("hear_all") and total is not None:
            heard = total
        self.pass_leg(heard + self.draw("reaction") + 0.4 * max(0, keys - 1) + pause + 0.5, min(keys, 1))

    def prompt(self, kind: str) -> Place:
        """A node that listens, attempt after attempt."""
        node, attempt, why = self.flow.nodes[self.place.node], 1, ""
        most, reads_back = int(node.get("attempts", 1 if kind == "language" else 3)), False
        while True:
            if reads_back:
                found = self.confirm(node, attempt, why)
            else:
                found = (
                    self.ask_digits(node, attempt, why) if kind == "collect" else self.ask_key(node, kind, attempt, why)
                )
            if isinstance(found, Place):
                return found
            if found == "entered":  # the number is read back on the attempt on which it was entered
                reads_back, why = True, ""
                continue
            reads_back, why = reads_back and found != "taken_back", "" if found == "taken_back" else found
            attempt += 1
            if attempt > most:
                return self.flow.enter(self.place, node.get("otherwise") or node.get("next"))

    def ask_key(self, node: dict, kind: str, attempt: int, why: str) -> Place | str:
        """One prompt for a key: where it leads, or `no_input` or `no_match`."""
        flow, rng = self.flow, self.rng
        total, options = flow.options(self.place, attempt, why)
        heard = {key: seconds for key, seconds, _ in options}
        stated = flow.stated(self.place.node)
        if stated:
            quits = rng.random() < stated.get("hung_up", 0) / sum(stated.values())
            outcome = pick(rng, {k: s for k, s in stated.items() if k != "hung_up"})
            if outcome == "no_input":
                self.pass_leg(total + amount(node.get("timeout", "5")))
            else:
                self.pressed(heard.get(outcome, total), 0 if quits else 1, total=total)
            if quits:
                raise Left
            return "no_input" if outcome == "no_input" else flow.leads(self.place, outcome)
        chance = rng.random()
        if chance < self.says("no_input"):
            outcome = "no_input"
        elif chance < self.says("no_input") + self.says("zero_out") and self.takes(node, "0"):
            self.pressed(0.0, 1, ahead=True)
            return flow.leads(self.place, "0")
        else:
            outcome = self.means(node, kind, options, attempt, why)
        if outcome == "no_input":
            self.pass_leg(total + amount(node.get("timeout", "5")))
            return "no_input"
        key = outcome
        if rng.random() < self.says("wrong_key"):
            key = rng.choice([k for k in ALL_KEYS if k != outcome])
        self.pressed(heard.get(outcome, total), 1, total=total)
        return flow.leads(self.place, key) if self.takes(node, key) else "no_match"

    def takes(self, node: dict, key: str) -> bool:
        """Whether a key does something at a menu or language node."""
        return key in self.flow.keys or any(choice["key"] == key for choice in node["choices"])

    def means(self, node: dict, kind: str, options: list, attempt: int, why: str) -> str:
        """What the caller means to press."""
        if kind == "language":
            return next((c["key"] for c in node["choices"] if c["language"] == self.own), "no_input")
        meant = self.intent.meant(self.place, attempt, why, self.noes) if self.seeks else None
        if meant:
            return meant
        shares = {c["key"]: amount(c["share"]) if "share" in c else None for c in node["choices"]}
        announced = [key for key, _, _ in options if key in shares]
        if all(shares[key] is not None for key in announced):
            return pick(self.rng, {key: shares[key] for key in announced})
        return self.rng.choice(announced)

    def ask_digits(self, node: dict, attempt: int, why: str) -> Place | str:
        """One prompt for digits, and the read-back."""
        flow, rng = self.flow, self.rng
        total, options = flow.options(self.place, attempt, why)
        low, high = lengths(node["digits"])
        pause = amount(node.get("interdigit", "3"))
        chance = rng.random()
        if chance < self.says("no_entry"):
            self.pass_leg(total + amount(node.get("timeout", "5")))
            return "no_input"
        if chance < self.says("no_entry") + self.says("zero_out") and "0" in flow.keys and low > 1:
            self.pressed(0.0, 1, pause, ahead=True)
            return flow.press(self.place, "0")
        meant = (self.intent.meant(self.place, attempt, why, self.noes) if self.seeks else None) or "entered"
        if meant != "entered":
            self.pressed(next(s for key, s, _ in options if key == meant), 1, pause if high > 1 else 0.0, total=total)
            return flow.press(self.place, meant)
        digits = usual_length(node["digits"])
        self.pressed(total, digits + (1 if low != high and digits < high else 0))
        if rng.random() < self.says("wrong_entry"):
            return "no_match"
        return "entered" if node.get("confirm") == "true" else flow.entered(self.place)

    def confirm(self, node: dict, attempt: int, why: str) -> Place | str:
        """The read-back: 1 if it is right, 2 to enter it again."""
        words, rng = self.flow.words[self.place.language], self.rng
        number = words.phrases.confirm.format(value="0" * usual_length(node["digits"]))
        total = words.spoken(words.reprompt(node, attempt, why)) + words.spoken(number)
        chance = rng.random()
        if chance < self.says("no_input"):
            self.pass_leg(total + amount(node.get("timeout", "5")))
            return "no_input"
        if chance < self.says("no_input") + self.says("zero_out") and "0" in self.flow.keys:
            self.pressed(0.0, 1, ahead=True)
            return self.flow.press(self.place, "0")
        key = rng.choice([k for k in ALL_KEYS if k != "1"]) if rng.random() < self.says("wrong_key") else "1"
        self.pressed(total, 1)
        if key == "1":
            return self.flow.entered(self.place)
        if key == "2":
            return "taken_back"
        return self.flow.press(self.place, key) if key in self.flow.keys else "no_match"
