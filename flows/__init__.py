"""What a flow is: its model, node types, formats, rules, timing and graph. Pure, and imports nothing of ours."""
