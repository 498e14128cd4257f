"""Sounds made longer or shorter at the same pitch: a phase vocoder with a factor of its own for each sample."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor

from sslkit.augment.rows import between_rows, weighted_rows

OVERLAP = 4  # frames over each moment
SILENCE = 1e-12
TINY = 1e-10


def stretch(x: Tensor, factors: Tensor, longest: float, window: Tensor, gains: Tensor) -> Tensor:
    """``x`` (B, T) made ``factors`` (B,) times as long, at the same pitch.

    The frames of a short-time Fourier transform (centred, ends reflected) are read more slowly or faster:
    magnitudes are interpolated, phases advance as between the two frames. Each frequency's phase is tied to
    its neighbours' (Puckette 1995): tones keep their level, of which ``torchaudio.functional.phase_vocoder``
    loses up to 13 dB.

    Args:
        longest: no factor is above it; the results are as long as it asks.
        window: of the frames, a Hann window; their hop is a quarter of it.
        gains: of the frequencies, ``(B, len(window) // 2 + 1)``.

    Returns:
        ``(B, about longest · T)``; what lies beyond a sample's own end is of no use.
    """
    size = len(window)
    padded = F.pad(x.unsqueeze(1), (size // 2, size // 2), mode="reflect").squeeze(1)
    spectrum = torch.fft.rfft(padded.unfold(1, size, size // OVERLAP) * window)
    count = math.ceil(spectrum.shape[1] * longest)
    slower = read_slower(spectrum, torch.arange(count, device=x.device) / factors[:, None], gains)
    return _overlap_add(torch.fft.irfft(slower, n=size) * window, window)[:, size // 2 :]


def read_slower(spectrum: Tensor, places: Tensor, gains: Tensor) -> Tensor:
    """``spectrum`` (B, J, K) at ``places`` (B, frames), rising from 0, between its frames; beyond the end is 0."""
    magnitude = _magnitude(spectrum)
    unit = spectrum * magnitude.clamp(min=SILENCE).reciprocal_()
    unit.masked_fill_(magnitude <= SILENCE, 1.0)  # the phase of nothing is 0
    advance = F.pad(torch.view_as_real(unit[:, 1:] * unit[:, :-1].conj()), (0, 0, 0, 0, 0, 2))
    magnitude = F.pad(magnitude.mul_(gains.unsqueeze(1)), (0, 0, 0, 2))
    index, weights = between_rows(places.clamp(max=spectrum.shape[1]), magnitude.shape[1])
    read = weighted_rows(magnitude.unsqueeze(1), index, weights).squeeze(1)
    return _turn(unit[:, 0], torch.view_as_complex(advance), index[..., 0], read)


def _turn(first: Tensor, advance: Tensor, index: Tensor, magnitude: Tensor) -> Tensor:
    """Frames with the given magnitudes (B, frames, K); from one to the next, phases advance by a row of ``advance``.

    Steps over the frames, for the whole batch at once.
    """
    batch, frames = index.shape
    places = index + torch.arange(batch, device=index.device)[:, None] * advance.shape[1]
    rows = rearrange(advance, "b frame k -> (b frame) k")
    turned = first.new_empty(frames, *first.shape)
    torch.mul(first, magnitude[:, 0], out=turned[0])
    for step in range(1, frames):
        before = turned[step - 1]
        tied = before + TINY  # after silence, phases begin anew
        tied[:, 1:] -= before[:, :-1]
        tied[:, :-1] -= before[:, 1:]  # neighbours within a peak have opposite signs
        tied *= rows.index_select(0, places[:, step - 1])
        torch.mul(tied, magnitude[:, step] / _magnitude(tied).clamp_(min=SILENCE), out=turned[step])
    return rearrange(turned, "frame b k -> b frame k")


def _magnitude(x: Tensor) -> Tensor:
    """``x.abs()``, three times as fast."""
    squares = torch.view_as_real(x).square()
    return (squares[..., 0] + squares[..., 1]).sqrt_()


def _overlap_add(frames: Tensor, window: Tensor) -> Tensor:
    """Windowed frames (B, J, size) a quarter apart → (B, (J + 3) · hop), divided by the sum of squared windows."""
    _, count, size = frames.shape
    hop = size // OVERLAP
    sound = frames.new_zeros(len(frames), count + OVERLAP - 1, hop)
    weight = window.new_zeros(count + OVERLAP - 1, hop)
    pieces = rearrange(frames, "b frame (part hop) -> part b frame hop", part=OVERLAP)
    windows = rearrange(window, "(part hop) -> part hop", part=OVERLAP)
    for part in range(OVERLAP):
        sound[:, part : part + count] += pieces[part]
        weight[part : part + count] += windows[part].square()
    return rearrange(sound.div_(weight.clamp_(min=1e-8)), "b frame hop -> b (frame hop)")
