import numpy as np
import pytest
import torch
from torch import nn

from sslkit.heads.byol_mlp import BYOLHead
from tests.heads.reference import batch_norm, weights


def test_is_linear_norm_relu_linear_without_a_norm_or_bias_at_the_end():
    first, norm, relu, last = BYOLHead(512).layers
    assert (first.in_features, first.out_features, first.bias is not None) == (512, 4096, True)
    assert isinstance(norm, nn.BatchNorm1d) and norm.num_features == 4096 and norm.affine
    assert isinstance(relu, nn.ReLU)
    assert (last.in_features, last.out_features, last.bias) == (4096, 256, None)


def test_parameters_of_the_papers_projector_on_a_resnet50():
    count = sum(p.numel() for p in BYOLHead(2048).parameters())
    assert count == 2048 * 4096 + 4096 + 2 * 4096 + 4096 * 256


@pytest.mark.parametrize(("batch", "width"), [(2, 1), (33, 7)])
def test_equals_a_float64_reference(batch, width):
    head = BYOLHead(width, hidden_dim=20, out_dim=5).double()
    nn.init.normal_(head.layers[1].weight)
    nn.init.normal_(head.layers[1].bias)
    x = torch.randn(batch, width, dtype=torch.float64)
    w1, b1, scale, shift, w2 = weights(head)
    expected = np.maximum(batch_norm(x.numpy() @ w1.T + b1, scale, shift), 0) @ w2.T
    np.testing.assert_allclose(head(x).detach(), expected, atol=1e-10)
    assert head.out_dim == 5


def test_every_parameter_learns_and_one_sample_is_enough_in_eval():
    head = BYOLHead(6, hidden_dim=8, out_dim=3)
    head(torch.randn(16, 6)).square().sum().backward()
    assert all(p.grad.abs().sum() > 0 for p in head.parameters())
    x = torch.randn(5, 6)
    torch.testing.assert_close(head.eval()(x[:1]), head(x)[:1])
