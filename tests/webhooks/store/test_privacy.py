"""What is kept about callers, for how long, and how it is deleted."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import logging
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
import sqlalchemy as sa

from flows.protocol.actions import HungUp, Keys, Outcome
from flows.source.finding import UsageError
from flows.speech import ssml
from flows.speech.timing import speech_s
from ivr.__main__ import main
from tests.support.counted_services import BOOK, KEEP, SEAL, TEXT, Counting, soon
from tests.support.live_line import FLOW, NINE, Line, dump, whole_call
from tests.support.units import S
from tests.support.web_carrier import IN_PUBLIC, PUBLIC, SECRET, TOKEN, Carrier
from webhooks.effects.perform_once import Effects
from webhooks.records.changes import CallOver
from webhooks.security.caller_numbers import CallerNumbers
from webhooks.service.app import create_app
from webhooks.settings.config import Config
from webhooks.settings.retention import keep_days
from webhooks.store import Store
from webhooks.store.effect_ledger import Callbacks, EffectLedger
from webhooks.store.erasure_watch import ErasureWatch
from webhooks.store.privacy import erase, purge, table_sizes
from webhooks.store.tombstones import unerased
from webhooks.twilio.signature import Signature

ANI, OTHER = "+14155550123", "+12125550177"
NUMBERS = CallerNumbers(("development, on this machine only",))
NOW_US = int(NINE.timestamp()) * S
DAY_US = 86_400 * S
# HMAC-SHA256 under the secret, of the purpose and the number: the first 128 bits
HASH = hmac.new(b"development, on this machine only", b"ivr caller 1 +14155550123", hashlib.sha256).hexdigest()[:32]


def cells(store: Store, query: str) -> list[tuple[object, ...]]:
    with store.transaction() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


def count(store: Store) -> dict[str, int]:
    return {name: table.rows for name, table in table_sizes(store).items() if table.rows}


def called(line: Line, number: int, ani: str) -> None:
    """A call that leaves rows in every table of records: a menu, a queue, a key there, a message."""
    call = line.call(number, ani).then(5, Keys("0")).then(2, Outcome("key #"))
    recorded = {**call.web.form, "RecordingUrl": f"https://api.twilio.com/RE{number}", "RecordingDuration": "4"}
    line.carrier.twice(call.web.attribute("Record", "action"), recorded)
    line.carrier.twice("/status", {**call.web.form, "CallStatus": "completed"})


# --- Numbers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keeping", "kept"), [("hashed", (HASH, None)), ("masked", (HASH, "•••••••••123")), ("none", (None, None))]
)
def test_what_is_kept_of_a_number_is_as_it_is_set(
    keeping: str, kept: tuple[str, str], database: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    line = Line(database, callers=keeping)
    whole_call(line)
    line.tables()
    assert cells(line.store, "select caller, caller_shown from calls") == [kept]
    assert "4155550123" not in dump(line)
    assert "4155550123" not in caplog.text
    line.store.close()


def test_a_replaced_secret_still_finds() -> None:
    old, new = (
        CallerNumbers(("an old secret of callers",)),
        CallerNumbers(("a new secret of callers", "an old secret of callers")),
    )
    assert old.kept(ANI)[0] in new.found("+1 415-555-0123")
    assert new.kept(ANI)[0] == new.found(ANI)[0] != old.kept(ANI)[0]
    assert new.kept("") == ("", "")


def test_an_unknown_way_of_keeping_is_refused() -> None:
    with pytest.raises(UsageError, match="IVR_CALLERS='clear'"):
        Config(flow=FLOW, development=True, callers="clear")
    with pytest.raises(UsageError, match="a caller key has 5 characters"):
        Config(flow=FLOW, development=True, caller_keys=("short",))


# --- Erasing ----------------------------------------------------------------------------------------------------


def test_erasing_a_caller_leaves_the_others_and_a_note_without_the_number(
    database: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    line = Line(database)
    called(line, 1, ANI)
    called(line, 2, OTHER)
    line.tables()
    ledger, promises = EffectLedger(line.store), Callbacks(line.store)
    for sid in (f"CA{1:032x}", f"CA{2:032x}"):
        with ledger.entry(sid, 7, patience_s=0) as place:
            assert place.begin("link", NOW_US - 5 * 3_600 * S)
            assert place.finish("sealed") == "sealed"
    line.store.keep_secret("h" * 22, f"CA{1:032x}", "sealed", NOW_US)
    assert promises.promise(BOOK, f"CA{1:032x}", 8, NOW_US)
    assert promises.promise(BOOK, "CA9", 8, NOW_US)  # the same number, from another telephone
    # a call: hello, main, agent, message, bye; one queue, one key there, one message, one end
    one = {"calls": 1, "steps": 5, "visits": 1, "endings": 1, "messages": 1, "left_by": 1, "effects": 1}
    assert count(line.store) == {name: 2 * rows for name, rows in one.items()} | {
        "callbacks": 2,
        "flows": 1,
        "secrets": 1,
    }
    other = Store(database)  # like another worker: closing the last connection would empty the log of changes
    other.rows()
    erased = erase(line.store, NUMBERS, "+1 (415) 555-0123", NOW_US)
    assert erased.rows == one | {"callbacks": 2, "secrets": 1}
    assert erased.recordings == ("https://api.twilio.com/RE1",)
    assert count(line.store) == one | {"flows": 1, "erased_calls": 1, "erased_callers": 1, "audit": 1}
    assert cells(line.store, "select call_sid from calls") == [(f"CA{2:032x}",)]
    ((at_us, what, caller, rows),) = cells(line.store, "select at_us, what, caller, rows from audit")
    assert (at_us, what, caller, json.loads(str(rows))) == (NOW_US, "erase", HASH, dict(erased.rows))
    assert "RE1" not in dump(line)  # nor in the free pages of the file, nor in the log of changes
    if "://" not in database:
        assert cells(line.store, "pragma secure_delete") == [(1,)]
    other.close()
    assert "4155550123" not in dump(line)
    assert f"erased the calls of {HASH}" in caplog.text
    assert "4155550123" not in caplog.text
    line.store.close()


def test_what_waits_in_memory_is_erased_too_and_later_calls_are_kept(database: str) -> None:
    """Three calls wait in a worker: one of the caller, one of somebody else, one of the caller after the erasure."""
    line = Line(database)
    line.journal._write = _away  # type: ignore[method-assign]
    line.store.check()
    called(line, 1, ANI)
    called(line, 2, OTHER)
    assert not line.journal.flush()
    other = Store(database)
    erase(other, NUMBERS, ANI, NOW_US + 3_600 * S)
    line.now = NINE + dt.timedelta(hours=2)
    called(line, 3, ANI)
    line.journal._write = line.store.write  # type: ignore[method-assign]
    assert line.journal.flush()
    line.store.write([CallOver(f"CA{1:032x}", NOW_US)])  # later changes, in a separate batch
    assert [call["call_sid"][-1] for call in line.tables()["calls"]] == ["2", "3"]
    assert {row["call_sid"][-1] for rows in line.tables().values() for row in rows} == {"2", "3"}
    assert cells(line.store, "select url from messages order by url") == [
        ("https://api.twilio.com/RE2",),
        ("https://api.twilio.com/RE3",),
    ]
    other.close()
    line.store.close()


def _away(_batch: object) -> None:
    raise ConnectionError("away")


def test_an_effect_of_a_call_in_progress_is_forgotten_but_not_done_again(database: str) -> None:
    """The answer is deleted at once, and that of an effect under way is not kept; the fact that it was done is."""
    line = Line(database)
    line.call(1).then(5, Keys("1"))
    line.tables()
    table, services = EffectLedger(line.store), Counting(values={"fee": "12.50"})
    sid = f"CA{1:032x}"
    Effects(services, SEAL, table, {}).answer(TEXT, call_sid=sid, seq=3, deadline=soon())
    now_us = int(dt.datetime.now(dt.UTC).timestamp()) * S
    with table.entry(sid, 4, patience_s=0) as place:
        assert place.begin("keep", now_us)
        erase(line.store, NUMBERS, ANI, now_us)
        assert place.finish("sealed") == ""
    assert cells(line.store, "select seq, answer from effects order by seq") == [(3, None), (4, None)]
    for effect, seq in ((TEXT, 3), (KEEP, 4)):
        Effects(services, SEAL, table, {}).answer(effect, call_sid=sid, seq=seq, deadline=soon(0.2))
    assert services.done == [("link", sid, 3)]
    line.store.close()


def test_what_a_worker_holds_in_memory_goes_once_somebody_was_erased(database: str) -> None:
    """Two calls leave answers and a key in a worker, and texts with their values; another process erases one caller."""
    line = Line(database)
    line.journal._glance = tuple  # this test checks by itself
    served, services = line.app.extensions["ivr"]["line"], Counting(values={"fee": "12.50"})
    served._effects._services = services
    watch = ErasureWatch(line.store, served.forget)
    watch()  # no caller was erased so far
    called(line, 1, ANI)
    called(line, 2, OTHER)
    line.tables()
    for number in (1, 2):
        served._effects.answer(TEXT, call_sid=f"CA{number:032x}", seq=90, deadline=soon())
    served._vault._here["handle"] = (2.0**40, "4021")
    texts = ssml.read, speech_s
    speech_s("<speak>Your balance is 12.50.</speak>", "en-US")  # as a prompt with a value is timed
    assert all(known.cache_info().currsize for known in texts)
    held_before = len(served._effects._here), len(served._queue_keys._here)
    watch()
    assert held_before == (2, 2)
    assert (len(served._effects._here), len(served._queue_keys._here), len(served._vault._here)) == (
        2,
        2,
        1,
    )  # nothing happened
    other = Store(database)
    erase(other, NUMBERS, ANI, NOW_US + 3_600 * S)
    watch()
    assert (len(served._effects._here), len(served._queue_keys._here), len(served._vault._here)) == (0, 0, 0)
    assert [known.cache_info().currsize for known in texts] == [0, 0]
    # The ledger knows what the other call has done, so it is not done again.
    again = served._effects.answer(TEXT, call_sid=f"CA{2:032x}", seq=90, deadline=soon())
    assert again == Outcome("sent", {"fee": "12.50"})
    assert services.done == [("link", f"CA{1:032x}", 90), ("link", f"CA{2:032x}", 90)]
    other.close()
    line.store.close()


def test_an_effect_under_way_is_not_forgotten(database: str) -> None:
    """A webhook that arrives meanwhile must find it, or it would be done twice."""
    store = Store(database)
    services = Counting(seconds=0.4)
    effects = Effects(services, SEAL, EffectLedger(store), {})
    first = threading.Thread(target=lambda: effects.answer(TEXT, call_sid="CA1", seq=1, deadline=soon()))
    first.start()
    while not services.done:
        time.sleep(0.01)
    effects.forget()
    assert list(effects._here) == [("CA1", 1)]
    first.join()
    effects.forget()
    assert list(effects._here) == []
    store.close()


def test_the_journal_sees_it_by_itself(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the batch that follows, and with no batch at all."""
    monkeypatch.setattr("webhooks.records.journal._IDLE_S", 0.05)
    monkeypatch.setattr("webhooks.records.journal._GLANCE_EVERY_S", 0.05)
    line = Line(database)
    served = line.app.extensions["ivr"]["line"]
    line.call(1)
    time.sleep(0.5)  # the first batch is written, and the first check made
    served._vault._here["handle"] = (2.0**40, "4021")
    time.sleep(0.3)
    assert served._vault._here
    erase(line.store, NUMBERS, OTHER, NOW_US)
    until = time.monotonic() + 10
    while served._vault._here and time.monotonic() < until:
        time.sleep(0.02)
    assert not served._vault._here
    line.store.close()


def test_nobody_is_erased_between_the_look_and_the_rows_of_a_batch(tmp_path: Path) -> None:
    """SQLite: an erasure waits for a batch that has already checked for erasures, or the batch would bring rows
    back.
    """
    store, other = Store(str(tmp_path / "calls.sqlite")), Store(str(tmp_path / "calls.sqlite"))
    batch = [CallOver("CA1", NOW_US)]
    with store.transaction() as connection:
        assert list(unerased(connection, batch)) == batch
        with pytest.raises(sa.exc.OperationalError, match="locked"):
            erase(other, NUMBERS, ANI, NOW_US)
    erase(other, NUMBERS, ANI, NOW_US)
    store.close()
    other.close()


def test_erasing_a_caller_who_never_called_says_so_and_is_noted(database: str) -> None:
    store = Store(database)
    assert erase(store, NUMBERS, OTHER, NOW_US).rows == {}
    assert cells(store, "select what, rows from audit") == [("erase", "{}")]
    store.close()


# --- Keeping ----------------------------------------------------------------------------------------------------


def test_what_is_older_than_its_days_is_purged_each_kind_by_its_own(database: str) -> None:
    line = Line(database)
    called(line, 1, ANI)  # at 09:00
    line.now = NINE + dt.timedelta(days=10)
    called(line, 2, ANI)
    line.tables()
    with EffectLedger(line.store).entry("CA1", 1, patience_s=0) as place:
        assert place.begin("link", NOW_US)
    Callbacks(line.store).promise(BOOK, "CA1", 2, NOW_US)
    before = count(line.store)
    now_us = NOW_US + 12 * DAY_US
    assert purge(line.store, keep_days("calls=13, messages=13, callbacks=13, effects=13"), now_us) == {}
    assert count(line.store) == before
    assert purge(line.store, keep_days("messages=11,effects=11"), now_us) == {"messages": 1, "effects": 1}
    assert purge(line.store, keep_days("calls=11"), now_us) == {
        "calls": 1,
        "steps": 5,
        "visits": 1,
        "endings": 1,
        "left_by": 1,
    }
    assert [call["call_sid"][-1] for call in line.tables()["calls"]] == ["2"]
    assert purge(line.store, keep_days("callbacks=11"), now_us) == {"callbacks": 1}
    assert [what for (what,) in cells(line.store, "select what from audit")] == ["purge"] * 3
    line.store.close()


def test_many_calls_are_purged_in_portions(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webhooks.store.privacy._AT_ONCE", 2)
    line = Line(database)
    for number in range(5):
        line.call(number).then(4, HungUp())
    line.tables()
    assert purge(line.store, keep_days("calls=1"), NOW_US + 2 * DAY_US) == {"calls": 5, "steps": 10, "endings": 5}
    line.store.close()


@pytest.mark.parametrize("text", ["calls", "calls=0", "calls=-1", "calls=1.5", "flows=3", "=3", "calls=100000"])
def test_a_retention_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="W001"):
        keep_days(text)


def test_the_service_purges_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line(tmp_path / "calls.db", keep=keep_days("calls=1"))
    whole_call(line)  # in November 2026
    line.tables()
    monkeypatch.setattr("time.time_ns", lambda: (NOW_US + 3 * DAY_US) * 1_000)
    line.journal._do_chore()
    assert line.tables()["calls"] == []
    line.store.close()


def test_a_purge_that_fails_is_said_and_kills_no_thread(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    line = Line(tmp_path / "no" / "calls.db", keep=keep_days("calls=1"))
    line.journal._do_chore()
    assert "old rows cannot be deleted now (OperationalError)" in caplog.text


# --- The command ------------------------------------------------------------------------------------------------


def live(database: str, **settings: object) -> Line:
    line = Line(database)
    line.app = create_app(Config(flow=FLOW, **IN_PUBLIC, database=database, clock=lambda: line.now, **settings))  # type: ignore[arg-type]
    line.store.close()
    line.store, line.journal = line.app.extensions["ivr"]["store"], line.app.extensions["ivr"]["journal"]
    line.carrier = Carrier(line.app, Signature(TOKEN, PUBLIC))
    return line


def test_the_command_counts_erases_and_purges(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = live(database)
    called(line, 1, ANI)
    called(line, 2, OTHER)
    line.tables()
    monkeypatch.setenv("IVR_DATABASE_URL", database)
    for name in ("TWILIO_AUTH_TOKEN", "IVR_CURSOR_KEY", "IVR_CALLER_KEY", "IVR_KEEP_DAYS"):
        monkeypatch.delenv(name, raising=False)
    assert main(["data", "show", "--json"]) == 0
    assert said(capsys)["calls"] == {"rows": 2, "oldest_us": NOW_US}
    assert main(["data", "show"]) == 0
    assert "calls                    2  since 2026-11-24 09:00\n" in capsys.readouterr().out
    assert main(["data", "erase", "--caller", ANI]) == 2
    assert "no caller can be found without the secret of the service" in capsys.readouterr().err
    monkeypatch.setenv("IVR_CURSOR_KEY", "short")
    assert main(["data", "erase", "--caller", ANI]) == 2
    assert "a cursor key has 5 characters; at least 16 are needed" in capsys.readouterr().err
    monkeypatch.setenv("IVR_CURSOR_KEY", SECRET)
    monkeypatch.setattr("time.time_ns", lambda: (NOW_US + 2 * DAY_US) * 1_000)
    assert main(["data", "erase", "--caller", "+1 415 555 0123"]) == 0
    out = capsys.readouterr().out
    assert "Erased 1 row of calls.\n" in out
    assert "still with the carrier: https://api.twilio.com/RE1\n" in out
    assert main(["data", "erase", "--caller", ANI, "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == {"rows": {}, "recordings": []}
    assert err.startswith(
        f"no data of {ANI} was found: check the number, and that the secrets are those of the service"
    )
    assert main(["data", "purge", "--keep", "calls=1", "--json"]) == 0
    assert said(capsys)["rows"] == {"calls": 1, "steps": 5, "visits": 1, "endings": 1, "left_by": 1}
    assert main(["data", "purge"]) == 0
    assert capsys.readouterr().out == "Deleted nothing: no data matched.\n"
    line.store.close()


def said(capsys: pytest.CaptureFixture[str]) -> Mapping[str, object]:
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["show", "--database", "none.sqlite"], 1, "error W003 there is no database 'none.sqlite'"),
        (["show", "--database", "text.sqlite"], 1, "cannot be used: file is not a database"),
        (["show", "--database", "postgresql://ivr:hidden@127.0.0.1:1/ivr"], 1, "cannot be used: connection failed"),
        (["show", "--database", "mysql://ivr:hidden@127.0.0.1/ivr"], 2, "neither SQLite nor PostgreSQL"),
        (["purge", "--keep", "all=3", "--database", "text.sqlite"], 2, "'all=3' does not say how long"),
        (["erase"], 2, "Missing option '--caller'"),
        *(
            (
                ["erase", "--caller", number, "--database", "text.sqlite"],
                2,
                f"--caller {number!r} is not a whole telephone number\n  = hint: write it with +",
            )
            for number in ("(415) 555-0123", "4155550123", "+141555", "+1234567890123456", "banana", "")
        ),
        ([], 2, "Missing command"),
        (["forget"], 2, "No such command 'forget'"),
    ],
)
def test_what_the_command_refuses(
    arguments: list[str],
    code: int,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.sqlite").write_text("this is no database, but it is long enough to look like one\n" * 100)
    assert main(["data", *arguments]) == code
    said = capsys.readouterr()
    assert message in said.err
    assert "hidden" not in said.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["text.sqlite"]  # reading created none
