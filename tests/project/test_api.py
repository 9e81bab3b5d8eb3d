"""The public names of each package exist, are documented, and are listed on the page for Python users."""

from __future__ import annotations

import re
from importlib import import_module

import pytest

from tests.support.paths import ROOT

PACKAGES = ("flows", "ivr", "simulation", "webhooks")
LISTED = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", (ROOT / "docs" / "api.md").read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("package", PACKAGES)
def test_what_a_package_offers_is_there_and_explained(package: str) -> None:
    module = import_module(package)
    for name in module.__all__:
        assert (getattr(module, name).__doc__ or "").strip(), name


@pytest.mark.parametrize("package", PACKAGES)
def test_the_page_lists_what_a_package_offers(package: str) -> None:
    assert sorted(re.findall(r"`(\w+)`", LISTED[package])) == sorted(import_module(package).__all__)


@pytest.mark.parametrize("package", PACKAGES)
def test_other_names_are_missing_as_in_any_module(package: str) -> None:
    with pytest.raises(AttributeError, match=f"module '{package}' has no attribute 'nothing_of_the_kind'"):
        import_module(package).nothing_of_the_kind  # noqa: B018 (the access is the test)
