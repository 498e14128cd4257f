"""The config's augmentations on the user's own samples, as one page to judge them by.

``samples``: which are shown and measured; ``augmentations``: each alone, at several strengths; ``measures``: how far
it moves a sample; ``drawing``, ``lines``: pictures, plots, sound; ``rows``, ``section``, ``page``: putting it together.
"""

from sslkit.previews.page import write_preview

__all__ = ["write_preview"]
