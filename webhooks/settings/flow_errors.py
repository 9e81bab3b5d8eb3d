"""Whether a flow may answer calls: callers would run into the errors that `ivr lint` finds."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.errors_in import errors_in
from flows.model.load import Loaded
from flows.source.finding import Finding, FlowError
from webhooks.settings.config import Config

__all__ = ["objections", "refuse_errors"]

_HINT = (
    "fix it ('ivr lint' shows each error and its place), or serve it all the same with --allow-errors"
    " (IVR_ALLOW_ERRORS=1)"
)


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
