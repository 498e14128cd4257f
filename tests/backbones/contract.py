"""What every backbone promises."""

import torch


def parameters(module):
    return sum(p.numel() for p in module.parameters())


def assert_keeps_contract(make, shape, batch=4):
    """``make(shape)`` → a backbone whose output, gradients, eval mode and initialisation are as promised."""
    torch.manual_seed(0)
    backbone = make(shape)
    x = torch.randn(batch, *shape)
    out = backbone(x)
    assert out.shape == (batch, backbone.out_dim) and out.isfinite().all()
    assert backbone.sample_ndim == len(shape)

    (out * torch.randn_like(out)).sum().backward()
    for name, parameter in backbone.named_parameters():
        assert parameter.grad is not None and parameter.grad.isfinite().all(), name
        assert parameter.grad.abs().sum() > 0, name

    backbone.eval()
    with torch.no_grad():
        out = backbone(x)
        assert torch.equal(backbone(x), out)
        torch.testing.assert_close(backbone(x[1:2]), out[1:2], atol=1e-4, rtol=1e-4)
        assert not torch.allclose(out[0], out[1])

    torch.manual_seed(0)
    again = make(shape)
    torch.manual_seed(1)
    other = make(shape)
    same = [torch.equal(a, b) for a, b in zip(again.parameters(), backbone.parameters(), strict=True)]
    assert all(same)
    assert any(not torch.equal(a, b) for a, b in zip(other.parameters(), backbone.parameters(), strict=True))
