import numpy as np
import pytest
import torch

from sslkit.augment.sensors.missing import around_missing, deviation, extremes, fill_gaps, may_miss


def with_gaps(generator):
    x = torch.randn(5, 3, 40, generator=generator)
    x[torch.rand(x.shape, generator=generator) < 0.3] = torch.nan
    x[0, 0, :7] = x[1, 1, 30:] = x[2, 2] = torch.nan
    return x


def test_gaps_are_filled_as_numpy_interpolates(generator):
    x = with_gaps(generator)
    out = fill_gaps(x, x.isnan())
    time = np.arange(40)
    for row, filled in zip(x.view(-1, 40).double().numpy(), out.view(-1, 40), strict=True):
        there = ~np.isnan(row)
        expected = np.interp(time, time[there], row[there]) if there.any() else np.zeros(40)
        np.testing.assert_allclose(filled, expected, atol=1e-5)


def test_work_goes_around_gaps_that_stay(generator):
    x = with_gaps(generator)
    out = around_missing(lambda filled: filled.cumsum(-1), x)
    assert torch.equal(out.isnan(), x.isnan())
    expected = fill_gaps(x, x.isnan()).cumsum(-1)
    assert torch.equal(out[~x.isnan()], expected[~x.isnan()])


@pytest.mark.parametrize("gaps", [False, True])
def test_statistics_equal_numpy(gaps, generator):
    x = with_gaps(generator) if gaps else torch.randn(5, 3, 40) + 30
    assert may_miss(x) == gaps
    values = x.double().numpy()
    known = np.nanstd(np.where(np.isnan(values).all(-1, keepdims=True), 0.0, values), -1)
    np.testing.assert_allclose(deviation(x)[..., 0], known, rtol=1e-4)
    low, high = (bound[~x.isnan().all(-1)][:, 0] for bound in extremes(x))
    rows = [row[~row.isnan()] for row in x.view(-1, 40) if not row.isnan().all()]
    assert torch.equal(low, torch.stack([row.min() for row in rows]))
    assert torch.equal(high, torch.stack([row.max() for row in rows]))
