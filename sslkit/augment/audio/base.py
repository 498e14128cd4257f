"""What audio augmentations share: the modality, the stage and the check of a sample's shape."""

from __future__ import annotations

from sslkit.augment.names import augmentation_name
from sslkit.errors import SSLKitError
from sslkit.types import Augmentation, SampleSpec


class WaveformAugmentation(Augmentation):
    """Takes waveforms ``(B, T)`` in -1…1, before the front end."""

    modalities = ("audio",)

    def check(self, spec: SampleSpec) -> None:
        if len(spec.shape) != 1 or spec.shape[0] < 16:
            raise SSLKitError(
                f"{augmentation_name(self)} takes waveforms of at least 16 samples; "
                f"these samples have the shape {spec.shape}."
            )


class RatedWaveformAugmentation(WaveformAugmentation):
    """Takes waveforms whose sampling rate is known, and keeps it."""

    rate_hz: float

    def check(self, spec: SampleSpec) -> None:
        super().check(spec)
        if not spec.rate_hz:
            raise SSLKitError(f"{augmentation_name(self)} needs the sampling rate; set rate_hz in the data.")
        self.rate_hz = spec.rate_hz


class SpectrogramAugmentation(Augmentation):
    """Takes log-mel spectrograms ``(B, 1, F, T)``, or of more channels, normalised by the front end."""

    modalities = ("audio",)
    stage = "features"

    def check(self, spec: SampleSpec) -> None:
        if len(spec.shape) != 3 or min(spec.shape[1:]) < 2:
            raise SSLKitError(
                f"{augmentation_name(self)} takes log-mel spectrograms (channels, mels, frames), at least 2 × 2; "
                f"these samples have the shape {spec.shape}. Use the front end 'log-mel' and longer clips."
            )
