"""The meaning of a flow: one session, one event at a time."""
