"""BatchNorm's statistics of a step in pieces, against the closed form."""

from __future__ import annotations

import torch
from torch import nn

from sslkit.training.running_statistics import RunningStatistics


def test_pieces_count_as_one_batch() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.BatchNorm1d(4, track_running_stats=False))
    layer = network[1]
    statistics = RunningStatistics(network)
    assert [tensor.data_ptr() for tensor in statistics.tensors] == [
        layer.running_mean.data_ptr(),
        layer.running_var.data_ptr(),
    ]
    mean, variance = layer.running_mean.clone(), layer.running_var.clone()
    for step in range(1, 4):
        pieces = torch.randn(3, 8, 3).unbind()
        inner = [network[0](piece).detach() for piece in pieces]
        statistics.begin()
        for piece in pieces:
            network(piece).sum().backward()
            statistics.next_piece()
        statistics.end(len(pieces))
        mean = 0.9 * mean + 0.1 * torch.stack([x.mean(0) for x in inner]).mean(0)
        variance = 0.9 * variance + 0.1 * torch.stack([x.var(0) for x in inner]).mean(0)
        torch.testing.assert_close(layer.running_mean, mean)
        torch.testing.assert_close(layer.running_var, variance)
        assert int(layer.num_batches_tracked) == step


def test_a_network_without_batch_norm_has_none() -> None:
    statistics = RunningStatistics(nn.Linear(3, 4))
    statistics.begin()
    statistics.next_piece()
    statistics.end(1)
    assert statistics.tensors == []
