"""Everything that is wrong with a column map before it meets its table: for ``ivr lint``."""

from __future__ import annotations

from pydantic import ValidationError

from flows.kinds import Sample
from flows.model.flow import Flow
from flows.source.finding import Finding, IvrError
from flows.source.yaml_reader import parse
from simulation.call_logs.column_map import ColumnMap, what_is_wrong

__all__ = ["map_findings"]

_PLACES: dict[str, tuple[str, ...]] = {"missing": (), "value_error": ("outcomes",)}
"""Where to point if pydantic points at nothing that is there."""


def map_findings(sample: Sample, flow: Flow | None) -> tuple[Finding, ...]:
    """K009 for every line that ``--map`` refuses.

    Parameters
    ----------
    sample : Sample
    flow : Flow or None
        Not used: a map is about a table.

    Examples
    --------
    >>> map_findings(Sample("map.yaml", "arrived: came\\nquew: line\\n"), None)[0].where
    'map.yaml:2:1'
    """
    try:
        document = parse(sample.text, sample.file)
    except IvrError as error:
        return error.findings
    try:
        ColumnMap.model_validate(document.data)
    except ValidationError as error:
        return tuple(
            document.finding("K009", message, place, of_key=of["type"] == "extra_forbidden", hint=hint)
            for of in error.errors()
            for message, hint in [what_is_wrong(of)]
            for place in [_PLACES.get(of["type"], of["loc"])]
        )
    return ()
