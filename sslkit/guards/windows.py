"""Windows of one recording on both sides of a split, found by what they have in common, bit for bit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from einops import rearrange
from torch import Tensor

from sslkit.types import Samples

SHORTEST = 16  # time steps of a window that is looked at
FINGERPRINTS = 64  # of a window, about
MOST_TRIED = 4  # candidates that are compared in full
MULTIPLIER = 0x9E3779B97F4A7C15 - 2**64  # an odd number without pattern, as int64


@dataclass
class WindowFingerprints:
    """Short stretches of a part's windows that are chosen by their content alone: a shared signal has shared ones.

    ``keys`` are hashes of the stretches, ``windows`` and ``offsets`` say where they begin.
    """

    keys: np.ndarray
    windows: np.ndarray
    offsets: np.ndarray


def window_fingerprints(raw: Tensor, first: int) -> WindowFingerprints:
    """Of raw windows ``(B, C, T)`` or ``(B, T)``; ``first`` is the number of the batch's first window.

    Stretches that never change (silence) are left out.
    """
    x = rearrange(raw, "b t -> b 1 t") if raw.ndim == 2 else raw
    moving = (x != x[..., :1]).flatten(1).any(dim=1).nonzero()[:, 0]
    x = x[moving]
    steps, length = x.shape[2], _stretch(x.shape[2])
    bits = x.contiguous().view(torch.int32) if x.dtype == torch.float32 else x
    bits = bits.to(torch.int64)
    weights = torch.arange(1, x.shape[1] + 1).mul(MULTIPLIER)[:, None] | 1
    step_hash = _mixed((bits * weights).sum(dim=1))
    mask = (1 << max(0, (steps // FINGERPRINTS).bit_length() - 1)) - 1
    starts = ((step_hash[:, : steps - length + 1] & mask) == 0).nonzero()
    windows, offsets = starts[:, 0], starts[:, 1]
    stretch = step_hash[windows[:, None], offsets[:, None] + torch.arange(length)]
    changes = (stretch != stretch[:, :1]).any(dim=1)
    powers = torch.arange(1, length + 1).mul(MULTIPLIER) | 1
    keys = _mixed((stretch[changes] * powers).sum(dim=1))
    found = (keys, moving[windows[changes]] + first, offsets[changes])
    return WindowFingerprints(*(one.numpy().copy() for one in found))


def joined_fingerprints(pieces: list[WindowFingerprints]) -> WindowFingerprints:
    """One from all batches of a part."""
    return WindowFingerprints(
        *(np.concatenate([getattr(p, name) for p in pieces]) for name in ("keys", "windows", "offsets"))
    )


def overlapping_windows(
    judged: WindowFingerprints, known: WindowFingerprints, judged_samples: Samples, known_samples: Samples
) -> tuple[np.ndarray, np.ndarray]:
    """Judged windows that overlap a known one, and which: all that both cover is compared, and must be equal.

    Windows that are equal as wholes are copies, and not looked for here. Windows that were normalised each by
    itself after they had been cut share nothing bit for bit, and are not found.
    """
    order = np.argsort(known.keys, kind="stable")
    keys = known.keys[order]
    place = np.searchsorted(keys, judged.keys)
    hit = keys[np.minimum(place, len(keys) - 1)] == judged.keys if len(keys) else np.zeros(len(place), bool)
    candidates: dict[int, set[tuple[int, int]]] = {}
    for fingerprint, match in zip(np.flatnonzero(hit), order[place[hit]], strict=True):
        tried = candidates.setdefault(int(judged.windows[fingerprint]), set())
        shift = int(known.offsets[match] - judged.offsets[fingerprint])
        if shift and len(tried) < MOST_TRIED:
            tried.add((int(known.windows[match]), shift))
    pairs = [
        (window, other)
        for window, tried in candidates.items()
        if (other := _confirmed(window, tried, judged_samples, known_samples)) is not None
    ]
    found = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _confirmed(window: int, tried: set[tuple[int, int]], judged: Samples, known: Samples) -> int | None:
    own = judged[np.array([window])][0]
    steps = own.shape[-1]
    for other, shift in sorted(tried):
        common = steps - abs(shift)
        theirs = known[np.array([other])][0]
        mine = own[..., max(0, -shift) :][..., :common]
        if common >= 2 * _stretch(steps) and torch.equal(mine, theirs[..., max(0, shift) :][..., :common]):
            return other
    return None


def _stretch(steps: int) -> int:
    return min(16, steps // 4)


def _mixed(values: Tensor) -> Tensor:
    """Neighbouring numbers become unrelated ones (a round of splitmix64)."""
    values = (values ^ (values >> 31)) * MULTIPLIER
    return values ^ (values >> 29)
