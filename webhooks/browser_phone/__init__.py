"""The browser phone's side of the virtual carrier: calls that a page on this machine makes, step by step."""
