"""Next weeks' calls from history: several ways to forecast, and the one that did best on the history itself."""
