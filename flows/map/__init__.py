"""The map of a flow: cards with a port for each key, laid out in layers, as a picture or a page."""
