"""Many calls, few agents: scenarios, tables, the reference engine, estimates and reports."""
