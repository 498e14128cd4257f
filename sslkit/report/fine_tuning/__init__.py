"""Which layers to update with how many labels: policies beside the probe and training from scratch."""
