"""Which files belong to a data set: class folders, or a list with a path in each row (a manifest)."""
