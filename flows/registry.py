"""Registration by file presence: a family is whatever modules its package holds."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

__all__ = ["members"]


def members(package: ModuleType) -> dict[str, ModuleType]:
    """The modules of `package` and of the packages inside it, by name.

    What starts with ``base`` or ``_`` is shared by the members and is not one itself.

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
        if info.name.startswith(("_", "base")):
            continue
        module = import_module(f"{package.__name__}.{info.name}")
        found |= members(module) if info.ispkg else {info.name: module}
    return found
