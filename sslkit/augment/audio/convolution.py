"""Sounds heard in a room."""

from __future__ import annotations

import torch
from torch import Tensor

CPU_CHUNK = 16  # clips whose spectra stay in the cache


def convolve_clips(x: Tensor, responses: Tensor, before: int = 0) -> Tensor:
    """``x`` (B, T) convolved with ``responses`` (B, L), each clip with its own; what is beyond the clip is cut off.

    Args:
        before: samples of the responses before the direct sound, which stays in its place.
    """
    size = 2 ** (x.shape[1] + responses.shape[1] - 2).bit_length()
    count = CPU_CHUNK if x.device.type == "cpu" else len(x)
    parts = []
    for clips, rooms in zip(
        torch.split(x.float().contiguous(), count), torch.split(responses, count), strict=True
    ):
        spectrum = torch.fft.rfft(clips, n=size).mul_(torch.fft.rfft(rooms, n=size))
        parts.append(torch.fft.irfft(spectrum, n=size)[:, before : before + x.shape[1]])
    return torch.cat(parts).to(x.dtype)
