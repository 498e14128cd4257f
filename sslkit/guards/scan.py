"""One pass over the samples of a part, and what it gives to look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from sslkit.guards.copies import sample_hashes
from sslkit.guards.neighbours import signatures
from sslkit.guards.standardisation import ChannelSums, channel_sums, pooled_sums
from sslkit.guards.still import quiet_windows, still_windows
from sslkit.guards.windows import SHORTEST, WindowFingerprints, joined_fingerprints, window_fingerprints
from sslkit.types import Part, SampleSpec

BATCH = 256


@dataclass
class PartScan:
    """A part (or two of them, one behind the other) with what one pass over its samples gave."""

    names: list[str]
    parts: list[Part]
    rows: np.ndarray  # in the source's own part
    hashes: list[bytes] = field(default_factory=list)
    signatures: Tensor = field(default_factory=lambda: torch.empty(0))
    window_fingerprints: WindowFingerprints | None = None
    channel_sums: ChannelSums | None = None
    still: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))  # windows that never change
    quiet: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))  # hardly, or never

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, indices: np.ndarray) -> Tensor:
        """Raw samples of either part; indices of one part at a time."""
        first = len(self.parts[0])
        return self.parts[0].x[indices] if indices[0] < first else self.parts[1].x[indices - first]

    def place(self, index: int) -> tuple[str, int]:
        """The part's name, and the row in the source's own part."""
        behind = index >= len(self.parts[0])
        return self.names[behind], int(self.rows[index])

    @property
    def groups(self) -> np.ndarray | None:
        known = [part.groups for part in self.parts if part.groups is not None]
        return np.concatenate(known) if len(known) == len(self.parts) else None

    @property
    def labels(self) -> np.ndarray:
        return np.concatenate([part.y for part in self.parts])


def scan_part(
    name: str, part: Part, rows: np.ndarray, spec: SampleSpec, represent: Callable[[Tensor], Tensor]
) -> PartScan:
    """Read the part once, in batches.

    Args:
        name: of the part, in messages.
        part: its samples.
        rows: of each sample in the source's own part.
        spec: of the samples; windows of signals are fingerprinted.
        represent: raw samples → after the front end, on the CPU.
    """
    scan = PartScan([name], [part], rows)
    vectors, pieces = torch.empty(0), []
    scan.still, scan.quiet = np.zeros(len(part), dtype=bool), np.zeros(len(part), dtype=bool)
    signal = len(spec.shape) < 3 and spec.shape[-1] >= SHORTEST
    for start in range(0, len(part), BATCH):
        stop = min(start + BATCH, len(part))
        raw = part.x[np.arange(start, stop)]
        scan.hashes += sample_hashes(raw)
        features = represent(raw)
        signs = signatures(features)
        if not len(
            vectors
        ):  # one piece of memory from the start: many small ones would keep freed ones from use
            vectors = signs.new_empty(len(part), signs.shape[1])
        vectors[start:stop] = signs
        scan.still[start:stop] = still_windows(raw, spec)
        scan.quiet[start:stop] = quiet_windows(features) | scan.still[start:stop]
        if signal:
            pieces.append(window_fingerprints(raw, start))
        if raw.ndim == 3 and raw.is_floating_point():
            sums = channel_sums(raw)
            scan.channel_sums = pooled_sums([scan.channel_sums, sums]) if scan.channel_sums else sums
    scan.signatures = vectors
    scan.window_fingerprints = joined_fingerprints(pieces) if pieces else None
    return scan


def joined_scans(first: PartScan, second: PartScan) -> PartScan:
    """Two parts as one, the second behind the first; channel sums are not kept."""
    both = [scan.window_fingerprints for scan in (first, second) if scan.window_fingerprints]
    if len(both) == 2:
        both[1] = WindowFingerprints(both[1].keys, both[1].windows + len(first), both[1].offsets)
    return PartScan(
        first.names + second.names,
        first.parts + second.parts,
        np.concatenate([first.rows, second.rows]),
        first.hashes + second.hashes,
        torch.cat([first.signatures, second.signatures]),
        joined_fingerprints(both) if both else None,
        still=np.concatenate([first.still, second.still]),
        quiet=np.concatenate([first.quiet, second.quiet]),
    )
