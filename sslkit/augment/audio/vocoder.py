"""Sounds made longer or shorter at the same pitch: a phase vocoder with a factor of its own for each sample."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from sslkit.augment.audio.rows import between_rows, weighted_rows

OVERLAP = 4  # frames over each moment
SILENCE = 1e-12


def stretch(x: Tensor, factors: Tensor, longest: float, window: Tensor) -> Tensor:
    """``x`` (B, T) made ``factors`` (B,) times as long, at the same pitch.

    Equal to ``torchaudio.functional.phase_vocoder`` between an STFT and its inverse (centred frames, reflected
    ends), sample by sample.

    Args:
        longest: no factor is above it; the results are as long as it asks.
        window: of the frames; their hop is a quarter of it.

    Returns:
        ``(B, about longest · T)``; what lies beyond a sample's own end is of no use.
    """
    size = len(window)
    hop = size // OVERLAP
    padded = F.pad(x.unsqueeze(1), (size // 2, size // 2), mode="reflect").squeeze(1)
    spectrum = torch.fft.rfft(padded.unfold(1, size, hop) * window)
    frames = math.ceil(spectrum.shape[1] * longest)
    stretched = _read(spectrum, torch.arange(frames, device=x.device) / factors[:, None])
    return _overlap_add(torch.fft.irfft(stretched, n=size) * window, window)[:, size // 2 :]


def _read(spectrum: Tensor, places: Tensor) -> Tensor:
    """``spectrum`` (B, J, K) at ``places`` (B, frames) between its frames: magnitudes are interpolated, and phases
    advance as from the frame before the place to the one after it. Beyond the end is silence."""
    squares = torch.view_as_real(spectrum).square()
    magnitude = (squares[..., 0] + squares[..., 1]).sqrt_()
    unit = spectrum * magnitude.clamp(min=SILENCE).reciprocal_()
    unit.masked_fill_(magnitude <= SILENCE, 1.0)  # the phase of nothing is 0
    magnitude, unit = F.pad(magnitude, (0, 0, 0, 2)), _pad_ones(unit)
    index, weights = between_rows(places.clamp(max=spectrum.shape[1]), magnitude.shape[1])
    advance = unit[:, 1:] * unit[:, :-1].conj()
    read = weighted_rows(magnitude.unsqueeze(1), index, weights).squeeze(1)
    return _turn(unit[:, 0], advance, index[..., 0]).mul_(read)


def _turn(first: Tensor, advance: Tensor, index: Tensor) -> Tensor:
    """Running products of ``first`` (B, K) and the rows ``index`` (B, frames) of ``advance`` (B, J, K).

    Steps over the frames, for the whole batch at once: a quarter of the time of ``cumprod``.
    """
    batch, frames = index.shape
    turned = first.new_empty(frames, *first.shape)
    turned[0] = first
    rows = advance.flatten(0, 1)
    places = (index + torch.arange(batch, device=index.device)[:, None] * advance.shape[1]).T.contiguous()
    for step in range(1, frames):
        torch.mul(turned[step - 1], rows.index_select(0, places[step - 1]), out=turned[step])
    return turned.transpose(0, 1)


def _pad_ones(unit: Tensor) -> Tensor:
    return torch.cat([unit, torch.ones_like(unit[:, :2])], dim=1)


def _overlap_add(frames: Tensor, window: Tensor) -> Tensor:
    """Windowed frames (B, J, size) a quarter apart → (B, (J + 3) · hop), divided by the sum of squared windows."""
    batch, count, size = frames.shape
    hop = size // OVERLAP
    sound = frames.new_zeros(batch, count + OVERLAP - 1, hop)
    weight = window.new_zeros(count + OVERLAP - 1, hop)
    for part in range(OVERLAP):
        piece = slice(part * hop, (part + 1) * hop)
        sound[:, part : part + count] += frames[..., piece]
        weight[part : part + count] += window[piece].square()
    return sound.div_(weight.clamp_(min=1e-8)).flatten(1)
