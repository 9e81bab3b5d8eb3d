"""What a node does when a caller was silent or pressed a wrong key: what it says, how often, and where it leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    ModelWrapValidatorHandler,
    PrivateAttr,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)
from pydantic_core import CoreSchema

from flows.speech.prompt import Prompt
from flows.values.scalars import Target

__all__ = ["Again"]

_OWN = ("say", "attempts", "next")


class Again(BaseModel):
    """What is said before a node asks again, for silence or for a wrong key.

    Written as a prompt, a list of prompts (one for each repetition), or in full:
    ``{say: ..., attempts: 2, next: operator}``.

    Parameters
    ----------
    say
        Said before the prompt on attempt 2, 3, ...; the last one is used for any further attempts.
    attempts
        After how many the call leads on; they are then counted apart from other failed attempts.
    next
        Node after the last of them; default: `otherwise`.

    Examples
    --------
    >>> Again.model_validate({"say": "Still there?", "attempts": "2", "next": "desk"}).own
    True
    >>> [prompt.words("en-US", "en-US") for prompt in Again.model_validate(["One.", "Two."]).say]
    ['One.', 'Two.']
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    say: tuple[Prompt, ...] = ()
    attempts: int | None = Field(default=None, ge=1, le=10)
    then: Target | None = Field(default=None, alias="next", description="node after the last of them")
    _paths: tuple[tuple[str | int, ...], ...] = PrivateAttr(default=())

    @property
    def own(self) -> bool:
        """Whether these attempts are counted by themselves."""
        return self.attempts is not None or self.then is not None

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        """Every prompt, with its path as it is written."""
        return tuple(zip(self._paths, self.say, strict=True))

    @model_validator(mode="wrap")
    @classmethod
    def _short_forms(cls, value: Any, handler: ModelWrapValidatorHandler[Again]) -> Again:
        if isinstance(value, Again):
            return handler(value)
        if value == {}:
            return handler({})
        within: tuple[str | int, ...] = ()
        written: Any = value
        if isinstance(value, Mapping) and set(value) & set(_OWN):
            within, written = ("say",), value.get("say", ())
            full = dict(value)
        else:
            full = {}
        several = isinstance(written, list | tuple)
        made = handler(full | {"say": written if several else (written,)})
        made._paths = tuple((*within, i) for i in range(len(made.say))) if several else (within,)
        return made

    @model_serializer(mode="wrap")
    def _as_written(self, handler: SerializerFunctionWrapHandler) -> Any:
        """A list of prompts where nothing else is stated."""
        full = handler(self)
        return full if self.own else full.get("say", [])

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        full = handler(core)
        inner = handler.resolve_ref_schema(full)
        prompts = inner["properties"]["say"]
        one = prompts["items"]
        inner["properties"]["say"] = {"anyOf": [one, prompts]}
        return {"anyOf": [prompts, full, one]}
