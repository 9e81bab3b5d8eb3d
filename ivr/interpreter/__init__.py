"""What a call does: one session, taken one event further at a time."""
