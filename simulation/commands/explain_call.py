"""``ivr explain-call``: one call out of many, moment by moment."""

from __future__ import annotations

import click

from flows.completion import any_file
from flows.display.console import guarded
from flows.display.options import ZONE
from flows.display.terminal import say, table_columns
from simulation.commands._records import records_at as records_of
from simulation.commands._records import zone_option

__all__ = ["explain_call"]


@click.command()
@click.argument("records_at", metavar="RECORDS", shell_complete=any_file)
@click.argument("call_id", metavar="CALL", type=int)
@click.option("--replication", type=int, default=0, show_default=True, metavar="N", help="Of several replications.")
@click.option("--zone", type=ZONE, metavar="ZONE", help="Whose clock is shown; default: that of the records.")
@guarded
def explain_call(records_at: str, call_id: int, replication: int, zone: str | None) -> int:
    """Explain one CALL: what happened when, and how busy queues and agents were.

    RECORDS is a database or a folder, as for ivr report. CALL is its call_id, as ivr simulate --calls writes it.

    \b
    Example: ivr explain-call monday 3327
    """
    from ivr.records.one_call import one_call
    from simulation.report.call_text import call_text

    shown_in = zone_option(zone)
    records, _ = records_of(records_at)
    call = one_call(records, call_id, replication)
    say(call_text(call, records, title=f"Call {call_id}", zone=shown_in, width=table_columns()))
    return 0
