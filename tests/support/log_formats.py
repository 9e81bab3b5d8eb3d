"""The same few calls in every format of call logs, written as those who write such logs do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["CALLS", "FORMATS", "Call", "xlsx"]


@dataclass(frozen=True)
class Call:
    """One call: when, for which queue, how long it waited and talked; no agent: given up."""

    at: dt.datetime
    queue: str
    caller: str
    wait: int
    talk: int = 0
    agent: str = ""


def _at(day: int, clock: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2026-03-{day:02d} {clock}")


CALLS = (
    Call(_at(2, "09:00:00"), "billing", "4155550101", 0, 120, "anna"),
    Call(_at(2, "09:00:30"), "billing", "4155550102", 90, 60, "anna"),
    Call(_at(2, "09:01:00"), "tech", "4155550103", 45),
    Call(_at(2, "17:45:10"), "tech", "4155550104", 5, 300, "bob"),
    Call(_at(13, "08:15:00"), "billing", "4155550105", 0, 30, "carl"),
    Call(_at(13, "08:20:59"), "tech", "4155550101", 20, 7, "bob"),
)
"""The last two are on the 13th, so that a day above 12 tells day from month."""


def _answered(call: Call) -> dt.datetime:
    return call.at + dt.timedelta(seconds=call.wait)


def _ended(call: Call) -> dt.datetime:
    return _answered(call) + dt.timedelta(seconds=call.talk)


def _write(path: Path, lines: list[str], encoding: str = "utf-8") -> Path:
    path.write_text("\n".join(lines) + "\n", encoding)
    return path


def bank(folder: Path) -> Path:
    """Tabs, yymmdd, times of day, zeros for what is absent, a phantom row."""
    head = "vru+line call_id customer_id priority type date vru_entry vru_exit vru_time q_start q_exit q_time outcome"
    lines = ["\t".join([*head.split(), "ser_start", "ser_exit", "ser_time", "server"])]
    for i, call in enumerate(CALLS):
        clock = f"{call.at:%-H:%M:%S}"
        queue = [clock, f"{_answered(call):%-H:%M:%S}"] if call.wait else ["0:00:00", "0:00:00"]
        service = [f"{_answered(call):%-H:%M:%S}", f"{_ended(call):%-H:%M:%S}", str(call.talk), call.agent.upper()]
        service = service if call.agent else ["0:00:00", "0:00:00", "0", "NO_SERVER"]
        first = [f"AA0{i}", str(100 + i), call.caller, "0", call.queue, f"{call.at:%y%m%d}", clock, clock, "0"]
        lines.append("\t".join([*first, *queue, str(call.wait), "AGENT" if call.agent else "HANG", *service]))
    ghost = "AA09 199 0 0 tech 260302 10:00:00 10:00:09 9 0:00:00 0:00:00 0 PHANTOM 0:00:00 0:00:00 0 NO_SERVER"
    return _write(folder / "bank.txt", [*lines, ghost.replace(" ", "\t")])


def german(folder: Path) -> Path:
    """Semicolons, dd.mm.yyyy, Windows-1252, names of columns in German."""
    lines = ["Datum;Zeit;Warteschlange;Anrufer;Wartezeit;Gesprächsdauer;Mitarbeiter;Ergebnis"]
    lines += [
        f"{c.at:%d.%m.%Y};{c.at:%H:%M:%S};{c.queue};{c.caller};{c.wait};{c.talk};{c.agent};"
        + ("angenommen" if c.agent else "aufgelegt")
        for c in CALLS
    ]
    return _write(folder / "anrufe.csv", lines, "cp1252")


def _romance(name: str, heads: str, answered: str, lost: str) -> Callable[[Path], Path]:
    """Semicolons, dd.mm.yyyy, names of columns and outcomes in another language."""

    def write(folder: Path) -> Path:
        lines = [heads]
        lines += [
            f"{c.at:%d.%m.%Y};{c.at:%H:%M:%S};{c.queue};{c.caller};{c.wait};{c.talk};{c.agent};"
            + (answered if c.agent else lost)
            for c in CALLS
        ]
        return _write(folder / f"{name}.csv", lines)

    return write


_HEADS = {
    "spanish": ("Fecha;Hora;Cola;Llamante;Espera;Conversación;Agente;Resultado", "atendida", "abandonada"),
    "french": ("Date;Heure;File d'attente;Appelant;Attente;Durée;Opérateur;Résultat", "répondu", "abandonné"),
    "italian": ("Data;Ora;Coda;Chiamante;Attesa;Durata;Operatore;Esito", "risposta", "abbandonata"),
    "portuguese": ("Data;Hora;Fila;Chamador;Espera;Duração;Atendente;Resultado", "atendido", "abandonado"),
}


def american(folder: Path) -> Path:
    """Month first, twelve hours, lengths as minutes and seconds, yes and no."""
    lines = ["Call Id,Agent,Date and Time,Topic,Answered (Y/N),Speed of answer in seconds,Talk time"]
    lines += [
        f"ID{i:04d},{c.agent},{c.at:%-m/%-d/%Y %-I:%M:%S %p},{c.queue},{'Y' if c.agent else 'N'},{c.wait},"
        + f"{c.talk // 60}:{c.talk % 60:02d}"
        for i, c in enumerate(CALLS)
    ]
    return _write(folder / "calls.csv", lines)


def moments(folder: Path) -> Path:
    """Moments with an offset from UTC instead of lengths; empty cells for what is absent."""
    lines = ["started_at,queue,caller,answered_at,ended_at,agent,status"]
    for c in CALLS:
        answered = f"{_answered(c).isoformat()}+00:00" if c.agent else ""
        lines.append(
            f"{c.at.isoformat()}+00:00,{c.queue},{c.caller},{answered},{_ended(c).isoformat()}+00:00,{c.agent},"
            + ("completed" if c.agent else "abandoned")
        )
    return _write(folder / "moments.csv", lines)


def twilio(folder: Path) -> Path:
    """An inbound call, and a leg to the agent who answered; RFC 2822 dates."""
    lines = ["Sid,ParentCallSid,From,To,Status,StartTime,Duration,Direction"]
    for i, c in enumerate(CALLS):
        when = f"{c.at:%a, %d %b %Y %H:%M:%S} +0000"
        status = "completed" if c.agent else "no-answer"
        lines.append(f'CA{i:032d},,+1{c.caller},{c.queue},{status},"{when}",{c.wait + c.talk},inbound')
        answered = f"{_answered(c):%a, %d %b %Y %H:%M:%S} +0000"
        if c.agent:
            lines.append(f'CB{i:032d},CA{i:032d},{c.queue},{c.agent},completed,"{answered}",{c.talk},outbound-dial')
        else:
            lines.append(f'CB{i:032d},CA{i:032d},{c.queue},client:bob,no-answer,"{when}",0,outbound-dial')
    return _write(folder / "call-log.csv", lines)


def queue_log(folder: Path) -> Path:
    """Asterisk's events, in order of time."""
    events = []
    for i, c in enumerate(CALLS):
        entered, left, ended = (int(one.replace(tzinfo=dt.UTC).timestamp()) for one in (c.at, _answered(c), _ended(c)))
        call = f"{entered}.{i}"
        events.append((entered, f"{entered}|{call}|{c.queue}|NONE|ENTERQUEUE||{c.caller}|1"))
        if c.agent:
            events.append((left, f"{left}|{call}|{c.queue}|{c.agent}|CONNECT|{c.wait}|{call}|3"))
            events.append((ended, f"{ended}|{call}|{c.queue}|{c.agent}|COMPLETECALLER|{c.wait}|{c.talk}|1"))
        else:
            events.append((left, f"{left}|{call}|{c.queue}|NONE|ABANDON|1|1|{c.wait}"))
    events.insert(0, (0, f"{int(CALLS[0].at.replace(tzinfo=dt.UTC).timestamp()) - 60}|NONE|NONE|NONE|QUEUESTART|"))
    return _write(folder / "queue_log", [line for _, line in sorted(events, key=lambda event: event[0])])


def cdr(folder: Path) -> Path:
    """Asterisk's Master.csv, without a header."""
    lines = []
    for i, c in enumerate(CALLS):
        answered = f"{_answered(c):%Y-%m-%d %H:%M:%S}" if c.agent else ""
        cells = ["", c.caller, "100", "from-trunk", f'""""{c.caller}""""', f"SIP/trunk-0000{i:04x}"]
        cells += [f"SIP/{c.agent}-0000{i:04x}" if c.agent else "", "Queue", f"{c.queue},t,,"]
        cells += [f"{c.at:%Y-%m-%d %H:%M:%S}", answered, f"{_ended(c):%Y-%m-%d %H:%M:%S}", str(c.wait + c.talk)]
        cells += [str(c.talk), "ANSWERED" if c.agent else "NO ANSWER", "DOCUMENTATION", f"1700000{i}.{i}", ""]
        lines.append(",".join(f'"{cell}"' if "," in cell else cell for cell in cells))
    return _write(folder / "Master.csv", lines)


def parquet(folder: Path) -> Path:
    """Typed columns."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = {
        "arrival": [c.at for c in CALLS],
        "queue": [c.queue for c in CALLS],
        "wait_seconds": [float(c.wait) for c in CALLS],
        "talk_seconds": [c.talk for c in CALLS],
        "agent": [c.agent or None for c in CALLS],
        "outcome": ["answered" if c.agent else "abandoned" for c in CALLS],
    }
    path = folder / "calls.parquet"
    pq.write_table(pa.table(table), path)
    return path


def excel(folder: Path) -> Path:
    """A sheet with a title above the header, and serial dates."""
    rows: list[list[object]] = [["Calls of March"], []]
    rows.append(["Start", "Queue", "Wait", "Talk time", "Agent", "Result"])
    rows += [[c.at, c.queue, c.wait, c.talk, c.agent, "answered" if c.agent else "abandoned"] for c in CALLS]
    return xlsx(folder / "calls.xlsx", rows)


FORMATS: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "bank": ("table", bank),
    "german": ("table", german),
    **{name: ("table", _romance(name, *words)) for name, words in _HEADS.items()},
    "american": ("table", american),
    "moments": ("table", moments),
    "twilio": ("twilio", twilio),
    "queue_log": ("asterisk_queue_log", queue_log),
    "cdr": ("asterisk_cdr", cdr),
    "parquet": ("table", parquet),
    "excel": ("table", excel),
}
"""By name: which format it is to be recognised as, and who writes it."""


def xlsx(path: Path, rows: list[list[object]]) -> Path:
    """Write rows as the only sheet of a workbook."""
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path
