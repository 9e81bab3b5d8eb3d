"""From a call log to a scenario: estimators, each with its interval, and the files that are made of them."""
