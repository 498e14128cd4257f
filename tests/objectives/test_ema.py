import math

import pytest
import torch
from torch import nn

from sslkit.objectives.ema import cosine_momentum, frozen_copy, update_target


def network(seed: int) -> nn.Module:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2, bias=False))


@pytest.mark.parametrize("initial", [0.0, 0.97, 0.99, 0.996, 1.0])
def test_the_momentum_follows_the_papers_cosine(initial):
    total = 1000
    for k in (1, 250, 500, 999, 1000):
        expected = 1 - (1 - initial) * math.cos(math.pi * k / total / 2) ** 2  # (1 + cos x)/2 = cos²(x/2)
        assert cosine_momentum(initial, k / total) == pytest.approx(expected, abs=1e-12)
    assert cosine_momentum(initial, 0.0) == pytest.approx(initial)
    assert cosine_momentum(initial, 0.5) == pytest.approx((1 + initial) / 2)
    assert cosine_momentum(initial, 1.0) == 1.0


def test_counting_from_one_stays_within_the_stated_distance_of_counting_from_zero():
    total, initial = 100, 0.99
    gaps = [
        cosine_momentum(initial, (k + 1) / total) - cosine_momentum(initial, k / total) for k in range(total)
    ]
    assert min(gaps) > 0 and max(gaps) <= (1 - initial) * math.pi / (2 * total)


def test_parameters_move_in_place_by_the_formula():
    online, target = network(0), frozen_copy(network(1))
    before = [p.detach().double() for p in target.parameters()]
    places = [p.data_ptr() for p in target.parameters()]
    update_target(target, online, 0.9)
    for old, new, source in zip(before, target.parameters(), online.parameters(), strict=True):
        torch.testing.assert_close(
            new.double(), 0.9 * old + 0.1 * source.detach().double(), rtol=1e-6, atol=1e-7
        )
    assert places == [p.data_ptr() for p in target.parameters()]


@pytest.mark.parametrize(("momentum", "like"), [(1.0, "target"), (0.0, "online")])
def test_the_ends_are_exact(momentum, like):
    online, target = network(0), frozen_copy(network(1))
    expected = [p.detach().clone() for p in (online if like == "online" else target).parameters()]
    update_target(target, online, momentum)
    assert all(torch.equal(new, old) for new, old in zip(target.parameters(), expected, strict=True))


def test_buffers_are_left_alone():
    online = network(0)
    online(torch.randn(8, 3) + 5)
    target = frozen_copy(network(1))
    for _ in range(3):
        target(torch.randn(8, 3))
    before = {name: buffer.clone() for name, buffer in target.named_buffers()}
    update_target(target, online, 0.5)
    for name, buffer in target.named_buffers():
        assert torch.equal(buffer, before[name]), name
    assert target[1].num_batches_tracked == 3 and target[1].num_batches_tracked.dtype == torch.int64


def test_a_copy_shares_nothing_and_takes_no_gradient():
    online = network(0)
    target = frozen_copy(online)
    shared = {p.data_ptr() for p in (*online.parameters(), *online.buffers())}
    assert not shared & {p.data_ptr() for p in (*target.parameters(), *target.buffers())}
    assert not any(p.requires_grad for p in target.parameters())
    assert all(p.requires_grad for p in online.parameters())


def test_a_network_without_parameters_is_no_error():
    update_target(nn.Identity(), nn.Identity(), 0.9)
