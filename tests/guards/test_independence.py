"""Modules that compute statistics of the batch are told from those that do not."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from sslkit.errors import SSLKitError
from sslkit.guards.independence import check_independence


@pytest.mark.parametrize("tracks", [True, False])
def test_batch_statistics_in_eval_mode_are_found(tracks: bool) -> None:
    network = nn.Sequential(
        nn.Conv1d(2, 4, 3), nn.BatchNorm1d(4, track_running_stats=tracks), nn.Flatten()
    ).eval()
    x = torch.randn(4, 2, 9)
    if tracks:
        check_independence(network, x, "it")
    else:
        with pytest.raises(SSLKitError, match="it gives a sample another answer alone"):
            check_independence(network, x, "it")


def test_layer_norm_and_dropout_in_eval_mode_are_fine() -> None:
    network = nn.Sequential(nn.Linear(6, 5), nn.LayerNorm(5), nn.Dropout(0.5)).eval()
    check_independence(network, torch.randn(2, 6), "it")
