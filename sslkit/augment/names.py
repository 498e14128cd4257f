"""What augmentations are called in messages."""

from __future__ import annotations

import re

from sslkit.types import Augmentation


def augmentation_name(augmentation: Augmentation) -> str:
    """As configs write it: a ``TimeWarp`` is ``time-warp``, a ``NoiseSNR`` ``noise-snr``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(augmentation).__name__).lower()
