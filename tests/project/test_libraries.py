"""Each third-party library has one home, and heavy ones are loaded only where they are used."""

from __future__ import annotations

from flows.distribution import library_of
from tests.support.modules import MODULES, all_imports, imports_of, library_imports, package_of, within

HOMES = {
    "pydantic": ("flows", "ivr.answering", "simulation.scenario", "simulation.call_logs.column_map"),
    "pydantic_core": ("flows.speech", "flows.nodes", "flows.tasks"),
    "yaml": ("flows.source",),
    "polib": ("flows.model.translations",),
    "babel": ("flows.speech",),
    "num2words": ("flows.speech.languages.cldr_defaults",),
    "holidays": ("flows.model.holidays",),
    "phonenumbers": ("flows.values.numbering_plans",),
    "pathspec": ("flows.lint.left_out",),
    "watchfiles": ("flows.display.watch",),
    "py_mini_racer": ("flows.map.elk",),
    "networkx": ("flows.analysis", "flows.model.flow"),
    "numpy": ("ivr.records", "simulation"),
    "simpy": ("simulation.engines.reference",),
    "numba": ("simulation.engines.kernel", "simulation.drawing"),
    "llvmlite": ("simulation.drawing.philox",),
    "scipy": (
        "simulation.theory",
        "simulation.menus",
        "simulation.sampling",
        "simulation.validation",
        "simulation.calibration",
        "simulation.forecasting",
        "simulation.rosters",
        "simulation.sweeping.plan",
    ),
    "statsmodels": ("simulation.forecasting",),
    "pandas": (
        "ivr.records.tables",
        "simulation.experiment.run_result",
        "simulation.sweeping.result",
        "simulation.notebook",
    ),
    "distributed": ("simulation.sweeping.cluster",),
    "pyarrow": ("ivr.records.files", "simulation.report.table_files"),
    "openpyxl": ("simulation.report.table_files", "simulation.call_logs.tables"),
    "flask": ("webhooks.service", "webhooks.browser_phone", "webhooks.desk", "webhooks.wsgi", "webhooks.production"),
    "werkzeug": (
        "webhooks.service",
        "webhooks.browser_phone",
        "webhooks.desk",
        "webhooks.security.origin",
        "webhooks.carrier.exchange",
    ),
    "twilio": (
        "webhooks.twilio",
        "webhooks.carrier.twiml",
        "webhooks.carrier.exchange.http_client",
        "webhooks.effects.text_messages",
        "webhooks.desk.softphone",
        "webhooks.dispatch.twilio_telephone",
        "webhooks.dispatch.rest_http",
    ),
    "requests": (
        "webhooks.carrier.requests.http",
        "webhooks.dispatch.rest_http",
        "webhooks.dispatch.notices",
        "webhooks.dispatch.voicemails",
    ),
    "urllib3": ("webhooks.carrier.requests.http", "webhooks.dispatch.rest_http"),
    "sqlalchemy": ("webhooks.store", "webhooks.dispatch", "webhooks.desk"),
    "alembic": ("webhooks.store",),
    "psycopg": ("webhooks.store.preflight",),
    "cryptography": ("webhooks.security.sealed_cursor",),
    "argon2": ("webhooks.desk.passwords",),
    "click": (
        "ivr.__main__",
        "ivr.commands",
        "ivr.phone.call_console",
        "ivr.settings",
        "flows.commands",
        "flows.completion",
        "flows.display",
        "simulation.commands",
        "webhooks.commands",
    ),
    "IPython": ("simulation.notebook.progress",),
    "rich": (
        "flows.display.progress",
        "flows.display.terminal",
        "ivr.commands",
        "ivr.phone",
        "simulation.notebook",
        "webhooks.commands",
    ),
}
"""A library, and the rooms or modules that may import it, even if only for type checkers."""
LAZY = {
    "IPython",
    "openpyxl",
    "scipy",
    "statsmodels",
    "pandas",
    "pathspec",
    "watchfiles",
    "pyarrow",
    "polib",
    "babel",
    "num2words",
    "holidays",
    "phonenumbers",
    "psycopg",
}
"""Libraries that are slow to load: imported inside functions only."""
COMPILED = ("simulation.engines.kernel", "simulation.drawing")
"""The rooms of compiled functions, whose modules import numba at the top: others import them inside functions only."""


def test_every_library_is_imported_in_its_home_alone() -> None:
    wrong = [one for one in library_imports() if not within(one.by, *HOMES.get(package_of(one.of), ()))]
    assert [str(one) for one in wrong] == []


def test_every_library_is_stated_in_the_metadata_so_that_a_missing_one_is_named() -> None:
    assert [str(one) for one in library_imports() if library_of(one.of) is None] == []


def test_every_home_is_lived_in() -> None:
    lived_in = {
        (library, home)
        for one in library_imports()
        for library in (package_of(one.of),)
        for home in HOMES.get(library, ())
        if within(one.by, home)
    }
    assert {(library, home) for library, homes in HOMES.items() for home in homes} - lived_in == set()


def test_heavy_libraries_are_loaded_where_they_are_used() -> None:
    wrong = [
        one
        for module in MODULES
        for one in imports_of(module)
        if one.at_the_top and not one.for_types_only and package_of(one.of) in LAZY
    ]
    assert [str(one) for one in wrong] == []


def test_compiled_functions_are_loaded_where_they_are_run() -> None:
    wrong = [
        one
        for one in all_imports()
        if one.at_the_top and within(one.of, *COMPILED, "numba") and not within(one.by, *COMPILED)
    ]
    assert [str(one) for one in wrong] == []
