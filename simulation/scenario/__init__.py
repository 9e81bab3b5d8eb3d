"""The scenario as typed models."""
