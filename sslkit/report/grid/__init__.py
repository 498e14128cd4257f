"""Grids and ablations: variants of one config beside each other."""
