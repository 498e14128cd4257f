"""Checkpoints: written atomically, checked when read, and never unpickled beyond tensors and plain values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

import torch
from torch import Tensor

from sslkit.errors import SSLKitError
from sslkit.files import write_atomically
from sslkit.foreign import require_regular

FORMAT = "sslkit checkpoint 1"
REMEDY = "Move it away to start this run anew."


@dataclass(frozen=True)
class Checkpointing:
    """Where a run's checkpoint lies, and how often it is written; saving and resuming change no bit of the weights.

    Attributes:
        path: file to save to and to resume from.
        identity: digest of all that shapes the run: a checkpoint of another one is refused.
        seconds: between two checkpoints; the last step is always saved.
    """

    path: Path
    identity: str
    seconds: float = 30.0


class CheckpointState(TypedDict):
    """What a checkpoint holds: all that a resumed run needs to end in the same bits."""

    identity: str
    step: int
    seconds: float
    objective: dict[str, Tensor]
    optimizer: dict[str, Any]  # torch's: ``state`` by the parameters' numbers, ``param_groups``
    views: dict[str, Tensor]
    logs: dict[str, float]


def save_checkpoint(path: Path, state: CheckpointState) -> None:
    """Write atomically.

    Raises:
        SSLKitError: a full disk or an unwritable folder; the checkpoint before stays.
    """
    write_atomically(path, lambda temporary: torch.save({"format": FORMAT, **state}, temporary))


def load_checkpoint(path: Path, identity: str) -> CheckpointState:
    """Read one and check that it belongs to this run.

    Args:
        path: the file.
        identity: digest of everything that shaped the run; another one is refused.

    Raises:
        SSLKitError: unreadable, truncated, not of sslkit, or of another run.
    """
    require_regular(path)
    try:
        state: CheckpointState = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # whatever a damaged or foreign file makes the reader raise
        reason = error.strerror if isinstance(error, OSError) else None
        reason = reason or "it is truncated, damaged or of another program"
        raise SSLKitError(f"{path}: not a readable checkpoint: {reason}. {REMEDY}") from error
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        raise SSLKitError(f"{path}: a checkpoint, but not of this version of sslkit. {REMEDY}")
    if state.get("identity") != identity:
        raise SSLKitError(
            f"{path}: belongs to a run of another config, data, seed or number of processes. {REMEDY}"
        )
    return state
