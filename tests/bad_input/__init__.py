"""Bad input: one clear message, exit status 2, no traceback, nothing half-written, nothing lost."""
