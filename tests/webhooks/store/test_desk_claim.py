"""One service answers a line with people from a database file; a second one would ring the agents of the first."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from flows.source.finding import UsageError
from tests.support.live_service import PATIENCE_S, environment
from webhooks.store import desk_claim
from webhooks.store.desk_claim import claim_desk


def test_a_claim_holds_until_it_is_closed(tmp_path: Path) -> None:
    name = str(tmp_path / "calls.sqlite")
    with claim_desk(name):
        for same in (name, f"sqlite:///{name}"):
            with pytest.raises(UsageError) as refused:
                claim_desk(same)
            (finding,) = refused.value.findings
            assert (finding.code, finding.message) == (
                "W003",
                f"another 'ivr serve --desk' answers calls with the database {name!r}",
            )
            own = tmp_path / "calls-2.sqlite"
            assert finding.hint == f"stop that one, or give this line a database of its own: --database {own}"
        own.touch()
        with pytest.raises(UsageError) as refused:
            claim_desk(name)
        assert refused.value.findings[0].hint.endswith(f"--database {tmp_path / 'calls-3.sqlite'}")
        claim_desk(str(own)).close()
    claim_desk(name).close()


def test_a_system_without_such_locks_claims_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_claim, "_FCNTL", None)
    with claim_desk(str(tmp_path / "calls.sqlite")), claim_desk(str(tmp_path / "calls.sqlite")):
        assert list(tmp_path.iterdir()) == []


def test_a_second_desk_on_the_same_database_does_not_start(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ivr", "serve", "northwind", "--desk", "--port", "0", "--json"]
    where = {"env": environment(), "cwd": tmp_path, "text": True, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **where) as first:  # type: ignore[call-overload]
        try:
            assert json.loads(first.stdout.readline())["database"] == "calls.sqlite"
            second = subprocess.run(command, timeout=PATIENCE_S, check=False, **where)  # type: ignore[call-overload]
        finally:
            first.terminate()
    assert (second.returncode, second.stdout) == (2, "")
    assert "another 'ivr serve --desk' answers calls with the database 'calls.sqlite'" in second.stderr
    assert "--database calls-2.sqlite" in second.stderr
