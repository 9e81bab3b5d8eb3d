"""From a scenario to the tables that engines read."""
