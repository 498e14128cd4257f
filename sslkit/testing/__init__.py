"""What plugin authors' own tests need: contract checks, and a study that runs in a moment.

``check_augmentation(Invert(), SampleSpec("image", (3, 32, 32)))`` returns nothing, or raises
``AssertionError`` with a message that says what is wrong.
"""

from sslkit.testing.augmentations import check_augmentation, samples
from sslkit.testing.study import tiny_study

__all__ = ["check_augmentation", "samples", "tiny_study"]
