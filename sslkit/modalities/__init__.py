"""Kinds of data (image, sensor, audio): their defaults, the field's handcrafted features, how a sample is shown."""
