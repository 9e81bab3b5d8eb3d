"""Records of live calls: written behind the calls, read back from the database."""
