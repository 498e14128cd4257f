"""How settings were tuned, and what was chosen."""
