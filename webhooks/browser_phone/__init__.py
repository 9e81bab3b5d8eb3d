"""The browser phone: a page on this machine that makes calls through the virtual carrier."""
