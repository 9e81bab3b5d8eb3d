"""The floor of a line that people answer: its transactions, its dispatcher, and the agents' legs."""
