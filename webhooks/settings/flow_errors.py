"""Whether a flow may answer calls: callers would run into the errors that `ivr lint` finds."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.engine import lint
from flows.lint.project_settings import project_settings
from flows.model.load import Loaded
from flows.source.finding import Finding, FlowError
from webhooks.settings.config import Config

__all__ = ["errors_in", "objections", "refuse_errors"]

_HINT = (
    "fix it ('ivr lint' shows each error and its place), or serve it all the same with --allow-errors"
    " (IVR_ALLOW_ERRORS=1)"
)


def errors_in(loaded: Loaded) -> tuple[Finding, ...]:
    """The errors that ``ivr lint`` finds in a flow, with the settings of its project.

    Rules that look at the calendar are left out, so that a line that worked yesterday starts today.

    Examples
    --------
    >>> from flows.model.load import load, load_text
    >>> errors_in(load("northwind"))
    ()
    >>> flow = load_text("{ivr: 1, name: L, start: hi, nodes: {hi: {type: play, say: Hi., next: hello}}}")
    >>> [error.code for error in errors_in(flow)]
    ['S002']
    """
    settings, _ = project_settings(loaded.document.file)
    return tuple(finding for finding in lint(loaded, settings=settings) if finding.severity == "error")


def refuse_errors(loaded: Loaded) -> None:
    """Refuse to serve a flow that has errors.

    Raises
    ------
    FlowError
        Lists every error, then what to do (W005).
    """
    if errors := errors_in(loaded):
        many = "an error" if len(errors) == 1 else f"{len(errors)} errors"
        refusal = Finding(
            code="W005",
            severity="error",
            message=f"a flow with {many} cannot answer calls",
            file=loaded.document.file,
            hint=_HINT,
        )
        raise FlowError([*errors, refusal])


def objections(loaded: Loaded, config: Config) -> Iterator[str]:
    """The reasons not to serve a changed flow, one per line, for the log.

    Parameters
    ----------
    loaded : Loaded
        The flow as it is now.
    config : Config
        The service's settings. Errors are ignored in development, and with `allow_errors`.
    """
    yield from config.allowed_numbers.dialled_abroad(loaded.flow)
    if not (config.development or config.allow_errors):
        yield from (f"{finding.where}: {finding.code} {finding.message}" for finding in errors_in(loaded))
