import numpy as np
import pytest
import torch

from sslkit.errors import SSLKitError
from sslkit.frontends.statistics import mean_and_std


@pytest.mark.parametrize("sizes", [(1,), (1, 1, 5), (7, 2, 30), (64, 64)])
def test_any_cut_into_batches_gives_numpys_figures(sizes):
    x = torch.randn(sum(sizes), 3, 4, 5) * torch.tensor([1.0, 1e-3, 1e4]).view(3, 1, 1) + 7
    mean, std = mean_and_std(x.split(sizes))
    reference = x.double().numpy()
    np.testing.assert_allclose(mean, reference.mean((0, 2, 3)), rtol=1e-12)
    np.testing.assert_allclose(std, reference.std((0, 2, 3)), rtol=1e-9)


def test_a_small_spread_on_a_large_offset_survives():
    x = 1e4 + torch.randint(0, 2, (1000, 1, 50))
    _, std = mean_and_std(x.float().split(100))
    np.testing.assert_allclose(std, x.double().numpy().std(), rtol=1e-9)


@pytest.mark.parametrize("value", [0.0, 0.1, -1e6, 1e-20])
def test_a_constant_channel_has_std_one(value):
    mean, std = mean_and_std(torch.full((50, 2, 31), value).split(7))
    assert std.tolist() == [1.0, 1.0]
    np.testing.assert_allclose(mean, np.float32(value), rtol=1e-12)


def test_empty_batches_are_passed_over_and_an_empty_part_is_refused():
    x = torch.randn(6, 2, 3)
    mean, _ = mean_and_std([x[:0], x, x[:0]])
    torch.testing.assert_close(mean, x.double().mean((0, 2)))
    for empty in ([], [x[:0]]):
        with pytest.raises(SSLKitError, match="training part is empty"):
            mean_and_std(empty)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_non_finite_channels_are_named(bad):
    x = torch.randn(4, 3, 5)
    x[2, 1, 3] = bad
    with pytest.raises(SSLKitError, match=r"channel 1 \(gyro_x\)"):
        mean_and_std([x], ("acc_x", "gyro_x"))
    with pytest.raises(SSLKitError, match="channel 1 of"):
        mean_and_std([x[:2], x[2:]])
