"""Results as HTML pages and as text."""
