"""A phone at the terminal: call scripts, transcripts, the time of a call."""
