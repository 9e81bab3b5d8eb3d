"""One turn of a live call: an event comes in, an answer goes out."""
