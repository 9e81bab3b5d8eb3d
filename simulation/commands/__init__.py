"""One command per file; modules that begin with an underscore are shared."""
