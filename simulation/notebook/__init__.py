"""Results as they show themselves in a notebook; see ``docs/api.md``."""
