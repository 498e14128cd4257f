"""Augmentations: random changes of a batch, from which the views of a sample are made.

``images``, ``sensors`` and ``audio`` hold one file a component; ``structure`` those made of others; ``recipes_*``
named pipelines with a paper's values; ``views`` what a config's ``views`` becomes. All share ``draws``,
``names`` and ``rows``.
"""
