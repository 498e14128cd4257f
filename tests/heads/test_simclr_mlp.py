import numpy as np
import pytest
import torch
from torch import nn

from sslkit.heads.simclr_mlp import SimCLRHead
from tests.heads.reference import batch_norm, weights


@pytest.mark.parametrize(("layers", "hidden_dim", "hidden"), [(2, None, 10), (3, None, 10), (3, 24, 24)])
def test_each_linear_layer_has_a_norm_and_no_bias(layers, hidden_dim, hidden):
    modules = list(SimCLRHead(10, layers=layers, hidden_dim=hidden_dim).layers)
    assert [type(m) for m in modules] == [nn.Linear, nn.BatchNorm1d, nn.ReLU] * (layers - 1) + [
        nn.Linear,
        nn.BatchNorm1d,
    ]
    linear = [m for m in modules if isinstance(m, nn.Linear)]
    assert [m.out_features for m in linear] == [hidden] * (layers - 1) + [128]
    assert all(m.bias is None for m in linear)


@pytest.mark.parametrize("layers", [2, 3])
def test_the_last_norm_scales_but_never_shifts(layers):
    head = SimCLRHead(6, layers=layers, out_dim=4)
    optimizer = torch.optim.SGD([p for p in head.parameters() if p.requires_grad], lr=0.1)
    (head(torch.randn(16, 6)) - 1).square().sum().backward()
    optimizer.step()
    last = head.layers[-1]
    assert torch.equal(last.bias, torch.zeros(4)) and not last.bias.requires_grad
    assert not torch.equal(last.weight, torch.ones(4))
    trained = [p for p in head.parameters() if p.requires_grad]
    assert len(trained) == 3 * layers - 1 and all(p.grad is not None for p in trained)
    torch.testing.assert_close(head(torch.randn(50, 6)).mean(0), torch.zeros(4), atol=1e-5, rtol=0)


@pytest.mark.parametrize("batch", [2, 33])
def test_equals_a_float64_reference(batch):
    head = SimCLRHead(7, layers=3, hidden_dim=20, out_dim=5).double()
    for module in head.modules():
        if isinstance(module, nn.BatchNorm1d):
            nn.init.normal_(module.weight)
    x = torch.randn(batch, 7, dtype=torch.float64)
    w1, g1, b1, w2, g2, b2, w3, g3, _ = weights(head)
    hidden = np.maximum(batch_norm(x.numpy() @ w1.T, g1, b1), 0)
    hidden = np.maximum(batch_norm(hidden @ w2.T, g2, b2), 0)
    np.testing.assert_allclose(head(x).detach(), batch_norm(hidden @ w3.T, g3), atol=1e-9)


def test_one_sample_is_enough_in_eval():
    head = SimCLRHead(6).eval()
    x = torch.randn(5, 6)
    torch.testing.assert_close(head(x[:1]), head(x)[:1])
