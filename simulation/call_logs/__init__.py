"""Call logs as they are: read from any of several formats into the product's own records, with findings by row."""
