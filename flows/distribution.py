"""This distribution as its metadata tells: name, version, address, and the libraries it may use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata, requires

__all__ = ["NAME", "Library", "home_page", "library_of", "version"]

NAME = "ivr-flow-simulator"
_OTHERWISE = {
    "yaml": "pyyaml",
    "werkzeug": "flask",
    "urllib3": "requests",
    "pydantic-core": "pydantic",
    "ipython": "ipykernel",
    "argon2": "argon2-cffi",
    "py-mini-racer": "mini-racer",
}
"""Modules whose distribution is not called as they are, or comes with another one."""
_REQUIREMENT = re.compile(r"([\w.-]+)(?:.*\bextra == [\"']([\w-]+)[\"'])?", re.DOTALL)


@dataclass(frozen=True)
class Library:
    """A library that this distribution uses.

    Parameters
    ----------
    name : str
    extras : tuple of str
        The extras with which it comes, in order of their names; none if it always comes.
    """

    name: str
    extras: tuple[str, ...]


def version() -> str:
    """The version; empty if the code runs without being installed.

    Examples
    --------
    >>> version().count(".")
    2
    """
    return _field("Version")


def home_page() -> str:
    """The project's address; empty if the code runs without being installed.

    Examples
    --------
    >>> home_page().startswith("https://")
    True
    """
    urls = dict(url.split(", ", 1) for url in _fields("Project-URL"))
    return urls.get("Homepage", "")


def library_of(module: str) -> Library | None:
    """The library that a module is of; None if this distribution does not use it.

    Parameters
    ----------
    module : str
        The module's name, also with dots.

    Examples
    --------
    >>> library_of("numba.core")
    Library(name='numba', extras=('dask', 'dev', 'fast'))
    >>> library_of("yaml"), library_of("antigravity")
    (Library(name='pyyaml', extras=()), None)
    """
    name = _normal(module.partition(".")[0])
    name = _OTHERWISE.get(name, name)
    found = [extra for library, extra in _requirements() if library == name]
    return Library(name, tuple(sorted(filter(None, found)))) if found else None


def _requirements() -> Iterator[tuple[str, str]]:
    """Each required library and the extra that requires it; empty for those that are always there."""
    try:
        stated = requires(NAME) or ()
    except PackageNotFoundError:
        return
    for requirement in stated:
        if match := _REQUIREMENT.match(requirement):
            yield _normal(match[1]), match[2] or ""


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _field(name: str) -> str:
    return next(iter(_fields(name)), "")


def _fields(name: str) -> list[str]:
    try:
        return metadata(NAME).get_all(name) or []
    except PackageNotFoundError:
        return []
