"""One scenario with many values: cells, their order, how they run, and what they tell."""
