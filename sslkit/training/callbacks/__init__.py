"""Watchers of the trainer: each sees everything and changes nothing that shapes the weights."""
