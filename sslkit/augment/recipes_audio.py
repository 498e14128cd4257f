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
                    "p": 0.3,
                },
                {"name": "spec-augment", "frequency": 0.25, "time": 0.25},
            ]
        ]


class Speech(Recipe):
    """Words as another speaker in another room would say them: what changes with the voice and the room, and
    not with the word.

    Pitch by up to 3 semitones, reverberation and noise at 5…15 dB for half of the samples each, as Kharitonov
    et al. found best for learning from speech; vocal tracts 10 % longer or shorter (Jaitly & Hinton); 10 %
    faster or slower (Ko et al.), and a shift within 15 % of the clip; level ±6 dB. Nothing is mirrored or
    mixed with other words. Works on the waveform first, so every view needs a log-mel spectrogram of its own:
    slower than ``byol-a``.

    Args:
        noise_folder: recordings of the noise at the site, for ``background-noise``; without it the noise is
            made up.

    Raises:
        SSLKitError: data without a sampling rate.

    Source: Kharitonov et al. 2021 (WavAugment); Jaitly & Hinton 2013; Ko et al. 2015.
    """

    modalities = ("audio",)

    def __init__(self, noise_folder: str | None = None) -> None:
        self.noise_folder = noise_folder

    def pipelines(self, spec: SampleSpec) -> list[list[dict[str, Any]]]:
        if not spec.rate_hz:
            raise SSLKitError(
                "recipe speech: the data do not say their sampling rate. Set rate_hz in the data."
            )
        noise: dict[str, Any] = {"name": "coloured-noise"}
        if self.noise_folder is not None:
            noise = {"name": "background-noise", "folder": self.noise_folder}
        return [
            [
                {"name": "pitch-shift", "semitones": [-3.0, 3.0], "p": 0.5},
                {"name": "reverberation", "p": 0.5},
                {**noise, "snr": [5.0, 15.0], "p": 0.5},
                {"name": "gain", "decibels": [-6.0, 6.0]},
                {
                    "name": "frequency-warp",
                    "factor": [0.9, 1.1],
                    "f_max_hz": min(7800.0, spec.rate_hz / 2),
                },
                {
                    "name": "random-resize-crop-spectrogram",
                    "canvas": [1.0, 1.3],
                    "frequency_scale": [1.0, 1.0],
                    "time_scale": [0.9, 1.1],
                },
            ]
        ]


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("byol-a", BYOLA)
    registry.add("simclr-audio", SimCLRAudio)
    registry.add("speech", Speech)
