"""``--watch``: a command runs again whenever a file that it reads has changed, until Ctrl-C.

Every run is a process of its own, so that settings, parts, packs and own rules are read afresh. Which files count is
never listed: the run is asked. Python tells an audit hook of every file that is opened and every folder that is
listed, and the run writes down what each looked like at that moment. Anything that looks different later is a change,
even one that was made between the reading and the waiting. The system's notice of a change only ends the waiting
early.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

import click

from flows.display.terminal import note

__all__ = ["changed", "look_of", "watched"]

_REPORT = "IVR_WATCH_REPORT"
"""The file into which a run writes what it has read; set in the environment of a run that is watched."""
_LOOK_AGAIN_MS = 2000
"""Files are also looked at without a notice: some network folders send none."""
_TOGETHER_MS = 200
"""Changes within this time are one: an editor that saves several files, or one in several steps."""
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT

Look = list[Any] | None
"""What a path looks like: of a file its identity, size and time of change, of a folder its names; None if missing."""


def watched(*, but_not: Iterable[str] = ()) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Give a command ``--watch``; it then returns the exit code of the last run once Ctrl-C is pressed.

    Parameters
    ----------
    but_not : iterable of str
        Options that change the files that are read, as they are written: ``--fix``.
    """

    def give(command: Callable[..., int]) -> Callable[..., int]:
        @click.option(
            "--watch", "is_watched", is_flag=True, help="Again whenever a file that it reads has changed; Ctrl-C ends."
        )
        @wraps(command)
        def run(*args: Any, is_watched: bool, **options: Any) -> int:
            if not is_watched or _REPORT in os.environ:
                return command(*args, **options)
            context = click.get_current_context()
            _refuse(context, but_not)
            program = str(getattr(context.find_root().command.callback, "__module__", ""))
            return _run_again_and_again(program.partition(".")[0])

        return run

    return give


def _refuse(context: click.Context, but_not: Iterable[str]) -> None:
    for parameter in context.command.params:
        given = context.params.get(parameter.name or "")
        if given and (name := next(iter(set(parameter.opts) & set(but_not)), "")):
            raise click.UsageError(f"{name} changes files, and --watch waits until somebody else does; leave out one")
        if isinstance(parameter, click.Argument) and "-" in (given if isinstance(given, tuple) else (given,)):
            raise click.UsageError("--watch reads files again and again, and - is not one; name a file")


def _run_again_and_again(program: str) -> int:
    cause, last = "first run", 0
    # A run that finds no file does not open it, so files named or read before count too.
    known = {os.path.abspath(argument) for argument in sys.argv[2:] if not argument.startswith("-")}
    with tempfile.TemporaryDirectory(prefix="ivr-watch-") as folder:
        report = Path(folder, "read.json")
        try:
            while True:
                if sys.stdout.isatty():
                    click.clear()
                note(f"{dt.datetime.now():%H:%M:%S} {cause}")
                last, is_interrupted = _one_run(program, report)
                if is_interrupted:
                    break
                looks: dict[str, Look] = json.loads(report.read_text("utf-8")) if report.exists() else {}
                known |= set(looks)
                note(f"{dt.datetime.now():%H:%M:%S} waiting for a change; Ctrl-C ends")
                cause = _next_change({name: looks[name] if name in looks else look_of(name) for name in known})
        except KeyboardInterrupt:
            pass
        note("")
    return last


def _one_run(program: str, report: Path) -> tuple[int, bool]:
    """The exit code of a run, and whether Ctrl-C was pressed meanwhile; the run is brought to its end."""
    report.unlink(missing_ok=True)
    sys.stdout.flush()
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.display.watch", program, *sys.argv[1:]],
        env={**os.environ, _REPORT: str(report)},
    )
    interrupted = False
    while True:
        try:
            return process.wait(), interrupted
        except KeyboardInterrupt:
            interrupted = True


def _next_change(looks: Mapping[str, Look]) -> str:
    """Wait until something looks different, and say what."""
    if found := changed(looks):
        return found
    for _ in _notices(looks):
        if found := changed(looks):
            return found
    return ""  # pragma: no cover - notices never end


def _notices(looks: Iterable[str]) -> Iterator[object]:
    from watchfiles import watch

    folders = {_nearest_folder(Path(name)) for name in looks} or {Path.cwd()}
    yield from watch(
        *sorted(folders),
        watch_filter=None,
        recursive=False,
        debounce=_TOGETHER_MS,
        rust_timeout=_LOOK_AGAIN_MS,
        yield_on_timeout=True,
        ignore_permission_denied=True,
    )


def _nearest_folder(path: Path) -> Path:
    """The folder in which a path would appear."""
    return next(folder for folder in (path, *path.parents) if folder.is_dir())


def changed(looks: Mapping[str, Look]) -> str:
    """What looks different from `looks`, in words; empty if nothing does.

    Examples
    --------
    >>> changed({"no such file.yaml": None}), changed({"no such file.yaml": [1, 2, 3]})
    ('', 'no such file.yaml is gone')
    """
    found = []
    for name, before in looks.items():
        now = look_of(name, suffixes=before[1] if _is_folder(before) and before else ())
        if now != before:
            what = "is gone" if now is None else "is there" if before is None else "has changed"
            found.append((_is_folder(before) or _is_folder(now), f"{os.path.relpath(name)} {what}"))
    found.sort(key=lambda one: one[0])  # a file tells more than the folder that it is in
    return found[0][1] + (f", and {len(found) - 1} more" if len(found) > 1 else "") if found else ""


def look_of(name: str, *, suffixes: Iterable[str] = ()) -> Look:
    """What a path looks like now.

    Parameters
    ----------
    name : str
    suffixes : iterable of str
        The endings of the names in a folder that count; none: all that are not hidden.
    """
    try:
        if os.path.isdir(name):
            ends = sorted(suffixes)
            names = (one for one in os.listdir(name) if not one.startswith(".") and not one.endswith("~"))
            return ["folder", ends, sorted(one for one in names if not ends or os.path.splitext(one)[1] in ends)]
        about = os.stat(name)
    except OSError:
        return None
    return [about.st_ino, about.st_size, about.st_mtime_ns]


def _is_folder(look: Look) -> bool:
    return look is not None and look[0] == "folder"


class _Reads:
    """What a run has opened and listed, and how it looked."""

    def __init__(self) -> None:
        self.looks: dict[str, Look] = {}
        self._busy = False

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Hear an event of Python's audit hooks; looking at a file raises events too, which do not count."""
        if self._busy or event not in ("open", "os.listdir", "os.scandir", "os.rename"):
            return
        self._busy = True
        try:
            if event == "os.rename":  # a file that the run itself puts there
                self.looks.pop(os.path.abspath(os.fsdecode(arguments[1])), None)
            elif not isinstance(arguments[0], int | None):
                name = os.path.abspath(os.fsdecode(arguments[0]))
                if event == "open" and (set(arguments[1] or "") & set("wax+") or (arguments[2] or 0) & _WRITING):
                    self.looks.pop(name, None)
                else:
                    self.looks.setdefault(name, look_of(name))
        finally:
            self._busy = False

    def tell(self, report: str) -> None:
        """Write down what was read besides programs, and the folders in which more of the kind may appear."""
        self._busy = True
        looks = {name: look for name, look in self.looks.items() if not _is_program(name, report)}
        files = [name for name, look in looks.items() if look is not None and not _is_folder(look)]
        suffixes = {os.path.splitext(name)[1] for name in files}
        for folder in sorted({os.path.dirname(name) for name in files} - set(looks)):
            looks[folder] = look_of(folder, suffixes=suffixes)
        Path(report).write_text(json.dumps(looks), "utf-8")


def _is_program(name: str, report: str) -> bool:
    """Whether a file belongs to Python, a library, the system or the watching itself."""
    if name.startswith(("/proc/", "/dev/", "/sys/", "/etc/", "/usr/share/", os.path.dirname(report))):
        return True
    libraries = {sysconfig.get_path(kind) for kind in ("stdlib", "platstdlib", "purelib", "platlib")}
    if name.endswith(".pyc") or any(Path(name).is_relative_to(folder) for folder in libraries):
        return True
    package = name if os.path.isdir(name) else os.path.dirname(name) if name.endswith(".py") else ""
    return bool(package) and os.path.exists(os.path.join(package, "__init__.py"))


def _run_told() -> None:
    """Run the program and write down what it reads; Ctrl-C is for the one who watches."""
    import atexit
    import runpy

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    program, reads = sys.argv[1], _Reads()
    sys.argv = [program, *sys.argv[2:]]
    sys.addaudithook(reads.hear)
    atexit.register(reads.tell, os.environ[_REPORT])
    runpy.run_module(program, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _run_told()
