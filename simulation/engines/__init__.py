"""The simulation engines, their contract, and the conservation checks."""
