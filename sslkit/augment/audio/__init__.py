"""Augmentations of waveforms (B, T) and log-mel spectrograms (B, 1, F, T)."""
