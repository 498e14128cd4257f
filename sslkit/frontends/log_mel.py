"""Log-mel: the spectrogram that audio networks take."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor

from sslkit.errors import SSLKitError
from sslkit.frontends.mel import mel_filters
from sslkit.frontends.statistics import mean_and_std
from sslkit.hookspecs import hookimpl
from sslkit.types import Count, FrontEnd, NonNegative, Positive, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry

HIGHEST = 7800 / 16_000  # upper edge of the bands, as a share of the rate
LONGEST_WINDOW = 2**20  # samples: 64 ms at 16 MHz; the filters of a longer one take gigabytes
LOG_FLOOR = torch.finfo(torch.float32).eps  # added before the logarithm, as BYOL-A does
CPU_CHUNK = 8  # clips whose frames stay in the cache: up to 4 times the speed of a whole batch
BAND_GROUP = 16  # bands whose frequencies are added up together; those of others are 0 in their filters


class LogMel(FrontEnd):
    """Clips as normalised log-mel spectrograms: 64 bands from 60 Hz to nearly half the rate, 64 ms windows each 10 ms.

    ``log(mel power + 1.2e-7)``, minus the mean and divided by the standard deviation of the training part
    (one of each for all bands, as BYOL-A). Equal to ``torchaudio.transforms.MelSpectrogram`` (power 2, HTK
    mels without norm, periodic Hann window, centred frames with reflected ends) and faster on a CPU. Before
    ``fit`` the logarithm is not normalised.

    Settings are in Hz and seconds and so adapt to the data's rate; at 16 kHz they give n_fft 1024, window
    1024, hop 160. ``f_max_hz`` is clipped to half the rate. The window is rounded to an even number of
    samples. The transform's length (``n_fft``) is the smallest power of two that holds the window and leaves
    no band without a frequency.

    Args:
        spec: of the decoded clips ``(T,)``, with ``rate_hz`` (run-time fact).
        n_mels: bands F.
        f_min_hz: lower edge of the lowest band.
        f_max_hz: upper edge of the highest band; None: 7800 at 16 kHz (as BYOL-A), and in proportion above, so that
            what a faster recording holds is heard.
        window_s: length of the Hann window.
        hop_s: time between frames; T' = 1 + T // hop frames.

    Raises:
        SSLKitError: samples of another shape, no rate, a clip shorter than a window, an empty band range, or
            more bands than the window can tell apart; by ``fit``, NaN or infinite values.

    Source: Niizumi et al. 2021 (BYOL-A), experimental set-up.
    """

    mean: Tensor
    std: Tensor
    window: Tensor
    filters: Tensor

    def __init__(
        self,
        spec: SampleSpec,
        n_mels: Count = 64,
        f_min_hz: NonNegative = 60.0,
        f_max_hz: Positive | None = None,
        window_s: Positive = 0.064,
        hop_s: Positive = 0.01,
    ) -> None:
        super().__init__()
        if len(spec.shape) != 1 or spec.rate_hz is None:
            raise SSLKitError(
                f"log-mel takes clips of shape (T,) with a known rate; these samples have shape {spec.shape} "
                f"and rate {spec.rate_hz}. Set rate_hz in the data, or use the front end 'standardise'."
            )
        (length,), rate = spec.shape, spec.rate_hz
        window_length = max(2, 2 * round(rate * window_s / 2))
        if length < window_length:
            raise SSLKitError(
                f"log-mel: a clip of {length} samples ({length / rate:.3g} s at {rate:g} Hz) is shorter than "
                f"the window of {window_length}. Use longer clips, or a shorter window_s."
            )
        if window_length > LONGEST_WINDOW:
            raise SSLKitError(
                f"log-mel: a window of {window_length:,} samples ({window_s:g} s at {rate:g} Hz) is longer than the "
                f"{LONGEST_WINDOW:,} that are transformed. Use a shorter window_s."
            )
        self.f_max_hz = min(f_max_hz or max(7800.0, HIGHEST * rate), rate / 2)
        if f_min_hz >= self.f_max_hz:
            raise SSLKitError(
                f"log-mel: no band lies between f_min_hz {f_min_hz:g} and {self.f_max_hz:g} (f_max_hz, or "
                f"half the rate of {rate:g} Hz). Lower f_min_hz."
            )
        self.range_hz = (f_min_hz, self.f_max_hz)
        self.hop = max(1, round(rate * hop_s))
        self.n_fft, filters = _transform(rate, window_length, n_mels, f_min_hz, self.f_max_hz)
        self.out_spec = replace(
            spec,
            shape=(1, n_mels, 1 + length // self.hop),
            rate_hz=rate / self.hop,
            channels=(),
            scale=1.0,
        )
        self.register_buffer("mean", torch.zeros(()))
        self.register_buffer("std", torch.ones(()))
        # follow from the settings, so they are not saved with the encoder
        self.register_buffer("window", torch.hann_window(window_length), persistent=False)
        self.register_buffer("filters", filters.float(), persistent=False)
        self.groups = _groups(filters)

    def fit(self, batches: Iterable[Tensor]) -> None:
        """Mean and standard deviation of the log-mels of decoded clips ``(B, T)``; replaces earlier ones."""
        mean, std = mean_and_std(self._log_mel(batch) for batch in batches)
        self.mean.copy_(mean.squeeze())
        self.std.copy_(std.squeeze())

    def forward(self, x: Tensor) -> Tensor:
        """``(B, T)`` → ``(B, 1, F, T')``."""
        return (self._log_mel(x) - self.mean) / self.std

    def _log_mel(self, x: Tensor) -> Tensor:
        chunks = torch.split(x, CPU_CHUNK) if x.device.type == "cpu" else (x,)
        return torch.cat([self._log_mel_of_chunk(chunk) for chunk in chunks]).unsqueeze(1)

    def _log_mel_of_chunk(self, x: Tensor) -> Tensor:
        margin = len(self.window) // 2
        padded = F.pad(x.float().unsqueeze(1), (margin, margin), mode="reflect").squeeze(1)
        frames = padded.unfold(-1, len(self.window), self.hop)
        squares = torch.view_as_real(torch.fft.rfft(frames * self.window, n=self.n_fft)).square()
        power = rearrange(squares[..., 0] + squares[..., 1], "clip frame bin -> (clip frame) bin")
        with torch.autocast(x.device.type, enabled=False):  # bfloat16 products would blur the bands
            bands = [power[:, used] @ self.filters[used, group] for group, used in self.groups]
        mel = torch.cat(bands, 1).add_(LOG_FLOOR).log_()
        return rearrange(mel, "(clip frame) band -> clip band frame", frame=frames.shape[1])


def _transform(
    rate: float, window_length: int, n_mels: int, f_min: float, f_max: float
) -> tuple[int, Tensor]:
    """The smallest ``n_fft`` that leaves no band empty, and its filters ``(n_fft / 2 + 1, n_mels)``."""
    smallest = 2 ** math.ceil(math.log2(window_length))
    for n_fft in (smallest, 2 * smallest, 4 * smallest):
        if n_mels > n_fft // 2:
            continue
        filters = mel_filters(rate, n_fft, n_mels, f_min, f_max)
        if filters.amax(0).min() > 0:
            return n_fft, filters
    raise SSLKitError(
        f"log-mel: a window of {window_length} samples at {rate:g} Hz cannot tell {n_mels} bands between "
        f"{f_min:g} and {f_max:g} Hz apart. Lower n_mels or lengthen window_s."
    )


def _groups(filters: Tensor) -> list[tuple[slice, slice]]:
    """Neighbouring bands, and the frequencies in which any of them has a part: a third of the products."""
    groups = []
    for first in range(0, filters.shape[1], BAND_GROUP):
        group = slice(first, first + BAND_GROUP)
        used = filters[:, group].amax(1).nonzero().squeeze(1)
        groups.append((group, slice(int(used[0]), int(used[-1]) + 1)))
    return groups


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("log-mel", LogMel)
