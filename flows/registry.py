"""Finds modules by name: the members of a family (one file each), and a package's public names on first use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

__all__ = ["members", "on_first_use"]


def members(package: ModuleType) -> dict[str, ModuleType]:
    """The modules of `package` and of the packages inside it, by name.

    The modules ``base``, ``base_...`` and ``_...`` are shared by the members, so they are left out.

    Parameters
    ----------
    package : module
        An imported package, e.g. ``flows.nodes``.

    Returns
    -------
    dict of str to module
        Sorted by name within each package.

    Examples
    --------
    >>> import flows.speech.languages
    >>> "en" in members(flows.speech.languages)
    True
    """
    found: dict[str, ModuleType] = {}
    for info in sorted(iter_modules(package.__path__), key=lambda info: info.name):
        if info.name == "base" or info.name.startswith(("_", "base_")):
            continue
        module = import_module(f"{package.__name__}.{info.name}")
        found |= members(module) if info.ispkg else {info.name: module}
    return found


def on_first_use(package: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """A ``__getattr__`` (PEP 562) for a package that imports each public name when it is first used.

    Parameters
    ----------
    package : str
        Name of the package, ``__name__``.
    homes : mapping of str to str
        Where each public name is defined: ``module:name``.

    Returns
    -------
    callable
        Maps a name to its value; raises AttributeError for any other name, and ImportError that says so if another's
        package stands where ours should.

    Examples
    --------
    >>> on_first_use("flows", {"load": "flows.model.load:load"})("load").__module__
    'flows.model.load'
    """

    def attribute(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, _, offered = homes[name].partition(":")
        try:
            return getattr(import_module(module), offered)
        except ImportError as error:
            from ivr_flow_simulator import what_is_foreign

            if found := what_is_foreign():
                raise ImportError(found) from error
            raise

    return attribute
