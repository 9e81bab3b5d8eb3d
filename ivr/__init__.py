"""What a call does: session, step, chain, scripts, phone, records, measures, routing."""
