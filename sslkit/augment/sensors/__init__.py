"""Augmentations of sensor windows (B, C, T)."""
