"""Registration by file presence: a family is whatever modules its package holds."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

__all__ = ["members"]


def members(package: ModuleType) -> dict[str, ModuleType]:
    """The modules of `package` by name, sorted; ``base`` and names starting with ``_`` are no members.

    Parameters
    ----------
    package : module
        An imported package, e.g. ``flows.nodes``.

    Returns
    -------
    dict of str to module

    Examples
    --------
    >>> import flows.languages
    >>> "en" in members(flows.languages)
    True
    """
    names = sorted(m.name for m in iter_modules(package.__path__) if not m.name.startswith("_") and m.name != "base")
    return {name: import_module(f"{package.__name__}.{name}") for name in names}
