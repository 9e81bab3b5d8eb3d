"""Proposes which column of a table holds what, from the names of the columns and from what is in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from simulation.call_logs.cells import date_form, durations, times_of_day
from simulation.call_logs.column_map import LEAVE_OUT, ColumnMap
from simulation.call_logs.tables import Table, unreadable

__all__ = ["kind_of", "outcome_of", "plain", "propose", "proposed_outcomes"]

_SAMPLE = 2_000
_NAMES: dict[str, tuple[str, ...]] = {
    "menu_ends": ("vruexit", "ivrexit", "menuexit", "menuend", "ivrend", "menuends"),
    "queue_joined": (
        "qstart", "queuestart", "queueentry", "queuejoined", "queued", "queuedat", "enqueued", "enqueuetime", "offered",
    ),
    "queue_left": ("qexit", "queueexit", "queueend", "queueleft", "dequeued"),
    "answered": ("serstart", "answered", "answer", "answertime", "answeredat", "talkstart", "servicestart"),
    "ended": ("serexit", "ended", "end", "endtime", "endedat", "callend", "talkend", "serviceend", "hanguptime"),
    "menu_seconds": ("vrutime", "ivrtime", "menutime", "menuseconds", "ivrseconds"),
    "wait_seconds": (
        "qtime", "wait", "waittime", "waits", "waitseconds", "waitsec", "waiting", "waitingtime", "queuetime",
        "queueseconds", "timeinqueue", "speedofanswer", "speedofanswerinseconds", "holdtime", "ringtime", "wartezeit",
        "espera", "tiempodeespera", "attente", "tempsdattente", "attesa", "tempodiattesa", "tempodeespera",
    ),
    "talk_seconds": (
        "sertime", "talk", "talktime", "talkseconds", "talksec", "talks", "avgtalkduration", "talkduration",
        "servicetime", "handletime", "billsec", "duration", "durations", "durationseconds", "durationsec", "calllength",
        "callduration", "conversation", "gespraechsdauer", "gesprächsdauer", "dauer",
        "conversacion", "conversación", "duracion", "duración", "duree", "durée", "conversazione", "durata", "duração",
        "duracao", "conversa",
    ),
    "after_call_seconds": ("acw", "acwtime", "acwseconds", "wrap", "wrapup", "wraptime", "aftercallwork", "aftercall"),
    "total_seconds": ("total", "totaltime", "totalseconds", "totalduration"),
    "queue": (
        "queue", "queuename", "skill", "skillgroup", "split", "type", "calltype", "service", "department", "topic",
        "category", "reason", "project", "campaign", "vertex", "line", "warteschlange",
        "cola", "file", "filedattente", "coda", "fila",
    ),
    "agent": (
        "agent", "agentid", "agentname", "server", "operator", "rep", "handledby", "employee", "advisor", "user",
        "agentnumber", "mitarbeiter", "agente", "operatore", "operateur", "opérateur", "operador", "atendente",
    ),
    "caller": (
        "customerid", "caller", "callerid", "callernumber", "ani", "from", "phone", "phonenumber", "customer", "clid",
        "src", "msisdn", "anrufer", "llamante", "appelant", "chiamante", "chamador",
    ),
    "priority": ("priority", "prio"),
    "outcome": (
        "outcome", "status", "result", "disposition", "calloutcome", "callstatus", "answeredyn", "state", "abandoned",
        "ergebnis", "resultado", "resultat", "résultat", "esito", "estado", "statut",
    ),
}  # fmt: skip
_ARRIVED = (
    "arrived", "arrivedat", "arrival", "arrivaltime", "vruentry", "ivrentry", "callstart", "starttime", "start",
    "calldate", "received", "datetime", "dateandtime", "timestamp", "calltime", "entry", "begin", "time", "t",
    "created", "date",
    "zeit", "beginn", "anrufbeginn", "hora", "heure", "ora", "inicio", "debut", "début", "inizio",
)  # fmt: skip
_DATES = ("date", "day", "calldate", "datum", "fecha", "data", "jour")
_OUTCOMES: dict[str, tuple[str, ...]] = {
    "handled": (
        "agent", "answered", "answer", "handled", "completed", "complete", "completeagent", "completecaller",
        "connected", "served", "y", "yes", "true", "ok", "resolved", "angenommen", "1",
        "atendida", "contestada", "repondu", "répondu", "risposta", "risposto", "atendido",
    ),
    "abandoned": (
        "hang", "hangup", "hungup", "abandoned", "abandon", "noanswer", "noanswered", "notanswered", "unanswered",
        "missed", "lost", "n", "no", "false", "cancel", "canceled", "cancelled", "dropped", "reneged", "aufgelegt", "0",
        "abandonada", "perdida", "abandonne", "abandonné", "abbandonata", "abandonado",
    ),
    "blocked": ("busy", "blocked", "congestion", "rejected", "besetzt"),
    "voicemail": ("voicemail", "message", "vm"),
    "callback": ("callback", "callbackbooked"),
    "transferred_out": ("transferred", "transfer", "transferredout"),
    "contained": ("contained", "selfservice", "ivr", "served by ivr"),
    "failed": ("failed", "error", "fail"),
    LEAVE_OUT: ("phantom", "test", "outbound", "internal", "void"),
}  # fmt: skip


def plain(name: str) -> str:
    """A name without case, spaces and signs.

    >>> plain("Answered (Y/N)"), plain("q_time")
    ('answeredyn', 'qtime')
    """
    return re.sub(r"[\W_]+", "", name.lower())


def kind_of(cells: Sequence[Any], least: float = 0.9) -> str:
    """What is in a column: ``moment``, ``date``, ``time``, ``number``, ``text`` or ``empty``.

    Parameters
    ----------
    cells : sequence
    least : float
        Share of the different cells that must be of one kind.

    >>> kind_of(["990103", "990104"]), kind_of(["7:01:39"]), kind_of(["1999-01-03 07:01"]), kind_of(["12", "3.5"])
    ('date', 'time', 'moment', 'number')
    """
    known = [cell for cell in dict.fromkeys(cells[:_SAMPLE]) if cell is not None and str(cell).strip()]
    if not known:
        return "empty"
    most = least * len(known)
    if date_form(known):
        return "date"
    texts = [str(cell).strip() for cell in known]
    if sum(bool(re.fullmatch(r"-?\d+([.,]\d+)?", text)) for text in texts) >= most:
        numbers = [float(text.replace(",", ".")) for text in texts if re.fullmatch(r"-?\d+([.,]\d+)?", text)]
        return "moment" if min(numbers) > 600_000_000 else "number"
    if sum(bool(re.search(r"\d{1,4}[-/. ]\w{1,3}[-/. ]\d{1,4}.*\d{1,2}[:.]\d{2}", text)) for text in texts) >= most:
        return "moment"
    if len(times_of_day(known)[1]) <= len(known) - most:
        return "time"
    if sum(bool(re.search(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}$", text.split(" ")[0])) for text in texts) >= most:
        return "date" if all(":" not in text or text.endswith("00:00:00") for text in texts) else "moment"
    if len(durations(known)[1]) <= len(known) - most:
        return "number"
    return "text"


def propose(table: Table) -> ColumnMap:
    """Propose a column map.

    Raises
    ------
    IvrError
        K001, when no column holds moments.
    """
    # A column that is called like one of times may have more cells that are damaged.
    named = {*_ARRIVED, *_DATES, *(name for names in _NAMES.values() for name in names)}
    kinds = {name: kind_of(cells, 0.5 if plain(name) in named else 0.9) for name, cells in table.columns.items()}
    by_name = {plain(name): name for name in reversed(table.columns)}
    found: dict[str, Any] = {}
    date = next((name for name in table.columns if kinds[name] == "date" and plain(name) in _DATES), "") or next(
        (name for name in table.columns if kinds[name] == "date"), ""
    )
    of_moments = ("moment",) if not date else ("time", "moment")
    arrived = next((by_name[n] for n in _ARRIVED if n in by_name and kinds[by_name[n]] in of_moments), "") or next(
        (name for name in table.columns if kinds[name] in of_moments), ""
    )
    if not arrived and date:
        raise unreadable(
            table.path,
            f"column {date!r} has dates, and no column has times of day",
            "give a log whose rows say when each call came",
        )
    if not arrived:
        raise unreadable(
            table.path,
            f"no column holds dates with times; there are {', '.join(table.columns)}",
            "write a column map with arrived: COLUMN and give it with --map",
        )
    if date and kinds[arrived] == "time":
        found["date"] = date
        if form := date_form(table.columns[date]):
            found["date_format"] = form
    found["arrived"] = arrived
    taken = {arrived, date}
    fits = {"_seconds": ("number", "time"), "moment": of_moments, "name": ("text", "number", "moment")}
    for role, names in _NAMES.items():
        of = "_seconds" if role.endswith("_seconds") else "moment" if role in _MOMENTS else "name"
        column = next(
            (by_name[n] for n in names if n in by_name and by_name[n] not in taken and kinds[by_name[n]] in fits[of]),
            "",
        )
        if column:
            found[role] = column
            taken.add(column)
    if "outcome" in found:
        found["outcomes"] = proposed_outcomes(table.columns[found["outcome"]], found["outcome"])
    if "agent" in found:
        nobody = [
            str(value)
            for value in dict.fromkeys(table.columns[found["agent"]])
            if plain(str(value)) in ("noserver", "none", "noagent", "nobody", "null", "na", "unassigned", "0")
        ]
        if nobody:
            found["nobody"] = nobody
    return ColumnMap.model_validate(found)


_MOMENTS = ("menu_ends", "queue_joined", "queue_left", "answered", "ended")


def proposed_outcomes(cells: Sequence[Any], column: str = "") -> dict[str, str]:
    """What each value of a column of outcomes means, as far as its word is known; the most frequent values first."""
    meaning = {word: outcome for outcome, words in _OUTCOMES.items() for word in map(plain, words)}
    if plain(column) == "abandoned":  # yes means the opposite there
        meaning |= {"y": "abandoned", "yes": "abandoned", "true": "abandoned", "1": "abandoned"}
        meaning |= {"n": "handled", "no": "handled", "false": "handled", "0": "handled"}
    counted = Counter(str(cell).strip() for cell in cells if str(cell).strip())
    return {value: meaning[plain(value)] for value, _ in counted.most_common(40) if plain(value) in meaning}


def outcome_of(value: str, outcomes: dict[str, str]) -> str:
    """The meaning of a value; empty when it is unknown."""
    return outcomes.get(value.strip(), "")
