"""Live calls: Twilio webhooks, the browser phone, the store of what happened, a virtual carrier.

Public names are loaded on first use; ``docs/api.md`` has examples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

try:
    from flows.registry import on_first_use
except ImportError as error:  # another's `flows` stands where ours should
    from ivr_flow_simulator import refuse

    refuse(error)

if TYPE_CHECKING:
    from webhooks.service.app import create_app
    from webhooks.settings.config import Config
    from webhooks.store import read_records

__all__ = ["Config", "create_app", "read_records"]

__getattr__ = on_first_use(
    __name__,
    {
        "Config": "webhooks.settings.config:Config",
        "create_app": "webhooks.service.app:create_app",
        "read_records": "webhooks.store:read_records",
    },
)
