"""Clocks of recordings: their order, rates and gaps, and all of them at one rate."""
