"""The report's tables and sentences in a console."""
