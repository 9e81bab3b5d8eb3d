"""The commands `lint`, `explain`, `show`, `optimise` and `convert`."""
