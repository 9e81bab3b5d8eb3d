"""Effects of a call, each carried out at most once: lookups, text messages, callbacks."""
