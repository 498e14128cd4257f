import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation as Reference

from sslkit.augment.sensors.rotation import Rotation, rotate, rotation_matrices
from sslkit.errors import SSLKitError
from sslkit.types import SampleSpec


def test_matrices_equal_scipy():
    axes, angles = torch.randn(50, 3), torch.rand(50) * 6 - 3
    unit = axes / axes.norm(dim=1, keepdim=True)
    expected = Reference.from_rotvec((unit * angles[:, None]).double().numpy()).as_matrix()
    np.testing.assert_allclose(rotation_matrices(axes, angles).numpy(), expected, atol=1e-6)


def test_groups_are_rotated_and_others_stay(generator):
    x = torch.randn(4, 8, 30)
    matrices = Rotation().draw(4, 2, generator)
    out = rotate(x, matrices, [1, 2, 3, 7, 5, 4])
    assert torch.equal(out[:, [0, 6]], x[:, [0, 6]])
    for i in range(4):
        for group, channels in enumerate([[1, 2, 3], [7, 5, 4]]):
            expected = matrices[i, group].double().numpy() @ x[i, channels].double().numpy()
            np.testing.assert_allclose(out[i, channels].numpy(), expected, atol=1e-5)


def test_consecutive_triples_equal_named_groups():
    x = torch.randn(4, 6, 31)
    names = ("ax", "ay", "az", "gx", "gy", "gz")
    named = Rotation(groups=[["ax", "ay", "az"], ["gx", "gy", "gz"]])
    named.check(SampleSpec("sensor", (6, 31), channels=names))
    a = Rotation().apply(x, torch.Generator().manual_seed(1))
    b = named.apply(x, torch.Generator().manual_seed(1))
    assert torch.equal(a, b)


def test_lengths_of_vectors_stay_and_draws_are_uniform(generator):
    x = torch.randn(3, 9, 20)
    out = Rotation().apply(x, generator)
    torch.testing.assert_close(out.view(3, 3, 3, 20).norm(dim=2), x.view(3, 3, 3, 20).norm(dim=2))
    matrices = Rotation().draw(4000, 1, generator)[:, 0]
    torch.testing.assert_close(torch.linalg.det(matrices), torch.ones(4000))
    angles = torch.acos(((matrices.diagonal(dim1=1, dim2=2).sum(1) - 1) / 2).clamp(-1, 1))
    assert abs(angles.mean() - np.pi / 2) < 0.05 and angles.max() > 3.1
    limited = Rotation(degrees=10).draw(4000, 1, generator)[:, 0]
    smallest_trace = limited.diagonal(dim1=1, dim2=2).sum(1).min()
    assert 1 + 2 * np.cos(np.radians(10)) - 1e-5 < smallest_trace < 1 + 2 * np.cos(np.radians(9.8))


def test_together_or_apart(generator):
    together = Rotation(together=True).draw(5, 3, generator)
    assert torch.equal(together[:, 0], together[:, 2]) and not torch.equal(together[0], together[1])
    apart = Rotation().draw(5, 3, generator)
    assert not torch.equal(apart[:, 0], apart[:, 2])


def test_degrees_zero_is_identity(generator):
    x = torch.randn(3, 6, 20)
    torch.testing.assert_close(Rotation(degrees=0).apply(x, generator), x)


@pytest.mark.parametrize(
    ("settings", "spec", "message"),
    [
        ({}, SampleSpec("sensor", (4, 50)), "4 channels are not triples"),
        ({"groups": [[0, 1, 4]]}, SampleSpec("sensor", (4, 50)), "there is no channel 4"),
        ({"groups": [[0, 1, -1]]}, SampleSpec("sensor", (4, 50)), "there is no channel -1"),
        (
            {"groups": [["x", "y", "zz"]]},
            SampleSpec("sensor", (3, 9), channels=("x", "y", "z")),
            "no channel 'zz'",
        ),
        ({"groups": [["x", "y", "z"]]}, SampleSpec("sensor", (3, 9)), "no names: use indices"),
        ({"groups": [[0, 1, 2], [2, 3, 4]]}, SampleSpec("sensor", (6, 9)), "two places"),
    ],
)
def test_groups_that_do_not_fit(settings, spec, message):
    with pytest.raises(SSLKitError, match=message):
        Rotation(**settings).check(spec)


@pytest.mark.parametrize("groups", [[], [[0, 1]], [[0, 1, 2, 3]]])
def test_groups_that_are_no_triples(groups):
    with pytest.raises(SSLKitError, match="3 axes"):
        Rotation(groups=groups)
