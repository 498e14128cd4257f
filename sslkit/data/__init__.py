"""From files to samples.

``sources`` are the user's own data, ``sets`` those that packages carry or fetch; both read files by ``reading``.
``tables`` and ``recordings`` make windows of long recordings. All share what stands beside them: samples, labels and
identifiers, quality, splits, and the loader of batches.
"""
