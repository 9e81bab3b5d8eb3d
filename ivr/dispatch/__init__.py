"""Who gets which call on a live floor, as pure functions: the choice, and the states of agents and offers."""
