"""Explanations of codes that the linter's rules do not give: readers, composition, other commands."""
