"""A real PostgreSQL server for the tests: started once, on a free port of this machine, with a fresh schema for each
test.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from tests.support.programs import needed

_SETTINGS = "fsync = off\nfull_page_writes = off\nunix_socket_directories = ''\nlisten_addresses = '127.0.0.1'\n"


class Server:
    """One server; it refuses to run as root, so root runs it as another user."""

    def __init__(self) -> None:
        self.bin = Path(needed("postgresql")).parent
        self.folder = Path(tempfile.mkdtemp(prefix="ivr-postgresql-"))
        self.data = self.folder / "data"
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = next(name for name in ("postgres", "nobody") if _is_user(name))
            shutil.chown(self.folder, user)
            self._as = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": ()}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._do("initdb", "-D", str(self.data), "-U", "ivr", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        self._do(
            "sh",
            "-c",
            f"printf '%s' \"$0\" >> {self.data}/postgresql.conf",
            f"port = {self.port}\n{_SETTINGS}",
            own=False,
        )
        self.start()

    def start(self) -> None:
        self._do("pg_ctl", "-D", str(self.data), "-w", "-l", str(self.folder / "log"), "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it; at once, as when the machine loses power, unless said otherwise."""
        self._do("pg_ctl", "-D", str(self.data), "-w", "-m", mode, "stop")

    def end(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def fresh(self) -> str:
        """The address of an empty schema."""
        name = f"t{uuid4().hex}"
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user="ivr", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(f"CREATE SCHEMA {name}")  # type: ignore[arg-type]
        return f"postgresql://ivr@127.0.0.1:{self.port}/postgres?options=-csearch_path%3D{name}"

    def _do(self, program: str, *arguments: str, own: bool = True) -> None:
        command = [f"{self.bin}/{program}" if own else program, *arguments]
        done = (
            subprocess.run(
                command,
                cwd="/",
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
                start_new_session=True,
                **self._as,
            )
            if program != "pg_ctl"
            else _without_pipes(command, self._as)
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"


def _without_pipes(command: list[str], owner: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    # The server inherits the files of pg_ctl, and a pipe that it kept open would never end.
    with tempfile.TemporaryFile("w+") as said:
        code = subprocess.run(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            timeout=60,
            check=False,
            start_new_session=True,
            **owner,
        ).returncode
        said.seek(0)
        return subprocess.CompletedProcess(command, code, said.read(), "")


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
