"""What all sensor augmentations share: the modality, the stage and the check of a window's shape."""

from __future__ import annotations

from sslkit.augment.names import augmentation_name
from sslkit.errors import SSLKitError
from sslkit.types import Augmentation, SampleSpec


class SensorAugmentation(Augmentation):
    """Takes windows ``(B, C, T)`` in units of each channel's standard deviation."""

    modalities = ("sensor",)
    stage = "features"

    def shortest(self) -> int:
        """The shortest window that it can take."""
        return 1

    def check(self, spec: SampleSpec) -> None:
        name = augmentation_name(self)
        if len(spec.shape) != 2:
            raise SSLKitError(
                f"{name} takes windows (channels, time); these samples have the shape {spec.shape}."
            )
        if spec.shape[1] < self.shortest():
            raise SSLKitError(
                f"{name} needs windows of at least {self.shortest()} samples with these settings; these have "
                f"{spec.shape[1]}. Use longer windows, change its settings or leave it out."
            )
