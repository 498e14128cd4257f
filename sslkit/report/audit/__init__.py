"""For whom the figures hold, and how surely: by class and group, calibration, confusion, leaks."""
