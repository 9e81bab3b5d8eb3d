"""What a call does: one session, advanced one event at a time."""
