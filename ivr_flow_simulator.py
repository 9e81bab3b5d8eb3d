"""The way in of the ``ivr`` command, under the one name that no other distribution uses.

The four packages have everyday names (flows, ivr, simulation, webhooks), and others have them too. Whoever stands in
their place is found here, before anything of ours is imported, and told in one line.
"""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from typing import NoReturn

__all__ = ["PACKAGES", "refuse", "run", "what_is_foreign"]

PACKAGES = ("flows", "ivr", "simulation", "webhooks")
_HOME = os.path.dirname(os.path.realpath(__file__))
_OURS = b"from flows.registry import on_first_use"
"""A line of every ``__init__.py`` of ours."""
_APART = "install ivr-flow-simulator as an application of its own (pipx or uv tool)"


def run() -> None:
    """Run the command line, then exit the process; with 2 and one line if a package is not ours."""
    if found := what_is_foreign():
        sys.exit(_stopped(found))
    from ivr.__main__ import run as run_commands

    run_commands()


def refuse(error: ImportError) -> NoReturn:
    """Say why a package of ours cannot be imported: to a program by an ImportError, under ``python -m ivr`` in a line.

    Parameters
    ----------
    error : ImportError
        What Python said.
    """
    found = what_is_foreign()
    if found and sys.argv[0] == "-m":  # Python still looks for the module that it shall run
        sys.exit(_stopped(found))
    raise ImportError(found or str(error)) from error


def what_is_foreign(home: str = _HOME) -> str:
    """Say which of our packages is another's, where it is and what to do; empty if all four are ours.

    Parameters
    ----------
    home : str
        The folder that our packages are in: that of this module.

    Examples
    --------
    >>> what_is_foreign()
    ''
    """
    for name in PACKAGES:
        ours = os.path.join(home, name)
        spec = find_spec(name)
        found = next(iter((spec and spec.submodule_search_locations) or ()), "") or (spec and spec.origin) or ""
        if os.path.realpath(found) != ours:
            return _shadowed(name, found, ours)
        try:
            with open(os.path.join(ours, "__init__.py"), "rb") as file:
                text = file.read()
        except OSError:
            return f"{ours} has no __init__.py, as after uninstalling another package {name!r}; {_again()}"
        if _OURS not in text:
            return f"{ours} is overwritten by {_owner(name)}; uninstall that and {_again()}, or {_APART}"
    return ""


def _stopped(found: str) -> int:
    print(f"ivr cannot start: {found}", file=sys.stderr)
    return 2


def _shadowed(name: str, found: str, ours: str) -> str:
    folder = os.path.dirname(os.path.abspath(found))
    if folder in map(os.path.abspath, filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))):
        what_to_do = f"take {folder} out of PYTHONPATH"
    elif folder == os.getcwd():
        what_to_do = "start the command ivr, or work in another folder"
    else:
        what_to_do = _APART
    return f"{name!r} is {found or 'missing'}, not ours in {ours}; {what_to_do}"


def _again() -> str:
    """How to install ours once more: from where it came, if that is noted."""
    import json
    from importlib.metadata import PackageNotFoundError, distribution
    from shlex import quote

    try:
        noted = json.loads(distribution("ivr-flow-simulator").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        noted = {}
    of = f"git+{noted['url']}" if noted.get("vcs_info", {}).get("vcs") == "git" else noted.get("url")
    return f"put ours back (pip install --force-reinstall --no-deps {quote(of or 'ivr-flow-simulator')})"


def _owner(name: str) -> str:
    """The distribution whose ``__init__.py`` lies where ours should, as the records of installed files tell."""
    from importlib.metadata import distributions

    for one in distributions():
        if one.name != "ivr-flow-simulator" and any(str(file) == f"{name}/__init__.py" for file in one.files or ()):
            return f"the package {one.name} {one.version}"
    return f"another package {name!r}"


if __name__ == "__main__":
    run()
