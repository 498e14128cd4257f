"""Views of sounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import Recipe, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry


class BYOLA(Recipe):
    """BYOL-A's views of log-mel spectrograms: mixup with past sounds, random resize crop, fader; the audio
    default.

    One pipeline for both views, and one memory of past sounds. The waveform is not touched, so its log-mel
    spectrogram needs computing once only. The front end's normalisation is the paper's pre-normalisation.

    Args:
        fader: the linear fader of the second version; False is the first version.

    Source: Niizumi et al. 2021 and 2022.
    """

    modalities = ("audio",)

    def __init__(self, fader: bool = True) -> None:
        self.fader = fader

    def pipelines(self, spec: SampleSpec) -> list[list[dict[str, Any]]]:
        fader = [{"name": "linear-fader", "gain": 1.0}] if self.fader else []
        return [
            [
                {"name": "log-mixup-exp", "alpha": 0.4},
                {
                    "name": "random-resize-crop-spectrogram",
                    "canvas": [1.0, 1.5],
                    "frequency_scale": [0.6, 1.5],
                    "time_scale": [0.6, 1.5],
                },
                *fader,
                {"name": "post-norm"},
            ]
        ]


class SimCLRAudio(Recipe):
    """Sound as another microphone in another place would hear it: level, noise, muffling, shift, then
    SpecAugment.

    Works on the waveform first, so every view needs a log-mel spectrogram of its own: slower than ``byol-a``.
    The values are torch-audiomentations' defaults.

    Raises:
        SSLKitError: data without a sampling rate.
    """

    modalities = ("audio",)

    def pipelines(self, spec: SampleSpec) -> list[list[dict[str, Any]]]:
        if not spec.rate_hz:
            raise SSLKitError(
                "recipe simclr-audio: the data do not say their sampling rate. Set rate_hz in the data."
            )
        highest = min(7500.0, 0.45 * spec.rate_hz)
        return [
            [
                {"name": "time-shift", "fraction": 0.5},
                {"name": "gain", "decibels": [-18.0, 6.0]},
                {"name": "coloured-noise", "snr": [3.0, 30.0], "p": 0.5},
                {
                    "name": "waveform-low-pass",
                    "cutoff": [min(150.0, highest), highest],
                    "rate_hz": spec.rate_hz,
                    "p": 0.3,
                },
                {"name": "spec-augment", "frequency": 0.25, "time": 0.25},
            ]
        ]


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("byol-a", BYOLA)
    registry.add("simclr-audio", SimCLRAudio)
