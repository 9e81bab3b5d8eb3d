"""How often several questions of a flow may fail in all."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from flows.values.scalars import Target

__all__ = ["SharedAttempts"]


class SharedAttempts(BaseModel):
    """How often several questions may fail in all: those whose nodes name it in `attempts_of`.

    A question has failed when it is asked again: after silence, a wrong key or an answer that is taken back, or because
    the call comes back to it. ``back`` and ``repeat`` do not count.

    Parameters
    ----------
    most : int
        After so many failures the call leads on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    most: int = Field(ge=1, le=30)
    then: Target = Field(alias="next", description="node after the last failure; the count then begins again")
