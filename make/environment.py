"""The environment in .venv: whether it works and is complete, and what was noted about it when it was made."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path

from make.run_pip import surroundings

__all__ = ["Environment", "Note", "fingerprint", "pins"]

_PIN = re.compile(r"^(?P<name>[\w.-]+)(?:\[[\w,-]+\])?==(?P<version>[^\s#;]+)")
_OLDEST = (3, 11)


@dataclass
class Note:
    """What stands in `.ready`: where and with which Python the environment was made, and which sets are installed.

    Parameters
    ----------
    place : str
        The folder that the environment was made in; its programs work only there.
    python : str
        "MAJOR.MINOR".
    sets : dict of str to str
        The fingerprint of what was installed, by set.
    """

    place: str
    python: str
    sets: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Environment:
    """An environment, which need not exist yet.

    Examples
    --------
    >>> Environment(Path("/no/such/folder")).fault("")
    ''
    """

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def ready(self) -> Path:
        """The note; it stands there while the environment is complete."""
        return self.folder / ".ready"

    @property
    def begun(self) -> Path:
        """A mark that stands there while something is installed; found later, it tells of an interruption."""
        return self.folder / ".begun"

    def exists(self) -> bool:
        """Whether there is anything that has to work."""
        return self.folder.is_file() or (self.folder.is_dir() and any(self.folder.iterdir()))

    def fault(self, asked: str) -> str:
        """Why it has to be made anew, as the rest of "it ..."; empty if it is as it should be, or not there.

        Parameters
        ----------
        asked : str
            The "MAJOR.MINOR" that was asked for; empty if any will do.
        """
        if not self.exists():
            return ""
        if not self.folder.is_dir():
            return "is not a folder"
        if self.begun.exists():
            return "was left half done by an earlier set-up"
        version = self.version()
        note = self.note()
        place = str(self.folder.resolve())
        if not version:
            return "has a Python that does not run; it was moved or removed"
        if tuple(map(int, version.split("."))) < _OLDEST:
            return f"was made by Python {version}; 3.11 or later is needed"
        if asked and version != asked:
            return f"was made by Python {version}, and Python {asked} is asked for"
        if note and note.python != version:
            return f"was made by Python {note.python}, and its Python is {version} now"
        if note and note.place != place:
            return f"was made in {note.place}, and its programs work only there"
        if not note and not self._activates_here(place):
            return "was made in another folder, and its programs work only there"
        return ""

    def has_pip(self) -> bool:
        return bool(self._run("-m", "pip", "--version"))

    def version(self) -> str:
        """Its "MAJOR.MINOR"; empty if its Python does not run or belongs to another environment."""
        said = self._run(
            "-c", "import sys; print(*sys.version_info[:2], sep='.'); print(sys.prefix != sys.base_prefix)"
        )
        version, _, apart = said.partition("\n")
        return version if apart.strip() == "True" else ""

    def note(self) -> Note | None:
        """What was noted; None if it is unfinished, or made by something else."""
        try:
            return Note(**json.loads(self.ready.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def keep(self, note: Note) -> None:
        self.ready.write_text(json.dumps(asdict(note), indent=1) + "\n", "utf-8")

    def lacks(self, names: set[str]) -> set[str]:
        """Those libraries that are not installed, and `ivr` if the command is not there."""
        folders = [str(path) for path in self.folder.glob("lib/python*/site-packages")]
        there = {_plain(found.name) for found in distributions(path=folders)}
        command = set() if (self.folder / "bin" / "ivr").exists() else {"ivr"}
        return {name for name in names if _plain(name) not in there} | command

    def _activates_here(self, place: str) -> bool:
        try:
            text = (self.folder / "bin" / "activate").read_text("utf-8")
        except OSError:
            return False
        return place in text or str(self.folder.absolute()) in text

    def _run(self, *arguments: str) -> str:
        try:
            done = subprocess.run(
                [self.python, *arguments],
                capture_output=True,
                text=True,
                env=surroundings(os.environ),
                timeout=60,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return ""
        return done.stdout if done.returncode == 0 else ""


def pins(file: Path) -> dict[str, str]:
    """Where each pin is stated, "FILE, line N" by "NAME==VERSION", with those of files that the file includes.

    Examples
    --------
    >>> pins(Path("requirements.txt"))["simpy==4.1.2"].startswith("requirements.txt, line ")
    True
    """
    return {
        f"{pin['name']}=={pin['version']}": f"{at.name}, line {number}"
        for at, number, text in _stated(file)
        if (pin := _PIN.match(text))
    }


def fingerprint(file: Path) -> str:
    """A text that changes with what would be installed: the pins, and what `pyproject.toml` says of the package."""
    project = tomllib.loads((file.parent / "pyproject.toml").read_text("utf-8"))
    tools = {name: said for name, said in project.get("tool", {}).items() if name in ("setuptools", "hatch")}
    ours = [project.get("project"), project.get("build-system"), tools]
    stated = [text for _, _, text in _stated(file)]
    return sha256(json.dumps([stated, ours], sort_keys=True).encode()).hexdigest()[:16]


def _stated(file: Path) -> Iterator[tuple[Path, int, str]]:
    # File, line and text of what is required, without comments; what a file includes stands in its place.
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        text = re.sub(r"(^|\s)#.*", "", line).strip()
        if included := re.match(r"-r\s+(\S+)", text):
            yield from _stated(file.parent / included[1])
        elif text:
            yield file, number, text


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
