"""What call scripts try of a flow, and what none of them does."""
