"""P: wording, translations, recordings."""
