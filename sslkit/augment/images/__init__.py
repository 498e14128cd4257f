"""Augmentations of images (B, C, H, W) in 0…1."""
