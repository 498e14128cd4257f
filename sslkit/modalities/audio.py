"""Sound."""

from __future__ import annotations

import io
import math
import wave
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sslkit.errors import SSLKitError
from sslkit.frontends.mel import mel_filters
from sslkit.hookspecs import hookimpl
from sslkit.types import Modality, SampleSpec

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sslkit.registry import Registry


class Audio(Modality):
    """Mono clips ``(T,)``, -1 … 1, seen by the encoder as log-mel spectrograms ``(1, F, T)``."""

    defaults = {"views": "byol-a", "frontend": "log-mel", "backbone": "audio-conv"}  # noqa: RUF012

    def handcrafted(self, x: Tensor, spec: SampleSpec) -> Tensor:
        """Mean and standard deviation over time of up to 64 log-mel bands ``(B, 2·F)``.

        Windows of 64 ms every 10 ms; bands from 60 Hz (rates below 6 kHz: rate/100) to nearly half the rate.

        Raises:
            SSLKitError: the sampling rate is unknown.
        """
        if spec.rate_hz is None:
            raise SSLKitError("audio needs its sampling rate: set 'rate_hz' in the data source.")
        log_mel = (_mel_power(x, spec.rate_hz) + 1e-8).log()
        return torch.cat([log_mel.mean(dim=-1), log_mel.std(dim=-1, correction=0)], dim=-1)

    def draw(self, axes: Axes, sample: Tensor, spec: SampleSpec) -> None:
        """A waveform of a clip ``(T,)``, a spectrogram of ``(1, F, T)`` low bands below; over seconds."""
        picture = sample.detach().float().cpu().numpy()
        seconds = (spec.shape[-1] if spec.rate_hz else picture.shape[-1]) / (spec.rate_hz or 1.0)
        axes.set_xlabel("seconds" if spec.rate_hz else "samples")
        if picture.ndim == 1:
            time = torch.arange(len(picture)).numpy() * (seconds / len(picture))
            axes.plot(time, picture, color="#0072B2", linewidth=0.5)
            axes.margins(x=0)
        else:
            extent = (0.0, seconds, 0.0, float(picture.shape[-2]))
            axes.imshow(picture[0], origin="lower", aspect="auto", extent=extent, cmap="magma")
            axes.set_ylabel("mel band")

    def sound(self, sample: Tensor, spec: SampleSpec) -> bytes | None:
        """A 16-bit mono WAV file of a clip ``(T,)``; None for a spectrogram or an unknown rate."""
        if sample.ndim != 1 or spec.rate_hz is None:
            return None
        clip = sample.detach().float().cpu().clamp(-1, 1)
        data = (clip * 32767).round().to(torch.int16).numpy().astype("<i2").tobytes()
        buffer = io.BytesIO()
        with wave.open(buffer, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(round(spec.rate_hz))
            file.writeframes(data)
        return buffer.getvalue()


def _mel_power(x: Tensor, rate_hz: float) -> Tensor:
    """Clips ``(B, T)`` → the power in mel bands over time ``(B, F, T')``."""
    n_fft = 2 ** round(math.log2(max(16.0, 0.064 * rate_hz)))
    hop, window = max(1, round(0.01 * rate_hz)), torch.hann_window(n_fft, device=x.device)
    # zeros at the ends: a clip may be shorter than the window
    spectrum = torch.stft(x, n_fft, hop, window=window, pad_mode="constant", return_complex=True)
    f_min, f_max, n_mels = min(60.0, rate_hz / 100), 0.4875 * rate_hz, min(64, n_fft // 8)
    filters = mel_filters(rate_hz, n_fft, n_mels, f_min, f_max, dtype=torch.float32).to(x.device)
    return (spectrum.abs().square().mT @ filters).mT


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("audio", Audio)
