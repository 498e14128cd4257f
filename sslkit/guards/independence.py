"""Whether a module gives a sample the same answer in any company: else test samples inform each other."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from sslkit.errors import SSLKitError

TOLERANCE = 0.02  # of the outputs' spread; reduced precision of matrix products stays far below


@torch.no_grad()
def check_independence(module: nn.Module, x: Tensor, what: str) -> None:
    """In eval mode, each of a few samples alone and all together must give the same.

    Args:
        module: in eval mode.
        x: two samples or more, ``(B, ...)``.
        what: its name in the message.

    Raises:
        SSLKitError: they differ: statistics of the batch, at test time of test samples, go into the answer.
    """
    together = module(x).float()
    alone = torch.cat([module(sample[None]) for sample in x]).float()
    spread = together.std() if together.numel() > 1 else together.abs().max()
    if (together - alone).abs().max() > TOLERANCE * spread + 1e-6:
        raise SSLKitError(
            f"{what} gives a sample another answer alone than in a batch: it computes statistics of the batch it is "
            "given, at test time of the test samples. Use statistics kept from training (BatchNorm with "
            "track_running_stats, in eval mode)"
        )
