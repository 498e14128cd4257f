"""Delimited text as machines and office programs write it: encoding, dialect, numbers, and which lines have values."""
